"""From a file, a drop or a paste to a key: each wrong thing is named, and what would be accepted is said."""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import TYPE_CHECKING

from pitdesk.kalshi.key_text import TOO_LONG, WANTED, WRONG_LABELS, KeyImportError, check_key_id, find_key
from pitdesk.kalshi.secret_key import SecretKey, SecretKeyError, rsa_from_primes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["KeyImportError", "check_key_id", "read_key"]

_LEAST_BITS, _MOST_BITS = 2_048, 8_192
_MOST_ROUNDS = 1_000_000
_MOST_SCRYPT = 1 << 20  # N x r x p: 128 MiB
_SCRYPT = bytes.fromhex("2b06010401da47040b")
_UNUSUAL_LOCK = "This private key is locked in an old way that cannot be opened here."
_OLD_LOCK = b"Proc-Type:"
# With initial values of the right length: the library panics at others.
_OLD_LOCKS = re.compile(
    rb"^DEK-Info: ?(?:AES-(?:128|192|256)-CBC,[0-9A-Fa-f]{32}|DES-EDE3-CBC,[0-9A-Fa-f]{16})$", re.MULTILINE
)


def read_key(data: bytes | bytearray | str, passphrase: str = "") -> SecretKey:
    """The key in ``data``: PEM in PKCS#1 or PKCS#8, locked or not, RSA of 2048 to 8192 bits or Ed25519, with
    any text around it and any line ends. Raises :class:`KeyImportError`. Takes up to a second: use a thread.
    """
    key = _checked(_load(find_key(data), passphrase))
    try:
        key.prove()
    except SecretKeyError:
        raise KeyImportError("The key's two halves do not belong together: the file is damaged.") from None
    return key


def _load(pem: bytes, passphrase: str) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    is_locked = b"BEGIN ENCRYPTED" in pem or _OLD_LOCK in pem
    if is_locked:
        _check_passphrase(pem, passphrase)
    try:
        return load_pem_private_key(
            pem, passphrase.encode() if is_locked else None, unsafe_skip_rsa_key_validation=True
        )
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _not_read(pem, str(error), is_locked=is_locked) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the library's own bug, met by no known file
            raise
        raise _damaged() from None


def _check_passphrase(pem: bytes, passphrase: str) -> None:
    if not passphrase:
        raise KeyImportError("This private key is locked. Type its passphrase.", wants_passphrase=True)
    if len(passphrase.encode("utf-8", "replace")) > 1_024 or not _is_plain(passphrase):
        raise KeyImportError("This cannot be the passphrase: it is too long.", wants_passphrase=True)
    if _OLD_LOCK in pem and _OLD_LOCKS.search(pem) is None:
        raise KeyImportError(_UNUSUAL_LOCK)
    if _is_costly(pem):
        raise KeyImportError("This private key is locked in a way that takes too long to open.")


def _is_costly(pem: bytes) -> bool:
    """Whether opening it would take more than about a second: the file itself says how often to repeat."""
    if b"BEGIN ENCRYPTED" not in pem:
        return False
    try:
        data = base64.b64decode(b"".join(pem.splitlines()[1:-1]), validate=True)
    except binascii.Error:
        return False
    terms = _algorithm(data)
    figures = _integers(terms)
    if _SCRYPT in terms:
        return math.prod(figures[:3]) > _MOST_SCRYPT
    return max(figures, default=0) > _MOST_ROUNDS


def _algorithm(data: bytes) -> bytes:
    """The first part of an EncryptedPrivateKeyInfo (RFC 5958): how it is locked."""
    _, inside, _ = _element(data)
    _, terms, _ = _element(inside)
    return terms


def _integers(data: bytes, depth: int = 0) -> list[int]:
    """Every INTEGER in ``data`` (DER), nested ones included."""
    found: list[int] = []
    while data and depth < 8:
        tag, inside, data = _element(data)
        if tag == 0x02:
            found.append(int.from_bytes(inside))
        elif tag & 0x20:
            found += _integers(inside, depth + 1)
    return found


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag, content and the rest, of the first element; what is malformed is taken as far as it goes."""
    if len(data) < 2:
        return 0, b"", b""
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start])
    return data[0], data[start : start + length], data[start + length :]


def _is_plain(passphrase: str) -> bool:
    return not any("\ud800" <= mark <= "\udfff" for mark in passphrase)


def _not_read(pem: bytes, reason: str, *, is_locked: bool) -> KeyImportError:
    """Why it did not load, told by the library's words, which are not shown."""
    lowered = (reason.partition("Details:")[2] or reason).lower()
    if is_locked and ("password" in lowered or "decrypt" in lowered or "padding" in lowered):
        return KeyImportError(
            "The passphrase is wrong, or the file is damaged. Type it again.", wants_passphrase=True
        )
    if is_locked and ("unsupported" in lowered or "cipher" in lowered or "kdf" in lowered):
        return KeyImportError(
            "This private key is locked in an old or unusual way that cannot be opened here."
        )
    if "key size" in lowered or "1024" in lowered or "too small" in lowered:
        return _too_short()
    if "curve" in lowered:
        return KeyImportError(f"{WRONG_LABELS['EC PRIVATE KEY']}. {WANTED}")
    return _damaged()


def _too_short() -> KeyImportError:
    return KeyImportError(f"This RSA key is shorter than {_LEAST_BITS} bits, which is not safe. {WANTED}")


def _rebuilt(key: RSAPrivateKey) -> RSAPrivateKey:
    """The same key from its primes alone: nothing else in the file is believed."""
    numbers = key.private_numbers()
    try:
        if numbers.p * numbers.q != numbers.public_numbers.n:
            raise ValueError("not the modulus's primes")
        return rsa_from_primes(numbers.p, numbers.q, numbers.public_numbers.e)
    except (ValueError, OverflowError):
        raise _damaged() from None


def _damaged() -> KeyImportError:
    return KeyImportError("The private key is damaged or incomplete. Copy or download it again, whole.")


def _checked(key: object) -> SecretKey:
    """Of a kind that the exchange takes. Raises :class:`KeyImportError`."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(key, Ed25519PrivateKey):
        return SecretKey(key)
    if isinstance(key, RSAPrivateKey):
        if key.key_size < _LEAST_BITS:
            raise _too_short()
        if key.key_size > _MOST_BITS:
            raise KeyImportError(TOO_LONG)
        return SecretKey(_rebuilt(key))
    if isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyImportError(f"{WRONG_LABELS['EC PRIVATE KEY']}. {WANTED}")
    if isinstance(key, dsa.DSAPrivateKey):
        raise KeyImportError(f"{WRONG_LABELS['DSA PRIVATE KEY']}. {WANTED}")
    raise KeyImportError(f"This is a key of another kind. The exchange's keys are RSA or Ed25519. {WANTED}")
