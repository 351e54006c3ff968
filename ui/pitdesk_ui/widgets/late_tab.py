"""Stands for a tab whose panel is not made yet, so that the window is painted without waiting for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

PanelT = TypeVar("PanelT", bound=QWidget)


class LateTab(QWidget, Generic[PanelT]):
    """Makes its panel when it is first asked for or first shown, and holds it from then on."""

    def __init__(self, make: Callable[[], PanelT]) -> None:
        super().__init__()
        self._make = make
        self._panel: PanelT | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    @property
    def panel(self) -> PanelT:
        """The panel, made now if it was not before."""
        if self._panel is None:
            self._panel = self._make()
            self._layout.addWidget(self._panel)
            self._panel.show()  # at once, where the tab is in sight
        return self._panel

    def make(self) -> None:
        """See to it that the panel is there."""
        _ = self.panel

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: the panel is wanted."""
        self.make()
        super().showEvent(event)
