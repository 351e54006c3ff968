"""What the person chose: declared with type, default and description, kept in one file, written whole or not.

A file that cannot be read is put aside, never overwritten, and said to the person.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

import msgspec

from pitdesk.appearance import Appearance
from pitdesk.events import Listeners
from pitdesk.hotkeys import KeyChoices
from pitdesk.limits_file import LimitsFile
from pitdesk.notice_choices import NoticeChoices
from pitdesk.profile import Profile
from pitdesk.safety import DEFAULT_SIZES, Safety, sizes
from pitdesk.table_layout import TableLayout
from pitdesk.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from pitdesk.quantities import Count

_LOG = logging.getLogger(__name__)
_VERSION = 1
_MOST_BYTES = 4 * 1024 * 1024
_MOST_WATCHED = 1_000

Watchlists = Annotated[
    dict[str, tuple[str, ...]], msgspec.Meta(description="Tickers on the watchlist, by environment.")
]
LastMarkets = Annotated[
    dict[str, str], msgspec.Meta(description="The market last looked at, by environment.")
]
WindowLayout = Annotated[
    str, msgspec.Meta(description="Size and division of the window, as the window wrote it down.")
]
DayStarts = Annotated[
    dict[str, "DayStart"],
    msgspec.Meta(description="What the account stood at as its day began, by environment."),
]

Profiles = Annotated[
    tuple[Profile, ...], msgspec.Meta(description="The accounts, without their keys, in the order made.")
]
ActiveProfile = Annotated[
    str, msgspec.Meta(description="The id of the account opened at the start; empty for Practice.")
]
Welcomed = Annotated[bool, msgspec.Meta(description="Whether the first page was answered.")]
Proxy = Annotated[
    str, msgspec.Meta(description="http://host:port of the proxy that all connections take; empty for none.")
]
PracticeSpeed = Annotated[
    str, msgspec.Meta(description="How fast the practice market lives; 1 is usual, empty is that too.")
]
SizePresets = Annotated[
    tuple[str, ...], msgspec.Meta(description="The contracts that the keys 1 to 5 fill in, as typed.")
]
TableLayouts = Annotated[
    dict[str, TableLayout],
    msgspec.Meta(description="Columns of each table as they were arranged, by its name."),
]

ChosenAppearance = Annotated[Appearance, msgspec.Meta(description="Theme and text size.")]
ChosenKeys = Annotated[KeyChoices, msgspec.Meta(description="Keys that are not the usual ones.")]
ChosenNotices = Annotated[
    NoticeChoices, msgspec.Meta(description="How each kind of notice reaches the person.")
]

Value = TypeVar("Value")


class DayStart(msgspec.Struct, frozen=True):
    """The first figures of one exchange day: ``date`` as ISO text in New York, and what each market had
    gained by then, by ticker, in units of $0.000001. ``settled``: what those gained that since were settled.
    """

    date: str
    gains: dict[str, int]
    settled: dict[str, int] = {}


class SettingsFile(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting there is. Fields that we do not know are left out at the next write."""

    version: int = _VERSION
    watchlists: Watchlists = {}
    last_markets: LastMarkets = {}
    window_layout: WindowLayout = ""
    day_starts: DayStarts = {}
    profiles: Profiles = ()
    active_profile: ActiveProfile = ""
    welcomed: Welcomed = False
    proxy: Proxy = ""
    practice_speed: PracticeSpeed = ""
    safety: Safety = Safety()
    size_presets: SizePresets = DEFAULT_SIZES
    tables: TableLayouts = {}
    appearance: ChosenAppearance = Appearance()
    hotkeys: ChosenKeys = KeyChoices()
    notice_choices: ChosenNotices = NoticeChoices()


class _Kept(Generic[Value]):
    """One field of the file under its own name: read as it is, written with all others."""

    def __set_name__(self, _owner: type[Settings], name: str) -> None:
        self._name = name

    def __get__(self, settings: Settings, _owner: type[Settings]) -> Value:
        value: Value = getattr(settings._values, self._name)
        return value

    def __set__(self, settings: Settings, value: Value) -> None:
        settings._set(self._name, msgspec.structs.replace(settings._values, **{self._name: value}))


class Settings:
    """The settings in memory, written behind by a thread of their own."""

    window_layout = _Kept[str]()
    """What the window wrote, empty at first."""
    profiles = _Kept[tuple[Profile, ...]]()
    """The accounts: use :class:`pitdesk.profiles.Profiles`, which knows the rules."""
    active_profile = _Kept[str]()
    """The account opened at the start, empty for Practice."""
    welcomed = _Kept[bool]()
    """Whether the first page was answered, so that it is not shown again."""
    practice_speed = _Kept[str]()
    """How fast the practice market lives, as its command line takes it; empty for the usual pace."""
    proxy = _Kept[str]()
    """``http://host:port`` or empty; as :func:`pitdesk.kalshi.environment.proxy_of` gives it."""
    safety = _Kept[Safety]()
    """What is done on its own for a person who is not there."""
    appearance = _Kept[Appearance]()
    """Theme and text size."""
    hotkeys = _Kept[KeyChoices]()
    """Keys that are not the usual ones."""
    notice_choices = _Kept[NoticeChoices]()
    """How each kind of notice reaches the person."""

    def __init__(self, file: Path) -> None:
        """Read ``file``; a missing one means defaults, a broken one is put aside; see :attr:`trouble`."""
        self.changed: Listeners[str] = Listeners()
        self.trouble = ""
        self._file = file
        self._values = self._read()
        self.limits_file = LimitsFile(file.with_name("limits.json"))
        self._lock = threading.Lock()
        self._wanted: bytes | None = None
        self._writing = False
        self._writer: ThreadPoolExecutor | None = None

    def watchlist(self, environment: str) -> tuple[str, ...]:
        """Tickers in the order they were put on."""
        return self._values.watchlists.get(environment, ())

    def set_watchlist(self, environment: str, tickers: tuple[str, ...]) -> None:
        """Keep the watchlist; at most 1,000 tickers."""
        lists = {**self._values.watchlists, environment: tickers[:_MOST_WATCHED]}
        self._set("watchlists", msgspec.structs.replace(self._values, watchlists=lists))

    def last_market(self, environment: str) -> str:
        """The ticker last looked at, empty when none."""
        return self._values.last_markets.get(environment, "")

    def set_last_market(self, environment: str, ticker: str) -> None:
        """Keep the ticker now looked at."""
        markets = {**self._values.last_markets, environment: ticker}
        self._set("last_markets", msgspec.structs.replace(self._values, last_markets=markets))

    def table(self, name: str) -> TableLayout:
        """How the table of that name was arranged; as at first where it never was."""
        return self._values.tables.get(name, TableLayout())

    def set_table(self, name: str, layout: TableLayout) -> None:
        """Keep how a table is arranged."""
        tables = {**self._values.tables, name: layout}
        self._set("tables", msgspec.structs.replace(self._values, tables=tables))

    def day_start(self, environment: str) -> DayStart | None:
        """The first figures of the last day on which any were kept."""
        return self._values.day_starts.get(environment)

    def set_day_start(self, environment: str, start: DayStart) -> None:
        """Keep the first figures of a day."""
        starts = {**self._values.day_starts, environment: start}
        self._set("day_starts", msgspec.structs.replace(self._values, day_starts=starts))

    def forget_day(self, environment: str) -> None:
        """The account begins anew: no figures of the day are kept."""
        starts = {name: start for name, start in self._values.day_starts.items() if name != environment}
        self._set("day_starts", msgspec.structs.replace(self._values, day_starts=starts))

    @property
    def size_presets(self) -> tuple[Count, ...]:
        """What the keys 1 to 5 fill in."""
        return sizes(self._values.size_presets)

    @size_presets.setter
    def size_presets(self, presets: tuple[Count, ...]) -> None:
        texts = tuple(str(count).replace(",", "") for count in presets)
        self._set("size_presets", msgspec.structs.replace(self._values, size_presets=texts))

    def close(self) -> str:
        """Wait for what is being written; a plain sentence when the last write failed, else empty."""
        self.limits_file.close()
        if self._writer is not None:
            self._writer.shutdown(wait=True)
            self._writer = None
        return self.trouble

    def _set(self, name: str, values: SettingsFile) -> None:
        if values == self._values:
            return
        self._values = values
        self._write_soon(msgspec.json.format(msgspec.json.encode(values), indent=2))
        self.changed.emit(name)

    def _write_soon(self, data: bytes) -> None:
        with self._lock:
            self._wanted = data
            if self._writing:
                return
            self._writing = True
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, thread_name_prefix="settings")
        self._writer.submit(self._write_wanted)

    def _write_wanted(self) -> None:
        """On the writer's thread: the newest wish, until none is left."""
        while True:
            with self._lock:
                data, self._wanted = self._wanted, None
                if data is None:
                    self._writing = False
                    return
            try:
                write_whole(self._file, data)
                self.trouble = ""
            except OSError as error:
                self.trouble = f"Settings could not be saved to {self._file}: {error.strerror or error}."
                _LOG.warning(self.trouble)

    def _read(self) -> SettingsFile:
        try:
            data = self._file.read_bytes()
        except FileNotFoundError:
            return SettingsFile()
        except OSError as error:
            self.trouble = f"Settings could not be read: {error.strerror or error}. Defaults are used."
            return SettingsFile()
        try:
            return _decode(data)
        except (ValueError, RecursionError) as error:
            self._put_aside(error)
            return SettingsFile()

    def _put_aside(self, error: Exception) -> None:
        aside = self._file.with_name(f"{self._file.name}.bad-{time.time_ns() // 1_000_000}")
        try:
            self._file.replace(aside)
            kept = f"It was kept as {aside.name}; defaults are used."
        except OSError:
            kept = "Defaults are used."
        self.trouble = f"The settings file could not be understood. {kept}"
        _LOG.warning("Settings put aside: %s", error)


def _decode(data: bytes) -> SettingsFile:
    """The settings in ``data``; raises ValueError where it is not such a file or from a later version."""
    if len(data) > _MOST_BYTES:
        raise ValueError(f"{len(data)} bytes are too many")
    values = msgspec.json.decode(data, type=SettingsFile)
    if not 1 <= values.version <= _VERSION:
        raise ValueError(f"version {values.version} is not known here")
    return values
