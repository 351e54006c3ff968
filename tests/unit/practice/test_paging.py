"""Pages and cursors: opaque, complete, and forgiving of a cursor that is none (FACTS §7)."""

import pytest

from pitdesk.practice.paging import pack_cursor, page, unpack_cursor

ITEMS = list(range(25))


def all_pages(limit: int, step: int) -> list[list[int]]:
    pages, cursor = [], ""
    while True:
        items, cursor = page(ITEMS, lambda item: item % step == 0, cursor, limit)
        pages.append(items)
        if not cursor:
            return pages


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 12, 13, 25, 100])
@pytest.mark.parametrize("step", [1, 2, 7])
def test_the_pages_together_are_the_list_and_only_the_last_has_no_cursor(limit: int, step: int) -> None:
    pages = all_pages(limit, step)
    wanted = [item for item in ITEMS if item % step == 0]
    assert [item for items in pages for item in items] == wanted
    assert [len(items) for items in pages[:-1]] == [limit] * (len(pages) - 1)
    assert pages[-1]


def test_an_empty_list_has_one_empty_page() -> None:
    assert page([], bool, None, 10) == ([], "")


@pytest.mark.parametrize(
    "cursor",
    [
        "garbage",
        "AAAA",
        "é",
        "cGQxOng=",
        "cGQxOg==",
        "=" * 50,
        "cGQxOjk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk=",
    ],
)
def test_a_cursor_that_is_none_gives_the_first_page(cursor: str) -> None:
    assert page(ITEMS, lambda _item: True, cursor, 3)[0] == [0, 1, 2]


@pytest.mark.parametrize("after", [0, 7, -1, -400, 10**15])
def test_a_cursor_comes_back_as_what_it_stands_for(after: int) -> None:
    assert unpack_cursor(pack_cursor(after)) == after


def test_no_further_page_is_an_empty_cursor() -> None:
    assert pack_cursor(None) == ""
    assert unpack_cursor("") is None
