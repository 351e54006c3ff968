"""Gives birth to desks: everything is imported once, then each life is a fork of its own.

``python -m tools.campaign.zygote`` reads one life a line and answers with its process id, then with how it
ended: an exit code, or a signal's number below zero. POSIX only, as kill -9 is.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from pathlib import Path

from tools.campaign.terms import LifeSpec


def main() -> int:
    """Until the input ends."""
    import pitdesk.kalshi.classic_rest  # noqa: F401
    from pitdesk.desk.session import preload
    from tools.campaign import desk_child

    preload()
    gc.freeze()
    for line in sys.stdin:
        spec = LifeSpec.from_line(line)
        pid = os.fork()
        if pid == 0:
            _live(spec, desk_child.live)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return 0


def _live(spec: LifeSpec, live: object) -> None:
    """In the child. Never returns. A life that hangs is ended by its own alarm."""
    nothing = os.open(os.devnull, os.O_RDWR)
    errors = os.open(Path(spec.folder) / "errors.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number, target in ((0, nothing), (1, nothing), (2, errors)):
        os.dup2(target, number)
    signal.alarm(spec.deadline_s)
    code = 0
    try:
        live(spec)  # type: ignore[operator]
    except BaseException:  # noqa: BLE001 (the end of a process: whatever it was is told)
        traceback.print_exc()
        code = 70
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
