"""The market panel's texts: its caption and its outcome cards. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.markets import Market, MarketStatus, Quote
from pitdesk.quantities import PRICE_ONE, Dollars, Price

if TYPE_CHECKING:
    from pitdesk.cost import OrderCost

DASH = "—"
_STATUS_WORDS = {
    MarketStatus.INITIALIZED: "not open yet",
    MarketStatus.INACTIVE: "paused by the exchange",
    MarketStatus.CLOSED: "closed",
    MarketStatus.DETERMINED: "closed, result known",
    MarketStatus.DISPUTED: "closed, result disputed",
    MarketStatus.AMENDED: "closed, result amended",
    MarketStatus.FINALIZED: "settled",
}
_HARD_SPACE, _HARD_HYPHEN = "\u00a0", "\u2011"
_GAP = _HARD_SPACE * 3 + " "  # no dot: it would hang at the end of a line


def caption(market: Market, quote: Quote, zone: tzinfo | None = None) -> str:
    """``KXFEDDECISION-26DEC-C25    closes Dec 9, 14:00 EST    tick 1¢    volume 1,204,331``.

    Each part is held together by hard spaces, so that a narrow panel breaks only between parts.
    """
    parts = [
        market.ticker,
        *_life(market, zone),
        f"tick {tick_text(market, quote)}",
        f"volume {quote.volume}",
    ]
    return _GAP.join(part.replace(" ", _HARD_SPACE).replace("-", _HARD_HYPHEN) for part in parts)


def spoken(text: str) -> str:
    """The text as typed: with the dots, spaces and hyphens that a reader, or a search, expects."""
    return text.replace(_GAP, " · ").replace(_HARD_SPACE, " ").replace(_HARD_HYPHEN, "-")


def _life(market: Market, zone: tzinfo | None) -> list[str]:
    if market.status is MarketStatus.UNKNOWN:
        return [f"the exchange says “{market.status_word}”"]
    words = _STATUS_WORDS.get(market.status)
    if words is not None:
        result = f", {market.result.capitalize()}" if market.result else ""
        return [words + result]
    return [f"closes {moment_words(market.close_ms, zone)}"]


def moment_words(ms: int, zone: tzinfo | None = None) -> str:
    """``Dec 9, 14:00 EST``: the person's zone unless another is given, always named."""
    moment = datetime.fromtimestamp(ms / 1_000, UTC).astimezone(zone)
    name = moment.tzname() or "UTC"
    year = "" if moment.year == datetime.now(UTC).astimezone(zone).year else f" {moment.year}"
    return f"{moment:%b} {moment.day}{year}, {moment:%H:%M} {name}"


def tick_text(market: Market, quote: Quote) -> str:
    """The market's tick: one, or where it changes with the price, the one at the touch and the coarsest."""
    steps = sorted({band.step for band in market.price_ranges.bands})
    if len(steps) == 1:
        return str(steps[0])
    here = quote.last or quote.bid or quote.ask
    now = f" ({market.price_ranges.step_at(here)} here)" if here else ""
    return f"{steps[0]} to {steps[-1]}{now}"


@dataclass(frozen=True, slots=True)
class CardText:
    """One outcome card: its value (and a shorter one for little room), its theme role, and what it means."""

    value: str = DASH
    short: str = DASH
    role: str = "figure_muted"
    tip: str = ""


def gain_card(gain: Dollars | None, outcome: str) -> CardText:
    """How the result changes if the market resolves to ``outcome``, to the cent on the cautious side: a loss
    is the whole all-in that the ticket names, a gain is never promised beyond."""
    if gain is None:
        return CardText(tip="Shown once the ticket holds a whole order.")
    role = "figure_positive" if gain.units > 0 else "figure_negative" if gain.units < 0 else "figure_muted"
    tip = f"If the order fills whole at its limit and the market resolves {outcome}, fee included."
    said = gain.cents_down().signed()
    return CardText(said, said.partition(".")[0], role, f"{said}. {tip}")


def break_even_card(cost: OrderCost | None) -> CardText:
    """The chance of Yes at which the order is worth nothing."""
    if cost is None:
        return CardText(tip="Shown once the ticket holds a whole order.")
    tip = "The chance of Yes at which the order is worth nothing, fee included."
    return CardText(percent(cost.break_even, 2), percent(cost.break_even, 1), "figure", tip)


def market_says_card(quote: Quote) -> CardText:
    """The chance of Yes that the middle of the touch stands for, else the last trade's."""
    chance = market_chance(quote)
    if chance is None:
        return CardText(tip="Nobody quotes this market on both sides, and nothing has traded.")
    both = quote.bid is not None and quote.ask is not None
    tip = "The middle between the best bid and the best ask." if both else "The price of the last trade."
    return CardText(percent(chance, 1), percent(chance, 1), "figure_muted", tip)


def market_chance(quote: Quote) -> Fraction | None:
    """The middle of the touch as a chance, else the last price, else None."""
    if quote.bid is not None and quote.ask is not None:
        return Fraction(quote.bid.units + quote.ask.units, 2 * PRICE_ONE.units)
    return _chance(quote.last) if quote.last else None


def _chance(price: Price) -> Fraction:
    return Fraction(price.units, PRICE_ONE.units)


def percent(chance: Fraction, decimals: int) -> str:
    """``43.71%``, rounded half up."""
    scale: int = 10**decimals
    scaled = (chance * 100 * scale + Fraction(1, 2)).__floor__()
    return f"{scaled // scale}.{scaled % scale:0{decimals}d}%"
