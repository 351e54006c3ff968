"""Garbage with Qt objects in it ends on the interface thread, whoever made it grow."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from pitdesk_ui.garbage_collection import (
    collect_on_this_thread,
    collect_what_is_due,
    look_at_everything_again,
)


class Knot:
    """A cycle that says on which thread it ended."""

    ended_on: list[int] = []

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.ended_on.append(threading.get_ident())


@pytest.fixture
def usual_collector() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    gc.enable() if was_on else gc.disable()


def test_a_worker_that_allocates_does_not_collect_here_it_is_collected(
    qtbot: QtBot, usual_collector: None
) -> None:
    owner = QObject()
    collect_on_this_thread(owner)
    Knot.ended_on.clear()
    gone = weakref.ref(Knot())
    worker = threading.Thread(target=lambda: [[] for _ in range(50_000)])
    worker.start()
    worker.join()
    assert Knot.ended_on == [], "the automatic collector is off"
    due = gc.get_threshold()[0] + 300  # another number in each Python
    held = [[] for _ in range(due)]
    qtbot.waitUntil(lambda: gone() is None)
    assert Knot.ended_on == [threading.get_ident()]
    assert len(held) == due


def test_what_took_long_to_look_through_is_set_aside_until_much_is_gone(usual_collector: None) -> None:
    gc.disable()
    gc.unfreeze()
    slow = iter([0.0, 5.0])
    kept = [[] for _ in range(3_000)]
    collect_what_is_due(lambda: next(slow))
    assert gc.get_freeze_count() > len(kept), "five seconds were too long"
    before = gc.get_freeze_count()
    quick = iter([0.0, 0.001])
    more = [[] for _ in range(3_000)]
    collect_what_is_due(lambda: next(quick))
    assert gc.get_freeze_count() <= before
    look_at_everything_again()
    assert not gc.get_freeze_count()
    assert kept and more
