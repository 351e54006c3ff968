"""The one style sheet of the program, filled in from the theme's tokens."""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING

from pitdesk_ui.resources_path import resource_path

if TYPE_CHECKING:
    from pitdesk_ui.theme import Theme

_SHEET = Template(
    """
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[role="window"] { background: $ground; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }

QFrame[role="panel"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[role="card"] { background: $raised; border: none; border-radius: 6px; }
QFrame[role="question"] { background: $warning_ground; border: 1px solid $warning; border-radius: 6px; }
QFrame[role="drop"] { background: $field; border: 1px dashed $drop_edge; border-radius: 6px; }
QFrame[role="drop"]:focus { border: 1px dashed $accent; }
QFrame[role="drop_over"] { background: $accent_ground; border: 1px dashed $accent; border-radius: 6px; }
QFrame[role="drop_bad"] { background: $field; border: 1px dashed $no; border-radius: 6px; }
QFrame[role="drop_held"] { background: $yes_ground; border: 1px solid $yes_edge; border-radius: 6px; }
QFrame[role="popup"] { background: $raised; border: 1px solid $accent; border-radius: 8px; }
QFrame[role="rule"] { background: $line; border: none; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 15px; font-weight: 600; }
QLabel[role="section"] { font-size: 13px; font-weight: 600; }
QLabel[role="tag_practice"], QLabel[role="tag_demo"], QLabel[role="tag_live"] {
    border-radius: 4px; padding: 2px 6px; font-weight: 700; font-size: 10px;
}
QLabel[role="tag_practice"] { background: $accent_ground; color: $on_accent_ground; }
QLabel[role="tag_demo"] { background: $demo; color: $on_demo; }
QLabel[role="tag_live"] { background: $live; color: $on_live; }
QLabel[role="headline"] { font-size: 22px; font-weight: 600; }
QLabel[role="warning_text"] { color: $warning; font-size: 12px; }
QLabel[role="held_bad"] { color: $no; font-size: 20px; font-weight: 700; }
QLabel[role="held_tick"] { color: $yes; font-size: 20px; font-weight: 600; }
QLabel[role="caption"], QLabel[role="muted"] { color: $muted; font-size: 12px; }
QLabel[role="value"] { font-size: 13px; font-weight: 500; }
QLabel[role="figure"] { font-size: 16px; font-weight: 600; }
QLabel[role="figure_positive"] { font-size: 16px; font-weight: 600; color: $yes; }
QLabel[role="figure_negative"] { font-size: 16px; font-weight: 600; color: $no; }
QLabel[role="figure_muted"] { font-size: 16px; font-weight: 600; color: $muted; }
QLabel[role="positive"] { color: $yes; font-weight: 500; }
QLabel[role="negative"] { color: $no; font-weight: 500; }
QLabel[role="warning"] { color: $warning; font-weight: 500; }
QLabel[role="alarm"] {
    background: $no; color: $on_no; border-radius: 7px; padding: 1px 6px; margin-right: 10px;
    font-size: 12px; font-weight: 700;
}
QLabel[role="problem"] { color: $no; font-size: 12px; }
QLabel[role="practice"], QLabel[role="demo"], QLabel[role="live"] {
    border-radius: 6px; padding: 6px 12px; font-weight: 700; font-size: 12px; letter-spacing: 0.4px;
}
QLabel[role="practice"] { background: $accent_ground; color: $on_accent_ground; }
QLabel[role="demo"] { background: $demo; color: $on_demo; }
QLabel[role="live"] { background: $live; color: $on_live; }

QPushButton {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 6px;
    padding: 5px 10px; font-weight: 500; outline: none;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selection; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $muted; background: $panel; border: 1px solid $line; }
QPushButton[role="chip"] { color: $soft; padding: 3px 8px; font-size: 12px; }
QPushButton[role="chip"]:checked { background: $accent_ground; color: $text; border: 1px solid $accent; }
QPushButton[role="chip"]:disabled { color: $muted; }
QPushButton[role="key"] { background: $field; font-weight: 500; }
QPushButton[role="key"]:hover { background: $hover; }
QPushButton[role="key"]:checked {
    background: $accent_ground; color: $on_accent_ground; border: 1px solid $accent;
}
QPushButton[role="size"], QPushButton[role="size_armed"] {
    color: $soft; padding: 3px 1px; font-size: 12px;
}
QPushButton[role="size"]:checked { background: $accent_ground; color: $text; border: 1px solid $accent; }
QPushButton[role="size_armed"]:checked {
    background: $warning_ground; color: $warning; border: 1px solid $warning; font-weight: 700;
}
QPushButton[role="size"]:focus, QPushButton[role="size_armed"]:focus { border: 1px solid $text; }
QPushButton[role="ghost"] {
    background: transparent; border: 1px solid transparent; color: $muted; text-align: left; padding: 3px 0;
}
QPushButton[role="ghost"]:hover { color: $text; }
QPushButton[role="ghost"]:focus { border: 1px solid $accent; }
QPushButton[role="buy"], QPushButton[role="sell"] { font-weight: 600; font-size: 14px; }
QPushButton[role="buy"] { background: $yes; color: $on_yes; border: 1px solid $yes; }
QPushButton[role="buy"]:hover { background: $yes_hover; }
QPushButton[role="sell"] { background: $no; color: $on_no; border: 1px solid $no; }
QPushButton[role="sell"]:hover { background: $no_hover; }
QPushButton[role="buy"]:disabled, QPushButton[role="sell"]:disabled {
    background: $raised; color: $muted; border: 1px solid $line;
}
QPushButton[role="buy"]:focus, QPushButton[role="sell"]:focus {
    border: 2px solid $text; padding: 4px 9px;
}
QPushButton[role="verb_yes"], QPushButton[role="verb_no"] { color: $soft; padding: 7px 4px; }
QPushButton[role="verb_yes"]:checked {
    background: $yes_ground; color: $on_yes_ground; border: 1px solid $yes;
}
QPushButton[role="verb_no"]:checked { background: $no_ground; color: $on_no_ground; border: 1px solid $no; }
QPushButton[role="primary"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:disabled { background: $raised; color: $muted; border: 1px solid $line; }
QPushButton[role="danger"] {
    background: $no_ground; color: $on_no_ground; border: 1px solid $no_edge; font-weight: 600;
}
QPushButton[role="danger"]:hover { background: $no_ground_hover; }
QPushButton[role="danger"]:disabled { background: $raised; color: $muted; border: 1px solid $line; }
QPushButton[role="danger"]:focus { border: 1px solid $text; }
QPushButton[role="chip_tall"] { color: $soft; padding: 5px 10px; font-size: 12px; }
QPushButton[role="env_demo"], QPushButton[role="env_live"], QPushButton[role="env_custom"] {
    padding: 7px 10px; color: $soft;
}
QPushButton[role="env_demo"]:checked { background: $demo; color: $on_demo; border: 1px solid $demo; }
QPushButton[role="env_live"]:checked { background: $live; color: $on_live; border: 1px solid $live_edge; }
QPushButton[role="env_custom"]:checked { background: $selection; color: $text; border: 1px solid $muted; }
QPushButton[role="navigation"] {
    text-align: left; background: transparent; border: 1px solid transparent; color: $soft;
    padding: 8px 12px;
}
QPushButton[role="navigation"]:hover { background: $hover; }
QPushButton[role="navigation"]:checked { background: $selection; color: $text; }
QPushButton[role="navigation"]:focus { border: 1px solid $accent; }
QPushButton[role="account_row"] { background: $panel; border: 1px solid $line; padding: 0; }
QPushButton[role="account_row"]:hover { background: $hover; }
QPushButton[role="account_row"]:checked { background: $selection; border: 1px solid $accent; }
QPushButton[role="account_row"]:focus { border: 1px solid $accent; }
QPushButton[role="icon"] { background: transparent; border: 1px solid transparent; padding: 0; }
QPushButton[role="icon"]:hover { background: $hover; border: 1px solid $line; }
QPushButton[role="icon"]:focus { border: 1px solid $accent; }
QPushButton[role="icon"]::menu-indicator { image: none; width: 0; }
QPushButton[role="problem_link"] {
    background: transparent; border: 1px solid transparent; color: $no; padding: 2px 4px; font-size: 12px;
    font-weight: 600; text-decoration: underline;
}
QPushButton[role="problem_link"]:focus { border: 1px solid $accent; }
QPushButton[role="safe"] { padding: 5px 12px; font-size: 12px; color: $soft; }
QPushButton[role="armed"] {
    padding: 5px 12px; font-size: 12px; font-weight: 700; background: $warning_ground; color: $warning;
    border: 1px solid $warning;
}
QPushButton[role="armed"]:focus { border: 1px solid $text; }

/* What is lit already shows the keyboard by another colour than its own. */
QPushButton[role="chip"]:checked:focus, QPushButton[role="verb_yes"]:checked:focus,
QPushButton[role="verb_no"]:checked:focus, QPushButton[role="account_row"]:checked:focus,
QPushButton[role="key"]:checked:focus {
    border: 1px solid $text;
}
QPushButton[role="primary"]:focus { border: 2px solid $text; padding: 4px 9px; }
QPushButton[role="env_demo"]:checked:focus, QPushButton[role="env_live"]:checked:focus,
QPushButton[role="env_custom"]:checked:focus { border: 2px solid $text; padding: 6px 9px; }

QFrame[role="line_practice"] { background: $accent; border: none; }
QFrame[role="line_demo"] { background: $demo; border: none; }
QFrame[role="line_live"] { background: $live_edge; border: none; }
QFrame[role="line_none"] { background: $ground; border: none; }

QPlainTextEdit {
    background: $field; border: 1px solid $line; border-radius: 6px; padding: 6px; font-size: 12px;
    selection-background-color: $accent_ground; selection-color: $text;
    placeholder-text-color: $muted;
}
QPlainTextEdit:focus { border: 1px solid $accent; }
QLineEdit, QComboBox, QDateTimeEdit {
    background: $field; border: 1px solid $line; border-radius: 6px; padding: 5px 8px; min-height: 20px;
    selection-background-color: $accent_ground; selection-color: $text;
    placeholder-text-color: $muted;
}
QLineEdit:focus, QComboBox:focus, QDateTimeEdit:focus { border: 1px solid $accent; }
QLineEdit[invalid="true"] { border: 1px solid $no; }
QLineEdit:disabled, QComboBox:disabled, QDateTimeEdit:disabled { color: $muted; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$chevron_down"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line; selection-background-color: $selection; outline: none;
}

QCheckBox { spacing: 7px; background: transparent; outline: none; }
QCheckBox::indicator {
    width: 14px; height: 14px; border: 1px solid $box_edge; border-radius: 4px; background: $field;
}
QCheckBox::indicator:hover { border: 1px solid $accent; }
QCheckBox::indicator:checked { background: $accent; border: 1px solid $accent; image: url("$check"); }
QCheckBox:focus { color: $accent; }
QCheckBox::indicator:focus { border: 1px solid $accent; }
QCheckBox::indicator:checked:focus { border: 1px solid $text; }
QCheckBox:disabled { color: $muted; }

QTabWidget::pane { border: none; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; padding: 8px 12px; border: none;
    border-bottom: 2px solid transparent; font-weight: 500;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }

QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: transparent; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 6px 8px; font-size: 12px; font-weight: 500;
}
QTableView, QTreeView, QListView {
    background: transparent; border: none; outline: none; gridline-color: transparent;
    selection-background-color: $selection; selection-color: $text; alternate-background-color: $stripe;
}
QTreeView::item { padding: 0 8px; }
QTableView::item { padding: 0 5px; } /* Qt adds 3: cells stand under their titles */
QTreeView::branch:has-children:closed { image: url("$chevron_right"); }
QTreeView::branch:has-children:open { image: url("$chevron_down"); }

QTableView[objectName="batch.table"] QTableCornerButton::section {
    background: transparent; border: none; border-bottom: 1px solid $line;
}
QTableView[objectName="batch.table"] QHeaderView::section:vertical {
    color: $text; border: none; padding: 0; border-bottom: 1px solid $line; border-right: 1px solid $line;
    font-size: 13px; font-weight: 400;
}
QLineEdit[objectName="batch.editor"] {
    background: $raised; border: 1px solid $accent; border-radius: 0; padding: 0 6px; min-height: 0;
}
QListWidget[objectName="columns.list"] {
    background: $field; border: 1px solid $line; border-radius: 6px; padding: 4px;
}
QListWidget[objectName="columns.list"]:focus { border: 1px solid $accent; }
QListWidget[objectName="columns.list"]::item { padding: 0 4px; border-radius: 4px; }
QListWidget[objectName="columns.list"]::item:selected { background: $selection; color: $text; }
QListWidget[objectName="columns.list"]::indicator {
    width: 14px; height: 14px; border: 1px solid $box_edge; border-radius: 4px; background: $field;
}
QListWidget[objectName="columns.list"]::indicator:checked {
    background: $accent; border: 1px solid $accent; image: url("$check");
}
QListWidget[objectName="batch.suggestions"] {
    background: $raised; border: 1px solid $accent; border-radius: 6px; padding: 3px;
}

QScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $handle; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $handle_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 18px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QProgressBar { background: $raised; border: 1px solid $line; border-radius: 3px; height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""
)


def style_sheet(theme: Theme) -> str:
    """Qt's style sheet in ``theme``'s colours."""
    icons = {
        name: resource_path("icons", f"{name.replace('_', '-')}{theme.icons}.svg").as_posix()
        for name in ("check", "chevron_down", "chevron_right")
    }
    return _SHEET.substitute(asdict(theme), **icons)
