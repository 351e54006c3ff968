"""What is said of unconfirmed orders: a lost request is one notice, however many orders were in it."""

from __future__ import annotations

import asyncio

from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.blotter_row import BlotterRow, row_of_intent
from pitdesk.desk.unconfirmed_notices import UnconfirmedNotices
from pitdesk.notices import Notice, Notices
from pitdesk.orders import Intent, OrderDraft, Source, Verb
from pitdesk.quantities import Count, Price


def row(number: int, batch: int | None = None) -> BlotterRow:
    draft = OrderDraft("KXFED-26DEC-C25", Verb.BUY_YES, Count.of(number), Price.from_cents(40))
    source = Source.TICKET if batch is None else Source.BATCH
    return row_of_intent(Intent(f"c{number}", draft, source, 1_000, batch), RowPhase.UNCONFIRMED)


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def test_a_lost_request_is_one_notice_that_counts_its_orders() -> None:
    async def story() -> None:
        notices, said = Notices(), list[Notice]()
        notices.said.connect(said.append)
        unconfirmed = UnconfirmedNotices(notices)
        for number in range(1, 26):
            unconfirmed.began(row(number, batch=7))
        assert said == []
        await turn()
        assert [notice.headline for notice in said] == ["Not confirmed, may be live: 25 orders of batch 7."]
        assert said[0].advice.startswith("Together they can cost up to $130.00.")
        for number in range(1, 25):
            unconfirmed.ended(f"c{number}")
        await turn()
        assert said[-1].headline == "Not confirmed, may be live: Buy 25 Yes at 40¢ of batch 7."
        assert len(said) == 2
        unconfirmed.ended("c25")
        await turn()
        assert notices.current() == ()

    asyncio.run(story())


def test_two_batches_and_an_order_alone_are_told_apart() -> None:
    async def story() -> None:
        notices = Notices()
        unconfirmed = UnconfirmedNotices(notices)
        for one in (row(1), row(2, 7), row(3, 7), row(4, 8)):
            unconfirmed.began(one)
        await turn()
        assert [notice.headline for notice in notices.current()] == [
            "Not confirmed, may be live: Buy 1 Yes at 40¢.",
            "Not confirmed, may be live: 2 orders of batch 7.",
            "Not confirmed, may be live: Buy 4 Yes at 40¢ of batch 8.",
        ]
        unconfirmed.ended("c1")
        unconfirmed.ended("c4")
        await turn()
        assert [notice.key for notice in notices.current()] == ["unconfirmed batch 7"]

    asyncio.run(story())


def test_what_is_found_before_it_was_told_is_never_told() -> None:
    async def story() -> None:
        notices, said = Notices(), list[Notice]()
        notices.said.connect(said.append)
        unconfirmed = UnconfirmedNotices(notices)
        unconfirmed.began(row(1, 7))
        unconfirmed.ended("c1")
        await turn()
        assert said == []

    asyncio.run(story())
