"""The one private key in a text or in the bytes of a file, as plain PEM; what is there instead is named.

Knows the look of keys only; reading one is :mod:`pitdesk.kalshi.key_import`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pitdesk.kalshi.secret_key import SecretKeyError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 64 * 1024
_MOST_BODY = 7_200  # base64 of an RSA key of 8192 bits, locked, with room to spare
WANTED = "Use the private key file that the exchange gave when the API key was made."
TOO_LONG = "This key is longer than 8192 bits. RSA keys of 2048 to 8192 bits work."
_BOUNDARY = re.compile(r"-{3,6}[ \t]{0,3}(BEGIN|END) ([A-Z0-9 ]{1,40})[ \t]{0,3}-{3,6}")
_HEADERS = re.compile(r"Proc-Type: ?4,ENCRYPTED|DEK-Info: ?[A-Z0-9-]{1,40},[0-9A-Fa-f]{1,64}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f"), None)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
WRONG_LABELS = {
    "OPENSSH PRIVATE KEY": "This is a key in OpenSSH's own format. The exchange's keys are PEM files",
    "EC PRIVATE KEY": "This is an elliptic curve key (EC). The exchange's keys are RSA or Ed25519",
    "EC PARAMETERS": "This is an elliptic curve key (EC). The exchange's keys are RSA or Ed25519",
    "DSA PRIVATE KEY": "This is a DSA key. The exchange's keys are RSA or Ed25519",
    "PGP PRIVATE KEY BLOCK": "This is a PGP key. The exchange's keys are RSA or Ed25519",
    "CERTIFICATE": "This is a certificate, not a private key",
    "TRUSTED CERTIFICATE": "This is a certificate, not a private key",
    "CERTIFICATE REQUEST": "This is a request for a certificate, not a private key",
    "PUBLIC KEY": "This is a public key. The private key is needed",
    "RSA PUBLIC KEY": "This is a public key. The private key is needed",
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


def find_key(data: bytes | bytearray | str) -> bytes:
    """The PEM of the one private key in ``data``. Raises :class:`KeyImportError`."""
    label, body = _one_block(_as_text(data))
    return _as_pem(label, body)


def check_key_id(text: str) -> str:
    """The key id as the exchange writes it: a UUID, lower case. Raises :class:`KeyImportError`."""
    if len(text) > 10_000:
        raise KeyImportError("This is too long for a key ID.")
    plain = text.translate(_UNSEEN).translate(_DASHES).strip().strip("\"'").strip().lower()
    if not plain:
        raise KeyImportError("The key ID is missing. It is shown beside the key on Kalshi's API keys page.")
    if "private key" in plain:
        raise KeyImportError(
            "This is the private key. It belongs in the field below; this one takes the key ID."
        )
    if _UUID.fullmatch(plain) is None:
        raise KeyImportError(
            "This is not a key ID. One looks like a1b2c3d4-0000-4000-8000-a1b2c3d4e5f6: digits and "
            "letters from a to f in five groups."
        )
    return plain


def _as_text(data: bytes | bytearray | str) -> str:
    if len(data) > MOST_BYTES:
        raise KeyImportError(f"This is too large for a key: more than {MOST_BYTES // 1024} KB. {WANTED}")
    if not isinstance(data, str):
        _check_binary(bytes(data))
        data = _decoded(bytes(data))
    if not data.strip():
        raise KeyImportError(f"This is empty. {WANTED}")
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
            raise KeyImportError(f"This is {name}. {WANTED}")
    if data[:1] == b"\x30" and len(data) > 2 and data[1] & 0x80:
        raise KeyImportError(
            f"This is a key or certificate in binary form (DER or PKCS#12), not PEM. {WANTED}"
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
        if label in WRONG_LABELS:
            raise KeyImportError(f"{WRONG_LABELS[label]}. {WANTED}")
    if any(mark[1] == "BEGIN" and mark[2].strip() in _TAKEN_LABELS for mark in _BOUNDARY.finditer(text)):
        raise KeyImportError(
            "The private key is cut off: its last line, -----END … PRIVATE KEY-----, is missing."
        )
    raise KeyImportError(_named(text))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each label and what stands between its first and its last line."""
    opened: re.Match[str] | None = None
    for mark in _BOUNDARY.finditer(text):
        if mark[1] == "BEGIN":
            opened = mark
        elif opened is not None and opened[2].strip() == mark[2].strip():
            yield mark[2].strip(), text[opened.end() : mark.start()]
            opened = None


def _named(text: str) -> str:
    """What a text without any key in it seems to be."""
    start = text.lstrip()[:2_000].lower()
    if start.startswith(("<!doctype html", "<html", "<?xml", "<head", "<body")):
        return f"This is a web page, not a key: the download did not work or the page was saved. {WANTED}"
    if start.startswith(("ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2", "---- begin ssh2 public key")):
        return f"This is a public SSH key. {WANTED}"
    if start.startswith("putty-user-key-file"):
        return f"This is a PuTTY key. The exchange's keys are PEM files. {WANTED}"
    if _UUID.fullmatch(start.strip()):
        return "This is a key ID. It belongs in its own field; this one takes the private key."
    if re.fullmatch(r"[a-z0-9+/=\s]{200,}", start):
        return (
            "This looks like the inside of a key without its first and last line. Copy it whole, from "
            "-----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----."
        )
    return "There is no private key in this. A private key starts with a line -----BEGIN … PRIVATE KEY-----."


def _squeezed(body: str) -> str:
    return "".join(body.split())


def _as_pem(label: str, body: str) -> bytes:
    """The block written anew: from quoted, escaped or wide lines with any ends to the plain form."""
    body = body.replace("\\r", "").replace("\\n", "\n")  # as inside a JSON text
    headers = [found.strip() for found in _HEADERS.findall(body)]
    squeezed = "".join(part.strip("\"',;|>*\\") for part in _HEADERS.sub(" ", body).split())
    if not squeezed:
        raise KeyImportError("There is nothing between the first and the last line of the private key.")
    if len(squeezed) > _MOST_BODY:
        raise KeyImportError(TOO_LONG)
    if re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", squeezed) is None:
        raise KeyImportError("The private key is damaged: there are characters in it that no key has.")
    wrapped = [squeezed[at : at + 64] for at in range(0, len(squeezed), 64)]
    head = [*headers, ""] if headers else []
    return "\n".join([f"-----BEGIN {label}-----", *head, *wrapped, f"-----END {label}-----", ""]).encode()
