"""How a batch is cut: every request fits the bucket with the cancels' reserve, and none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from pitdesk.desk.request_sizes import cancels_per_request, largest_request, requests_for, seconds_for
from pitdesk.kalshi.batch_calls import WriteBudget

BASIC = WriteBudget(100, 100, 10, 2, 20)

budgets = st.builds(
    lambda rate, capacity, create, cancel: WriteBudget(
        rate, max(capacity, create, cancel), create, cancel, min(20, max(max(capacity, create) - create, 0))
    ),
    st.integers(1, 10_000),
    st.integers(1, 20_000),
    st.integers(1, 100),
    st.integers(1, 20),
)


@given(st.integers(0, 2_000), budgets)
def test_requests_hold_every_order_once_and_fit(count: int, budget: WriteBudget) -> None:
    sizes = requests_for(count, budget)
    assert sum(sizes) == count
    assert all(sizes)
    for size in sizes:
        assert size * budget.create_cost + budget.reserve <= budget.capacity
        assert size <= largest_request(budget, budget.create_cost, budget.reserve)
    assert cancels_per_request(budget) * budget.cancel_cost <= budget.capacity


def test_the_basic_tier_sends_eight_and_then_fours() -> None:
    assert requests_for(8, BASIC) == (8,)
    assert requests_for(20, BASIC) == (8, 4, 4, 4)
    assert seconds_for(8, BASIC) == 0
    assert seconds_for(1_000, BASIC) == 99.2


def test_a_large_bucket_takes_no_more_than_a_tenth_at_once() -> None:
    assert max(requests_for(2_000, WriteBudget(4_800, 9_600, 10, 2, 20))) == 96
    assert max(requests_for(2_000, WriteBudget(300, 600, 10, 2, 20))) == 20
