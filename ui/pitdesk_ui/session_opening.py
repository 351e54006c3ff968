"""Makes a session and its view. Imported only once the window is painted: it brings the whole desk along."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.desk.session import Session, preload
from pitdesk.kalshi import environment as environments
from pitdesk.kalshi.secret_key import SecretKey
from pitdesk.kalshi.signer import Signer
from pitdesk.limits import LimitValues
from pitdesk.profiles import environment_of
from pitdesk_ui.session_view import SessionView

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.practice_process import PracticeAddress
    from pitdesk.notices import Notices
    from pitdesk.paths import Folders
    from pitdesk.profile import Profile
    from pitdesk.settings import Settings

__all__ = ["SessionView", "is_key", "practice_session", "preload", "profile_session"]


async def practice_session(
    address: PracticeAddress,
    *,
    folders: Folders,
    settings: Settings,
    notices: Notices,
    report: Callable[[str, BaseException], None],
    limits: Callable[[], LimitValues] | None = None,
) -> Session:
    """A session on the practice exchange at ``address``, not started yet. Raises OSError without its key."""
    file = address.private_key_file
    signer = await asyncio.to_thread(lambda: Signer.from_pem(address.key_id, file.read_bytes()))
    return Session(
        environments.practice(address.rest_url, address.stream_url),
        signer,
        folders=folders,
        settings=settings,
        notices=notices,
        report=report,
        limits=limits or LimitValues,
    )


def profile_session(
    profile: Profile,
    key: SecretKey,
    *,
    folders: Folders,
    settings: Settings,
    notices: Notices,
    report: Callable[[str, BaseException], None],
    limits: Callable[[], LimitValues],
) -> Session:
    """A session on the account of ``profile``, signed with ``key``, not started yet. Raises ProfileError."""
    environment = environment_of(profile)
    return Session(
        environment,
        Signer(profile.key_id, key, environment=environment, read_only=profile.read_only),
        folders=folders,
        settings=settings,
        notices=notices,
        report=report,
        limits=limits,
    )


def is_key(found: object) -> bool:
    """Whether what the vault gave is a key."""
    return isinstance(found, SecretKey)
