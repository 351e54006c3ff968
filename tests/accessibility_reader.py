"""What assistive technology is told of a program: a process of its own, under the system's Python.

Asked by lines of JSON on its input, it answers each with one on its output. ``{"ask": "ready"}``: whether
the program of ``pid`` is known. ``{"ask": "controls"}``: all that is showing, without the cells of tables.
``{"ask": "focus"}``: what has the keyboard. Needs GObject introspection and nothing else.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 (its version is chosen first)

GRIDS = ("table", "tree table", "tree", "list", "list box", "menu")
STATES = ("focusable", "focused", "showing", "sensitive", "checked", "editable")


class Reader:
    """One program, by the id of its process."""

    def __init__(self, pid):
        self.pid = pid

    def application(self):
        """The program as assistive technology finds it, None while it does not."""
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_process_id() == self.pid:
                return child
        return None

    def controls(self):
        """Everything showing, windows first."""
        application = self.application()
        if application is None:
            return []
        application.clear_cache()
        told, waiting = [], [application.get_child_at_index(i) for i in range(application.get_child_count())]
        while waiting:
            found = waiting.pop(0)
            if found is None or not found.get_state_set().contains(Atspi.StateType.SHOWING):
                continue
            told.append(describe(found))
            if told[-1]["role"] not in GRIDS:
                waiting += [found.get_child_at_index(i) for i in range(found.get_child_count())]
        return told

    def answer(self, asked):
        """To one question."""
        if asked == "ready":
            return self.application() is not None
        if asked == "controls":
            return self.controls()
        # A tab that is in front says that it has the keyboard, whether its row of tabs does or not.
        told = [it for it in self.controls() if "focused" in it["states"] and it["role"] != "page tab"]
        return told[-1] if told else None


def describe(found):
    """One control in plain words and numbers. A control that has just gone is told as nothing."""
    try:
        states = found.get_state_set()
        place = found.get_extents(Atspi.CoordType.SCREEN)
        return {
            "role": found.get_role_name(),
            "name": found.get_name(),
            "text": Atspi.Text.get_text(found, 0, -1) if "Text" in found.get_interfaces() else "",
            "place": [place.x, place.y, place.width, place.height],
            "states": [name for name in STATES if states.contains(getattr(Atspi.StateType, name.upper()))],
        }
    except GLib.GError:
        return {"role": "", "name": "", "text": "", "place": [0, 0, 0, 0], "states": []}


def main():
    """Until the input ends."""
    Atspi.init()
    reader = Reader(int(sys.argv[1]))
    for line in sys.stdin:
        print(json.dumps(reader.answer(json.loads(line)["ask"])), flush=True)


if __name__ == "__main__":
    main()
