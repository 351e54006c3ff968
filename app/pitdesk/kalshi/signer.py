"""The private key, and the three headers it makes for each request (FACTS §2).

Nothing here prints, compares or hands out the key: a signer shows its key id only.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from pitdesk.clock import Clock
from pitdesk.kalshi.secret_key import SecretKey

if TYPE_CHECKING:
    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.secret_key import PrivateKey

_ROOT = "/trade-api/"
_CANCELS = "/trade-api/v2/portfolio/"


class SignerError(ValueError):
    """A key that cannot sign here. Its text is a plain sentence fit for the person, without key material."""


class Signer:
    """Signs requests with one API key: RSA-PSS with SHA-256, or Ed25519, as the key is.

    ``offset_ms`` is added to the machine's clock to make the exchange's: the transport keeps it right.
    Signing takes about a millisecond with RSA; do it off the user interface's thread where it matters.
    """

    def __init__(
        self,
        key_id: str,
        private_key: PrivateKey | SecretKey,
        clock: Clock | None = None,
        *,
        environment: Environment | None = None,
        read_only: bool = False,
    ) -> None:
        """Bound to the hosts of ``environment``, where one is given. ``read_only`` signs reads and cancels.

        Raises :class:`SignerError` where ``key_id`` could not stand in a header.
        """
        if not key_id or not key_id.isascii() or not key_id.isprintable() or " " in key_id:
            raise SignerError("The key ID is missing or has characters that no key ID has.")
        self.key_id = key_id
        self.offset_ms = 0
        self._key = private_key if isinstance(private_key, SecretKey) else SecretKey(private_key)
        self._hosts = environment.hosts if environment is not None else None
        self._read_only = read_only
        self._clock = clock or Clock()

    @property
    def is_read_only(self) -> bool:
        """Whether it signs reads and cancels alone."""
        return self._read_only

    @classmethod
    def from_pem(
        cls, key_id: str, pem: bytes, password: bytes | None = None, clock: Clock | None = None
    ) -> Signer:
        """A signer from the text of a key file (PKCS#1 or PKCS#8 PEM).

        Raises :class:`SignerError` saying what is wrong with it and what would be accepted.
        """
        from pitdesk.kalshi.key_import import KeyImportError, read_key

        try:
            key = read_key(pem, password.decode() if password else "")
        except KeyImportError as error:
            raise SignerError(str(error)) from None
        return cls(key_id, key, clock)

    def headers(self, method: str, path: str, host: str = "") -> dict[str, str]:
        """The three headers for ``method`` and ``path``, stamped with the exchange's time as we know it.

        ``path`` is from the root, as sent, percent-encoding included; a query after it is not signed.
        Raises :class:`SignerError` for a host or a path that this key does not sign for, and for a write
        that a read-only signer refuses.
        """
        self._check(method.upper(), path, host)
        stamp = str(self._clock.wall_ms() + self.offset_ms)
        message = f"{stamp}{method.upper()}{path.partition('?')[0]}".encode()
        return {
            "KALSHI-ACCESS-KEY": self.key_id,
            "KALSHI-ACCESS-TIMESTAMP": stamp,
            "KALSHI-ACCESS-SIGNATURE": base64.b64encode(self._key.sign(message)).decode(),
        }

    def _check(self, method: str, path: str, host: str) -> None:
        if self._hosts is not None and (host not in self._hosts or not path.startswith(_ROOT)):
            raise SignerError(f"This account's key does not sign for {host or 'an unnamed host'}.")
        is_cancel = method == "DELETE" and path.startswith(_CANCELS)
        if self._read_only and method != "GET" and not is_cancel:
            raise SignerError("This profile is read-only: only cancels are sent. Change that in Settings.")

    def __repr__(self) -> str:
        return f"Signer({self.key_id!r})"

    def __reduce__(self) -> str:
        raise TypeError("A signer is never copied out of the process.")
