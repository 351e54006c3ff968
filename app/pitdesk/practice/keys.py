"""The practice account's key pair: made on the first start, kept in the state folder for its owner only.

Ed25519 by default, as the exchange's own page makes them since late 2026; RSA of 2048 bits on demand
(FACTS §2). The private key is written as the exchange hands it out: PKCS#8 for Ed25519, PKCS#1 for RSA.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

if TYPE_CHECKING:
    from pathlib import Path

PublicKey = ed25519.Ed25519PublicKey | rsa.RSAPublicKey
_PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
_LEAST_BITS = 2048
_NAMES = {False: "practice-key", True: "practice-key-rsa"}


class KeyFault(Exception):
    """The stored key cannot be used. Its text is a plain sentence."""


@dataclass(frozen=True, slots=True)
class PracticeKey:
    """What a client needs: the id, and where the private key lies. ``public`` verifies."""

    key_id: str
    private_key_file: Path
    public: PublicKey


def load_or_make(folder: Path, *, use_rsa: bool = False) -> PracticeKey:
    """The key pair in ``folder``, made if there is none. Raises :class:`KeyFault` on a damaged file."""
    pem_file = folder / f"{_NAMES[use_rsa]}.pem"
    id_file = folder / f"{_NAMES[use_rsa]}.id"
    if not (pem_file.exists() and id_file.exists()):
        write_private(pem_file, _new_pem(use_rsa=use_rsa))
        write_private(id_file, f"{uuid.uuid4()}\n".encode())
    return PracticeKey(id_file.read_text("ascii").strip(), pem_file, _read(pem_file).public_key())


def new_pair(*, use_rsa: bool) -> tuple[str, PublicKey]:
    """A private key as PEM text, and what verifies its signatures. RSA takes some tenths of a second."""
    pem = _new_pem(use_rsa=use_rsa)
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, _PrivateKey):  # pragma: no cover (we made it)
        raise KeyFault("The new key is of another kind.")
    return pem.decode(), private.public_key()


def public_pem(public: PublicKey) -> str:
    """A public key as text."""
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_from_pem(pem: bytes) -> PublicKey | None:
    """The RSA (2048 bits or more) or Ed25519 key in a public PEM; None where it is not one."""
    try:
        public = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if isinstance(public, rsa.RSAPublicKey):
        return public if public.key_size >= _LEAST_BITS else None
    return public if isinstance(public, ed25519.Ed25519PublicKey) else None


def _read(pem_file: Path) -> _PrivateKey:
    advice = "Delete it and start again to get a new key."
    try:
        key = load_pem_private_key(pem_file.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise KeyFault(f"{pem_file} does not hold a private key. {advice}") from None
    if not isinstance(key, _PrivateKey):
        raise KeyFault(f"{pem_file} holds a kind of key the exchange does not know. {advice}")
    return key


def _new_pem(*, use_rsa: bool) -> bytes:
    if use_rsa:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


def write_private(path: Path, data: bytes) -> None:
    """Readable by the owner from its first byte on, and whole or not there at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
