"""No key, signature or key number reaches a log; what a reader needs stays readable."""

import base64
import logging
import random
import sys

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from pitdesk.redaction import REMOVED, RedactingFilter, RedactingFormatter, redact


@pytest.fixture(scope="module")
def secrets() -> list[str]:
    key = rsa.generate_private_key(65537, 2048)
    numbers = key.private_numbers()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()
    seed = ed25519.Ed25519PrivateKey.generate().private_bytes_raw()
    found = [pem, pem.replace("\n", "\\n"), base64.b64encode(seed * 2).decode(), seed.hex(":"), seed.hex(" ")]
    for number in (numbers.p, numbers.q, numbers.d):
        raw = number.to_bytes((number.bit_length() + 7) // 8)
        found += [str(number), f"{number:x}", base64.b64encode(raw).decode()]
    return found


def longest_shared(secret: str, text: str) -> bool:
    """Whether any 22 characters of ``secret`` (16 bytes in base64) are in ``text``."""
    return any(secret[at : at + 22] in text for at in range(len(secret) - 22))


def test_no_part_of_a_key_passes(secrets: list[str]) -> None:
    for secret in secrets:
        text = redact(f"loading failed for {secret} in the signer")
        assert not longest_shared(secret, text)
        assert text.startswith("loading failed for ")


@pytest.mark.parametrize(
    "line",
    [
        "KALSHI-ACCESS-KEY: a952bcbe-ec3b-4b5b-b8f9-11dae589608c",
        "{'KALSHI-ACCESS-KEY': 'a952bcbe-ec3b-4b5b-b8f9-11dae589608c', 'x': 1}",
        "header: kalshi-access-key=a952bcbe-ec3b-4b5b-b8f9-11dae589608c",
        "b'KALSHI-ACCESS-KEY', b'a952bcbe-ec3b-4b5b-b8f9-11dae589608c'",
    ],
)
def test_the_key_header_loses_its_value(line: str) -> None:
    assert "a952bcbe" not in redact(line)
    assert REMOVED in redact(line)


@pytest.mark.parametrize("first", ["b", "B", "bb", "a"])
@pytest.mark.parametrize("line", ["KALSHI-ACCESS-SIGNATURE: {}", "('KALSHI-ACCESS-SIGNATURE', b'{}')"])
def test_a_value_is_removed_from_its_first_letter_on(line: str, first: str) -> None:
    """A ``b`` before a quotation mark is Python's, any other is the value's."""
    assert redact(line.format(f"{first}95kQ==")) == line.format(REMOVED)


@pytest.mark.parametrize(
    "line",
    [
        "order 0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1 rests in KXFEDDECISION-26DEC-C25 at 0.4200",
        '  File "/usr/local/lib/python3.11/site-packages/aiohttp/Connector9/Helpers.py", line 10, in send',
        "GET /trade-api/v2/series/KXFEDDECISION/markets/KXFEDDECISION-26DEC-C25/candlesticks 200 in 12 ms",
        "KALSHI-ACCESS-TIMESTAMP: 1795220912000",
    ],
)
def test_what_a_reader_needs_stays(line: str) -> None:
    assert redact(line) == line


def test_chance_does_not_let_a_key_look_like_a_path() -> None:
    """Some random texts have as many slashes as a path; a hundred thousand of them are tried."""
    chance = random.Random(20261121)
    for size in (32, 64, 128):
        for _ in range(30_000):
            text = base64.b64encode(chance.randbytes(size)).decode()
            assert not longest_shared(text, redact(f"seed {text} end")), text


@pytest.mark.parametrize("kind", ["PK1r:", "PK1d:", "PK1e:"])
def test_what_the_keyring_holds_is_known_by_its_mark(kind: str) -> None:
    assert redact(f"set_password('x', '{kind}!a~b/c,d') failed").startswith("set_password('x', '[removed]")


def test_arguments_and_tracebacks_are_redacted_too(secrets: list[str]) -> None:
    formatter = RedactingFormatter("%(levelname)s %(message)s")
    try:
        raise ValueError(f"cannot read {secrets[0]}")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "key %s", (secrets[3],), sys.exc_info())
    line = formatter.format(record)
    assert line.startswith("ERROR key [removed]")
    assert not any(longest_shared(secret, line) for secret in secrets)


def test_no_handler_sees_what_a_filter_took_out(secrets: list[str], caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("tests.telling")
    log.addFilter(held := RedactingFilter())
    try:
        raise ValueError(f"cannot read {secrets[0]}")
    except ValueError:
        with caplog.at_level(logging.DEBUG, logger="tests.telling"):
            log.exception("> %s: %s", "KALSHI-ACCESS-SIGNATURE", secrets[2])
    log.removeFilter(held)
    assert "> KALSHI-ACCESS-SIGNATURE: [removed]" in caplog.text
    assert "cannot read [removed]" in caplog.text
    assert "Traceback" in caplog.text
    assert not any(longest_shared(secret, caplog.text) for secret in secrets)


def test_bytes_as_python_shows_them_are_removed() -> None:
    chance = random.Random(20261121)
    for size in (32, 64, 128, 300):
        for _ in range(2_000):
            secret = chance.randbytes(size)
            text = redact(f"run({bytearray(secret)!r}, {secret!r})")
            assert not any(repr(secret[at : at + 16])[2:-1] in text for at in range(size - 15)), text
    assert redact(r"the file C:\xa0\x20 of \x41 is not there") == r"the file C:\xa0\x20 of \x41 is not there"
