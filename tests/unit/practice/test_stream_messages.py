"""Each step of a market's life, told with the fields its event carries and no others."""

import json

import pytest

from pitdesk.kalshi.wire.base import encode
from pitdesk.markets import MarketStatus
from pitdesk.practice.facts import MarketChanged
from pitdesk.practice.stream_messages import lifecycle_message


@pytest.mark.parametrize(
    "event_type,fields",
    [
        ("activated", {"is_deactivated": False}),
        ("deactivated", {"is_deactivated": True}),
        ("close_date_updated", {"close_ts": 9}),
        ("determined", {"determination_ts": 7, "result": "yes"}),
        ("settled", {"settled_ts": 7}),
    ],
)
def test_a_step_carries_its_own_fields(event_type: str, fields: dict[str, object]) -> None:
    change = MarketChanged("KXFED", MarketStatus.ACTIVE, event_type, 9_000, "yes", 7_000)
    said = json.loads(encode(lifecycle_message(change)))
    assert said == {"market_ticker": "KXFED", "event_type": event_type, **fields}
