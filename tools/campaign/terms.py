"""The scaled time of the campaign, and what one life of a desk is told. Proves the logic, not the exchange.

Two minutes of fence become two seconds, and the rest shrinks with it; what is real stays real: the event
loop, the sockets, the disk, the processes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

FENCE_S = 2.0
SCRIPT_FENCE_S = 7.0
"""Where a script is played, for which a slow machine must have time: its late copies come after 5 s."""
READ_LAGS_S = (0.0, 0.15, 0.5)
READ_LAG_BELIEVED_S = 0.8
COMMAND_S = 1.0
SLEEP_S, SLEEP_NOTICED_S = 1.8, 0.5
"""How long the computer sleeps, and from when on the desk calls it that (5 s in truth)."""
MOST_CONTRACTS = 300
"""The desk's hard limit per order; presses above it must never reach the wire."""
MARKS_A_LIFE = 128
TIER = "premier"
"""A life reads the whole account at its start: at the basic tier most of a campaign would be waiting."""


@dataclass(frozen=True, slots=True)
class LifeSpec:
    """One life of the desk: from its start to its end or its kill.

    ``mark`` is the first of the counts, in hundredths of a contract, that tell this life's presses apart.
    """

    life: int
    seed: int
    folder: str
    rest: str
    ws: str
    key_id: str
    key_file: str
    door_port: int
    mark: int
    steps: int = 6
    point: str = ""
    nth: int = 1
    faults: bool = True
    settle: bool = False
    variant: str = ""
    script: tuple[tuple[str, str], ...] = field(default=())
    deadline_s: int = 240

    def to_line(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> LifeSpec:
        """What :meth:`to_line` wrote."""
        held: dict[str, Any] = json.loads(line)
        held["script"] = tuple(tuple(step) for step in held["script"])
        return cls(**held)
