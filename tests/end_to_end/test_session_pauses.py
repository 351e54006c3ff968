"""A session while the exchange pauses and markets close under it. The exchange is the real one, in this
process, so that a test can pause it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pitdesk.desk.results import SubmitKind
from pitdesk.desk.session import Session
from pitdesk.kalshi import environment
from pitdesk.kalshi.signer import Signer
from pitdesk.markets import Event, MarketStatus
from pitdesk.notices import Notice, NoticeKind, Notices
from pitdesk.orders import OrderDraft, Source, Verb
from pitdesk.paths import Folders, private_folder
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.keys import load_or_make
from pitdesk.practice.records import ExchangeState
from pitdesk.practice.server import Options, PracticeServer, addresses
from pitdesk.practice.trouble import FaultRequest, Match, Troubles
from pitdesk.quantities import Count, Dollars, Price
from pitdesk.settings import Settings


@dataclass
class Floor:
    """The session, and the exchange that it trades on."""

    session: Session
    exchange: Exchange
    ticker: str
    troubles: Troubles

    async def submit(self, contracts: int) -> tuple[SubmitKind, str, str | None]:
        draft = OrderDraft(self.ticker, Verb.BUY_YES, Count.of(contracts), Price.from_cents(1))
        result = await self.session.order_desk.submit(draft, Source.TICKET, confirmed=True)
        return result.kind, result.sentence, result.row_key


Play = Callable[[Callable[[Floor], Awaitable[None]]], None]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Run a scene on an open session."""

    def run(scene: Callable[[Floor], Awaitable[None]]) -> None:
        async def whole() -> None:
            failed: list[object] = []
            state = private_folder(tmp_path / "practice")
            key = load_or_make(state)
            server = PracticeServer(Options(state, speed=0.0), key, failed.append)
            rest_url, stream_url = addresses(await server.start())
            folders = Folders.under(tmp_path / "person")
            settings = Settings(folders.settings_file)
            session = Session(
                environment.practice(rest_url, stream_url),
                Signer.from_pem(key.key_id, key.private_key_file.read_bytes()),
                folders=folders,
                settings=settings,
                notices=Notices(),
                report=lambda name, error: failed.append((name, error)),
            )
            await session.start()
            try:
                async with asyncio.timeout(240):
                    await until(lambda: session.gate.open_for_risk and not session.finder.is_loading)
                    ticker = session.finder.events()[0].markets[0].ticker
                    await scene(Floor(session, server._floor.exchange, ticker, server._troubles))
            finally:
                late = await session.close()
                settings.close()
                await server.stop()
            assert late == []
            assert failed == []

        asyncio.run(whole())

    return run


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until ``condition`` holds; the scene's deadline bounds it."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def test_a_trading_pause_is_said_at_the_first_refusal_and_cancels_still_work(play: Play) -> None:
    async def scene(floor: Floor) -> None:
        session = floor.session
        said: list[Notice] = []
        session.notices.said.connect(said.append)
        kind, _, key = await floor.submit(3)
        assert kind is SubmitKind.PLACED
        assert key is not None
        floor.exchange.set_state(ExchangeState(exchange_active=True, trading_active=False))
        kind, sentence, _ = await floor.submit(4)
        assert kind is SubmitKind.REFUSED
        assert "paused" in sentence
        await until(lambda: session.status.exchange == "Trading paused")
        assert not session.gate.open_for_risk
        assert "you can cancel" in session.gate.reason
        kind, sentence, _ = await floor.submit(5)
        assert kind is SubmitKind.DENIED
        assert session.gate.reason in sentence
        canceled = await session.order_desk.cancel([key])
        assert canceled.canceled == (key,)
        floor.exchange.set_state(ExchangeState(exchange_active=True, trading_active=True))
        await until(lambda: session.gate.open_for_risk)
        kind, _, _ = await floor.submit(6)
        assert kind is SubmitKind.PLACED
        pauses = [notice.headline for notice in said if notice.kind is NoticeKind.PAUSE]
        assert "you can cancel" in pauses[0]
        assert pauses[-1] == "Trading on the exchange goes on."

    play(scene)


def test_what_a_market_that_closes_cancels_is_said(play: Play) -> None:
    async def scene(floor: Floor) -> None:
        said: list[Notice] = []
        floor.session.notices.said.connect(said.append)
        kind, sentence, _ = await floor.submit(3)
        assert kind is SubmitKind.PLACED, sentence
        floor.exchange.close_market(floor.ticker)
        await until(lambda: any(notice.kind is NoticeKind.CANCELED for notice in said))
        (notice,) = [notice for notice in said if notice.kind is NoticeKind.CANCELED]
        where = floor.session.finder.label(floor.ticker)
        assert notice.headline == f"Canceled by the exchange: Buy 3 Yes at 1¢ in {where}."
        assert notice.advice == "The market closed."

    play(scene)


def test_a_pause_of_the_whole_exchange_says_that_cancels_do_not_work_either(play: Play) -> None:
    async def scene(floor: Floor) -> None:
        floor.exchange.set_state(ExchangeState(exchange_active=False, trading_active=False))
        await floor.session.read_again()
        await until(lambda: floor.session.status.exchange == "Paused")
        assert "neither orders nor cancels" in floor.session.gate.reason

    play(scene)


def test_a_market_that_closes_under_the_ticket_is_known_as_closed(play: Play) -> None:
    async def scene(floor: Floor) -> None:
        market_data = floor.session.market_data
        changed: list[str] = []
        market_data.market_changed.connect(changed.append)
        floor.exchange.close_market(floor.ticker)
        await until(lambda: floor.ticker in changed)
        await until(lambda: not takes_orders(floor))
        kind, sentence, _ = await floor.submit(2)
        assert kind is SubmitKind.DENIED
        assert "clos" in sentence

    def takes_orders(floor: Floor) -> bool:
        market = floor.session.market_data.market(floor.ticker)
        return market is None or market.status is MarketStatus.ACTIVE

    play(scene)


def test_a_market_that_ends_against_what_is_held_counts_as_the_days_loss_at_once(play: Play) -> None:
    async def scene(floor: Floor) -> None:
        session = floor.session
        tickers = (market.ticker for event in session.finder.events() for market in event.markets)
        ticker, ask = next(
            (ticker, ask)
            for ticker in tickers
            if (ask := session.market_data.quote(ticker).ask) is not None and ask < Price(6_000)
        )
        draft = OrderDraft(ticker, Verb.BUY_YES, Count.of(5), ask)
        # A position that a fill of the stream moved keeps that for a while: this one is read.
        floor.troubles.arm(FaultRequest(kind="lost_message", match=Match(channel="fill")))
        await session.order_desk.submit(draft, Source.TICKET, confirmed=True)
        await session.read_again()
        await until(lambda: session.portfolio.position(ticker) and session.portfolio.fills)
        spent, lost = session.risk.so_far()
        told: list[tuple[Dollars, Dollars]] = []
        session.portfolio.position_moved.connect(lambda _: told.append(session.risk.so_far()))
        floor.exchange.settle_market(ticker, "no")
        await until(lambda: session.risk.so_far()[1] > lost)
        assert session.risk.so_far() == (spent, spent)
        assert {at_that_time for at_that_time, _ in told} == {spent}

    play(scene)


def test_a_message_on_a_market_that_was_lost_shows_in_the_next_and_is_made_up_for(play: Play) -> None:
    async def scene(floor: Floor) -> None:
        lifecycle, venues = floor.exchange.lifecycle, floor.exchange.engine.venues
        tickers = [markets[0] for event in floor.session.finder.events() if len(markets := active(event)) > 1]
        first, *others = tickers
        # A gap shows from the second message on: this is the first.
        lifecycle.deactivate(venues[first], floor.exchange.clock.wall_ms())
        await until(lambda: is_paused(floor, first))
        # Twice: the markets may be listed anew once by themselves, for the session has just begun.
        for lost, told in (others[:2], others[2:4]):
            channel = Match(channel="market_lifecycle_v2")
            floor.troubles.arm(FaultRequest(kind="sequence_gap", match=channel))
            lifecycle.deactivate(venues[lost], floor.exchange.clock.wall_ms())
            lifecycle.deactivate(venues[told], floor.exchange.clock.wall_ms())
            await until(lambda: is_paused(floor, told))  # noqa: B023 (awaited before the next turn)
            await until(lambda: is_paused(floor, lost))  # noqa: B023

    def active(event: Event) -> list[str]:
        return [market.ticker for market in event.markets if market.status is MarketStatus.ACTIVE]

    def is_paused(floor: Floor, ticker: str) -> bool:
        market = floor.session.market_data.market(ticker)
        return market is not None and market.status is MarketStatus.INACTIVE

    play(scene)
