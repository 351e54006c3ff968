"""The private key, and the three headers it makes for each request (FACTS §2).

Nothing here prints, compares or hands out the key: a signer shows its key id only.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from pitdesk.clock import Clock

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    PrivateKey = RSAPrivateKey | Ed25519PrivateKey


class SignerError(ValueError):
    """A key that cannot sign here. Its text is a plain sentence fit for the person, without key material."""


class Signer:
    """Signs requests with one API key: RSA-PSS with SHA-256, or Ed25519, as the key is.

    ``offset_ms`` is added to the machine's clock to make the exchange's: the transport keeps it right.
    Signing takes about a millisecond with RSA; do it off the user interface's thread where it matters.
    """

    def __init__(self, key_id: str, private_key: PrivateKey, clock: Clock | None = None) -> None:
        """Raises :class:`SignerError` where ``key_id`` could not stand in a header."""
        if not key_id or not key_id.isascii() or not key_id.isprintable() or " " in key_id:
            raise SignerError("The key id is missing or has characters that no key id has.")
        self.key_id = key_id
        self.offset_ms = 0
        self._private_key = private_key
        self._clock = clock or Clock()

    @classmethod
    def from_pem(
        cls, key_id: str, pem: bytes, password: bytes | None = None, clock: Clock | None = None
    ) -> Signer:
        """A signer from the text of a key file (PKCS#1 or PKCS#8 PEM).

        Raises :class:`SignerError` saying what is wrong with it and what would be accepted.
        """
        return cls(key_id, _load(pem, password), clock)

    def headers(self, method: str, path: str) -> dict[str, str]:
        """The three headers for ``method`` and ``path``, stamped with the exchange's time as we know it.

        ``path`` is from the root, as sent, percent-encoding included; a query after it is not signed.
        """
        stamp = str(self._clock.wall_ms() + self.offset_ms)
        message = f"{stamp}{method.upper()}{path.partition('?')[0]}".encode()
        return {
            "KALSHI-ACCESS-KEY": self.key_id,
            "KALSHI-ACCESS-TIMESTAMP": stamp,
            "KALSHI-ACCESS-SIGNATURE": base64.b64encode(_sign(self._private_key, message)).decode(),
        }

    def __repr__(self) -> str:
        return f"Signer({self.key_id!r})"

    def __reduce__(self) -> str:
        raise TypeError("A signer is never copied out of the process.")


def _sign(private_key: PrivateKey, message: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if isinstance(private_key, Ed25519PrivateKey):
        return private_key.sign(message)
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)
    return private_key.sign(message, pss, hashes.SHA256())


def _load(pem: bytes, password: bytes | None) -> PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    _check_label(pem)
    try:
        private_key = load_pem_private_key(pem.strip() + b"\n", password)
    except TypeError:
        needed = "is locked with a password" if password is None else "has no password, but one was given"
        raise SignerError(f"The key file {needed}.") from None
    except (ValueError, UnsupportedAlgorithm):
        why = "its password is wrong or the file is damaged" if password else "the file is damaged or cut"
        raise SignerError(f"The private key could not be read: {why}.") from None
    if not isinstance(private_key, RSAPrivateKey | Ed25519PrivateKey):
        raise SignerError("This is another kind of key. Kalshi's are RSA or Ed25519.")
    if isinstance(private_key, RSAPrivateKey) and private_key.key_size < 2048:
        raise SignerError("This RSA key is shorter than 2048 bits, which is not safe.")
    return private_key


def _check_label(pem: bytes) -> None:
    """Name the commonest wrong files before a parser's words do."""
    if b"BEGIN OPENSSH PRIVATE KEY" in pem:
        raise SignerError("This is an OpenSSH key. Use the PEM file that Kalshi gave with the API key.")
    if b"PRIVATE KEY-----" not in pem:
        what = "a public key" if b"PUBLIC KEY-----" in pem else "not a private key"
        raise SignerError(f"This is {what}. A private key file starts with -----BEGIN … PRIVATE KEY-----.")
