"""The three headers: what is admitted, and the exact refusal of each fault (FACTS §2.1)."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from pitdesk.clock import Clock
from pitdesk.practice.auth import (
    KEY_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    Caller,
    Doorkeeper,
    KnownKey,
)
from pitdesk.practice.refusals import ExchangeRefusal

NOW_MS = 1_790_000_000_000
PATH = "/trade-api/v2/portfolio/balance"
ED25519 = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS = {"ed": KnownKey(ED25519.public_key(), "person"), "rsa": KnownKey(RSA.public_key(), "person")}


class StoppedClock(Clock):
    """It is always the same moment."""

    def wall_ms(self) -> int:
        return NOW_MS


def sign(key_id: str, text: str, salt: int = 32) -> str:
    if key_id == "rsa":
        pss = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=salt)
        raw = RSA.sign(text.encode(), pss, SHA256())
    else:
        raw = ED25519.sign(text.encode())
    return base64.b64encode(raw).decode()


def headers(key_id: str = "ed", *, at: int = NOW_MS, text: str | None = None) -> dict[str, str]:
    return {
        KEY_HEADER: key_id,
        TIMESTAMP_HEADER: str(at),
        SIGNATURE_HEADER: sign(key_id, f"{at}GET{PATH}" if text is None else text),
    }


def admit(given: dict[str, str], method: str = "GET", path: str = PATH) -> Caller:
    return Doorkeeper(KEYS, StoppedClock()).admit(given, method, path)


def refusal(given: dict[str, str], method: str = "GET", path: str = PATH) -> tuple[int, str, str, str]:
    with pytest.raises(ExchangeRefusal) as caught:
        admit(given, method, path)
    refused = caught.value
    return refused.http_status, refused.code, refused.message, refused.details


WRONG_SIGNATURE = (401, "authentication_error", "authentication_error", "INCORRECT_API_KEY_SIGNATURE")
EXPIRED = (401, "header_timestamp_expired", "header timestamp expired", "")


@pytest.mark.parametrize("key_id", ["ed", "rsa"])
def test_a_right_signature_is_admitted_for_both_kinds_of_key(key_id: str) -> None:
    assert admit(headers(key_id)) == Caller(key_id, "person")


def test_the_method_is_signed_in_capitals_whatever_case_it_comes_in() -> None:
    assert admit(headers(), method="get").user_id == "person"


@pytest.mark.parametrize("text", ["", "x", f"{NOW_MS}GET{PATH}?limit=1", f"{NOW_MS}POST{PATH}"])
@pytest.mark.parametrize("key_id", ["ed", "rsa"])
def test_a_signature_of_another_text_is_refused(key_id: str, text: str) -> None:
    assert refusal(headers(key_id, text=text)) == WRONG_SIGNATURE


def test_a_signature_with_another_salt_length_is_refused() -> None:
    given = headers("rsa") | {SIGNATURE_HEADER: sign("rsa", f"{NOW_MS}GET{PATH}", salt=20)}
    assert refusal(given) == WRONG_SIGNATURE


def test_a_signature_of_another_path_is_refused() -> None:
    assert refusal(headers(), path="/trade-api/v2/portfolio/orders") == WRONG_SIGNATURE


@pytest.mark.parametrize("junk", ["not base64!", "AAAA", "é", "=" * 88])
@pytest.mark.parametrize("key_id", ["ed", "rsa"])
def test_a_signature_that_is_none_is_refused(key_id: str, junk: str) -> None:
    assert refusal(headers(key_id) | {SIGNATURE_HEADER: junk}) == WRONG_SIGNATURE


def test_an_unknown_key_is_refused() -> None:
    assert refusal(headers() | {KEY_HEADER: "nobody"}) == (
        401,
        "authentication_error",
        "authentication_error",
        "NOT_FOUND",
    )


@pytest.mark.parametrize("offset_ms", [0, 5_000, -5_000, 10_000, -10_000, 15_000, -15_000])
def test_a_clock_that_is_a_little_off_is_admitted(offset_ms: int) -> None:
    assert admit(headers(at=NOW_MS + offset_ms)).user_id == "person"


@pytest.mark.parametrize("offset_ms", [15_001, -15_001, 30_000, -30_000, 300_000, -300_000])
def test_a_clock_that_is_far_off_is_refused(offset_ms: int) -> None:
    assert refusal(headers(at=NOW_MS + offset_ms)) == EXPIRED


@pytest.mark.parametrize("timestamp", ["now", "-1", "1.5", "9" * 40, "１２３"])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    assert refusal(headers() | {TIMESTAMP_HEADER: timestamp}) == EXPIRED


@pytest.mark.parametrize(
    "name,code",
    [
        (KEY_HEADER, "key_is_missing_from_headers"),
        (SIGNATURE_HEADER, "signature_is_missing_from_headers"),
        (TIMESTAMP_HEADER, "timestamp_is_missing_from_headers"),
    ],
)
def test_a_missing_header_is_named(name: str, code: str) -> None:
    given = headers()
    del given[name]
    assert refusal(given) == (401, code, code.replace("_", " "), "")
