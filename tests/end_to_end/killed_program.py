"""``python -m tests.end_to_end.killed_program DIR``: the program, killed while an order is under way.

The exchange has accepted the order and does not answer; nothing of this process gets a last word.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_API"] = "pyside6"

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from tests.failing_exchange_ground import stage_in


async def _die(folder: Path) -> None:
    async with stage_in(folder) as stage:
        await stage.arm("lost_message", times=50, match={"channel": "user_orders"})
        await stage.arm("accept_then_hang")
        await stage.send(10, 6)
        while not await stage.accepted():  # noqa: ASYNC110 (the parent's deadline bounds it)
            await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    qt = QApplication([])
    qt.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
        runner.run(_die(Path(sys.argv[1])))
