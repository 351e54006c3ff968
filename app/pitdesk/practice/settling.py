"""How a market ends: it is determined, pays out, and is written into its holders' settlements (FACTS §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.markets import MarketStatus
from pitdesk.practice.facts import PaidOut, PositionChanged
from pitdesk.practice.live import ONE
from pitdesk.practice.transfers import SettlementRecord
from pitdesk.quantities import PRICE_ONE, PRICE_ZERO, Count, Dollars, Price

if TYPE_CHECKING:
    from pitdesk.practice.accounts import Account, Holding
    from pitdesk.practice.engine import Engine
    from pitdesk.practice.lifecycle import Lifecycle
    from pitdesk.practice.listings import ListedEvent
    from pitdesk.practice.venue import Venue

_PAYS = {"yes": PRICE_ONE, "no": PRICE_ZERO}


class Settling:
    """Determines and pays out."""

    def __init__(self, engine: Engine, lifecycle: Lifecycle) -> None:
        self._engine = engine
        self._lifecycle = lifecycle

    def determine(
        self, venue: Venue, event: ListedEvent, result: str, value: Price | None, now_ms: int
    ) -> None:
        """Close and decide a market: ``yes``, ``no``, or ``scalar`` with what a Yes contract pays.

        ValueError for another word, a scalar without value, or a second Yes where only one can be.
        """
        pays = value if result == "scalar" else _PAYS.get(result)
        if pays is None:
            raise ValueError(f"A market cannot settle to {result!r}.")
        if result == "yes" and event.mutually_exclusive:
            others = [market.ticker for market in event.markets if market.ticker != venue.listed.ticker]
            taken = [ticker for ticker in others if self._engine.venues[ticker].result == "yes"]
            if taken:
                raise ValueError(f"Only one outcome of {event.ticker} can be true, and {taken[0]} is.")
        if venue.status is MarketStatus.FINALIZED:
            return
        self._lifecycle.close_early(venue, now_ms)
        venue.result, venue.value = result, pays
        self._lifecycle.change(venue, MarketStatus.DETERMINED, "determined", now_ms)

    def pay(self, venue: Venue, now_ms: int) -> None:
        """Pay every holder of a determined market."""
        if venue.status is not MarketStatus.DETERMINED or venue.value is None:
            return
        for account in self._engine.accounts.values():
            for subaccount in account.subaccounts:
                holding = account.holdings.get((venue.listed.ticker, subaccount))
                if holding is not None and holding.position:
                    self._pay_one(account, holding, venue, now_ms)
        venue.open_interest = venue.open_interest_before = 0
        venue.settled_ms = now_ms
        self._lifecycle.change(venue, MarketStatus.FINALIZED, "settled", now_ms)

    def _pay_one(self, account: Account, holding: Holding, venue: Venue, now_ms: int) -> None:
        engine = self._engine
        position, cost = holding.position, holding.exposure
        value = 0 if venue.value is None else venue.value.units
        payout = account.pay_out(holding, value, now_ms)
        engine.fees_collected += (value if position > 0 else ONE - value) * abs(position) - payout
        if account.simulated:
            return
        is_yes = position > 0
        record = SettlementRecord(
            engine.numbers.next(),
            account.user_id,
            holding.subaccount,
            holding.ticker,
            venue.listed.event_ticker,
            holding.exchange_index,
            venue.result,
            Count(max(position, 0)),
            Count(max(-position, 0)),
            Dollars(cost if is_yes else 0),
            Dollars(0 if is_yes else cost),
            Dollars(payout),
            Dollars(holding.fees),
            Dollars(value * 100),
            now_ms,
        )
        account.settlements.append(record)
        engine.say(PaidOut(record))
        engine.say(PositionChanged(holding.record(account.user_id)))
        engine.tell.cash(account, holding.purse)
