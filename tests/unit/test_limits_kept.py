"""Whatever becomes of the files: no account comes back with looser limits than it had."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from pitdesk.limits import LimitValues
from pitdesk.limits.in_force import WAIT_S, raised
from pitdesk.limits.presets import limit_values
from pitdesk.profile import LimitsPreset, Profile, ProfileKind, is_sealed, sealed
from pitdesk.profiles import Profiles, values_of
from pitdesk.quantities import Dollars
from pitdesk.settings import Settings

KEYS = ("a952bcbe-ec3b-4b5b-b8f9-11dae589608c", "2b48bd70-bd6b-4240-af22-4e7dfdf248ce")
STRICT = {"cost_confirm": "10", "cost_hard": "20", "day_loss_hard": "200"}


def two_accounts(folder: Path) -> dict[str, LimitValues]:
    """One with figures of its own, stricter than the strictest preset; a larger one; by key id."""
    settings = Settings(folder / "settings.json")
    profiles = Profiles(settings)
    first = profiles.new(name="First", kind=ProfileKind.LIVE, key_id=KEYS[0])
    profiles.put(msgspec.structs.replace(first, figures=STRICT))
    profiles.put(
        profiles.new(name="Second", kind=ProfileKind.DEMO, key_id=KEYS[1], limits=LimitsPreset.MEDIUM)
    )
    held = {profile.key_id: values_of(profile) for profile in profiles.all()}
    assert settings.close() == ""
    return held


def again(folder: Path) -> tuple[Profiles, Settings]:
    settings = Settings(folder / "settings.json")
    return Profiles(settings), settings


def looser(profile: Profile, held: dict[str, LimitValues]) -> bool:
    """Whether orders could be sent beyond what was held; one whose key is another's was nobody's before."""
    if profile.read_only or profile.key_id not in held:
        return False
    return bool(raised(held[profile.key_id], values_of(profile)))


def test_own_figures_outlast_a_restart(tmp_path: Path) -> None:
    held = two_accounts(tmp_path)
    profiles, settings = again(tmp_path)
    assert {profile.key_id: values_of(profile) for profile in profiles.all()} == held
    assert held[KEYS[0]].cost_hard == Dollars.of(20)
    assert profiles.trouble == ""
    assert all(profile.seal and is_sealed(profile) for profile in profiles.all())
    settings.close()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few bytes flipped, doubled, taken out or cut off; digits mostly, for these hurt most."""
    bytes_ = bytearray(data)
    digits = [place for place, byte in enumerate(bytes_) if chr(byte).isdigit()]
    for _ in range(chance.randint(1, 4)):
        how, place = chance.random(), chance.randrange(len(bytes_))
        if how < 0.5:
            bytes_[chance.choice(digits) if digits else place] = chance.choice(b"0123456789")
        elif how < 0.7:
            bytes_[place] = chance.randrange(256)
        elif how < 0.8:
            del bytes_[place]
        elif how < 0.9:
            bytes_.insert(place, bytes_[place])
        else:
            del bytes_[place:]
        digits = [each for each in digits if each < len(bytes_)]
        if not bytes_:
            break
    return bytes(bytes_)


@pytest.mark.parametrize("which", ["settings.json", "limits.json", "both"])
def test_of_two_thousand_damaged_files_none_loosens_a_limit_or_stops_the_start(
    tmp_path: Path, which: str
) -> None:
    held = two_accounts(tmp_path)
    whole = {name: (tmp_path / name).read_bytes() for name in ("settings.json", "limits.json")}
    chance, lost = random.Random(5), 0
    for _ in range(700):
        for name, data in whole.items():
            damaged = which in (name, "both")
            (tmp_path / name).write_bytes(mutated(data, chance) if damaged else data)
        profiles, settings = again(tmp_path)
        loose = [profile for profile in profiles.all() if looser(profile, held)]
        assert loose == []
        if which == "settings.json":
            lost += brought_back(profiles, held)
        elif which == "limits.json":
            assert {profile.key_id: values_of(profile) for profile in profiles.all()} == held
        settings.close()
        for aside in tmp_path.glob("*.bad-*"):
            aside.unlink()
    assert bool(lost) is (which == "settings.json")


def brought_back(profiles: Profiles, held: dict[str, LimitValues]) -> int:
    """Accounts that were lost are added anew, at the largest preset: how many."""
    there = {profile.key_id for profile in profiles.all()}
    count = 0
    for key_id, kind in zip(KEYS, (ProfileKind.LIVE, ProfileKind.DEMO), strict=True):
        if key_id not in there:
            made = profiles.put(
                profiles.new(name=f"Back {kind.value}", kind=kind, key_id=key_id, limits=LimitsPreset.LARGE)
            )
            assert not looser(made, held)
            count += 1
    return count


@pytest.mark.parametrize(
    "change",
    [
        {"limits": LimitsPreset.LARGE},
        {"figures": {}},
        {"figures": {**STRICT, "cost_hard": "90"}},
        {"figures": {"cost_hard": "0"}},
        {"seal": ""},
    ],
)
def test_bounds_that_are_not_as_written_come_from_the_second_file_or_are_the_strictest(
    tmp_path: Path, change: dict[str, object]
) -> None:
    held = two_accounts(tmp_path)
    settings = Settings(tmp_path / "settings.json")
    first, second = settings.profiles
    settings.profiles = (msgspec.structs.replace(first, **change), second)
    settings.close()
    profiles, settings = again(tmp_path)
    mended = profiles.all()[0]
    assert values_of(mended) == held[KEYS[0]]
    assert not mended.read_only
    assert "First were damaged, and are those kept beside them" in profiles.trouble
    settings.profiles = (msgspec.structs.replace(first, **change), second)
    settings.close()
    (tmp_path / "limits.json").unlink()
    profiles, settings = again(tmp_path)
    mended = profiles.all()[0]
    assert (mended.read_only, values_of(mended)) == (True, limit_values(LimitsPreset.SMALL))
    assert "It is read-only" in profiles.trouble
    assert is_sealed(mended)
    settings.close()


def test_sealed_figures_that_nobody_can_read_are_as_good_as_damaged(tmp_path: Path) -> None:
    two_accounts(tmp_path)
    settings = Settings(tmp_path / "settings.json")
    first, second = settings.profiles
    settings.profiles = (sealed(msgspec.structs.replace(first, figures={"of_later": "5"})), second)
    settings.close()
    (tmp_path / "limits.json").unlink()
    profiles, settings = again(tmp_path)
    assert profiles.all()[0].read_only
    settings.close()


def test_a_removed_account_is_forgotten_and_the_others_are_not(tmp_path: Path) -> None:
    held = two_accounts(tmp_path)
    profiles, settings = again(tmp_path)
    profiles.drop(profiles.all()[0].profile_id)
    settings.close()
    (tmp_path / "settings.json").unlink()
    profiles, settings = again(tmp_path)
    back = [
        profiles.put(profiles.new(name=key_id[:4], kind=kind, key_id=key_id, limits=LimitsPreset.LARGE))
        for key_id, kind in zip(KEYS, (ProfileKind.LIVE, ProfileKind.DEMO), strict=True)
    ]
    assert values_of(back[0]) == limit_values(LimitsPreset.LARGE)
    assert values_of(back[1]) == held[KEYS[1]]
    settings.close()


def test_a_raise_waits_whatever_signs_in_meanwhile_and_a_start_takes_it(tmp_path: Path) -> None:
    two_accounts(tmp_path)
    profiles, settings = again(tmp_path)
    second = profiles.all()[1]
    before = values_of(second)
    after = profiles.put(msgspec.structs.replace(second, limits=LimitsPreset.LARGE))
    for profile in (second, after):
        in_force = profiles.limits_in_force(profile)
        assert in_force() == before
        assert 0 < in_force.waits_s <= WAIT_S
    profiles.put(msgspec.structs.replace(after, limits=LimitsPreset.SMALL))
    assert profiles.limits_in_force(after)() == limit_values(LimitsPreset.SMALL)
    profiles.put(after)
    settings.close()
    profiles, settings = again(tmp_path)
    assert profiles.limits_in_force(after)() == limit_values(LimitsPreset.LARGE)
    settings.close()
