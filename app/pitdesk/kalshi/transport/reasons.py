"""Why no connection stood, told from what the libraries raise: kept apart so that a person can be advised."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from urllib3.exceptions import ProxyError

from pitdesk.kalshi import tls

if TYPE_CHECKING:
    from pitdesk.kalshi.reply import Why

_NO_PROXY = "The proxy of the settings does not answer or does not let us through. Nothing was sent."
_NO_NAME = "The exchange's host cannot be found: there may be no network. Nothing was sent."


def reason(error: BaseException) -> tuple[Why, str]:
    """The kind of failure, and a sentence where there is more to say than that nothing answered."""
    links = tuple(tls.links(error))
    told = tls.sentence(error)
    if told:
        return "certificate", told
    if any(isinstance(link, ProxyError) for link in links):
        return "proxy", _NO_PROXY
    if any(isinstance(link, socket.gaierror) for link in links):
        return "name", _NO_NAME
    if any(isinstance(link, ConnectionRefusedError) for link in links):
        return "refused", ""
    return "", ""
