"""An answer's time is read at a glance."""

import pytest

from pitdesk_ui.took import took


@pytest.mark.parametrize(
    "milliseconds, told",
    [
        (0.2, "0 ms"),
        (11.6, "12 ms"),
        (999.4, "999 ms"),
        (999.6, "1.0 s"),
        (8_012.0, "8.0 s"),
        (61_960.0, "62.0 s"),
    ],
)
def test_from_a_second_on_it_is_told_in_seconds(milliseconds: float, told: str) -> None:
    assert took(milliseconds) == told
