"""Why the exchange refuses: status, code, message and details, in one table (FACTS §2.1, §3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the table: HTTP status, ``code`` and ``message`` as recorded."""

    http_status: int
    code: str
    message: str


class ExchangeRefusal(Exception):
    """A definite no. Nothing was changed by the request."""

    def __init__(self, reason: Reason, details: str = "") -> None:
        super().__init__(f"{reason.code}: {details or reason.message}")
        self.http_status = reason.http_status
        self.code = reason.code
        self.message = reason.message
        self.details = details


def _plain(http_status: int, code: str) -> Reason:
    return Reason(http_status, code, code.replace("_", " "))


BAD_REQUEST = _plain(400, "bad_request")
INVALID_PARAMETERS = _plain(400, "invalid_parameters")
INVALID_PRICE = _plain(400, "invalid_price")
INVALID_ORDER = _plain(400, "invalid_order")
INVALID_ORDER_SIZE = _plain(400, "invalid_order_size")
INSUFFICIENT_BALANCE = _plain(400, "insufficient_balance")
MARKET_INACTIVE = _plain(400, "market_inactive")
ORDER_ID_MISMATCH = _plain(400, "order_id_and_client_order_id_mismatch")
ORDER_SIDE_MISMATCH = _plain(400, "order_side_mismatch")
ORDER_TICKER_MISMATCH = _plain(400, "order_ticker_mismatch")
ORDER_GROUP_NOT_FOUND = _plain(400, "order_group_not_found")
ORDER_GROUP_FULL = _plain(400, "exceeded_order_group_risk_limit")
FORBIDDEN = _plain(403, "forbidden")
NOT_FOUND = _plain(404, "not_found")
TRANSFER_ALREADY_EXISTS = _plain(409, "transfer_already_exists")
ORDER_ALREADY_EXISTS = _plain(409, "order_already_exists")
FILL_OR_KILL_KILLED = _plain(409, "fill_or_kill_insufficient_resting_volume")
TRADING_IS_PAUSED = _plain(409, "trading_is_paused")
EXCHANGE_IS_PAUSED = _plain(409, "exchange_is_paused")
AUTHENTICATION_ERROR = Reason(401, "authentication_error", "authentication_error")
TIMESTAMP_EXPIRED = _plain(401, "header_timestamp_expired")
SIGNATURE_MISSING = _plain(401, "signature_is_missing_from_headers")
KEY_MISSING = _plain(401, "key_is_missing_from_headers")
TIMESTAMP_MISSING = _plain(401, "timestamp_is_missing_from_headers")
DEPRECATED_ORDER_ENDPOINT = Reason(410, "deprecated_v1_order_endpoint", "Please switch to the V2 endpoints")
