"""The locks and the metadata agree: each dependency locked in its range, hashed, from no named registry."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pitdesk

ROOT = Path(__file__).resolve().parents[2]
RUN, DEV, BUILD = "requirements.lock", "requirements-dev.lock", "requirements-build.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked(lock: str) -> dict[str, str]:
    """Package name to version."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {
        canonicalize_name(name): version for name, version in re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", text)
    }


@pytest.mark.parametrize(
    "lock,wanted",
    [
        (RUN, PROJECT["dependencies"]),
        (DEV, PROJECT["optional-dependencies"]["dev"]),
        (BUILD, PROJECT["optional-dependencies"]["build"]),
    ],
)
def test_every_dependency_is_locked_within_its_range(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)
    outside = [text for text in wanted if not satisfied(Requirement(text), versions)]
    assert not outside


def satisfied(wanted: Requirement, versions: dict[str, str]) -> bool:
    version = versions.get(canonicalize_name(wanted.name))
    return version is not None and wanted.specifier.contains(version)


@pytest.mark.parametrize("lock", [DEV, BUILD])
def test_the_tools_run_on_the_program_s_versions(lock: str) -> None:
    assert locked(RUN).items() <= locked(lock).items()


@pytest.mark.parametrize("lock", [RUN, DEV, BUILD])
def test_every_package_is_hashed_and_no_address_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=[\w.-]+==)", text)[1:]
    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert not re.search(r"(?m)^-", text), "no options in the lock: the person's own index settings hold"


def test_the_pinned_pair_is_the_sound_one() -> None:
    """PySide6 6.12.0 loses references to None on Python 3.11; qasync is used as 0.28.0 behaves."""
    versions = locked(RUN)
    assert (versions["pyside6-essentials"], versions["qasync"]) == ("6.11.3", "0.28.0")


def test_the_lock_serves_every_system() -> None:
    markers = (ROOT / DEV).read_text(encoding="utf-8")
    for package, system in (("pywin32-ctypes", "win32"), ("secretstorage", "linux"), ("colorama", "win32")):
        assert re.search(rf"(?m)^{package}==.*sys_platform == '{system}'", markers)


def test_one_version_number() -> None:
    assert PROJECT["version"] == pitdesk.__version__
