"""From the texts of a row to an order: what may stand in each cell, and what is said when it does not.

Nothing is guessed: what can be read two ways is refused with what would be accepted, and the text stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, TypeVar

from pitdesk.desk.batch.expiry import parse_expiry
from pitdesk.desk.batch.rows import BatchRow, Field
from pitdesk.desk.batch.verdicts import Remark, Standing
from pitdesk.orders import OrderDraft, SelfTradePrevention, TimeInForce, Verb
from pitdesk.quantities import QuantityError
from pitdesk.typed_text import parse_count, parse_price

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from pitdesk.markets import Market

Value = TypeVar("Value")

_SPACES = re.compile(r"[\s_\-]+")
_YES = frozenset({"yes", "y", "true", "1", "on", "x", "✓"})
_NO = frozenset({"", "no", "n", "false", "0", "off", "—", "-"})
_VERBS = {
    "buy yes": Verb.BUY_YES,
    "yes buy": Verb.BUY_YES,
    "by": Verb.BUY_YES,
    "bid": Verb.BUY_YES,
    "buy no": Verb.BUY_NO,
    "no buy": Verb.BUY_NO,
    "bn": Verb.BUY_NO,
    "sell yes": Verb.SELL_YES,
    "yes sell": Verb.SELL_YES,
    "sy": Verb.SELL_YES,
    "ask": Verb.SELL_YES,
    "sell no": Verb.SELL_NO,
    "no sell": Verb.SELL_NO,
    "sn": Verb.SELL_NO,
}
_TIMES = {
    "": TimeInForce.GOOD_TILL_CANCELED,
    **{each.short.casefold(): each for each in TimeInForce},
    **{each.value.replace("_", " "): each for each in TimeInForce},
}
_TIMES["good till cancelled"] = _TIMES["good til canceled"] = TimeInForce.GOOD_TILL_CANCELED
_SELF_TRADE = {
    "": SelfTradePrevention.TAKER_AT_CROSS,
    "taker at cross": SelfTradePrevention.TAKER_AT_CROSS,
    "taker": SelfTradePrevention.TAKER_AT_CROSS,
    "maker": SelfTradePrevention.MAKER,
}
# FACTS §3: ids with a dot are refused; §4.2: at most 64 characters.
_CLIENT_ORDER_ID = re.compile(r"[A-Za-z0-9_:\-]{1,64}\Z")
_GROUP = re.compile(r"[A-Za-z0-9\-]{1,64}\Z")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class CellError(Exception):
    """A text that the cell cannot hold. Its text is a plain sentence."""


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """The order that a row asks for, or what keeps it from being one."""

    draft: OrderDraft | None
    remarks: tuple[Remark, ...] = ()
    market: Market | None = None
    client_order_id: str | None = None


class _Terms(TypedDict):
    """What of an order a row may leave to its default."""

    time_in_force: TimeInForce
    expiration_s: int | None
    post_only: bool
    reduce_only: bool
    cancel_order_on_pause: bool
    self_trade_prevention: SelfTradePrevention
    order_group_id: str | None
    subaccount: int | None
    exchange_index: int | None


class _Cells:
    """The cells of one row as they are read, and what is wrong with any."""

    def __init__(self, row: BatchRow) -> None:
        self._row = row
        self.remarks: list[Remark] = []

    def read(self, field: Field, read: Callable[[str], Value]) -> Value | None:
        """What ``read`` makes of the text, None with a remark where it cannot."""
        text = self._row.text(field)
        try:
            _demand_seen(text)
            return read(text)
        except (CellError, QuantityError) as error:
            self.remarks.append(Remark(Standing.FIX, str(error), field))
            return None


class CellReader:
    """Reads rows. ``market`` finds a market by ticker, ``named`` a ticker by what the screen calls it."""

    def __init__(
        self,
        market: Callable[[str], Market | None],
        zone: tzinfo | None = None,
        named: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._market = market
        self._named = named
        self._zone = zone

    def ticker(self, row: BatchRow) -> str:
        """The ticker that the row means: as typed, in capitals, or by its name; empty for none."""
        text = row.text(Field.MARKET).strip()
        if not text or self._market(text) is not None:
            return text
        upper = text.upper()
        if self._market(upper) is not None:
            return upper
        return self._named(text) or upper

    def read(self, row: BatchRow, now_ms: int) -> ParsedRow:
        """The order of one row that is not blank."""
        cells = _Cells(row)
        market = cells.read(Field.MARKET, lambda _: self._demand_market(row))
        verb = cells.read(Field.VERB, _verb)
        count = cells.read(Field.COUNT, parse_count)
        price = None
        if market is not None and verb is not None:
            grid = verb.outcome.restate(market.price_ranges)
            price = cells.read(Field.PRICE, lambda text: parse_price(text, grid))
        terms = self._terms(cells, market, now_ms)
        own_id = cells.read(Field.CLIENT_ORDER_ID, _client_order_id)
        if cells.remarks or market is None or verb is None or count is None or price is None:
            return ParsedRow(None, tuple(cells.remarks), market)
        return ParsedRow(OrderDraft(market.ticker, verb, count, price, **terms), (), market, own_id)

    def _terms(self, cells: _Cells, market: Market | None, now_ms: int) -> _Terms:
        """The cells that may be empty; where one is wrong, as if it were."""
        close_s = None if market is None else market.close_ms // 1_000
        read = cells.read
        return _Terms(
            time_in_force=read(Field.TIME_IN_FORCE, _time_in_force) or TimeInForce.GOOD_TILL_CANCELED,
            expiration_s=read(Field.EXPIRES, lambda text: parse_expiry(text, close_s, now_ms, self._zone)),
            post_only=bool(read(Field.POST_ONLY, _yes_no)),
            reduce_only=bool(read(Field.REDUCE_ONLY, _yes_no)),
            cancel_order_on_pause=bool(read(Field.CANCEL_ON_PAUSE, _yes_no)),
            self_trade_prevention=read(Field.SELF_TRADE, _self_trade) or SelfTradePrevention.TAKER_AT_CROSS,
            order_group_id=read(Field.ORDER_GROUP, lambda text: _id(text, _GROUP, "an order group's id")),
            subaccount=read(Field.SUBACCOUNT, lambda text: _whole(text, 63, "A subaccount")),
            exchange_index=read(Field.EXCHANGE_INDEX, lambda text: _whole(text, 63, "An exchange shard")),
        )

    def _demand_market(self, row: BatchRow) -> Market:
        ticker = self.ticker(row)
        if not ticker:
            raise CellError("Name a market: its ticker, as in the market finder.")
        market = self._market(ticker)
        if market is None:
            shown = row.text(Field.MARKET).strip()[:40]
            raise CellError(f"“{shown}” is not among the listed markets. Use a ticker of the market finder.")
        return market


def _demand_seen(text: str) -> None:
    found = _UNSEEN.search(text)
    if found is None:
        return
    raise CellError(
        f"There is a character that cannot be seen here ({character_name(found[0])}). Type the cell anew."
    )


def character_name(character: str) -> str:
    """``NUL``, ``a direction mark`` …: a word for a character that cannot be shown."""
    code = ord(character)
    if code == 0:
        return "NUL"
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069 or code in (0x200E, 0x200F, 0x061C):
        return "a mark of writing direction"
    return f"U+{code:04X}"


def find_unseen(text: str) -> str | None:
    """The first character of ``text`` that cannot be seen, None where there is none."""
    found = _UNSEEN.search(text)
    return None if found is None else found[0]


def verb_in(text: str) -> Verb | None:
    """The side that a cell names, None where it names none."""
    return _VERBS.get(_plain(text))


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text.strip(" ")).casefold()


def _verb(text: str) -> Verb:
    verb = verb_in(text)
    if verb is not None:
        return verb
    if not text.strip():
        raise CellError("Say what to do: Buy Yes, Buy No, Sell Yes or Sell No.")
    raise CellError(f"“{text.strip()[:24]}” is not a side. Use Buy Yes, Buy No, Sell Yes or Sell No.")


def _time_in_force(text: str) -> TimeInForce:
    found = _TIMES.get(_plain(text))
    if found is None:
        raise CellError(f"“{text.strip()[:24]}” is not a time in force. Use GTC, IOC or FOK.")
    return found


def _yes_no(text: str) -> bool:
    word = text.strip(" ").casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError(f"“{text.strip()[:24]}” is neither yes nor no.")


def _self_trade(text: str) -> SelfTradePrevention:
    found = _SELF_TRADE.get(_plain(text))
    if found is None:
        raise CellError(f"“{text.strip()[:24]}” is not known. Use taker at cross or maker.")
    return found


def _id(text: str, pattern: re.Pattern[str], what: str) -> str | None:
    body = text.strip(" ")
    if not body:
        return None
    if pattern.match(body) is None:
        raise CellError(f"“{body[:24]}” is not {what}: letters, digits and dashes, 64 at most.")
    return body


def _client_order_id(text: str) -> str | None:
    return _id(text, _CLIENT_ORDER_ID, "an order id")


def _whole(text: str, most: int, what: str) -> int | None:
    body = text.strip(" ")
    if not body:
        return None
    if not (body.isascii() and body.isdigit() and len(body) <= 2 and int(body) <= most):
        raise CellError(f"{what} is a whole number from 0 to {most}, or nothing.")
    return int(body)
