"""The form of one account: where it is, its key id and private key, and what is said at each field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pitdesk.dialect import Dialect
from pitdesk.profile import ProfileKind
from pitdesk_ui.connect.clipboard import clipboard_text
from pitdesk_ui.connect.entry import DIALECTS, ENVIRONMENTS, Entry, Place, address_warning
from pitdesk_ui.connect.fields import Fold, LabeledField, SentenceLabel, line_edit
from pitdesk_ui.connect.key_field import KeyField
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ChoiceBox, ProblemLabel, captioned

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from pitdesk.profile import Profile

_KEY_ID_HINT = "a1b2c3d4-0000-4000-8000-a1b2c3d4e5f6"


class ConnectForm(QWidget):
    """Emits ``changed`` at every edit, ``submitted`` when it shall be tried. A failure leaves it as typed."""

    changed = Signal()
    kind_changed = Signal()
    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("connect")
        self.setAcceptDrops(True)
        self.key = KeyField()
        self._kinds: dict[ProfileKind, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._told = SentenceLabel("caption")
        self._address = line_edit(
            "connect.address", "Address of the exchange", "https://exchange.example:8443"
        )
        self._warning = SentenceLabel("warning_text")
        self._dialect = ChoiceBox[Dialect]("connect.dialect", "Interface of the exchange", DIALECTS.items())
        self._interface = QWidget()
        self._name = line_edit("connect.name", "Name of this account", "")
        self._key_id = line_edit("connect.key_id", "Key ID", _KEY_ID_HINT)
        self._passphrase = line_edit("connect.passphrase", "Passphrase of the private key", "")
        self._subaccount = line_edit("connect.subaccount", "Subaccount", "Main account")
        self._submit = QPushButton("Check and connect")
        self._problems = {place: ProblemLabel(f"connect.problem.{place.value}") for place in Place}
        self._fields = self._made_fields()
        self.fold = Fold("connect.more", "Name and subaccount")
        self.key_notes = SentenceLabel("warning_text")
        self._held_keyboard: QWidget | None = None
        self._build()
        self.choose(ProfileKind.DEMO)
        self.want_passphrase(wanted=False)

    def entry(self) -> Entry:
        """The form as typed."""
        return Entry(
            self.kind,
            self._address.text(),
            self._dialect.choice,
            self._name.text(),
            self._key_id.text(),
            self._subaccount.text(),
            self._passphrase.text(),
        )

    @property
    def kind(self) -> ProfileKind:
        """The environment chosen."""
        return next(kind for kind, button in self._kinds.items() if button.isChecked())

    def choose(self, kind: ProfileKind) -> None:
        """Choose an environment."""
        self._kinds[kind].setChecked(True)
        self._kind_chosen()

    def lock_to(self, profile: Profile) -> None:
        """The form of an account that is there already: its key and that key's id are asked for, and how
        an exchange at an address of its own is spoken to."""
        self.choose(profile.kind)
        self._address.setText(profile.address)
        self._dialect.choose(profile.dialect)
        self._key_id.setText(profile.key_id)
        for button in self._kinds.values():
            button.hide()
        self._fields[Place.ADDRESS].lock()
        self.fold.hide()

    def suggest_name(self, name: str) -> None:
        """What the account is called where nothing is typed."""
        self._name.setPlaceholderText(name)

    def want_passphrase(self, *, wanted: bool) -> None:
        """Ask for the passphrase, or do so no longer and forget what was typed."""
        field = self._fields[Place.PASSPHRASE]
        if field.isVisibleTo(self) != wanted or not wanted:
            field.setVisible(wanted)
            self._passphrase.clear()
        if wanted:
            self._passphrase.setFocus()

    def say(self, place: Place, sentence: str) -> None:
        """Put a sentence at a place of the form; an empty one takes it away."""
        if place in (Place.NAME, Place.SUBACCOUNT) and sentence:
            self.fold.unfold()
        self._problems[place].say(sentence)
        if place is Place.KEY:
            self.key.show_invalid(invalid=bool(sentence))
        elif place in self._fields:
            self._fields[place].show_invalid(invalid=bool(sentence))

    def said(self, place: Place) -> str:
        """The sentence that stands at a place."""
        return self._problems[place].text() if self._problems[place].isVisibleTo(self) else ""

    def say_nothing(self) -> None:
        """Take every sentence away."""
        for place in Place:
            self.say(place, "")

    def show_busy(self, doing: str) -> None:
        """Say what is being done, and take no further press; empty: ready again, as it was."""
        if doing:
            held = (each for each in self.findChildren(QWidget) if each.hasFocus())
            self._held_keyboard = next(held, self._held_keyboard)
        self._submit.setEnabled(not doing)
        self._submit.setText(doing or "Check and connect")
        for widget in (self.key, self._interface, *self._fields.values(), *self._kinds.values()):
            widget.setDisabled(bool(doing))
        if not doing and self._held_keyboard is not None:
            self._held_keyboard.setFocus()
            self._held_keyboard = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A key may be dropped anywhere on the form."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand it to the key's field."""
        event.acceptProposedAction()
        self.key.take(event.mimeData())

    def _made_fields(self) -> dict[Place, LabeledField]:
        problems = self._problems
        fields = {
            Place.ADDRESS: LabeledField(
                "Address of the exchange", self._address, problems[Place.ADDRESS], paste=True
            ),
            Place.KEY_ID: LabeledField("Key ID", self._key_id, problems[Place.KEY_ID], paste=True),
            Place.PASSPHRASE: LabeledField(
                "Passphrase of the private key", self._passphrase, problems[Place.PASSPHRASE]
            ),
            Place.NAME: LabeledField("Name of this account", self._name, problems[Place.NAME]),
            Place.SUBACCOUNT: LabeledField(
                "Subaccount, 0 to 63", self._subaccount, problems[Place.SUBACCOUNT]
            ),
        }
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        for place, field in fields.items():
            field.edit.textEdited.connect(self.changed)
            field.edit.textChanged.connect(lambda _text, at=place: self.say(at, ""))
            field.edit.returnPressed.connect(self._submit.click)
        self._key_id.textChanged.connect(self._divert_key)
        self._address.textChanged.connect(lambda text: self._warning.say(address_warning(text)))
        return fields

    def _build(self) -> None:
        column = captioned("Interface of the exchange", self._dialect)
        column.setContentsMargins(0, 0, 0, 0)
        self._interface.setLayout(column)  # before it has a place: Tab goes in the order of being placed
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(self._environments())
        layout.addWidget(self._told)
        layout.addWidget(self._problems[Place.ENVIRONMENT])
        layout.addWidget(self._fields[Place.ADDRESS])
        layout.addWidget(self._warning)
        layout.addWidget(self._interface)
        layout.addWidget(self._fields[Place.KEY_ID])
        layout.addWidget(self._key_column())
        layout.addWidget(self._fields[Place.PASSPHRASE])
        layout.addWidget(self.fold)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._fields[Place.NAME], 2)
        row.addWidget(self._fields[Place.SUBACCOUNT], 1)
        self.fold.body.addLayout(row)
        layout.addWidget(self._problems[Place.FOOT])
        self._submit.setObjectName("connect.submit")
        self._submit.setMinimumHeight(38)
        set_role(self._submit, "primary")
        self._submit.clicked.connect(self.submitted)
        layout.addWidget(self._submit)

    def _environments(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for kind, (word, told) in ENVIRONMENTS.items():
            button = QPushButton(word)
            button.setObjectName(f"connect.{kind.value}")
            button.setCheckable(True)
            button.setAccessibleDescription(told)
            set_role(button, f"env_{kind.value}")
            self._group.addButton(button)
            self._kinds[kind] = button
            button.clicked.connect(self._kind_chosen)
            row.addWidget(button, 2 if kind is not ProfileKind.CUSTOM else 1)
        return row

    def _key_column(self) -> QWidget:
        field = LabeledField("Private key", None, self._problems[Place.KEY])
        field.put(self.key)
        field.put(self.key_notes)
        return field

    def _kind_chosen(self) -> None:
        kind = self.kind
        self._told.say(ENVIRONMENTS[kind][1])
        is_custom = kind is ProfileKind.CUSTOM
        self._fields[Place.ADDRESS].setVisible(is_custom)
        self._interface.setVisible(is_custom)
        self._warning.say(address_warning(self._address.text()) if is_custom else "")
        self.say(Place.ENVIRONMENT, "")
        self.say(Place.FOOT, "")
        self.kind_changed.emit()
        self.changed.emit()

    def _divert_key(self, text: str) -> None:
        """A private key pasted into the key id's field goes where it belongs, and is not left in this one."""
        if "PRIVATE KEY" in text:
            self._key_id.clear()
            whole = clipboard_text()
            self.key.text_offered.emit(whole if "PRIVATE KEY" in whole else text)
