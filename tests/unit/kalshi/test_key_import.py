"""Keys are read however they come, and every wrong thing is named, without a word of what was in it."""

import os
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pitdesk.kalshi.key_import import KeyImportError, check_key_id, read_key
from pitdesk.kalshi.secret_key import MOST_CHARACTERS, SecretKey, SecretKeyError
from tests.unit.kalshi import key_files
from tests.unit.kalshi.key_files import Sample

GOOD, BAD = key_files.good(), key_files.bad()
LONG_RUN = int(os.environ.get("PITDESK_FUZZ", "0"))
"""How many inputs the importer is given at least: 50,000 is the full run, without it a short one."""
SLOWEST_S = 1.0


def test_the_table_is_long_enough() -> None:
    assert len(GOOD) + len(BAD) >= 40


@pytest.mark.parametrize("sample", GOOD, ids=lambda sample: sample.name)
def test_a_good_key_is_read(sample: Sample) -> None:
    key = read_key(sample.data, sample.passphrase)
    assert key.kind == sample.kind
    assert SecretKey.from_compact(key.compact()).is_same(key)


@pytest.mark.parametrize("sample", BAD, ids=lambda sample: sample.name)
def test_a_wrong_thing_is_named(sample: Sample) -> None:
    with pytest.raises(KeyImportError) as caught:
        read_key(sample.data, sample.passphrase)
    sentence = str(caught.value)
    assert sample.says in sentence
    assert sentence.endswith(".")
    assert caught.value.__cause__ is None
    assert not shares_16_bytes(sample.data, sentence)


def shares_16_bytes(data: bytes | str, sentence: str) -> bool:
    text = data if isinstance(data, str) else data.decode("latin-1")
    return any(
        sentence[at : at + 16] in text
        for at in range(len(sentence) - 15)
        if "-" not in sentence[at : at + 16]
    )


@pytest.mark.parametrize(
    "name", ["locked, nothing typed", "locked, wrong passphrase", "locked the old way, wrong"]
)
def test_a_locked_key_asks_for_its_passphrase(name: str) -> None:
    sample = next(sample for sample in BAD if sample.name == name)
    with pytest.raises(KeyImportError) as caught:
        read_key(sample.data, sample.passphrase)
    assert caught.value.wants_passphrase


def test_all_forms_of_one_key_are_one_key() -> None:
    keys = [read_key(sample.data, sample.passphrase) for sample in GOOD if sample.kind == "RSA 2048"]
    assert len({key.fingerprint for key in keys}) == 1
    assert all(keys[0].is_same(key) for key in keys)


def test_the_compact_form_fits_the_smallest_entry_there_is() -> None:
    """1,280 characters of UTF-16 are what a Windows entry holds."""
    lengths = {sample.kind: len(read_key(sample.data, sample.passphrase).compact()) for sample in GOOD}
    assert set(lengths) == {"RSA 2048", "RSA 3072", "RSA 4096", "RSA 8192", "Ed25519"}
    assert max(lengths.values()) <= MOST_CHARACTERS
    assert lengths["RSA 2048"] < 370


@pytest.mark.parametrize("sample", [GOOD[0], GOOD[7], GOOD[9]], ids=lambda sample: sample.name)
def test_a_damaged_entry_is_no_key(sample: Sample) -> None:
    compact = read_key(sample.data).compact()
    chance = random.Random(7)
    for _ in range(60):
        at = chance.randrange(len(compact))
        harmed = compact[:at] + chance.choice("AZaz09+/!~ ") + compact[at + 1 :]
        if harmed != compact:
            with pytest.raises(SecretKeyError, match=r"\.$"):
                SecretKey.from_compact(harmed)
    for text in ("", "PK1r:", "PK1d:", "PK1e:", "PK1e:AAAA", compact[:-40], "x" * 2_000, "PK1d:" + "é" * 9):
        with pytest.raises(SecretKeyError):
            SecretKey.from_compact(text)


@pytest.mark.parametrize(
    "typed",
    [
        "0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1",
        "  0B5B7A3E-8A9E-4A57-9A3E-2F0A52A4D1C1\n",
        '"0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1"',
        "0b5b7a3e–8a9e–4a57–9a3e–2f0a52a4d1c1",
        "\u200b0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1",
    ],
)
def test_a_key_id_is_read(typed: str) -> None:
    assert check_key_id(typed) == "0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1"


@pytest.mark.parametrize(
    "typed,says",
    [
        ("", "missing"),
        ("  ", "missing"),
        ("my key", "not a key ID"),
        ("0b5b7a3e8a9e4a579a3e2f0a52a4d1c1", "not a key ID"),
        ("0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1cg", "not a key ID"),
        ("٠b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1", "not a key ID"),
        ("-----BEGIN RSA PRIVATE KEY-----", "private key"),
        ("x" * 20_000, "too long"),
    ],
)
def test_what_is_no_key_id_is_named(typed: str, says: str) -> None:
    with pytest.raises(KeyImportError, match=says):
        check_key_id(typed)


def give(data: bytes | str, passphrase: str = "") -> None:
    """Either a key or a sentence, and within a second of work."""
    start = time.thread_time()
    try:
        key = read_key(data, passphrase)
    except KeyImportError as error:
        said = str(error)
    else:
        said = f"{key.kind}."
    assert said.endswith(".")
    assert time.thread_time() - start < SLOWEST_S


@settings(max_examples=max(300, LONG_RUN // 5), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.one_of(st.binary(max_size=5_000), st.text(max_size=3_000)), passphrase=st.text(max_size=40))
def test_anything_is_answered(data: bytes | str, passphrase: str) -> None:
    give(data, passphrase)


PIECES = st.sampled_from(
    [
        *("-----BEGIN ", "-----END ", "RSA ", "EC ", "ENCRYPTED ", "PRIVATE KEY-----", "PUBLIC KEY-----"),
        *("Proc-Type: 4,ENCRYPTED\n", "DEK-Info: AES-256-CBC,", "DEK-Info: DES-EDE3-CBC,00\n\n", "-" * 9),
        *("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "MC4CAQAwBQYDK2VwBCIEI", "====", "\\n", "\0", "\ufeff"),
        *("\n", "\r", " " * 30, "A" * 64),
    ]
)


@settings(max_examples=max(300, LONG_RUN // 5), deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces=st.lists(st.one_of(PIECES, st.text(max_size=9)), max_size=60), passphrase=st.text(max_size=9))
def test_what_looks_like_a_key_is_answered(pieces: list[str], passphrase: str) -> None:
    give("".join(pieces), passphrase)


def mutated(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(5):
            case 0 if changed:
                changed[at % len(changed)] = chance.randrange(256)
            case 1 if changed:
                changed[at % len(changed)] ^= 1 << chance.randrange(8)
            case 2:
                del changed[at : at + chance.choice((1, 8, 200))]
            case 3:
                changed[at:at] = chance.randbytes(chance.choice((1, 3, 30)))
            case _:
                start = chance.randrange(len(changed) + 1)
                changed[at:at] = changed[start : start + chance.choice((4, 64, 400))]
    return bytes(changed)


def test_mutations_of_real_files_are_answered() -> None:
    chance = random.Random(20261121)
    files = [sample for sample in (*GOOD, *BAD) if len(sample.data) <= 8_000]
    for _ in range(max(1_500, LONG_RUN * 3 // 5)):
        sample = chance.choice(files)
        data = sample.data if isinstance(sample.data, bytes) else sample.data.encode("utf-8", "replace")
        give(mutated(chance, data), sample.passphrase if chance.random() < 0.7 else "x")


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN A-----" * 3_800,
        "-" * 65_000,
        "-----BEGIN " + " " * 65_000,
        "-----BEGIN PRIVATE KEY-----" + "\n" * 65_000,
        "\\n" * 32_000,
        "-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: " + "A" * 60_000,
        "A" * 65_000,
        " " * 65_000 + "x",
        "\u200b" * 65_000,
    ],
    ids=range(9),
)
def test_texts_made_to_take_long_do_not(text: str) -> None:
    give(text)


def test_numbers_that_are_no_key_do_not_harm() -> None:
    """Primes that are none, an even exponent, equal primes: refused before anything is signed with them."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    numbers = key_files.rsa_key(2048).private_numbers()
    p, q = numbers.p, numbers.q
    from pitdesk.kalshi.secret_key import rsa_from_primes

    for harmed in ((p, p, 65537), (p + 1, q, 65537), (p, q, 4), (p, q, 1), (1, q, 65537), (0, 0, 0)):
        with pytest.raises(ValueError):
            rsa_from_primes(*harmed)
    composite = SecretKey(rsa_from_primes(p + 2, q, 65537))
    assert isinstance(composite._private_key, rsa.RSAPrivateKey)
    with pytest.raises(SecretKeyError):
        composite.prove()
