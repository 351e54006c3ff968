"""``bench batch``: 1,000 orders against the time that the write bucket allows, at three tiers.

Each tier has a practice exchange of its own, in its own process, with that tier's buckets. The time runs from
the press to the last answer, journal and blotter included. While the batch is on its way an order
placed before is canceled every half second: its time is set beside that of cancels when nothing else is sent.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pitdesk.desk.batch.results import BatchOutcome
from pitdesk.desk.batch.rows import Field, Texts, texts_of
from pitdesk.desk.practice_process import PracticeAddress, PracticeProcess
from pitdesk.desk.request_sizes import requests_for
from pitdesk.desk.session import Session
from pitdesk.kalshi import environment
from pitdesk.kalshi.outcomes import Refused
from pitdesk.kalshi.signer import Signer
from pitdesk.limits.figures import LOOSEST
from pitdesk.notices import Notices
from pitdesk.paths import Folders
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner
from tools.bench.figures import quantile

TIERS = ("basic", "advanced", "expert")
AIM = 1.03
_CANCELS = 12
_EVERY_S = 0.5
_TOO_MANY = 429
# The limits of the desk are not what is measured here.
_LIMITS = LOOSEST


@dataclass(frozen=True, slots=True)
class BatchFigure:
    """One tier. ``allowed_s``: what a full bucket needs for the orders and for the cancels sent meanwhile."""

    tier: str
    orders: int
    requests: int
    allowed_s: float
    took_s: float
    ratio: float
    too_many: int
    placed: int
    cancels: int
    cancel_alone_ms: float
    cancel_during_ms: float
    cancel_during_worst_ms: float
    longest_stall_ms: float
    aim: float = AIM


def run(file: Path | None, orders: int, tiers: Sequence[str] = TIERS) -> int:
    """Measure each tier and print the table; 1 where an aim is missed."""
    figures = [asyncio.run(_measure(tier, orders)) for tier in tiers]
    print(f"A batch of {orders:,} orders, from the press to the last answer (aim: {AIM:g}, no 429)")
    print(
        f"{'tier':10}{'requests':>9}{'allowed':>10}{'took':>10}{'ratio':>8}{'429':>5}{'placed':>8}"
        f"{'cancel alone':>14}{'during':>10}{'worst':>10}{'loop held':>11}"
    )
    for it in figures:
        print(
            f"{it.tier:10}{it.requests:>9}{it.allowed_s:>9.2f}s{it.took_s:>9.2f}s{it.ratio:>8.4f}"
            f"{it.too_many:>5}{it.placed:>8}{it.cancel_alone_ms:>12.1f}ms{it.cancel_during_ms:>8.1f}ms"
            f"{it.cancel_during_worst_ms:>8.1f}ms{it.longest_stall_ms:>9.1f}ms"
        )
    if file is not None:
        file.write_text(
            json.dumps({"title": "batch", "figures": [asdict(it) for it in figures]}, indent=2) + "\n"
        )
    kept = all(it.ratio <= AIM and not it.too_many and it.placed == it.orders for it in figures)
    return 0 if kept else 1


async def _measure(tier: str, orders: int) -> BatchFigure:
    with tempfile.TemporaryDirectory() as folder:
        folders = Folders.under(Path(folder))
        owner = TaskOwner(_report)
        process = PracticeProcess(folders.practice, owner, ("--quiet-market", "--tier", tier))
        address = await process.start()
        settings = Settings(folders.settings_file)
        session = _session(folders, settings, address)
        try:
            await session.start()
            await _until(lambda: session.gate.open_for_risk and not session.finder.is_loading)
            return await _Bench(session, tier, orders).measure()
        finally:
            await session.close()
            settings.close()
            await process.stop()
            await owner.close()


class _Bench:
    def __init__(self, session: Session, tier: str, orders: int) -> None:
        self._session, self._tier, self._orders = session, tier, orders
        self._tickers = [
            market.ticker
            for event in session.finder.events()
            for market in event.markets
            if market.status.takes_orders and market.exchange_index == 0  # where the cash is
        ]
        self._too_many = 0
        session.rest.refused.connect(self._refused)

    async def measure(self) -> BatchFigure:
        """Place what is canceled later, cancel some of it alone, then send and cancel at once."""
        await self._send(_rows(self._tickers, 2 * _CANCELS, first=500))
        alone = [await self._cancel_one() for _ in range(_CANCELS)]
        await self._until_full()
        stalls = asyncio.ensure_future(self._watch_loop())
        during = asyncio.ensure_future(self._cancel_now_and_then())
        began = time.monotonic()
        outcome = await self._send(_rows(self._tickers, self._orders, first=1))
        took = time.monotonic() - began
        stalls.cancel()
        during.cancel()
        canceled = self._canceled
        budget = self._session.rest.write_budget()
        tokens = self._orders * budget.create_cost + len(canceled) * budget.cancel_cost
        allowed = max(tokens - budget.capacity, 0) / budget.rate
        return BatchFigure(
            self._tier,
            self._orders,
            len(requests_for(self._orders, budget)),
            allowed,
            took,
            took / allowed if allowed else 0.0,
            self._too_many,
            len(outcome.placed),
            len(canceled),
            quantile(alone, 0.5),
            quantile(canceled, 0.5) if canceled else 0.0,
            max(canceled, default=0.0),
            self._stall * 1_000,
        )

    async def _send(self, rows: Sequence[Texts]) -> BatchOutcome:
        batch = self._session.batch
        batch.draft.replace_all(rows)
        outcome = await batch.sender.send(confirmed=True)
        if len(outcome.placed) != len(rows):
            print(f"{self._tier}: {outcome.sentence}")
        return outcome

    async def _cancel_one(self) -> float:
        """Cancel one order that was placed before; the milliseconds it took."""
        blotter = self._session.blotter
        key = next(
            key
            for key, row in blotter.working().items()
            if row.can_cancel and row.intent and row.intent.batch == 1
        )
        began = time.monotonic()
        result = await self._session.order_desk.cancel([key])
        if not result.canceled:
            print(f"{self._tier}: {result.sentence}")
        return (time.monotonic() - began) * 1_000

    async def _cancel_now_and_then(self) -> None:
        self._canceled: list[float] = []
        for _ in range(_CANCELS):
            await asyncio.sleep(_EVERY_S)
            self._canceled.append(await self._cancel_one())

    async def _watch_loop(self) -> None:
        """The longest time for which the loop, and with it a window, would not have answered."""
        self._stall = 0.0
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            self._stall = max(self._stall, time.monotonic() - began - 0.01)

    async def _until_full(self) -> None:
        await _until(lambda: self._session.pacer.write_level()[0] == self._session.pacer.write_level()[1])

    def _refused(self, refused: Refused) -> None:
        self._too_many += refused.http_status == _TOO_MANY


def _rows(tickers: Sequence[str], count: int, *, first: int) -> list[Texts]:
    """Orders that rest, no two alike: bids of a cent or two, of some contracts more each time round."""
    return [
        texts_of(
            {
                Field.MARKET: tickers[number % len(tickers)],
                Field.VERB: "Buy Yes",
                Field.PRICE: "1",
                Field.COUNT: str(first + number // len(tickers)),
            }
        )
        for number in range(count)
    ]


def _session(folders: Folders, settings: Settings, address: PracticeAddress) -> Session:
    return Session(
        environment.practice(address.rest_url, address.stream_url),
        Signer.from_pem(address.key_id, address.private_key_file.read_bytes()),
        folders=folders,
        settings=settings,
        notices=Notices(),
        report=_report,
        limits=lambda: _LIMITS,
    )


def _report(name: str, error: BaseException) -> None:
    print(f"{name}: {error!r}")


async def _until(condition: object) -> None:
    deadline = time.monotonic() + 60
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise RuntimeError("The practice exchange did not become ready.")
        await asyncio.sleep(0.02)
