"""What is made of a packed folder: a Debian package that says what it needs and puts all in its place."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools.house import packing

ROOT = Path(__file__).parents[2]

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="only Debian makes its packages")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a package is made from, beside a folder as if just packed."""
    for name in ("packaging", "resources"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    packed = tmp_path / "dist" / "pitdesk"
    packed.mkdir(parents=True)
    (packed / "pitdesk").write_text("#!/bin/sh\necho Pitdesk\n")
    (packed / "pitdesk").chmod(0o700)
    (packed / "data").write_text("x" * 5_000)
    (packed / "data").chmod(0o600)
    return tmp_path


def package(checkout: Path) -> Path:
    return packing._debian_package(checkout, checkout / "dist/pitdesk", checkout / "dist", "1700000000")


def field(file: Path, name: str) -> str:
    return subprocess.check_output(["dpkg-deb", "--field", str(file), name], text=True).strip()


@needs_dpkg
def test_a_package_names_itself_and_what_it_needs(checkout: Path) -> None:
    made = package(checkout)
    assert field(made, "Version") == packing.version_of(ROOT)
    assert made.name == f"pitdesk_{field(made, 'Version')}_{field(made, 'Architecture')}.deb"
    needs = field(made, "Depends")
    for library in ("libc6 (>= 2.", "libegl1", "libxcb-cursor0", "libstdc++6"):
        assert library in needs
    assert int(field(made, "Installed-Size")) >= 5


@needs_dpkg
def test_everything_is_in_its_place_whoever_built_it(checkout: Path) -> None:
    listed = subprocess.check_output(["dpkg-deb", "--contents", str(package(checkout))], text=True)
    lines = {line.split(" ./", 1)[1]: line.split()[:2] for line in listed.splitlines() if " ./" in line}
    assert lines["usr/lib/pitdesk/pitdesk"] == ["-rwxr-xr-x", "root/root"]
    assert lines["usr/lib/pitdesk/data"] == ["-rw-r--r--", "root/root"]
    assert "usr/bin/pitdesk -> ../lib/pitdesk/pitdesk" in lines
    assert "usr/share/applications/pitdesk.desktop" in lines
    assert "usr/share/icons/hicolor/scalable/apps/pitdesk.svg" in lines
    assert "usr/share/doc/pitdesk/copyright" in lines


@needs_dpkg
def test_the_same_folder_gives_the_same_package(checkout: Path) -> None:
    first = package(checkout).read_bytes()
    (checkout / "dist/pitdesk/data").touch()
    assert package(checkout).read_bytes() == first


def test_the_sums_are_those_of_the_files(tmp_path: Path) -> None:
    file = tmp_path / "pitdesk.deb"
    file.write_bytes(b"abc")
    packing._write_sums(tmp_path, [file])
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (tmp_path / "SHA256SUMS").read_text() == f"{known}  pitdesk.deb\n"


def test_a_packed_program_that_is_not_whole_is_no_build(tmp_path: Path) -> None:
    program = tmp_path / "pitdesk"
    program.write_text('#!/bin/sh\n[ "$1" = --self-test ] && [ -z "$PYTHONPATH" ] && exit 1\n')
    program.chmod(0o700)
    with pytest.raises(packing.Stop, match="not whole"):
        packing._try(tmp_path)
