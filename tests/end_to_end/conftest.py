"""What the end-to-end tests share: a practice exchange of their own, and the exchange's interface files."""

from tests.exchange_specs import rest_spec, stream_spec
from tests.practice_fixture import practice_exchange

__all__ = ["practice_exchange", "rest_spec", "stream_spec"]
