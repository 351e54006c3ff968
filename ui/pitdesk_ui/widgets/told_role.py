"""What painted widgets are to assistive technology: Qt knows the roles of its own widgets alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

_ROLE = "told_role"
_ROLES = {"chart": QAccessible.Role.Chart, "list": QAccessible.Role.List}


def tell_role(widget: QWidget, role: str) -> None:
    """Let ``widget`` be told as a ``"chart"`` or a ``"list"``: before it has a name, which makes it known."""
    widget.setProperty(_ROLE, role)


def tell_roles() -> None:
    """Once a program: have :func:`tell_role` heeded."""
    QAccessible.installFactory(_told)


def _told(_kind: str, told: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(told, QWidget):
        return None
    role = _ROLES.get(told.property(_ROLE))
    return None if role is None else QAccessibleWidget(told, role)
