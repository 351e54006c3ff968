"""What pages, settings and keys may ask of the running program. :mod:`pitdesk_ui.application` is it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.notices import Notices
    from pitdesk.paths import Folders
    from pitdesk.profiles import Profiles
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner
    from pitdesk.vault import Vault
    from pitdesk_ui.account_mark import AccountMark
    from pitdesk_ui.arming import Arming
    from pitdesk_ui.desk_host import DeskHost
    from pitdesk_ui.hotkeys.keymap import KeyMap
    from pitdesk_ui.look import Look
    from pitdesk_ui.main_window import MainWindow
    from pitdesk_ui.notices.system import System
    from pitdesk_ui.session_view import SessionView
    from pitdesk_ui.window_parts import WindowParts


class Program(Protocol):
    """One run: what it stands on, the account in view, and what the person can ask of it as a whole."""

    folders: Folders
    settings: Settings
    profiles: Profiles
    vault: Vault
    notices: Notices
    owner: TaskOwner
    look: Look
    keys: KeyMap
    window: MainWindow
    system: System
    host: DeskHost
    arming: Arming

    @property
    def view(self) -> SessionView | None:
        """The session in view, None while there is none."""
        ...

    @property
    def mark(self) -> AccountMark:
        """The account that the window is about."""
        ...

    def ask_to_close(self) -> None:
        """Close in order, as the person's own closing of the window would."""
        ...

    def switch(self, profile_id: str) -> None:
        """Leave the account in view for the one of that id; empty for Practice."""
        ...

    def reopen(self) -> None:
        """Sign in anew to the account in view, as after a change of its profile."""
        ...

    def reset_practice(self) -> None:
        """Begin a new practice account, and open it."""
        ...

    def toggle_armed(self) -> None:
        """Arm, or make safe."""
        ...

    def show_settings(self) -> None:
        """Open the settings window, or bring it to the front."""
        ...

    def show_keys(self) -> None:
        """The sheet of all keys."""
        ...

    def with_view(self, what: Callable[[SessionView], object]) -> Callable[[], None]:
        """A handler that acts on the session in view, or says that there is none yet."""
        ...

    def with_parts(self, what: Callable[[WindowParts], object]) -> Callable[[], None]:
        """A handler that acts on the panels in the window, if there are any."""
        ...
