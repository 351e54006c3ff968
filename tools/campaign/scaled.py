"""The desk's pace and deadlines in the campaign's scaled time."""

from __future__ import annotations

from dataclasses import replace

from pitdesk.desk.order_tools import Pace
from pitdesk.kalshi.transport import Timing
from tools.campaign import terms

PACE = Pace(
    lag=(0.0, 0.1, 0.3, 0.6),
    look_up=(0.05, 0.1, 0.2, 0.4),
    fence=terms.FENCE_S,
    scan_gap=0.1,
    read_lag=terms.READ_LAG_BELIEVED_S,
)
SCRIPT_PACE = replace(PACE, fence=terms.SCRIPT_FENCE_S)
SCRIPT_TIMING = Timing(connect=30.0, read=30.0, command=30.0, query=30.0)
"""No deadline has a part in a script: what it plays must happen on a slow machine too."""
TIMING = Timing(
    connect=terms.COMMAND_S, read=terms.COMMAND_S, command=terms.COMMAND_S, query=3.0, warm_after=10.0
)
