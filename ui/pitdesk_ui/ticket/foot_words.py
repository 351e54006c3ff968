"""What the foot of the ticket says: on its button, in a limit's question, and in the line under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.orders import BookSide
from pitdesk_ui.ticket.lines import button_text
from pitdesk_ui.ticket.send_area import Tone
from pitdesk_ui.ticket.sending import SendState

if TYPE_CHECKING:
    from pitdesk_ui.ticket.send_area import SendArea
    from pitdesk_ui.ticket.sending import Sender
    from pitdesk_ui.ticket.standing import Standing


def show_foot(foot: SendArea, sender: Sender, standing: Standing) -> None:
    """Say in ``foot`` what ``sender`` is doing, and what a press would do."""
    # While one is on its way nobody wants to know what would be said of the next.
    is_ready = sender.state is SendState.READY
    blocked = standing.closed or (standing.refused if is_ready else "")
    foot.show_button(
        _said_by_button(standing) if is_ready else sender.state.value,
        bid=standing.verb.book_side is BookSide.BID,
        enabled=is_ready and standing.draft is not None and not blocked,
        reason=blocked,
    )
    if sender.state is SendState.ASKING:
        foot.question.ask(sender.questions)
    else:
        foot.question.hide()
    told = [
        part
        for part in (sender.told_in(standing.ticker), standing.closed if sender.sentence else blocked)
        if part
    ]
    foot.say("\n".join(told), sender.tone if sender.sentence else Tone.WARNING)


def _said_by_button(standing: Standing) -> str:
    if standing.draft is not None:
        return button_text(standing.draft, standing.cost)
    verb = standing.verb.value
    return f"{verb}: enter contracts and a limit price" if standing.missing else verb
