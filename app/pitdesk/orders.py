"""Orders in the desk's own words: what is asked, what the exchange holds, what was executed.

Everything here is immutable. :func:`apply_update` is the one function that decides which of two
statements about an order is the newer truth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price, PriceRanges

Prices = TypeVar("Prices", Price, PriceRanges)


class Outcome(Enum):
    """The two outcomes of a market."""

    YES = "yes"
    NO = "no"

    @property
    def word(self) -> str:
        """As shown: ``Yes`` or ``No``."""
        return self.value.capitalize()

    def restate(self, prices: Prices) -> Prices:
        """A price or grid of Yes in terms of this outcome, or one of this outcome in terms of Yes: it is the
        same step both ways (FACTS §4.3)."""
        return prices if self is Outcome.YES else prices.complement()


class BookSide(Enum):
    """The side of the single Yes book (FACTS §4.2)."""

    BID = "bid"
    ASK = "ask"

    @property
    def opposite(self) -> BookSide:
        """The side it trades against."""
        return BookSide.ASK if self is BookSide.BID else BookSide.BID

    def leg(self, yes_price: Price) -> Price:
        """What one contract of the outcome bought costs: a bid buys Yes, an ask No (FACTS §4.3)."""
        return yes_price if self is BookSide.BID else yes_price.complement()


class Verb(Enum):
    """What the person chooses. The value is what is shown."""

    BUY_YES = "Buy Yes"
    BUY_NO = "Buy No"
    SELL_YES = "Sell Yes"
    SELL_NO = "Sell No"

    @property
    def is_buy(self) -> bool:
        """True for the two buying verbs."""
        return self in (Verb.BUY_YES, Verb.BUY_NO)

    @property
    def outcome(self) -> Outcome:
        """The outcome named, which the limit price is of."""
        return Outcome.YES if self in (Verb.BUY_YES, Verb.SELL_YES) else Outcome.NO

    @property
    def book_side(self) -> BookSide:
        """Buying Yes and selling No bid on the Yes book; the others ask (FACTS §4.3)."""
        return BookSide.BID if self in (Verb.BUY_YES, Verb.SELL_NO) else BookSide.ASK

    @property
    def mirror(self) -> Verb:
        """The same order told in the other outcome: Buy No at p is Sell Yes at 1−p."""
        return _MIRRORS[self]


_MIRRORS = {
    Verb.BUY_YES: Verb.SELL_NO,
    Verb.SELL_NO: Verb.BUY_YES,
    Verb.BUY_NO: Verb.SELL_YES,
    Verb.SELL_YES: Verb.BUY_NO,
}


class TimeInForce(Enum):
    """How long an order may rest. The value is the wire's word (openapi CreateOrderV2Request)."""

    GOOD_TILL_CANCELED = "good_till_canceled"
    IMMEDIATE_OR_CANCEL = "immediate_or_cancel"
    FILL_OR_KILL = "fill_or_kill"

    @property
    def short(self) -> str:
        """The trade's abbreviation: GTC, IOC, FOK."""
        return "".join(word[0] for word in self.value.split("_")).upper()

    @property
    def words(self) -> str:
        """As offered to the person: ``Good till canceled``."""
        return self.value.replace("_", " ").capitalize()


class SelfTradePrevention(Enum):
    """What happens when an order meets one's own (FACTS §4.5). The value is the wire's word."""

    TAKER_AT_CROSS = "taker_at_cross"
    MAKER = "maker"


class Source(Enum):
    """Where an order was asked for. The value is what is shown."""

    TICKET = "Ticket"
    LADDER = "Ladder"
    BATCH = "Batch"
    ELSEWHERE = "Elsewhere"


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """One order as the person asks for it: the button's text, the journal and the request come from it.

    ``price`` is of the outcome that ``verb`` names. ``expiration_s`` is seconds of the Unix epoch and goes
    with good till canceled only. ``exchange_index`` None lets the exchange route by ticker.
    """

    ticker: str
    verb: Verb
    count: Count
    price: Price
    time_in_force: TimeInForce = TimeInForce.GOOD_TILL_CANCELED
    expiration_s: int | None = None
    post_only: bool = False
    reduce_only: bool = False
    cancel_order_on_pause: bool = False
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.TAKER_AT_CROSS
    order_group_id: str | None = None
    subaccount: int | None = None
    exchange_index: int | None = None

    @property
    def book_side(self) -> BookSide:
        """The side of the Yes book it goes to."""
        return self.verb.book_side

    @property
    def yes_price(self) -> Price:
        """The limit on the Yes book."""
        return self.verb.outcome.restate(self.price)

    def sentence(self) -> str:
        """What the order does, without its cost: ``Buy 100 Yes at 42¢``."""
        action, outcome = self.verb.value.split(" ")
        return f"{action} {self.count} {outcome} at {self.price}"


@dataclass(frozen=True, slots=True)
class Intent:
    """A draft made ready to send: its own id, fixed once, and where it came from.

    ``batch`` is the number of the batch it is sent in, None where it is sent alone.
    """

    client_order_id: str
    draft: OrderDraft
    source: Source
    created_ms: int
    batch: int | None = None

    @property
    def source_text(self) -> str:
        """As shown: ``Ticket``, ``Batch 7``."""
        return self.source.value if self.batch is None else f"{self.source.value} {self.batch}"


class OrderStatus(Enum):
    """The exchange's word for an order's state (FACTS §8). A word not known here reads as UNKNOWN."""

    RESTING = "resting"
    CANCELED = "canceled"
    EXECUTED = "executed"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> OrderStatus:
        return cls.UNKNOWN

    @property
    def is_final(self) -> bool:
        """True once nothing more can happen to the order."""
        return self in (OrderStatus.CANCELED, OrderStatus.EXECUTED)


@dataclass(frozen=True, slots=True)
class Order:
    """What the exchange last said of one order. Times are Unix milliseconds.

    ``status_word`` keeps the exchange's own word where it is one that we do not know.
    """

    order_id: str
    client_order_id: str
    ticker: str
    book_side: BookSide
    yes_price: Price
    initial_count: Count
    fill_count: Count
    remaining_count: Count
    status: OrderStatus
    status_word: str = ""
    fill_cost: Dollars = DOLLARS_ZERO
    fees: Dollars = DOLLARS_ZERO
    created_ms: int | None = None
    updated_ms: int | None = None
    expiration_ms: int | None = None
    last_update_reason: str | None = None
    order_group_id: str | None = None
    self_trade_prevention: str | None = None
    cancel_order_on_pause: bool = False
    subaccount: int | None = None
    exchange_index: int | None = None

    @property
    def is_resting(self) -> bool:
        """True while it waits on the book."""
        return self.status is OrderStatus.RESTING


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution of one of our orders. ``trade_id`` is unique; ``yes_price`` is the price of Yes."""

    trade_id: str
    order_id: str
    ticker: str
    book_side: BookSide
    yes_price: Price
    count: Count
    fee: Dollars
    is_taker: bool
    created_ms: int
    subaccount: int | None = None
    exchange_index: int | None = None


def apply_update(held: Order | None, said: Order) -> Order:
    """The truer of what we hold and what the exchange now says, for one order id.

    A final state is never left; an older statement never undoes a newer one; the filled count never falls.
    Where one of the two carries no time, the one with more filled, then the newcomer, wins.
    Facts that a stream message omits are kept from the fuller REST answer.
    """
    if held is None:
        return said
    if said == held:
        return held
    if held.status.is_final and not said.status.is_final:
        return held
    if _is_older(said, held):
        return held
    if said.fill_count < held.fill_count:
        return held
    return replace(
        said,
        client_order_id=said.client_order_id or held.client_order_id,
        created_ms=said.created_ms if said.created_ms is not None else held.created_ms,
        updated_ms=said.updated_ms if said.updated_ms is not None else held.updated_ms,
        fill_cost=max(said.fill_cost, held.fill_cost),
        fees=max(said.fees, held.fees),
        last_update_reason=said.last_update_reason or held.last_update_reason,
        self_trade_prevention=said.self_trade_prevention or held.self_trade_prevention,
        cancel_order_on_pause=said.cancel_order_on_pause or held.cancel_order_on_pause,
        order_group_id=said.order_group_id or held.order_group_id,
        subaccount=said.subaccount if said.subaccount is not None else held.subaccount,
        exchange_index=said.exchange_index if said.exchange_index is not None else held.exchange_index,
    )


def _is_older(said: Order, held: Order) -> bool:
    if said.status.is_final and not held.status.is_final:
        return False
    if said.updated_ms is None or held.updated_ms is None:
        return False
    return said.updated_ms < held.updated_ms


def resting_cost(order: Order) -> Dollars:
    """What an order holds back if all of it opens: price of the outcome it buys times what remains; also
    while its state is one that we do not know.

    A bid commits the Yes price, an ask the No price; an order that closes a position commits less, which
    only the exchange's own cash figure knows.
    """
    if order.status.is_final or order.remaining_count <= COUNT_ZERO:
        return DOLLARS_ZERO
    return order.book_side.leg(order.yes_price) * order.remaining_count
