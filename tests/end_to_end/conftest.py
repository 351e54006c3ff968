"""What the end-to-end tests share: an exchange and a screen of their own, and the exchange's interface."""

from tests.exchange_specs import rest_spec, stream_spec
from tests.practice_fixture import practice_exchange
from tests.real_screen import real_screen

__all__ = ["practice_exchange", "real_screen", "rest_spec", "stream_spec"]
