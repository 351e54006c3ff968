"""Servers, keys and clocks for the client's tests."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pitdesk.kalshi.signer import Signer
from tests.unit.kalshi.ground import RawServer, StillClock


@pytest.fixture
def raw_server() -> Iterator[RawServer]:
    """A server of exact bytes."""
    server = RawServer()
    yield server
    server.close()


@pytest.fixture
def still_clock() -> StillClock:
    """A clock that moves only when told to."""
    return StillClock()


@pytest.fixture(scope="session")
def signer() -> Signer:
    """A signer with a key of its own."""
    return Signer("a-key-id", Ed25519PrivateKey.generate())
