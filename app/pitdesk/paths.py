"""Where Pitdesk keeps the person's files: folders of their own, readable by nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Folders:
    """``settings``: what the person chose; ``state``: journal and practice exchange; ``logs``."""

    settings: Path
    state: Path
    logs: Path

    @classmethod
    def of_person(cls) -> Folders:
        """The places that the system keeps for this person, made private. Raises OSError."""
        import platformdirs

        places = platformdirs.PlatformDirs("pitdesk", appauthor=False)
        return cls(
            private_folder(places.user_config_path),
            private_folder(places.user_state_path),
            private_folder(places.user_log_path),
        )

    @classmethod
    def under(cls, root: Path) -> Folders:
        """All of it below one folder, as the tour and tests want. Raises OSError."""
        return cls(*(private_folder(root / name) for name in ("settings", "state", "logs")))

    @property
    def settings_file(self) -> Path:
        """The one file of settings."""
        return self.settings / "settings.json"

    @property
    def journal_file(self) -> Path:
        """The journal of intents."""
        return self.state / "journal.sqlite3"

    @property
    def practice(self) -> Path:
        """The practice exchange's own folder."""
        return private_folder(self.state / "practice")

    def batches(self, environment: str) -> Path:
        """Where the batches of one environment are kept; made when the first is."""
        plain = "".join(sign if sign.isalnum() else "-" for sign in environment.casefold())
        return self.state / "batches" / plain


def private_folder(path: Path) -> Path:
    """``path``, made where missing and closed to other people (mode 0700). Raises OSError."""
    path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(_PRIVATE)
    return path
