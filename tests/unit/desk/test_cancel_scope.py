"""Which orders each scope means: both sides of the one Yes book, whatever the verb."""

from dataclasses import dataclass, field

from pitdesk.desk.blotter import Blotter, RowPhase
from pitdesk.desk.cancel_scope import CancelScope, account_scopes, event_scope, market_scopes
from pitdesk.orders import Intent, OrderDraft, Source, Verb
from pitdesk.quantities import Count, Price

CUT, HOLD, RAIN = "KXFED-26DEC-CUT", "KXFED-26DEC-HOLD", "KXRAIN-26DEC-YES"


@dataclass(frozen=True)
class Listed:
    ticker: str
    markets: tuple["Listed", ...] = ()


@dataclass
class Names:
    """A finder that knows two events."""

    events: dict[str, Listed] = field(
        default_factory=lambda: {
            ticker: event
            for event in (Listed("FED", (Listed(CUT), Listed(HOLD))), Listed("RAIN", (Listed(RAIN),)))
            for ticker in (market.ticker for market in event.markets)
        }
    )

    def event_of(self, ticker: str) -> Listed | None:
        return self.events.get(ticker)

    def label(self, ticker: str) -> str:
        return ticker.rsplit("-", 1)[-1].capitalize()

    def event_label(self, event: Listed) -> str:
        return event.ticker


def floor(*orders: tuple[str, Verb]) -> Blotter:
    blotter = Blotter()
    for number, (ticker, verb) in enumerate(orders):
        draft = OrderDraft(ticker, verb, Count.of(1), Price.from_cents(40))
        blotter.add_intent(Intent(str(number), draft, Source.TICKET, 0), RowPhase.UNCONFIRMED)
    return blotter


def keys(scopes: tuple[CancelScope, ...]) -> dict[str, str]:
    return {scope.name: "".join(scope.keys) for scope in scopes}


BLOTTER = floor(
    (CUT, Verb.BUY_YES), (CUT, Verb.SELL_NO), (CUT, Verb.BUY_NO), (HOLD, Verb.SELL_YES), (RAIN, Verb.BUY_YES)
)


def test_the_scopes_of_a_market_are_its_sides_itself_and_its_event() -> None:
    scopes = market_scopes(BLOTTER, Names(), CUT)  # type: ignore[arg-type]
    assert keys(scopes) == {"market.bids": "01", "market.asks": "2", "market": "012", "event": "0123"}
    assert scopes[0].told == "Cancel the bids of Cut (Buy Yes, Sell No)  ·  2"


def test_a_market_alone_in_its_event_offers_no_event() -> None:
    assert event_scope(BLOTTER, Names(), RAIN) == ()  # type: ignore[arg-type]
    assert keys(market_scopes(BLOTTER, Names(), "UNLISTED")) == {  # type: ignore[arg-type]
        "market.bids": "",
        "market.asks": "",
        "market": "",
    }


def test_the_sides_of_the_account_are_those_of_every_market() -> None:
    assert keys(account_scopes(BLOTTER)) == {"all.bids": "014", "all.asks": "23"}


def test_what_is_being_canceled_already_is_not_asked_again() -> None:
    blotter = floor((CUT, Verb.BUY_YES), (CUT, Verb.BUY_YES))
    blotter.set_phase("0", RowPhase.CANCELING)
    blotter.set_phase("1", RowPhase.REFUSED, "No.")
    assert keys(market_scopes(blotter, Names(), CUT))["market"] == ""  # type: ignore[arg-type]
