"""Synchronous listeners: how a store tells those who look at it that it has changed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)

Value = TypeVar("Value")


class Listeners(Generic[Value]):
    """An ordered list of callables, each told every value, before ``emit`` returns."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Value], object]] = []

    def connect(self, listener: Callable[[Value], object]) -> Callable[[], None]:
        """Tell ``listener`` every value from now on. Returns a function that ends it."""
        self._listeners.append(listener)

        def disconnect() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return disconnect

    def emit(self, value: Value) -> None:
        """Tell every listener. One that fails is logged and does not keep the others from hearing."""
        for listener in tuple(self._listeners):
            try:
                listener(value)
            except Exception:  # noqa: BLE001 (one place that keeps the others hearing)
                _LOG.exception("A listener failed.")

    def __len__(self) -> int:
        return len(self._listeners)
