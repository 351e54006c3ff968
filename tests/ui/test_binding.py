"""The binding asks by name what it would else read in each source text, and is told nothing less."""

import json
import os
import subprocess
import sys

_TELL = """
import json, sys
from importlib import import_module
import PySide6.QtCore
features = import_module("shibokensupport.feature")
by_text = features._mod_uses_pyside
from pitdesk_ui.binding import spare_the_reading, uses_qt
spared = spare_the_reading()
import pitdesk_ui.application, pitdesk_ui.session_opening
ours = [module for name, module in sys.modules.items() if name.split(".")[0] in ("pitdesk", "pitdesk_ui")]
missed = [module.__name__ for module in ours if by_text(module) and not uses_qt(module)]
told = {name: features.pyside_feature_dict.get(name) for name in ("pitdesk_ui.theme", "pitdesk.orders")}
print(json.dumps([spared, len(ours), missed, told]))
"""


def test_every_part_that_uses_qt_is_told_without_a_look_at_its_text() -> None:
    """In a process of its own: what is answered once is never asked again."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", _TELL], env=env, capture_output=True, text=True, check=True)
    spared, looked_at, missed, told = json.loads(said.stdout)
    assert spared, "the binding asks in another way now: a start reads 650 source texts again"
    assert looked_at > 200
    assert missed == []
    assert told == {"pitdesk_ui.theme": 0, "pitdesk.orders": -1}
