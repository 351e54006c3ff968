"""Whatever is done to the sheet, the view's model says the same rows, and tells Qt of every change."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from pitdesk.desk.batch.draft import BatchDraft
from pitdesk.desk.batch.rows import Field, texts_of
from pitdesk.desk.batch.verdicts import BLANK_VERDICT
from pitdesk_ui.batch.columns import place_of
from pitdesk_ui.batch.model import SheetModel

Step = Callable[[BatchDraft], object]
_NUMBERS = st.integers(min_value=0, max_value=12)
_FIELDS = st.sampled_from([Field.MARKET, Field.PRICE, Field.COUNT])
_TEXTS = st.sampled_from(["", "1", "2", "30", "x", "Fed"])


def _ids(draft: BatchDraft, numbers: list[int]) -> list[int]:
    rows = draft.rows
    return [rows[number % len(rows)].row_id for number in numbers] if rows else []


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """One thing a person may do."""
    kind = draw(
        st.sampled_from(["append", "insert", "edit", "delete", "sort", "paste", "undo", "redo", "down"])
    )
    at, numbers, field = draw(_NUMBERS), draw(st.lists(_NUMBERS, max_size=4)), draw(_FIELDS)
    text, downward = draw(_TEXTS), draw(st.booleans())
    rows = [texts_of({field: text}), texts_of({Field.PRICE: str(at)})]
    return {
        "append": lambda draft: draft.append(rows),
        "insert": lambda draft: draft.insert(at, rows),
        "edit": lambda draft: draft.edit({(row_id, field): text for row_id in _ids(draft, numbers)}),
        "delete": lambda draft: draft.delete(_ids(draft, numbers)),
        "sort": lambda draft: draft.sort(field, descending=downward),
        "paste": lambda draft: draft.paste("a\tb\nc\td\ne\tf\n", at, (Field.MARKET, Field.VERB)),
        "undo": lambda draft: draft.undo(),
        "redo": lambda draft: draft.redo(),
        "down": lambda draft: draft.fill_down(_ids(draft, numbers), (field,)),
    }[kind]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(steps(), max_size=14))
def test_the_model_is_the_draft_after_any_sequence_of_steps(qapp: object, sequence: list[Step]) -> None:
    draft, model = BatchDraft(), SheetModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    draft.changed.connect(lambda _: model.show_rows(draft.rows, lambda _id: BLANK_VERDICT, lambda _id: None))
    kept: dict[int, QPersistentModelIndex] = {}
    resets: list[object] = []
    model.modelReset.connect(lambda: resets.append(None))
    for step in sequence:
        resets.clear()
        step(draft)
        fields = (Field.MARKET, Field.VERB, Field.PRICE, Field.COUNT)
        shown = [[model.typed(place, field) for field in fields] for place in range(model.count)]
        assert shown == [[row.text(field) for field in fields] for row in draft.rows]
        assert model.rowCount() == len(draft) + 1
        for row_id, index in kept.items():
            if not resets and index.isValid() and draft.place(row_id) is not None:
                assert index.row() == draft.place(row_id), "a selection stays on its row"
        kept = {
            row.row_id: QPersistentModelIndex(model.index(place, place_of(Field.PRICE)))
            for place, row in enumerate(draft.rows)
        }
    del tester
