"""The words of an unconfirmed order, and the settings of what is done for an absent person."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pitdesk.desk.blotter_row import BlotterRow, RowPhase, row_of_intent
from pitdesk.desk.dead_man import LIMITS
from pitdesk.desk.look_up import CheckStanding
from pitdesk.orders import Intent, OrderDraft, Source, Verb
from pitdesk.quantities import Count, Price
from pitdesk.safety import Safety
from pitdesk.settings import Settings
from pitdesk_ui.dressing import apply_theme
from pitdesk_ui.instants import time_of_day
from pitdesk_ui.settings.safety_section import SafetySection
from pitdesk_ui.unconfirmed.panel import CardPicture, UnconfirmedBanner, UnconfirmedPanel
from pitdesk_ui.unconfirmed.words import banner_text, check_text, details_text, found_text, sent_text

SENT_MS = 1_795_227_166_000


def row(key: str = "id-1", contracts: int = 10) -> BlotterRow:
    draft = OrderDraft("KXFED-26DEC-C25", Verb.BUY_YES, Count.of(contracts), Price.from_cents(56))
    return row_of_intent(Intent(key, draft, Source.TICKET, SENT_MS), RowPhase.UNCONFIRMED)


def standing(attempt: int = 4, next_in_s: float | None = 7.2, said: str = "Not there.") -> CheckStanding:
    return CheckStanding(attempt, next_in_s, said, SENT_MS, SENT_MS + 120_000)


def test_a_card_says_what_was_sent_what_it_may_cost_and_what_is_being_done() -> None:
    assert sent_text(row(), standing()) == f"Sent {time_of_day(SENT_MS)}, Buy 10 Yes at 56¢, up to $5.60."
    assert check_text(standing(), "Kalshi") == "Checking with Kalshi (attempt 4), next in 7 s."
    assert check_text(standing(next_in_s=None), "Kalshi") == "Checking with Kalshi (attempt 4) now…"
    assert check_text(None, "Kalshi") == "Waiting to be checked with Kalshi."


def test_until_a_late_copy_is_impossible_an_absence_is_told_as_no_proof() -> None:
    until = time_of_day(SENT_MS + 120_000)
    assert found_text(standing(), SENT_MS) == f"Not there. A late copy could still arrive until {until}."
    assert found_text(standing(), SENT_MS + 120_000) == "Not there. Its absence is being proved."
    assert found_text(standing(said=""), SENT_MS) == found_text(None, SENT_MS) == ""


def test_the_banner_names_the_first_and_counts_the_others() -> None:
    assert banner_text([row()], "Cut") == "Unknown – may be live.  Buy 10 Yes at 56¢ · Cut."
    assert banner_text([row(), row("2"), row("3")], "Cut").endswith("· Cut and 2 more.")


def test_the_details_hold_the_ids_and_the_times_in_utc() -> None:
    told = details_text(row(), standing(), "Cut")
    for part in ("Client order id: id-1", "Market: Cut (KXFED-26DEC-C25)", "Checks: 4. Not there.", " UTC"):
        assert part in told


def picture(key: str, **changes: object) -> CardPicture:
    told = {"sent": "Sent.", "checking": "Checking.", "found": "", "canceling": False}
    return CardPicture(key=key, market="Cut", **{**told, **changes})  # type: ignore[arg-type]


def test_cards_come_and_go_with_their_orders_and_name_them_in_their_presses(qtbot: QtBot) -> None:
    panel = UnconfirmedPanel()
    qtbot.addWidget(panel)
    panel.show()
    asked: list[str] = []
    panel.check_wanted.connect(asked.append)
    panel.cancel_wanted.connect(asked.append)
    panel.show_orders([picture("a"), picture("b")], more=3)
    cards = panel.findChildren(QWidget, "unconfirmed.card")
    assert len(cards) == 2
    assert any(label.text().startswith("and 3 more") for label in panel.findChildren(QLabel))
    cards[1].findChild(QPushButton, "unconfirmed.check").click()
    panel.show_orders([picture("b", canceling=True)])
    qtbot.waitUntil(lambda: len(panel.findChildren(QWidget, "unconfirmed.card")) == 1)
    cancel = panel.findChild(QPushButton, "unconfirmed.cancel")
    assert (cancel.text(), cancel.isEnabled()) == ("Will cancel when found", False)
    assert not panel.check_all.isVisible()
    assert asked == ["b"]


def test_the_banner_is_there_only_while_it_has_something_to_say(qtbot: QtBot) -> None:
    banner = UnconfirmedBanner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    banner.say("Unknown – may be live.", "Checking.")
    assert not banner.isHidden()
    assert banner.accessibleName() == "Unknown – may be live. Checking."
    banner.say("")
    assert banner.isHidden()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


def test_what_is_chosen_holds_at_once_and_at_the_next_start(
    qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    section = SafetySection(settings)
    qtbot.addWidget(section)
    assert any(label.text() == LIMITS for label in section.findChildren(QLabel)), "its limits are said"
    for name in ("cancel_on_pause", "cancel_on_quit", "cancel_on_sleep", "cancel_when_away"):
        section.findChild(QCheckBox, f"safety.{name}").click()
    section.findChild(QLineEdit, "safety.away_minutes").setText("45")
    section.findChild(QWidget, "safety.expiry").setCurrentIndex(2)
    section.findChild(QLineEdit, "safety.size_5").setText("250")
    wanted = Safety(
        expiry="day",
        cancel_on_pause=True,
        cancel_on_quit=True,
        cancel_on_sleep=True,
        cancel_when_away=True,
        away_minutes=45,
    )
    assert settings.safety == wanted
    assert settings.close() == ""
    again = Settings(tmp_path / "settings.json")
    assert again.safety == wanted
    assert [str(size) for size in again.size_presets] == ["1", "10", "25", "50", "250"]


@pytest.mark.parametrize("text", ["0", "1.5", "1441", "ten", ""])
def test_minutes_that_cannot_be_are_said_and_not_kept(qtbot: QtBot, settings: Settings, text: str) -> None:
    section = SafetySection(settings)
    qtbot.addWidget(section)
    section.findChild(QLineEdit, "safety.away_minutes").setText(text)
    assert section.findChild(QLabel, "safety.problem").text()
    assert settings.safety.away_minutes == 15
    settings.close()


def test_a_size_that_cannot_be_is_said_and_the_one_before_stays(qtbot: QtBot, settings: Settings) -> None:
    section = SafetySection(settings)
    qtbot.addWidget(section)
    section.findChild(QLineEdit, "safety.size_2").setText("-3")
    assert section.findChild(QLabel, "safety.size_problem").text()
    assert str(settings.size_presets[1]) == "10"
    settings.close()


def test_in_a_narrow_window_what_can_be_done_stays_in_sight(qtbot: QtBot) -> None:
    panel = UnconfirmedPanel()
    qtbot.addWidget(panel)
    apply_theme(QApplication.instance())
    panel.resize(900, 200)
    panel.show()
    panel.show_orders(
        [
            CardPicture(
                "id-1",
                "Fed decision · Cut 25 bp",
                "Sent 07:49:41, Buy 10,000 Yes at 56¢, up to $5,600.00.",
                "Checking with the practice exchange (attempt 12), next in 30 s.",
                "It is not among your orders so far. A late copy could still arrive until 07:51:41.",
                canceling=False,
            )
        ]
    )
    buttons = [panel.findChild(QPushButton, f"unconfirmed.{name}") for name in ("check", "copy", "cancel")]
    qtbot.wait_until(lambda: all(button.visibleRegion().contains(button.rect()) for button in buttons))
