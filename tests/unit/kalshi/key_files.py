"""Key files good and bad, made anew for each run: what a person may choose, drop or paste."""

import base64
import functools
import json
import math
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

PASSPHRASE = "korrekt pferd ünïcode"
PKCS1, PKCS8, OPENSSH = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8, PrivateFormat.OpenSSH


@dataclass(frozen=True)
class Sample:
    """A file's bytes, or text as pasted. ``says``: a part of the sentence where it is refused."""

    name: str
    data: bytes | str
    says: str = ""
    kind: str = ""
    passphrase: str = ""


def pem(key: object, form: PrivateFormat = PKCS8, passphrase: str = "") -> bytes:
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, form, lock)  # type: ignore[attr-defined, no-any-return]


@functools.cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@functools.cache
def rsa_8192() -> rsa.RSAPrivateKey:
    """Of two primes that everybody knows, since finding new ones of this size takes half a minute.

    They are the 4096-bit primes of RFC 3526 (from the digits of pi) and RFC 7919 (from those of e).
    """
    p = (1 << 4096) - (1 << 4032) - 1 + ((_pi(3966) + 240_904) << 64)
    q = (1 << 4096) - (1 << 4032) - 1 + ((_e(3966) + 5_736_041) << 64)
    d = pow(65537, -1, math.lcm(p - 1, q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(65537, p * q)
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _pi(bits: int) -> int:
    """floor(2^bits pi), after Machin."""
    one = 1 << (bits + 64)

    def arctan_of_one_by(n: int) -> int:
        total = term = one // n
        odd, sign = 1, -1
        while term:
            term //= n * n
            odd += 2
            total += sign * (term // odd)
            sign = -sign
        return total

    return (4 * (4 * arctan_of_one_by(5) - arctan_of_one_by(239))) >> 64


def _e(bits: int) -> int:
    """floor(2^bits e)."""
    term = 1 << (bits + 64)
    total, n = 0, 0
    while term:
        total += term
        n += 1
        term //= n
    return total >> 64


def slow_lock(rounds: int) -> bytes:
    """A locked PKCS#8 file that asks for so many rounds before it opens."""

    def tlv(tag: int, *parts: bytes) -> bytes:
        body = b"".join(parts)
        size = len(body).to_bytes(2)
        return bytes([tag, 0x82]) + size + body

    number = rounds.to_bytes((rounds.bit_length() + 8) // 8)
    sha256 = tlv(0x30, tlv(0x06, bytes.fromhex("2a864886f70d0209")), tlv(0x05))
    rounds_of = tlv(0x30, tlv(0x04, os.urandom(16)), tlv(0x02, number), sha256)
    kdf = tlv(0x30, tlv(0x06, bytes.fromhex("2a864886f70d01050c")), rounds_of)
    cipher = tlv(0x30, tlv(0x06, bytes.fromhex("60864801650304012a")), tlv(0x04, os.urandom(16)))
    scheme = tlv(0x30, tlv(0x06, bytes.fromhex("2a864886f70d01050d")), tlv(0x30, kdf, cipher))
    data = base64.encodebytes(tlv(0x30, scheme, tlv(0x04, os.urandom(64))))
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + data + b"-----END ENCRYPTED PRIVATE KEY-----\n"


@functools.cache
def good() -> tuple[Sample, ...]:
    """Files and pastes that hold one key, however they came to look so."""
    small, ed = rsa_key(2048), ed25519.Ed25519PrivateKey.generate()
    one, eight, edwards = pem(small, PKCS1), pem(small), pem(ed)
    text = one.decode()
    lines = text.strip().split("\n")
    locked = pem(small, PKCS8, PASSPHRASE)
    old_locked = pem(small, PKCS1, PASSPHRASE)
    rsa_2048 = functools.partial(Sample, kind="RSA 2048")
    return (
        rsa_2048("PKCS#1", one),
        rsa_2048("PKCS#8", eight),
        rsa_2048("PKCS#8 locked", locked, passphrase=PASSPHRASE),
        rsa_2048("PKCS#1 locked the old way", old_locked, passphrase=PASSPHRASE),
        rsa_2048("a passphrase nobody needs", eight, passphrase="whatever"),
        Sample("RSA 3072", pem(rsa_key(3072), PKCS1), kind="RSA 3072"),
        Sample("RSA 4096", pem(rsa_key(4096)), kind="RSA 4096"),
        Sample("RSA 8192", pem(rsa_8192()), kind="RSA 8192"),
        Sample("RSA 8192 locked", pem(rsa_8192(), PKCS8, "x"), kind="RSA 8192", passphrase="x"),
        Sample("Ed25519", edwards, kind="Ed25519"),
        Sample("Ed25519 locked", pem(ed, PKCS8, PASSPHRASE), kind="Ed25519", passphrase=PASSPHRASE),
        rsa_2048("Windows line ends", one.replace(b"\n", b"\r\n")),
        rsa_2048("old Mac line ends", one.replace(b"\n", b"\r")),
        rsa_2048("mixed line ends", "\r\n".join(lines[:5]) + "\n" + "\r".join(lines[5:])),
        rsa_2048("lines of Unicode", text.replace("\n", "\u2028")),
        rsa_2048("no line end at the end", one.strip()),
        rsa_2048("pasted into one line", text.replace("\n", " ")),
        rsa_2048("no line ends at all", text.replace("\n", "")),
        rsa_2048(
            "locked, pasted into one line", old_locked.decode().replace("\n", " "), passphrase=PASSPHRASE
        ),
        rsa_2048("empty lines between", text.replace("\n", "\n\n")),
        rsa_2048("indented", "\n".join(f"    {line}\t" for line in lines)),
        rsa_2048("quoted mail", "\n".join(f"> {line}" for line in lines)),
        rsa_2048("text around it", f"My key, do not lose!\n\n{text}\nSent from my phone -- \n--- end ---"),
        rsa_2048("a BOM", b"\xef\xbb\xbf" + one),
        rsa_2048("UTF-16 with a BOM", text.encode("utf-16")),
        rsa_2048("UTF-16 without", text.encode("utf-16-le")),
        rsa_2048("in a JSON text", json.dumps({"key": text, "id": 7})),
        rsa_2048("in a shell's quotes", f"export KEY='{text}'"),
        rsa_2048("zero-width spaces", text.replace("\n", "\u200b\n")),
        rsa_2048("no-break spaces", text.replace("\n", "\u00a0\n")),
        rsa_2048("dashes made pretty", text.replace("-----", "———")),
        rsa_2048("Latin-1 around it", "clé privée\n".encode("latin-1") + one),
        rsa_2048("with its certificate", one + _certificate_like()),
        rsa_2048("with its public half", eight + _public(small)),
        rsa_2048("twice the same", one + b"\n" + one),
        rsa_2048("wide lines", _rewrapped(one, 200)),
        rsa_2048("narrow lines", _rewrapped(one, 7)),
    )


def _rewrapped(data: bytes, width: int) -> bytes:
    first, *body, last = data.decode().strip().split("\n")
    text = "".join(body)
    return "\n".join([first, *(text[at : at + width] for at in range(0, len(text), width)), last]).encode()


def _public(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _certificate_like() -> bytes:
    return b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


@functools.cache
def bad() -> tuple[Sample, ...]:
    """What is refused, each with a part of the sentence that names it."""
    small, other = rsa_key(2048), ed25519.Ed25519PrivateKey.generate()
    one, eight = pem(small, PKCS1), pem(small)
    locked, old_locked = pem(small, PKCS8, PASSPHRASE), pem(small, PKCS1, PASSPHRASE)
    ssh = small.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    der = small.private_bytes(Encoding.DER, PKCS8, NoEncryption())
    body = "".join(eight.decode().strip().split("\n")[1:-1])
    changed = body[:820] + ("A" if body[820] != "A" else "B") + body[821:]  # in the first prime
    return (
        Sample("empty", b"", "empty"),
        Sample("spaces", "  \n\t ", "empty"),
        Sample("prose", "hello, here is my key", "no private key"),
        Sample("a key id", "0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1", "key ID"),
        Sample("a public key", _public(small), "public key"),
        Sample(
            "a public key, PKCS#1",
            small.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1),
            "public",
        ),
        Sample("a public SSH key", ssh, "public SSH key"),
        Sample("a certificate", _certificate_like(), "certificate"),
        Sample("a request", _certificate_like().replace(b"CERTIFICATE", b"CERTIFICATE REQUEST"), "request"),
        Sample("OpenSSH", pem(other, OPENSSH), "OpenSSH"),
        Sample("OpenSSH with RSA", pem(small, OPENSSH), "OpenSSH"),
        Sample("PuTTY", b"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", "PuTTY"),
        Sample(
            "PGP", b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nx\n-----END PGP PRIVATE KEY BLOCK-----", "PGP"
        ),
        Sample("EC", pem(ec.generate_private_key(ec.SECP256R1()), PKCS1), "elliptic curve"),
        Sample("EC in PKCS#8", pem(ec.generate_private_key(ec.SECP384R1())), "elliptic curve"),
        Sample("DSA", pem(_dsa()), "DSA"),
        Sample("DSA, the old way", pem(_dsa(), PKCS1), "DSA"),
        Sample("X25519", pem(x25519.X25519PrivateKey.generate()), "another kind"),
        Sample("Ed448", pem(ed448.Ed448PrivateKey.generate()), "another kind"),
        Sample("RSA 1024", pem(rsa_key(1024), PKCS1), "shorter than 2048"),
        Sample("RSA 2040", pem(rsa_key(2040)), "shorter than 2048"),
        Sample("too long", _wrapped("A" * 12_000), "longer than 8192"),
        Sample("locked, nothing typed", locked, "Type its passphrase"),
        Sample("locked, wrong passphrase", locked, "passphrase is wrong", passphrase="guess"),
        Sample("locked the old way, nothing typed", old_locked, "Type its passphrase"),
        Sample("locked the old way, wrong", old_locked, "passphrase is wrong", passphrase="guess"),
        Sample("an endless passphrase", locked, "too long", passphrase="x" * 5_000),
        Sample("half a character typed", locked, "too long", passphrase="\ud800"),
        Sample("a lock of a billion rounds", slow_lock(1_000_000_000), "takes too long", passphrase="x"),
        Sample("a lock cut short", old_locked.replace(_iv(old_locked), b"AB"), "old way", passphrase="x"),
        Sample("an unknown lock", old_locked.replace(b"AES-256-CBC", b"ROT-13"), "old way", passphrase="x"),
        Sample("cut in the middle", one[:900], "cut off"),
        Sample("the last line missing", b"\n".join(one.strip().split(b"\n")[:-1]), "cut off"),
        Sample("the first line missing", b"\n".join(one.split(b"\n")[1:]), "no private key"),
        Sample("the inside alone", body, "first and last line"),
        Sample("lines missing inside", b"\n".join(one.split(b"\n")[:5] + one.split(b"\n")[9:]), "damaged"),
        Sample("a letter changed", _wrapped(changed), "damaged"),
        Sample("nothing inside", _wrapped(""), "nothing between"),
        Sample("no base64 inside", _wrapped("not ! base64 ? at all"), "no key has"),
        Sample("nonsense inside", _wrapped(base64.b64encode(os.urandom(900)).decode()), "damaged"),
        Sample("two keys", one + pem(other), "more than one"),
        Sample("a web page", b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        Sample("a web page without more", "<html><head></head></html>", "web page"),
        Sample("huge", b"x" * 70_000, "too large"),
        Sample("huge, with a key at its end", b"x" * 70_000 + one, "too large"),
        Sample("DER", der, "binary form"),
        Sample("ZIP", b"PK\x03\x04" + os.urandom(100), "ZIP"),
        Sample("PDF", b"%PDF-1.7\n" + os.urandom(100), "PDF"),
        Sample("a picture", b"\x89PNG\r\n\x1a\n" + os.urandom(100), "picture"),
        Sample("a Java key store", b"\xfe\xed\xfe\xed" + os.urandom(100), "Java"),
        Sample("chance", os.urandom(3_000), ""),
    )


def _iv(data: bytes) -> bytes:
    """The initial value that a key locked the old way names."""
    return data.split(b"CBC,")[1].split(b"\n")[0]


def _wrapped(body: str) -> bytes:
    return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n".encode()


@functools.cache
def _dsa() -> dsa.DSAPrivateKey:
    return dsa.generate_private_key(1024)
