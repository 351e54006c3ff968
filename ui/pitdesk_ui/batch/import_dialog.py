"""Rows from a file or from what was copied, looked at before any of them goes into the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.theme import set_role, theme_of
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from pitdesk.desk.batch.csv_reading import Question, TableReading
    from pitdesk.desk.batch.csv_rows import ReadRow
    from pitdesk.desk.batch.rows import Field

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ReadRows(QAbstractTableModel):
    """The rows as they were read: line, what is wrong with it, and the cells that any row fills."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self._rows: tuple[ReadRow, ...] = ()
        self._fields: tuple[Field, ...] = ()

    def show_reading(self, reading: TableReading) -> None:
        """Show another reading, bad rows first."""
        self.beginResetModel()
        self._rows, self._fields = reading.shown, reading.fields
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows read."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Line, reason, cells."""
        return 0 if parent.isValid() else len(self._fields) + 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain texts; the reason in red."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.ForegroundRole and column == 1:
            return theme_of(self._view).color(_color(row))
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if column == 0:
            return str(row.line)
        if column == 1:
            return " ".join(row.problems) or _in_the_sheet(row)
        return row.texts[self._fields[column - 2].place][:200]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles."""
        is_title = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        if not is_title:
            return None
        return ("Line", "Result", *(field.value for field in self._fields))[section]


def _color(row: ReadRow) -> str:
    if row.problems:
        return "no"
    return "warning" if row.fault else "yes"


def _in_the_sheet(row: ReadRow) -> str:
    return f"To correct in the sheet: {row.fault}" if row.fault else "OK"


class ImportDialog(QDialog):
    """``answered(kind, value)``: a question about the reading; ``taken(replace)``: all rows into it."""

    answered = Signal(str, str)
    taken = Signal(bool)

    def __init__(self, source: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("batch.import")
        self.setWindowTitle("Check rows before importing")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.resize(900, 480)
        self._title = plain_label(source, "title")
        self._said = plain_label("Reading…", "muted")
        self._said.setObjectName("batch.import.said")
        self._said.setWordWrap(True)
        self._problem = plain_label("", "problem")
        self._problem.setObjectName("batch.import.problem")
        self._problem.setWordWrap(True)
        self._question = QFrame()
        self._question.setObjectName("batch.import.question")
        set_role(self._question, "question")
        self._options = QVBoxLayout(self._question)
        self.rows = ReadRows(self)
        self._table = QTableView()
        self._replace = QCheckBox("Replace the rows now in the sheet")
        self._replace.setObjectName("batch.import.replace")
        self._take = QPushButton(_button_text(0, replaces=False))
        self._take.setObjectName("batch.import.take")
        set_role(self._take, "primary")
        self._leave = QPushButton("Cancel")
        self._leave.setObjectName("batch.import.leave")
        self._good = 0
        self._build()
        self._replace.toggled.connect(self._name_button)
        self._take.clicked.connect(lambda: self.taken.emit(self._replace.isChecked()))
        self._leave.clicked.connect(self.close)

    def show_question(self, question: Question) -> None:
        """What cannot be told from the text alone; nothing is guessed."""
        _empty(self._options)
        sentence = plain_label(question.sentence, "value")
        sentence.setObjectName("batch.import.question.text")
        sentence.setWordWrap(True)
        self._options.addWidget(sentence)
        line = QHBoxLayout()
        for value, label in question.options:
            button = QPushButton(label)
            button.setObjectName(f"batch.import.answer.{value}")
            button.clicked.connect(
                lambda _checked=False, kind=question.kind, chosen=value: self.answered.emit(kind, chosen)
            )
            line.addWidget(button)
        line.addStretch(1)
        self._options.addLayout(line)
        self._question.show()
        self._tell("")
        self._take.setEnabled(False)

    def show_reading(self, reading: TableReading) -> None:
        """The rows, and whether they may be taken in: all of them, or none."""
        self._question.hide()
        self.rows.show_reading(reading)
        self._table.resizeColumnsToContents()
        self._table.setColumnWidth(1, min(max(self._table.columnWidth(1), 120), 380))
        good, bad = len(reading.good), len(reading.bad)
        problem = ""
        if bad:
            rows = "1 row" if bad == 1 else f"{bad:,} rows"
            problem = f"{rows} cannot be read, so nothing is imported. Correct the table and open it again."
        faults = reading.with_faults
        if faults and not bad:
            rows = "1 row is" if faults == 1 else f"{faults:,} rows are"
            problem = f"{rows} not ready to send. Correct what is said below, in the table or in the sheet."
        self._tell("  ".join(reading.said), problem)
        self._good = good
        self._name_button()
        self._take.setEnabled(good > 0 and not bad)

    def show_problem(self, sentence: str) -> None:
        """Nothing could be read, or nothing more fits."""
        self._question.hide()
        self._tell("", sentence)
        self._take.setEnabled(False)

    def _name_button(self) -> None:
        self._take.setText(_button_text(self._good, replaces=self._replace.isChecked()))

    def _tell(self, said: str, problem: str = "") -> None:
        for label, text in ((self._said, said), (self._problem, problem)):
            label.setText(text)
            label.setAccessibleName(text)
            label.setVisible(bool(text))

    def _build(self) -> None:
        self._question.hide()
        self._take.setEnabled(False)
        self._table.setModel(self.rows)
        self._table.setObjectName("batch.import.table")
        self._table.setAccessibleName("Rows read")
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(26)
        self._table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self._table.setWordWrap(False)
        self._table.setShowGrid(False)
        self._table.setAlternatingRowColors(True)
        header = self._table.horizontalHeader()
        header.setResizeContentsPrecision(100)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        note = plain_label(
            "Nothing is sent from here: the rows go into the sheet, where each is checked.", "caption"
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self._replace)
        buttons.addStretch(1)
        buttons.addWidget(self._leave)
        buttons.addWidget(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        for widget in (self._title, self._question, self._said, self._problem, self._table, note):
            layout.addWidget(widget)
        layout.setStretchFactor(self._table, 1)
        layout.addLayout(buttons)


def _button_text(count: int, *, replaces: bool) -> str:
    rows = "1 row" if count == 1 else f"{count:,} rows" if count else "rows"
    return f"Replace the sheet with {rows}" if replaces else f"Add {rows} to the sheet"


def _empty(layout: QVBoxLayout | QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        inner = item.layout()
        widget = item.widget()
        if isinstance(inner, QHBoxLayout):
            _empty(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()
