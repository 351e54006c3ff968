"""What Qt's binding does at every import that follows its own, and how little of it is needed here.

To know who wants its optional spellings (``from __feature__``), Shiboken reads the source text of each module
that is imported, and looks for its own name in it: some 650 texts until the desk may trade. Nothing here
wants another spelling, so the name of the package answers instead.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_ASKED = "_mod_uses_pyside"


def spare_the_reading() -> bool:
    """Answer the binding by name from here on. False where it does not ask in the way that is known."""
    try:
        features = import_module("shibokensupport.feature")
    except ImportError:
        return False
    if not hasattr(features, _ASKED):
        return False
    setattr(features, _ASKED, uses_qt)
    return True


def uses_qt(module: ModuleType) -> bool:
    """Whether a module may use Qt: the binding keeps its plain spelling ready for those."""
    return module.__name__.partition(".")[0] == "pitdesk_ui"
