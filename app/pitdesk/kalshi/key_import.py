"""From a file, a drop or a paste to a key: each wrong thing is named, and what would be accepted is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pitdesk.kalshi.secret_key import SecretKey, SecretKeyError

if TYPE_CHECKING:
    from collections.abc import Iterator


MOST_BYTES = 64 * 1024
_MOST_BODY = 16 * 1024
_LEAST_BITS, _MOST_BITS = 2_048, 8_192
_MOST_ROUNDS = 1_000_000
_WANTED = "Use the private key file that the exchange gave when the API key was made."
_BLOCK = re.compile(
    r"-{3,6}\s*BEGIN ([A-Z0-9 ]{1,40}?)\s*-{3,6}(.{0,65536}?)-{3,6}\s*END ([A-Z0-9 ]{1,40}?)\s*-{3,6}",
    re.DOTALL,
)
_OPENED = re.compile(r"-{3,6}\s*BEGIN ([A-Z0-9 ]{0,30}PRIVATE KEY)\s*-{3,6}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f"), None)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_WRONG_LABELS = {
    "OPENSSH PRIVATE KEY": "This is a key in OpenSSH's own format. The exchange's keys are PEM files",
    "EC PRIVATE KEY": "This is an elliptic curve key (EC). The exchange's keys are RSA or Ed25519",
    "EC PARAMETERS": "This is an elliptic curve key (EC). The exchange's keys are RSA or Ed25519",
    "DSA PRIVATE KEY": "This is a DSA key. The exchange's keys are RSA or Ed25519",
    "PGP PRIVATE KEY BLOCK": "This is a PGP key. The exchange's keys are RSA or Ed25519",
    "CERTIFICATE": "This is a certificate, not a private key",
    "TRUSTED CERTIFICATE": "This is a certificate, not a private key",
    "CERTIFICATE REQUEST": "This is a request for a certificate, not a private key",
    "PUBLIC KEY": "This is the public half of a key. The private half is needed",
    "RSA PUBLIC KEY": "This is the public half of a key. The private half is needed",
    "DH PARAMETERS": "This file holds parameters only, not a private key",
}
_TAKEN_LABELS = ("RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY")


class KeyImportError(SecretKeyError):
    """What is wrong with a key file or text, in a plain sentence, without any of its text.

    ``wants_passphrase``: it is locked, and the passphrase is missing or wrong.
    """

    def __init__(self, sentence: str, *, wants_passphrase: bool = False) -> None:
        super().__init__(sentence)
        self.wants_passphrase = wants_passphrase


def read_key(data: bytes | bytearray | str, passphrase: str = "") -> SecretKey:
    """The key in ``data``: PEM in PKCS#1 or PKCS#8, locked or not, RSA of 2048 to 8192 bits or Ed25519, with
    any text around it and any line ends. Raises :class:`KeyImportError`. Takes up to a second: use a thread.
    """
    text = _as_text(data)
    label, body = _one_block(text)
    key = _checked(_load(_as_pem(label, body), passphrase))
    try:
        key.prove()
    except SecretKeyError:
        raise KeyImportError("The key's two halves do not belong together: the file is damaged.") from None
    return key


def check_key_id(text: str) -> str:
    """The key id as the exchange writes it: a UUID, lower case. Raises :class:`KeyImportError`."""
    if len(text) > 10_000:
        raise KeyImportError("This is too long for a key id.")
    plain = text.translate(_UNSEEN).translate(_DASHES).strip().strip("\"'").strip().lower()
    if not plain:
        raise KeyImportError("The key id is missing. It stands beside the key on the exchange's API page.")
    if "private key" in plain:
        raise KeyImportError(
            "This is the private key. It belongs in the field below; here belongs the key id."
        )
    if _UUID.fullmatch(plain) is None:
        raise KeyImportError(
            "A key id looks like a1b2c3d4-0000-4000-8000-a1b2c3d4e5f6: 32 digits or letters a to f in five groups."
        )
    return plain


def _as_text(data: bytes | bytearray | str) -> str:
    if len(data) > MOST_BYTES:
        raise KeyImportError(f"This is too large for a key: more than {MOST_BYTES // 1024} KB. {_WANTED}")
    if not isinstance(data, str):
        _check_binary(bytes(data))
        data = _decoded(bytes(data))
    return data.translate(_UNSEEN).translate(_DASHES)


def _decoded(data: bytes) -> str:
    """Text in UTF-8, or in UTF-16 as some Windows editors save it. Foreign bytes around a key do no harm."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data[1:2] == b"\0" and data[:1].isascii():
        return data.decode("utf-16-le", "replace")
    return data.decode("utf-8", "replace")


def _check_binary(data: bytes) -> None:
    """Name the files that are not text at all."""
    if not data.strip():
        raise KeyImportError(f"This is empty. {_WANTED}")
    if b"BEGIN" in data.replace(b"\0", b""):
        return
    known = {
        b"PK\x03\x04": "a ZIP archive: unpack it first",
        b"%PDF": "a PDF document",
        b"\x89PNG": "a picture",
        b"\xff\xd8\xff": "a picture",
        b"\xfe\xed\xfe\xed": "a Java key store",
        b"PuTTY-User-Key-File": "a PuTTY key. The exchange's keys are PEM files",
    }
    for start, name in known.items():
        if data.startswith(start):
            raise KeyImportError(f"This is {name}. {_WANTED}")
    if data[:1] == b"\x30" and len(data) > 2 and data[1] & 0x80:
        raise KeyImportError(
            f"This is a key or certificate in binary form (DER or PKCS#12), not PEM. {_WANTED}"
        )


def _one_block(text: str) -> tuple[str, str]:
    """Label and body of the one private key. Raises :class:`KeyImportError` naming what is there instead."""
    blocks = list(_blocks(text))
    keys = [block for block in blocks if block[0] in _TAKEN_LABELS]
    if len({_squeezed(body) for _, body in keys}) > 1:
        raise KeyImportError("There is more than one private key in it. Use a file with one alone.")
    if keys:
        return keys[0]
    for label, _ in blocks:
        if label in _WRONG_LABELS:
            raise KeyImportError(f"{_WRONG_LABELS[label]}. {_WANTED}")
    if _OPENED.search(text):
        raise KeyImportError(
            "The private key is cut off: its last line, -----END … PRIVATE KEY-----, is missing."
        )
    raise KeyImportError(_named(text))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    # A key inside a JSON text or a quoted setting has its line ends written as backslash and n.
    for source in (text, text.replace("\\r", "").replace("\\n", "\n")):
        found = [(m[1].strip(), m[2]) for m in _BLOCK.finditer(source) if m[1].strip() == m[3].strip()]
        if found:
            yield from found
            if any(label in _TAKEN_LABELS and _is_whole(body) for label, body in found):
                return


def _is_whole(body: str) -> bool:
    return "\\" not in body


def _named(text: str) -> str:
    """What a text without any key in it seems to be."""
    start = text.lstrip()[:2_000].lower()
    if start.startswith(("<!doctype html", "<html", "<?xml", "<head", "<body")):
        return f"This is a web page, not a key: the download did not work or the page was saved. {_WANTED}"
    if start.startswith(("ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2", "---- begin ssh2 public key")):
        return f"This is the public half of an SSH key. {_WANTED}"
    if start.startswith("putty-user-key-file"):
        return f"This is a PuTTY key. The exchange's keys are PEM files. {_WANTED}"
    if _UUID.fullmatch(start.strip()):
        return "This is a key id. It belongs in its own field; here belongs the private key."
    if re.fullmatch(r"[a-z0-9+/=\s]{200,}", start):
        return (
            "This looks like the inside of a key without its first and last line. Copy it whole, from "
            "-----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----."
        )
    return "There is no private key in this. A private key starts with a line -----BEGIN … PRIVATE KEY-----."


def _squeezed(body: str) -> str:
    return "".join(body.split())


def _as_pem(label: str, body: str) -> bytes:
    """The block written anew: quoted lines, tabs, wide lines and any line ends become the plain form."""
    lines = [
        line.strip(" \t\"',+;|>*\u00a0\\") for line in re.split(r"[\r\n\u2028\u2029\x0b\x0c\x85]+", body)
    ]
    headers = [line for line in lines if re.fullmatch(r"(Proc-Type|DEK-Info): ?[\x20-\x7e]{1,100}", line)]
    squeezed = _squeezed("".join(line for line in lines if line not in headers))
    if not squeezed:
        raise KeyImportError("There is nothing between the first and the last line of the private key.")
    if len(squeezed) > _MOST_BODY or re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", squeezed) is None:
        raise KeyImportError("The private key is damaged: there are characters in it that no key has.")
    wrapped = [squeezed[at : at + 64] for at in range(0, len(squeezed), 64)]
    head = [*headers, ""] if headers else []
    return "\n".join([f"-----BEGIN {label}-----", *head, *wrapped, f"-----END {label}-----", ""]).encode()


def _load(pem: bytes, passphrase: str) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    is_locked = b"BEGIN ENCRYPTED" in pem or b"Proc-Type:" in pem
    if is_locked:
        _check_passphrase(pem, passphrase)
    try:
        return load_pem_private_key(pem, passphrase.encode() if is_locked else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _not_read(pem, str(error), is_locked=is_locked) from None


def _check_passphrase(pem: bytes, passphrase: str) -> None:
    if not passphrase:
        raise KeyImportError("This private key is locked. Type its passphrase.", wants_passphrase=True)
    if len(passphrase.encode("utf-8", "replace")) > 1_024 or not _is_plain(passphrase):
        raise KeyImportError("This cannot be the passphrase: it is too long.", wants_passphrase=True)
    if _rounds(pem) > _MOST_ROUNDS:
        raise KeyImportError("This private key is locked in a way that takes too long to open.")


def _is_plain(passphrase: str) -> bool:
    return not any("\ud800" <= mark <= "\udfff" for mark in passphrase)
