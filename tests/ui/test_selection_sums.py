"""What very many selected orders come to is added up while the window goes on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from pitdesk.desk.blotter import Blotter, BlotterRow
from pitdesk_ui.blotter.selection_sums import AT_ONCE, SelectionSums
from pitdesk_ui.blotter.totals import Sums
from tests.ui.desk_ground import order


class Ground:
    """Ten parts of orders, and how many were looked at."""

    def __init__(self) -> None:
        self.blotter, self.parent = Blotter(), QObject()
        for number in range(10 * AT_ONCE):
            self.blotter.apply_order(order(f"o{number}", 40, 10))
        self.looked = 0
        self.told: list[tuple[int, bool]] = []
        self.adding = SelectionSums(self._record, self._tell, self.parent)

    @property
    def keys(self) -> list[str]:
        return list(self.blotter.working())

    def _record(self, key: str) -> BlotterRow | None:
        self.looked += 1
        return self.blotter.row(key)

    def _tell(self, sums: Sums, *, can_cancel: bool) -> None:
        self.told.append((sums.count, can_cancel))


@pytest.fixture
def ground(qapp, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """With slices so short that each turn of the event loop takes one part."""
    monkeypatch.setattr("pitdesk_ui.widgets.slices.SLICE_S", 0.0)
    return Ground()


def test_a_few_are_added_up_at_once(ground: Ground) -> None:
    ground.adding.begin(ground.keys[:AT_ONCE])
    assert ground.told == [(AT_ONCE, True)]
    assert not ground.adding.is_busy


def test_very_many_are_added_up_in_parts(qtbot: QtBot, ground: Ground) -> None:
    ground.adding.begin(ground.keys)
    assert ground.looked <= AT_ONCE
    assert not ground.told
    qtbot.waitUntil(lambda: bool(ground.told))
    assert ground.told == [(10 * AT_ONCE, True)]
    assert not ground.adding.is_busy


def test_only_what_is_selected_last_is_told(qtbot: QtBot, ground: Ground) -> None:
    ground.adding.begin(ground.keys)
    ground.adding.begin(ground.keys[: 2 * AT_ONCE])
    qtbot.waitUntil(lambda: bool(ground.told))
    assert ground.told == [(2 * AT_ONCE, True)]
    ground.adding.begin(ground.keys)
    ground.adding.begin(())
    assert not ground.adding.is_busy
