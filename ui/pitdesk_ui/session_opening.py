"""Makes a session and its view. Imported only once the window is painted: it brings the whole desk along."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.desk.session import Session, preload
from pitdesk.kalshi import environment as environments
from pitdesk.kalshi.signer import Signer
from pitdesk_ui.session_view import SessionView

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.practice_process import PracticeAddress
    from pitdesk.notices import Notices
    from pitdesk.paths import Folders
    from pitdesk.settings import Settings

__all__ = ["SessionView", "practice_session", "preload"]


async def practice_session(
    address: PracticeAddress,
    *,
    folders: Folders,
    settings: Settings,
    notices: Notices,
    report: Callable[[str, BaseException], None],
) -> Session:
    """A session on the practice exchange at ``address``, not started yet. Raises OSError without its key."""
    pem = await asyncio.to_thread(address.private_key_file.read_bytes)
    return Session(
        environments.practice(address.rest_url, address.stream_url),
        Signer.from_pem(address.key_id, pem),
        folders=folders,
        settings=settings,
        notices=notices,
        report=report,
    )
