"""What may reach a log: everything but keys, signatures and what could be one."""

from __future__ import annotations

import logging
import re

REMOVED = "[removed]"
_HEADER = re.compile(
    r"(KALSHI-ACCESS-(?:KEY|SIGNATURE)['\"]?\s*[:=,]\s*(?:b?['\"])?)[^'\"\s,;})\]]+", re.IGNORECASE
)
_PEM = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)", re.DOTALL
)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{40,}(?![0-9A-Za-z])")
_PAIRS = re.compile(r"(?:[0-9a-fA-F]{2}[: -]){11,}[0-9a-fA-F]{2}(?![0-9A-Za-z])")
_DIGITS = re.compile(r"[0-9]{40,}")
_BYTES = re.compile(r"(?:\\x[0-9a-fA-F]{2}(?:[^\\\n]|\\[\\'\"nrt]){0,16}){6,}")  # as Python shows them
_STORED = re.compile(r"PK1[erd]:\S+")
# A part of a path or a name: few words, whereas random text changes its kind of letter all the time.
_WORDS = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+|[0-9]+){1,3}")


def redact(text: str) -> str:
    """``text`` without signature and key headers, private keys, and long runs that could be a key's numbers.

    File paths and order ids stay readable.
    """
    text = _PEM.sub(REMOVED, text)
    text = _STORED.sub(REMOVED, text)
    text = _HEADER.sub(rf"\g<1>{REMOVED}", text)
    text = _PAIRS.sub(REMOVED, text)
    text = _BYTES.sub(REMOVED, text)
    text = _DIGITS.sub(REMOVED, text)
    text = _HEX.sub(REMOVED, text)
    return _BASE64.sub(_unless_words, text)


def _unless_words(match: re.Match[str]) -> str:
    run = match.group()
    if not (any(map(str.isupper, run)) and any(map(str.islower, run))):
        return run
    is_path = "+" not in run and "=" not in run
    return run if is_path and all(map(_WORDS.fullmatch, filter(None, run.split("/")))) else REMOVED


class RedactingFormatter(logging.Formatter):
    """The last hand on a line before it is written: message, arguments and traceback are redacted as one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be kept."""
        return redact(super().format(record))


class RedactingFilter(logging.Filter):
    """On the logger of a library that tells what it sends: no handler, whosever, sees a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, without what is secret in its message or its traceback."""
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redact(record.exc_text or logging.Formatter().formatException(record.exc_info))
        return True
