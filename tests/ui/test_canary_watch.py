"""The watch over the whole run finds what is planted, wherever and however, and lets the innocent pass."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
import base64, gzip, logging, os, socket, sqlite3, subprocess, sys, tempfile, zipfile
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pitdesk.kalshi.secret_key import SecretKey

KEY = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)

def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

def send(data):
    here, there = socket.socketpair()
    with here, there:
        here.sendall(data)
"""
LEAKS = """
SEED = KEY.private_bytes_raw()
PYTHON = [sys.executable, "-c"]

def test_a_file(tmp_path):
    (tmp_path / "notes.txt").write_text(f"x{SEED.hex()}")

def test_a_part_of_a_key_file(tmp_path):
    (tmp_path / "part.bin").write_bytes(b"abc" + pem(RSA)[900:1000])

def test_a_database(tmp_path):
    with sqlite3.connect(tmp_path / "journal.sqlite3") as journal:
        journal.execute("PRAGMA journal_mode=WAL")
        journal.execute("CREATE TABLE t (x)")
        journal.execute("INSERT INTO t VALUES (?)", (SecretKey(RSA).compact(),))
    journal.close()

def test_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.txt", f"{RSA.private_numbers().d}")

def test_a_rotated_log(tmp_path):
    (tmp_path / "pitdesk.log.1.gz").write_bytes(gzip.compress(pem(KEY)))

def test_a_cache():
    Path(os.environ["XDG_CACHE_HOME"], "cached.json").write_text(base64.urlsafe_b64encode(SEED).decode())

def test_a_temporary_file():
    tempfile.NamedTemporaryFile("wb", suffix=".tmp", delete=False).write(SEED)

def test_a_crash_beside_the_code():
    Path("core").write_bytes(os.urandom(999) + SEED[::-1] + os.urandom(999))

def test_a_log():
    logging.getLogger("urllib3").debug("sent %r", SEED.hex(":"))

def test_the_output():
    print(repr(SEED))

def test_asked_output(capsys):
    print(SEED.hex().upper())
    capsys.readouterr()

def test_an_argument():
    subprocess.run([*PYTHON, "", SEED.hex()])

def test_an_environment():
    subprocess.run([*PYTHON, ""], env={**os.environ, "KEY": SEED.hex()})

def test_a_child_s_output():
    subprocess.run([*PYTHON, "import sys; print(sys.stdin.read())"], input=SEED.hex(), text=True, stdout=-1)

def test_a_child_s_line():
    child = subprocess.Popen([*PYTHON, "print(input())"], stdin=-1, stdout=-1)
    child.stdin.write(base64.b64encode(SEED) + b"\\n")
    child.stdin.close()
    with child, child.stdout:
        child.stdout.readline()

def test_the_wire():
    send(b"GET / HTTP/1.1\\r\\nX-Debug: " + base64.b64encode(SEED) + b"\\r\\n\\r\\n")

def test_a_signature_in_a_body():
    send(b"POST / HTTP/1.1\\r\\n\\r\\n" + base64.b64encode(SecretKey(KEY).sign(b"text")))

def test_a_signature_in_a_file(tmp_path):
    (tmp_path / "signed.txt").write_bytes(base64.b64encode(SecretKey(RSA).sign(b"text")))

def test_the_clipboard(qapp):
    qapp.clipboard().setText(SEED.hex())

def test_a_child_s_own_key(tmp_path):
    code = '''
import sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
pem = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
Path(sys.argv[1], "practice-key.pem").write_bytes(pem)
Path(sys.argv[1], "practice.log").write_bytes(pem[40:90])
'''
    subprocess.run([*PYTHON, code, str(tmp_path)], check=True)

def test_a_key_file_with_more_in_it(tmp_path):
    (tmp_path / "practice-key.pem").write_bytes(pem(KEY) + pem(RSA))
"""
LEAKING = {
    "a_file": "notes.txt: the key of before the tests, seed, as hex",
    "a_part_of_a_key_file": "part.bin: the key of before the tests, ",
    "a_database": "journal.sqlite3: the key of before the tests, p, as base64",
    "an_archive": "bundle.zip: the key of before the tests, d, as digits",
    "a_rotated_log": "pitdesk.log.1.gz: the key of before the tests, seed, as base64",
    "a_cache": "cached.json: the key of before the tests, seed, as base64",
    "a_temporary_file": ".tmp: the key of before the tests, seed, as raw",
    "a_crash_beside_the_code": "core: the key of before the tests, seed, as raw, last byte first",
    "a_log": "log, in tests/test_cases.py::test_a_log: the key",
    "the_output": "output, in tests/test_cases.py::test_the_output: the key",
    "asked_output": "output, in tests/test_cases.py::test_asked_output: the key",
    "an_argument": "argument list, in tests/test_cases.py::test_an_argument: the key",
    "an_environment": "environment, in tests/test_cases.py::test_an_environment: the key",
    "a_child_s_output": "output of a child, in tests/test_cases.py::test_a_child_s_output: the key",
    "a_child_s_line": "output of a child, in tests/test_cases.py::test_a_child_s_line: the key",
    "the_wire": "sent, in tests/test_cases.py::test_the_wire: the key",
    "a_signature_in_a_body": "sent, in tests/test_cases.py::test_a_signature_in_a_body: a signature",
    "a_signature_in_a_file": "signed.txt: a signature",
    "the_clipboard": "clipboard, in tests/test_cases.py::test_the_clipboard: the key",
    "a_child_s_own_key": "practice.log: the key of practice-key.pem, seed, as base64",
    "a_key_file_with_more_in_it": "practice-key.pem: the key of before the tests, seed, as base64",
}
INNOCENT = """
def test_what_a_person_may_see(tmp_path, capsys, qapp):
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "notes.txt").write_bytes(public + os.urandom(100_000) + bytes(100_000))
    (tmp_path / "almost.gz").write_bytes(b"\\x1f\\x8b" + os.urandom(1_000))
    (tmp_path / "almost.zip").write_bytes(b"PK\\x03\\x04" + os.urandom(1_000) + b"PK\\x05\\x06" + bytes(18))
    (tmp_path / "private").mkdir(mode=0)
    logging.getLogger("urllib3").debug("signed with %r", SecretKey(KEY))
    print(public, os.urandom(1000).hex())
    capsys.readouterr()
    qapp.clipboard().setText(public.decode())
    subprocess.run([sys.executable, "-c", "", public.decode()])

def test_a_signature_in_its_header():
    signature = base64.b64encode(SecretKey(RSA).sign(b"text"))
    send(b"GET / HTTP/1.1\\r\\nKALSHI-ACCESS-SIGNATURE: " + signature + b"\\r\\n\\r\\n")

def test_the_practice_exchange_s_own_key_file(tmp_path):
    (tmp_path / "practice-key.pem").write_bytes(pem(KEY))
"""


def run(root: Path, cases: str) -> "subprocess.CompletedProcess[str]":
    """A run of its own, with the watch that this one has."""
    (root / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", root)
    for name in ("conftest", "canary", "canary_ears", "canary_places", "canary_watch"):
        shutil.copy(ROOT / "tests" / f"{name}.py", root / "tests")
    (root / "tests" / "test_cases.py").write_text(HEAD + cases, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT / "app")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    shutil.rmtree(root / "tests")
    (root / "core").unlink(missing_ok=True)
    return done


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> "subprocess.CompletedProcess[str]":
    """The run with all the leaks."""
    return run(tmp_path_factory.mktemp("leaking"), LEAKS)


def test_a_leak_fails_a_run_whose_tests_passed(leaking: "subprocess.CompletedProcess[str]") -> None:
    assert leaking.returncode == 1, leaking.stdout + leaking.stderr
    assert "Secrets were found where they must not be" in leaking.stdout
    assert re.match(rf"{len(LEAKING)} passed, 1 error in ", leaking.stdout.splitlines()[-1]), leaking.stdout


@pytest.mark.parametrize("name", LEAKING)
def test_each_leak_is_found_and_named(name: str, leaking: "subprocess.CompletedProcess[str]") -> None:
    assert f"def test_{name}(" in LEAKS
    assert LEAKING[name] in leaking.stdout


def test_nothing_else_is_found(leaking: "subprocess.CompletedProcess[str]") -> None:
    told = leaking.stdout.partition("must not be:\n")[2].partition("\ncanary:")[0].splitlines()
    places = tuple(wanted.partition(": ")[0] for wanted in LEAKING.values())
    assert told
    assert not [line for line in told if not line.partition(": ")[0].endswith(places)]


def test_the_innocent_pass_and_pytest_has_the_last_word(tmp_path: Path) -> None:
    done = run(tmp_path, INNOCENT)
    assert done.returncode == 0, done.stdout + done.stderr
    *_, searched, closing = done.stdout.splitlines()
    assert re.fullmatch(r"canary: 2 keys and 1 signatures sought in .*: 0 found", searched)
    assert re.match(r"3 passed in ", closing)
