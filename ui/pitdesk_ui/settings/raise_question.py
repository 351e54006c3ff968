"""Before a limit is raised: what from, what to, and a number that has to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from pitdesk.limits.figures import bound_of, tell, told
from pitdesk_ui.connect.fields import LabeledField, line_edit
from pitdesk_ui.question import Question
from pitdesk_ui.ticket.controls import ProblemLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from pitdesk.limits import LimitValues
    from pitdesk_ui.account_mark import AccountMark

_SHOWN = 5
_NAME = "account.raise"
_WHEN = "What is raised holds in a minute, or from the next start of Pitdesk. What is stricter holds at once."


class RaiseQuestion(Question):
    """``names``: the figures that are looser in ``after`` than in ``before``; at least one."""

    def __init__(
        self,
        names: tuple[str, ...],
        before: LimitValues,
        after: LimitValues,
        *,
        mark: AccountMark,
        parent: QWidget,
    ) -> None:
        key = next((name for name in names if name == bound_of(name).refuses), names[0])
        self._wanted = tell(key, getattr(after, key))
        lines = [_line(name, before, after) for name in _with_first(key, names)[:_SHOWN]]
        if len(names) > _SHOWN:
            lines.append(f"And {len(names) - _SHOWN} more.")
        super().__init__(
            _NAME,
            "Raise limits?",
            (*lines, _WHEN),
            yes="Raise",
            no="Keep",
            mark=mark,
            parent=parent,
        )
        self._go = self._button("yes")
        self._edit: QLineEdit = line_edit(f"{_NAME}.typed", f"Type {self._wanted} to raise the limits", "")
        caption = f"Type {self._wanted} to raise {'it' if len(names) == 1 else 'them'}"
        self.body.insertWidget(
            self.body.count() - 1, LabeledField(caption, self._edit, ProblemLabel(f"{_NAME}.problem"))
        )
        self._button("no").setDefault(False)
        self._edit.textChanged.connect(lambda _: self._look())
        self._edit.returnPressed.connect(self._accept_if_typed)
        self._edit.setFocus()
        self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its wrapped lines are, once they have their type."""
        self.setFixedHeight(self.layout().totalHeightForWidth(self.width()))  # type: ignore[union-attr]
        super().showEvent(event)

    def _button(self, which: str) -> QPushButton:
        found = self.findChild(QPushButton, f"{_NAME}.{which}")
        if not isinstance(found, QPushButton):
            raise TypeError(which)
        return found

    def _look(self) -> None:
        self._go.setEnabled(self._edit.text().strip(" ").removeprefix("$") == self._wanted)

    def _accept_if_typed(self) -> None:
        if self._go.isEnabled():
            self.accept()


def _with_first(key: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return (key, *(name for name in names if name != key))


def _line(name: str, before: LimitValues, after: LimitValues) -> str:
    bound = bound_of(name)
    what = "refuses" if name == bound.refuses else "asks"
    edge = "within" if bound.within else "above"
    was, now = (told(name, getattr(values, name)) for values in (before, after))
    return f"{bound.words}: {what} {edge} {now}, not {was}."
