"""Secure connections: whom they trust, whatever the environment says, and what is wrong with certificates."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import certifi

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXPIRED, _NOT_YET, _OTHER_HOST = 10, 9, (62, 64)
_UNKNOWN_ISSUER = (18, 19, 20, 21, 27)
_KEPT = "Nothing was sent."


def context() -> ssl.SSLContext:
    """TLS 1.2 or later, the bundled authorities alone, the host's name checked.

    Made by hand, because the usual makers heed SSL_CERT_FILE and write keys to SSLKEYLOGFILE.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_verify_locations(cafile=certifi.where())
    return made


def sentence(error: BaseException) -> str:
    """What is wrong with the other side's certificate or its TLS, for the person; empty where nothing is."""
    for link in links(error):
        if isinstance(link, ssl.SSLCertVerificationError):
            return f"{_of_certificate(link.verify_code)} {_KEPT}"
        if isinstance(link, ssl.SSLError):
            return f"The other side does not speak TLS as the exchange does: it may be another. {_KEPT}"
    return ""


def _of_certificate(code: int) -> str:
    if code == _EXPIRED:
        return "The exchange's certificate has expired, or the computer's clock is wrong."
    if code == _NOT_YET:
        return "The exchange's certificate is not valid yet: the computer's clock is wrong."
    if code in _OTHER_HOST:
        return "The certificate is for another host: the connection leads somewhere else."
    if code in _UNKNOWN_ISSUER:
        return (
            "The certificate was issued by nobody that Pitdesk trusts: a proxy, a virus scanner or a network "
            "with a sign-in page is standing between you and the exchange."
        )
    return "The exchange's certificate cannot be trusted."


def links(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps, in whichever way the libraries wrap."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < 50:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        wrapped = (link.__cause__, link.__context__, getattr(link, "reason", None), *link.args)
        waiting += [each for each in wrapped if isinstance(each, BaseException)]
