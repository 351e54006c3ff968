"""The plain program of ``bench start``: a PySide6 window with one table, and nothing else."""

import sys
import time

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem


class Window(QMainWindow):
    """Says when it is first painted, and goes."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The first paint ends the run."""
        super().paintEvent(event)
        sys.stdout.write(f"painted {time.monotonic_ns()}\n")
        sys.stdout.flush()
        QApplication.quit()


def main() -> int:
    """Show the window and wait for its first paint."""
    application = QApplication(sys.argv)
    window = Window()
    table = QTableWidget(20, 8)
    for row in range(20):
        for column in range(8):
            table.setItem(row, column, QTableWidgetItem(f"{row},{column}"))
    window.setCentralWidget(table)
    window.resize(1600, 980)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
