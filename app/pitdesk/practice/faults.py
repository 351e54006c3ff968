"""What the door itself refuses before the engine is asked, and the four shapes of an error (FACTS §3)."""

from __future__ import annotations

from pitdesk.kalshi.wire.account import BareErrorAnswer, ErrorBody, NestedErrorAnswer
from pitdesk.kalshi.wire.base import encode

JSON_TYPE = "application/json"


class Fault(Exception):
    """A request that is answered with an error: its HTTP status and its body's bytes."""

    def __init__(self, http_status: int, body: bytes) -> None:
        super().__init__(f"{http_status} {body[:200]!r}")
        self.http_status = http_status
        self.body = body


def nested(http_status: int, code: str, message: str, details: str | None = None) -> Fault:
    """``{"error": {"code", "message", "details"?}}``: orders, authentication and most else."""
    body = NestedErrorAnswer(error=ErrorBody(code=code, message=message, details=details))
    return Fault(http_status, encode(body))


def flat(http_status: int, code: str, details: str) -> Fault:
    """``{"code", "message", "details"}``: a body that cannot be read (openapi ErrorResponse)."""
    return Fault(http_status, encode(ErrorBody(code=code, message=code.replace("_", " "), details=details)))


def bare(message: str) -> Fault:
    """``{"msg": …}``: a query that is not valid."""
    return Fault(400, encode(BareErrorAnswer(msg=message)))


def too_many_requests() -> Fault:
    """The rate limiter's word; it sends no header that says when to come back."""
    return Fault(429, encode(NestedErrorAnswer(error="too many requests")))


def not_found() -> Fault:
    """What is not served, and what is not there."""
    return nested(404, "not_found", "not found")


def inside() -> Fault:
    """The exchange's own fault. What went wrong is in the log, never on the wire."""
    return nested(500, "internal_server_error", "internal server error")
