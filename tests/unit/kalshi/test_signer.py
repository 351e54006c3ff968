"""Signatures are checked with the public half, over exactly the text the exchange signs."""

import base64
import pickle
from urllib.parse import urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from pitdesk.kalshi.environment import LIVE
from pitdesk.kalshi.signer import Signer, SignerError
from tests.unit.kalshi.ground import StillClock

PATH = "/trade-api/v2/portfolio/orders"


@pytest.fixture(scope="module")
def rsa_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key, form=serialization.PrivateFormat.PKCS8, password: bytes | None = None) -> bytes:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, lock)


def verify_rsa(key: RSAPrivateKey, signature: bytes, message: bytes) -> None:
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    key.public_key().verify(signature, message, pss, hashes.SHA256())


def test_rsa_signs_time_method_and_path(rsa_key: RSAPrivateKey, still_clock: StillClock) -> None:
    signer = Signer.from_pem(
        "key", pem_of(rsa_key, serialization.PrivateFormat.TraditionalOpenSSL), None, still_clock
    )
    headers = signer.headers("get", PATH)
    assert headers["KALSHI-ACCESS-KEY"] == "key"
    assert headers["KALSHI-ACCESS-TIMESTAMP"] == str(still_clock.wall)
    message = f"{still_clock.wall}GET{PATH}".encode()
    verify_rsa(rsa_key, base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"], validate=True), message)


def test_ed25519_signs_the_same_text(still_clock: StillClock) -> None:
    key = Ed25519PrivateKey.generate()
    signer = Signer.from_pem("key", pem_of(key), None, still_clock)
    headers = signer.headers("POST", PATH)
    signature = base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"], validate=True)
    key.public_key().verify(signature, f"{still_clock.wall}POST{PATH}".encode())
    with pytest.raises(InvalidSignature):
        key.public_key().verify(signature, f"{still_clock.wall}GET{PATH}".encode())


def test_a_query_is_not_signed(still_clock: StillClock) -> None:
    key = Ed25519PrivateKey.generate()
    signer = Signer("key", key, still_clock)
    signature = signer.headers("GET", PATH + "?limit=5&cursor=a%3D")["KALSHI-ACCESS-SIGNATURE"]
    key.public_key().verify(base64.b64decode(signature), f"{still_clock.wall}GET{PATH}".encode())


def test_the_stamp_is_the_exchanges_time(still_clock: StillClock) -> None:
    signer = Signer("key", Ed25519PrivateKey.generate(), still_clock)
    signer.offset_ms = -3_250
    assert signer.headers("GET", PATH)["KALSHI-ACCESS-TIMESTAMP"] == str(still_clock.wall - 3_250)


def test_a_locked_key_opens_with_its_password() -> None:
    key = Ed25519PrivateKey.generate()
    locked = pem_of(key, password=b"let me in")
    assert Signer.from_pem("key", locked, b"let me in").headers("GET", PATH)
    with pytest.raises(SignerError, match="is locked"):
        Signer.from_pem("key", locked)
    with pytest.raises(SignerError, match="passphrase is wrong"):
        Signer.from_pem("key", locked, b"guess")
    assert Signer.from_pem("key", pem_of(key), b"of no use").headers("GET", PATH)


@pytest.mark.parametrize(
    "pem,says",
    [
        (b"", "empty"),
        (b"hello", "no private key"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n", "OpenSSH"),
        (b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "damaged"),
        (pem_of(ec.generate_private_key(ec.SECP256R1())), "RSA or Ed25519"),
        (pem_of(generate_private_key(public_exponent=65537, key_size=1024)), "2048"),
    ],
)
def test_a_wrong_file_is_named(pem: bytes, says: str) -> None:
    with pytest.raises(SignerError, match=says):
        Signer.from_pem("key", pem)


def test_a_public_key_is_named() -> None:
    public = Ed25519PrivateKey.generate().public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(SignerError, match="public key"):
        Signer.from_pem("key", pem)


@pytest.mark.parametrize("key_id", ["", "two words", "líne", "a\r\nX: y"])
def test_a_key_id_that_no_header_can_carry_is_refused(key_id: str) -> None:
    with pytest.raises(SignerError):
        Signer(key_id, Ed25519PrivateKey.generate())


LIVE_PATH = "/trade-api/v2/portfolio/balance"


@pytest.mark.parametrize(
    "host,path",
    [
        ("evil.example", LIVE_PATH),
        ("external-api.kalshi.com.evil.example", LIVE_PATH),
        ("external-api.demo.kalshi.co", LIVE_PATH),
        ("", LIVE_PATH),
        ("external-api.kalshi.com", "/other/v2/portfolio/balance"),
    ],
)
def test_a_live_key_signs_for_its_own_hosts_and_paths_alone(host: str, path: str) -> None:
    signer = Signer("key", Ed25519PrivateKey.generate(), environment=LIVE)
    assert signer.headers("GET", LIVE_PATH, "external-api.kalshi.com")
    assert signer.headers("GET", urlsplit(LIVE.stream_url).path, "external-api-ws.kalshi.com")
    with pytest.raises(SignerError, match="does not sign"):
        signer.headers("GET", path, host)


def test_a_read_only_signer_signs_reads_and_cancels_alone() -> None:
    signer = Signer("key", Ed25519PrivateKey.generate(), read_only=True)
    assert signer.headers("GET", PATH)
    assert signer.headers("DELETE", "/trade-api/v2/portfolio/events/orders/o1")
    for method, path in (
        ("POST", PATH),
        ("PUT", PATH),
        ("PATCH", PATH),
        ("DELETE", "/trade-api/v2/api_keys/k"),
    ):
        with pytest.raises(SignerError, match="read-only"):
            signer.headers(method, path)


def test_the_key_is_never_shown_or_copied() -> None:
    signer = Signer("key", Ed25519PrivateKey.generate())
    assert repr(signer) == "Signer('key')"
    with pytest.raises(TypeError):
        pickle.dumps(signer)
