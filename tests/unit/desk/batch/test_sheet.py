"""The sheet: every edit is one step, and undo and redo walk exactly along the steps."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.desk.batch.draft import BatchDraft, DraftChange, NotTaken, SheetFull
from pitdesk.desk.batch.rows import FIELDS, MOST_ROWS, Field, Texts, texts_of


def row(price: str = "42", market: str = "KXFED") -> Texts:
    return texts_of({Field.MARKET: market, Field.VERB: "Buy Yes", Field.PRICE: price, Field.COUNT: "100"})


def prices(draft: BatchDraft) -> list[str]:
    return [each.text(Field.PRICE) for each in draft.rows]


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "insert", "delete", "sort", "fill", "replace", "paste", "undo", "redo"]),
        st.integers(0, 7),
        st.sampled_from(["1", "2", "30", "", "x"]),
    ),
    max_size=40,
)


def apply(draft: BatchDraft, what: str, place: int, text: str) -> None:
    ids = [each.row_id for each in draft.rows]
    chosen = ids[place % len(ids)] if ids else 0
    if what == "edit":
        draft.edit({(chosen, Field.PRICE): text})
    elif what == "insert":
        draft.insert(place, [row(text)])
    elif what == "delete":
        draft.delete([chosen])
    elif what == "sort":
        draft.sort(Field.PRICE, descending=bool(place % 2))
    elif what == "fill":
        draft.fill_down(ids[place:], [Field.PRICE])
    elif what == "replace":
        draft.find_and_replace("2", text)
    elif what == "paste":
        draft.paste(f"{text}\t7\n5\t8", place, [Field.PRICE, Field.COUNT])
    elif what == "undo":
        draft.undo()
    else:
        draft.redo()


@settings(max_examples=200, deadline=None)
@given(EDITS)
def test_undo_goes_back_through_every_state_and_redo_forth(edits: Sequence[tuple[str, int, str]]) -> None:
    draft = BatchDraft([row("1"), row("2"), row("3")])
    for what, place, text in edits:
        apply(draft, what, place, text)
    last = draft.rows
    states = [last]
    while draft.undo():
        states.append(draft.rows)
    for expected in reversed(states[:-1]):
        assert draft.redo()
        assert draft.rows == expected
    while draft.can_redo:
        draft.redo()
    assert len({each.row_id for each in draft.rows}) == len(draft)


@settings(max_examples=100, deadline=None)
@given(EDITS)
def test_a_change_tells_all_that_changed(edits: Sequence[tuple[str, int, str]]) -> None:
    """Who applies the changes to a copy has the sheet."""
    draft = BatchDraft([row("1"), row("2"), row("3")])
    copy = {each.row_id: each.texts for each in draft.rows}

    def follow(change: DraftChange) -> None:
        for row_id in change.removed:
            del copy[row_id]
        for row_id in (*change.edited, *change.added):
            held = draft.row(row_id)
            assert held is not None
            copy[row_id] = held.texts
        if not change.reordered:
            assert not change.added
            assert not change.removed

    draft.changed.connect(follow)
    for what, place, text in edits:
        apply(draft, what, place, text)
    assert copy == {each.row_id: each.texts for each in draft.rows}


def test_a_new_edit_forgets_what_was_undone() -> None:
    draft = BatchDraft([row("1")])
    only = draft.rows[0].row_id
    draft.edit({(only, Field.PRICE): "2"})
    draft.undo()
    draft.edit({(only, Field.PRICE): "3"})
    assert not draft.can_redo
    assert prices(draft) == ["3"]


def test_numbers_are_sorted_as_numbers_and_empty_cells_come_last() -> None:
    draft = BatchDraft([row("10"), row(""), row("9"), row("$0.095"), row("x"), row("100")])
    draft.sort(Field.PRICE)
    assert prices(draft) == ["9", "$0.095", "10", "100", "x", ""]
    draft.sort(Field.PRICE, descending=True)
    assert prices(draft)[-1] == ""


def test_a_block_is_pasted_over_cells_and_beyond_the_last_row() -> None:
    draft = BatchDraft([row("1"), row("2")])
    ids = draft.paste('50\t"5\n5"\r\n60\t6\r\n70', 1, [Field.PRICE, Field.COUNT])
    assert prices(draft) == ["1", "50", "60", "70"]
    assert draft.rows[1].text(Field.COUNT) == "5\n5"
    assert draft.rows[3].text(Field.COUNT) == ""
    assert [each.row_id for each in draft.rows[1:]] == list(ids)


def test_more_rows_than_a_batch_holds_are_refused_and_nothing_changes() -> None:
    draft = BatchDraft([row()] * MOST_ROWS)
    with pytest.raises(SheetFull, match="2,001 rows"):
        draft.append([row()])
    with pytest.raises(SheetFull):
        draft.paste("\n".join("12"), MOST_ROWS - 1, [Field.PRICE])
    assert len(draft) == MOST_ROWS


def test_find_and_replace_takes_what_is_looked_for_as_plain_text() -> None:
    draft = BatchDraft([row("4.5"), row("405")])
    assert draft.find_and_replace("4.5", "5") == 1
    assert prices(draft) == ["5", "405"]
    assert draft.find_and_replace("kxfed", "KXCPI", fields=[Field.MARKET], match_case=True) == 0
    assert draft.find_and_replace("kxfed", r"KX\1", fields=[Field.MARKET]) == 2
    assert draft.rows[0].text(Field.MARKET) == r"KX\1"


def test_a_quotation_mark_that_is_not_closed_swallows_no_rows() -> None:
    draft = BatchDraft()
    draft.paste('"A\tBuy Yes\nB\tSell "No\nC\tBuy" Yes\n', 0, FIELDS)
    assert [row.texts[:2] for row in draft.rows] == [('"A', "Buy Yes"), ("B", 'Sell "No'), ("C", 'Buy" Yes')]


def test_a_cell_longer_than_any_is_not_pasted_and_nothing_is_changed() -> None:
    draft = BatchDraft()
    for text in ("x" * 3_000 + "\tBuy Yes\n", '"' + "x" * 150_000 + '"\tBuy Yes\n'):
        with pytest.raises(NotTaken, match=r"Row 2 has a cell of [0-9,]+ characters; 1,000 fit"):
            draft.paste("A\tBuy Yes\n" + text, 0, FIELDS)
        assert draft.rows == ()
