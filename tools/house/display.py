"""Whether there is a screen a person could look at."""

import os
import platform
import re
import socket
from collections.abc import Mapping

_UNSEEN = ("offscreen", "minimal")
_OWN_SCREEN = ("eglfs", "linuxfb", "vnc")


def has_display(environ: Mapping[str, str] = os.environ, system: str | None = None) -> bool:
    """macOS and Windows have one; on Linux it is named, and an X11 screen of this machine must answer."""
    chosen = environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen in _UNSEEN:
        return False
    if (system or platform.system()) != "Linux" or chosen in _OWN_SCREEN:
        return True
    if environ.get("WAYLAND_DISPLAY"):
        return True
    return bool(environ.get("DISPLAY")) and x11_answers(environ["DISPLAY"])


def x11_answers(display: str) -> bool:
    """Whether a screen such as ``:0`` can be reached; one on another host is believed."""
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local is None:
        return True
    path = f"/tmp/.X11-unix/X{local[1]}"
    return any(_connects(address) for address in (path, f"\0{path}"))


def _connects(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True
