"""One private key in memory: it tells its kind, proves itself, and becomes the short text a keyring holds.

It never shows, compares by value or pickles its numbers. Only the vault asks for :meth:`SecretKey.compact`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    PrivateKey = RSAPrivateKey | Ed25519PrivateKey

MOST_CHARACTERS = 1_280
"""What one entry of the Windows Credential Manager holds: 2,560 bytes of UTF-16."""

_ED25519, _RSA, _RSA_DENSE = "PK1e:", "PK1r:", "PK1d:"
_FIRST, _DIGITS = 33, 94  # printable ASCII without the space


class SecretKeyError(ValueError):
    """Text that is no stored key, or a key that does not prove itself. A plain sentence, without the text."""


class SecretKey:
    """An RSA key of 2048 to 8192 bits or an Ed25519 key."""

    def __init__(self, private_key: PrivateKey) -> None:
        self._private_key = private_key

    @property
    def kind(self) -> str:
        """``RSA 2048`` or ``Ed25519``."""
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

        if isinstance(self._private_key, RSAPrivateKey):
            return f"RSA {self._private_key.key_size}"
        return "Ed25519"

    @property
    def fingerprint(self) -> str:
        """The first 16 hex digits of the SHA-256 of the public half: tells keys apart, gives nothing away."""
        return hashlib.sha256(self._public_bytes()).hexdigest()[:16]

    def is_same(self, other: SecretKey) -> bool:
        """Whether both are one key, by their public halves."""
        return hmac.compare_digest(self._public_bytes(), other._public_bytes())

    def sign(self, message: bytes) -> bytes:
        """RSA-PSS with SHA-256 and a salt of 32 bytes, or Ed25519, as the key is (FACTS §2)."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if isinstance(self._private_key, Ed25519PrivateKey):
            return self._private_key.sign(message)
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)
        return self._private_key.sign(message, pss, hashes.SHA256())

    def prove(self) -> None:
        """Sign a random text and verify it with the public half. Raises :class:`SecretKeyError`."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        message = os.urandom(32)
        try:
            signature = self.sign(message)
            if isinstance(self._private_key, Ed25519PrivateKey):
                self._private_key.public_key().verify(signature, message)
            else:
                pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
                self._private_key.public_key().verify(signature, message, pss, hashes.SHA256())
        except (InvalidSignature, ValueError):
            raise SecretKeyError("The key's two halves do not belong together.") from None

    def compact(self) -> str:
        """The key as short text, at most 1,280 characters: primes and exponent, from which the rest follows.

        For the vault alone.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if isinstance(self._private_key, Ed25519PrivateKey):
            return _ED25519 + base64.b64encode(_summed(self._private_key.private_bytes_raw())).decode()
        numbers = self._private_key.private_numbers()
        size = (max(numbers.p.bit_length(), numbers.q.bit_length()) + 7) // 8
        exponent = numbers.public_numbers.e
        primes = numbers.p.to_bytes(size) + numbers.q.to_bytes(size)
        data = _summed(size.to_bytes(2) + primes + exponent.to_bytes((exponent.bit_length() + 7) // 8))
        text = _RSA + base64.b64encode(data).decode()
        return text if len(text) <= MOST_CHARACTERS else _RSA_DENSE + _dense(data)

    @classmethod
    def throwaway(cls) -> SecretKey:
        """A new Ed25519 key that nobody knows: for requests that must be signed by nobody."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_compact(cls, text: str) -> SecretKey:
        """The key that :meth:`compact` wrote; it has proved itself. Raises :class:`SecretKeyError`."""
        mark, body = text[:5], text[5:]
        try:
            if mark == _ED25519:
                key = cls(_ed25519(_unsummed(base64.b64decode(body, validate=True))))
            elif mark == _RSA:
                key = cls(_rsa(_unsummed(base64.b64decode(body, validate=True))))
            elif mark == _RSA_DENSE:
                key = cls(_rsa(_unsummed(_undense(body))))
            else:
                raise SecretKeyError("This is not a key that Pitdesk stored.")
        except (binascii.Error, ValueError, OverflowError) as error:
            told = str(error) if isinstance(error, SecretKeyError) else "The stored key is damaged."
            raise SecretKeyError(told) from None
        key.prove()
        return key

    def _public_bytes(self) -> bytes:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._private_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def __repr__(self) -> str:
        return "SecretKey(…)"

    def __reduce__(self) -> str:
        raise TypeError("A key is never copied out of the process.")


def _summed(data: bytes) -> bytes:
    """With a check sum: a damaged entry could be another sound key."""
    return data + zlib.crc32(data).to_bytes(4)


def _unsummed(data: bytes) -> bytes:
    if len(data) < 5 or zlib.crc32(data[:-4]).to_bytes(4) != data[-4:]:
        raise ValueError("check sum")
    return data[:-4]


def _ed25519(seed: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed)


def _rsa(data: bytes) -> RSAPrivateKey:
    """From size, p, q and e. Raises ValueError where they are not an RSA key of a size we take."""
    size = int.from_bytes(data[:2])
    if not 128 <= size <= 512 or not 1 <= len(data) - 2 - 2 * size <= 32:
        raise ValueError("lengths")
    primes, exponent = data[2 : 2 + 2 * size], data[2 + 2 * size :]
    return rsa_from_primes(
        int.from_bytes(primes[:size]), int.from_bytes(primes[size:]), int.from_bytes(exponent)
    )


def rsa_from_primes(p: int, q: int, e: int) -> RSAPrivateKey:
    """The RSA key of these numbers. Raises ValueError where they can be none.

    Whether p and q are prime is not tried, which takes seconds at 8192 bits: a key proves itself by signing.
    """
    from cryptography.hazmat.primitives.asymmetric import rsa

    if p % 2 == 0 or q % 2 == 0 or p == q or min(p, q) < 1 << 512 or e < 3 or e % 2 == 0:
        raise ValueError("numbers")
    d = rsa.rsa_recover_private_exponent(e, p, q)
    public = rsa.RSAPublicNumbers(e, p * q)
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _dense(data: bytes) -> str:
    """94 digits instead of 64: RSA keys above 7,000 bits do not fit a Windows entry otherwise."""
    number, marks = int.from_bytes(b"\x01" + data), []
    while number:
        number, digit = divmod(number, _DIGITS)
        marks.append(chr(_FIRST + digit))
    return "".join(marks)


def _undense(text: str) -> bytes:
    if len(text) > MOST_CHARACTERS:
        raise ValueError("length")
    number = 0
    for mark in reversed(text):
        digit = ord(mark) - _FIRST
        if not 0 <= digit < _DIGITS:
            raise ValueError("character")
        number = number * _DIGITS + digit
    return number.to_bytes((number.bit_length() + 7) // 8)[1:]
