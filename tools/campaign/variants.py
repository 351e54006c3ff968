"""Deliberately broken desks (RELIABILITY §7): each must be caught, or what catches is worth nothing.

Those of ordering are caught by the campaign's checker after a short script; the others by the project's own
tests, which must fail with them (``tests/mutants``).
"""

from __future__ import annotations

import functools
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

Script = tuple[tuple[str, str], ...]
_TRANSPORT = "tests/unit/kalshi/test_transport.py"


@dataclass(frozen=True, slots=True)
class Variant:
    """``do`` breaks the running process. The checker must then count at least one of ``caught_as`` after
    ``script``, or one of ``tests`` must fail. ``point``: where the script's life is killed, if it is."""

    do: Callable[[], None]
    script: Script = ()
    caught_as: tuple[str, ...] = ()
    point: str = ""
    tests: tuple[str, ...] = ()


def apply(name: str) -> None:
    """Break this process; an empty name leaves it whole. Raises KeyError for one that is not known."""
    if name:
        VARIANTS[name].do()


def _no_fence() -> None:
    from pitdesk.desk import rooms
    from pitdesk.desk.order_tools import OrderTerms
    from pitdesk.desk.order_truth import Fence
    from tools.campaign.scaled import PACE

    async def at_once(self: Fence) -> bool:
        del self
        return True

    hasty = replace(PACE, fence=0.0)
    rooms.OrderTerms = functools.partial(OrderTerms, pace=hasty)  # type: ignore[attr-defined,misc,assignment]
    Fence.has_passed = at_once  # type: ignore[method-assign]


def _late_journal() -> None:
    from pitdesk.journal import Journal
    from pitdesk.kalshi.transport.lane import Lane

    answered = threading.Event()
    perform, begin = Lane.perform, Journal.begin_intent

    def performed(self: Any, call: Any, *others: Any) -> Any:
        said = perform(self, call, *others)
        if call.is_write:
            answered.set()
        return said

    def begun(self: Any, *asked: Any, **more: Any) -> Future[None]:
        self._pool.submit(answered.wait, 60.0)
        begin(self, *asked, **more)
        done: Future[None] = Future()
        done.set_result(None)
        return done

    Lane.perform = performed  # type: ignore[method-assign,assignment]
    Journal.begin_intent = begun  # type: ignore[method-assign]


def _retrying(other: Callable[[Any], Any]) -> None:
    from pitdesk.kalshi.order_calls import OrderCalls
    from pitdesk.kalshi.outcomes import Unknown

    create = OrderCalls.create_order

    async def twice(self: Any, intent: Any, before: Any = None) -> Any:
        outcome = await create(self, intent, before)
        return await create(self, other(intent)) if isinstance(outcome, Unknown) else outcome

    OrderCalls.create_order = twice  # type: ignore[method-assign]


def _blind_retry() -> None:
    _retrying(lambda intent: intent)


def _new_id_per_try() -> None:
    _retrying(lambda intent: replace(intent, client_order_id=str(uuid.uuid4())))


def _position_match() -> None:
    from pitdesk.kalshi import batch_calls

    def in_place(intents: Sequence[Any], said: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(batch_calls._created(item, intent) for item, intent in zip(said, intents, strict=False))

    batch_calls.match_created = in_place


def _no_echo_check() -> None:
    from pitdesk.kalshi import order_calls
    from pitdesk.kalshi.wire.base import decode
    from pitdesk.kalshi.wire.orders import CreateOrderAnswer

    created = order_calls._created

    def believed(reply: Any, client_order_id: str) -> Any:
        said = decode(reply.body, CreateOrderAnswer).client_order_id
        return replace(created(reply, str(said)), client_order_id=client_order_id)

    order_calls._created = believed


def _follow_redirect() -> None:
    import requests

    from pitdesk.kalshi.transport import lane

    send = requests.Session.send

    def following(self: Any, request: Any, **settings: Any) -> Any:
        return send(self, request, **{**settings, "allow_redirects": True})

    lane._Session.get_redirect_target = requests.Session.get_redirect_target  # type: ignore[method-assign,assignment]
    lane._Session.send = following  # type: ignore[method-assign]


def _no_size_cap() -> None:
    from pitdesk.kalshi.transport import lane

    read = lane._read

    def whole(response: Any, most_bytes: int, attempt: Any) -> bytes:
        del most_bytes
        return read(response, 1 << 40, attempt)

    lane._read = whole


def _limit_only_in_the_window() -> None:
    from pitdesk.desk.pre_trade import PreTrade

    def nothing(self: PreTrade, draft: object, changing: str | None = None) -> tuple[()]:
        del self, draft, changing
        return ()

    PreTrade.check = nothing  # type: ignore[method-assign]


def _keyring_by_priority() -> None:
    import importlib

    from pitdesk import vault

    backends = importlib.import_module("keyring.backend")  # only the vault may import it in plain words

    def strongest(platform: str = "") -> tuple[str, Any]:
        del platform
        return "some keyring", max(backends.get_all_keyring(), key=lambda one: one.priority)

    vault.find_keyring = strongest


VARIANTS: dict[str, Variant] = {
    "no fence": Variant(
        _no_fence,
        (("submit", "late_delivery 5"), ("wait", ""), ("again", "")),
        ("duplicates", "false_not_placed"),
    ),
    "late journal": Variant(_late_journal, (("submit", ""),), ("lost",), point="after the reply"),
    "blind retry": Variant(_blind_retry, (("submit", "accept_then_reset"),), ("sent_twice",)),
    "new id per try": Variant(
        _new_id_per_try, (("submit", "accept_then_reset"), ("wait", "")), ("duplicates", "lost")
    ),
    "position match in batches": Variant(
        _position_match, (("submit", "stall 6"), ("batch", "shuffled"), ("wait", "")), ("false_placed",)
    ),
    "no echo check": Variant(
        _no_echo_check, (("submit", ""), ("submit", "stale_answer"), ("wait", "")), ("false_placed",)
    ),
    "follow redirect": Variant(
        _follow_redirect,
        (("submit", "redirect"),),
        ("sent_twice",),
        tests=(f"{_TRANSPORT}::test_a_redirect_is_not_followed",),
    ),
    "limit only in the window": Variant(
        _limit_only_in_the_window, (("oversize", ""), ("oversize", "")), ("over_limit",)
    ),
    "no size cap": Variant(
        _no_size_cap,
        tests=(
            f"{_TRANSPORT}::test_after_the_connection_anything_may_have_happened[a body too large]",
            f"{_TRANSPORT}::test_after_the_connection_anything_may_have_happened[a gzip bomb]",
        ),
    ),
    "keyring by priority": Variant(
        _keyring_by_priority,
        tests=("tests/unit/test_vault.py::test_only_the_classes_on_the_list_are_ever_chosen",),
    ),
}
"""All ten, by name."""

EVERY_SCRIPT: Script = tuple(step for variant in VARIANTS.values() for step in variant.script)
"""What a whole desk must come through clean."""
