"""A known key is led through all that can go wrong; then it is looked for wherever it could have gone."""

import base64
import hashlib
import itertools
import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from pitdesk.kalshi.secret_key import SecretKey
from tests.canary import Canary
from tests.end_to_end.canary_program import RAISED
from tests.unit.kalshi.ground import RawServer, http_reply

ROOT = Path(__file__).resolve().parents[2]
KEY_ID = "c0ffee00-8a9e-4a57-9a3e-2f0a52a4d1c1"
REFUSAL = b'{"error":{"code":"authentication_error","message":"no","details":"INCORRECT_API_KEY_SIGNATURE"}}'
SEED = hashlib.sha256(b"a canary").digest()


def new_key(kind: str) -> Any:
    if kind == "RSA":
        return rsa.generate_private_key(65537, 2048)
    return ed25519.Ed25519PrivateKey.from_private_bytes(SEED)


def canary_of(key: Any, pem: str) -> Canary:
    canary = Canary()
    canary.add_text("key file", pem)
    canary.add_text("stored form", SecretKey(key).compact())
    canary.add_key("", key)
    return canary


@pytest.fixture
def exchange() -> Iterator[RawServer]:
    """It refuses every key, hangs, redirects, and cuts answers short."""
    server = RawServer()

    def answer(connection: socket.socket) -> None:
        target = server.asked.split(b" ")[1]
        if b"/hang" in target:
            return
        if b"/garbage" in target:
            connection.sendall(b"SSH-2.0\r\n")
        elif b"/redirect" in target:
            connection.sendall(http_reply("307 Temporary", b"", "Location: http://evil.example/"))
        elif b"/cut" in target:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
            connection.shutdown(socket.SHUT_RDWR)
        else:
            connection.sendall(http_reply("401 Unauthorized", REFUSAL))

    server.answer = answer
    yield server
    server.close()


class Life:
    """One run of the program with the canary: what it wrote, said and showed of itself."""

    def __init__(self, folder: Path, exchange: RawServer, pem: str, passphrase: str, *words: str) -> None:
        self.folder = folder
        (folder / "tmp").mkdir()
        given = {"folder": str(folder), "pem": pem, "passphrase": passphrase, "key_id": KEY_ID}
        address = f"http://127.0.0.1:{exchange.port}"
        with (folder / "stderr.txt").open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-X", "dev", "-m", "tests.end_to_end.canary_program", *words],
                cwd=folder,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        assert process.stdin is not None
        assert process.stdout is not None
        with process, process.stdin, process.stdout:
            process.stdin.write(json.dumps({**given, "address": address}).encode() + b"\n")
            process.stdin.flush()
            self.said = process.stdout.readline()
            self.shown = self._shown(process.pid)
            process.stdin.close()
            self.said += process.stdout.read()
        self.code = process.wait(60)
        self.sent = list(exchange.requests)

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        path = os.pathsep.join([str(ROOT / "app"), str(ROOT)])
        home = {"HOME": str(self.folder), "TMPDIR": str(self.folder / "tmp"), "PYTHONPATH": path}
        return {
            **kept,
            **home,
            "SSLKEYLOGFILE": str(self.folder / "tls.keys"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _shown(self, pid: int) -> bytes:
        """What any neighbor may ask the system about the process."""
        if not sys.platform.startswith("linux"):
            return b""
        return b"".join(
            Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ", "comm", "maps")
        )


@pytest.mark.parametrize("kind", ["Ed25519", "RSA"])
@pytest.mark.parametrize("passphrase", ["", "correct horse battery"])
def test_a_key_is_nowhere_after_all_that_can_go_wrong(
    kind: str, passphrase: str, tmp_path: Path, exchange: RawServer
) -> None:
    key = new_key(kind)
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()
    canary = canary_of(key, pem)
    if passphrase:
        canary.add("passphrase", passphrase.encode())
    life = Life(tmp_path, exchange, pem, passphrase)
    errors = (tmp_path / "stderr.txt").read_text()
    assert life.said == b"ready\n", errors
    assert life.code < 0, "it ended by its own signal"
    signatures = signatures_in(life.sent)
    assert len(signatures) > 5
    for signature in signatures:
        canary.add("signature", base64.b64decode(signature))
    assert canary.found_under(tmp_path) == []
    assert canary.found_in(life.said + life.shown) == []
    assert not (tmp_path / "tls.keys").exists()
    log = (tmp_path / "logs" / "pitdesk.log").read_text()
    assert KEY_ID not in log
    for heard in (
        *("import failed", "check: CheckFailed", "stream failed", "not signed", "vault: VaultFault"),
        *("carried {", "not sent with {", "failing failed", "spilled with", "thread failed", "urllib3"),
        "[removed]",
    ):
        assert heard in log, f"it was not led through: {heard}"
    for kind, way in itertools.product(RAISED, ("sending", "asking", "streaming")):
        assert f"{kind.__name__} while {way}" in log
    for request in life.sent:
        head, _, body = request.partition(b"\r\n\r\n")
        unsigned = b"\r\n".join(line for line in head.split(b"\r\n") if b"signature:" not in line.lower())
        assert canary.found_in(unsigned + body) == [], "a signature stands in its header alone"


def signatures_in(requests: list[bytes]) -> set[str]:
    lines = [line.decode() for request in requests for line in request.split(b"\r\n")]
    return {line.partition(": ")[2] for line in lines if line.lower().startswith("kalshi-access-signature")}


def test_the_search_finds_a_leak_of_the_program(tmp_path: Path, exchange: RawServer) -> None:
    key = new_key("RSA")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    life = Life(tmp_path, exchange, pem, "", "--leak")
    assert life.said == b"ready\n"
    found = canary_of(key, pem).found_under(tmp_path)
    assert found
    assert {line.partition(":")[0] for line in found} == {"plain.log"}


FORMS = {
    "raw": lambda secret: secret,
    "hex": lambda secret: secret.hex().encode(),
    "upper hex": lambda secret: secret.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64 from the second byte": lambda secret: base64.b64encode(secret[1:]),
    "base64 from the third byte": lambda secret: base64.b64encode(secret[2:]),
    "base64 for addresses": base64.urlsafe_b64encode,
    "digits": lambda secret: str(int.from_bytes(secret)).encode(),
    "hex with colons": lambda secret: secret.hex(":").encode(),
    "as a memory holds a number": lambda secret: secret[::-1],
    "as Python shows bytes": lambda secret: repr(secret).encode(),
    "UTF-16": lambda secret: secret.hex().encode().decode().encode("utf-16-le"),
    "a part": lambda secret: secret[9:25],
}


@pytest.mark.parametrize("form", FORMS)
def test_the_search_finds_every_form(form: str, tmp_path: Path) -> None:
    canary = Canary()
    canary.add("secret", SEED)
    (tmp_path / "sound.bin").write_bytes(os.urandom(100_000) + SEED[:7])
    assert canary.found_under(tmp_path) == []
    (tmp_path / "leaking.bin").write_bytes(os.urandom(1_000) + FORMS[form](SEED) + os.urandom(1_000))
    assert canary.found_under(tmp_path) == ["leaking.bin: secret"]


@pytest.mark.parametrize("kind", ["Ed25519", "RSA"])
@pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8])
@pytest.mark.parametrize("skipped", [0, 1, 2])
def test_the_search_knows_a_key_by_any_file_of_it(kind: str, form: PrivateFormat, skipped: int) -> None:
    key, other = new_key(kind), rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8 if kind == "Ed25519" else form, NoEncryption())
    canary = Canary()
    canary.add_key("the key", key)
    body = b"".join(pem.split(b"\n")[1:-2])
    assert canary.found_in(pem)
    assert canary.found_in(bytes(skipped) + base64.b64decode(body))
    assert canary.found_in(b"x" * skipped + body)
    assert canary.found_in(other.private_bytes(Encoding.PEM, form, NoEncryption())) == []
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert canary.found_in(public) == [], "the public half is no secret"


def test_without_hardening_a_crash_would_have_told(tmp_path: Path) -> None:
    """A core dump of an unhardened process shows the secret: so the search would see one of ours."""
    pattern = Path("/proc/sys/kernel/core_pattern")
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if not pattern.exists() or pattern.read_text().strip() not in ("core", "core.%p") or hard == 0:
        pytest.skip("this system does not write core dumps beside the program")
    code = (
        f"import hashlib, os, resource; resource.setrlimit(resource.RLIMIT_CORE, ({hard}, {hard}));"
        "held = [hashlib.sha256(b'a canary').digest() + b'x']; os.abort()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    canary = Canary()
    canary.add("secret", SEED)
    assert canary.found_under(tmp_path)
    for core in tmp_path.glob("core*"):
        core.unlink()
