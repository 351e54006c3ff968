"""The practice key: made once, kept for its owner, and told plainly when it is damaged."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from pitdesk.practice.keys import KeyFault, load_or_make


def test_the_first_start_makes_an_ed25519_key_that_the_second_finds(tmp_path: Path) -> None:
    made, found = load_or_make(tmp_path), load_or_make(tmp_path)
    assert made.key_id == found.key_id
    assert isinstance(found.public, ed25519.Ed25519PublicKey)
    assert made.private_key_file.read_text().startswith("-----BEGIN PRIVATE KEY-----")


def test_an_rsa_key_comes_as_the_exchange_hands_it_out(tmp_path: Path) -> None:
    made = load_or_make(tmp_path, use_rsa=True)
    assert isinstance(made.public, rsa.RSAPublicKey)
    assert made.public.key_size == 2048
    assert made.private_key_file.read_text().startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert made.key_id != load_or_make(tmp_path).key_id


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")
def test_nobody_else_can_read_the_private_key(tmp_path: Path) -> None:
    mode = load_or_make(tmp_path).private_key_file.stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_file_is_told_plainly_and_kept(tmp_path: Path, content: bytes) -> None:
    file = load_or_make(tmp_path).private_key_file
    file.write_bytes(content)
    with pytest.raises(KeyFault, match="does not hold a private key"):
        load_or_make(tmp_path)
    assert file.read_bytes() == content
