"""Profiles hold no secret, follow their rules whatever the settings' file says, and begin Safe."""

import itertools
import json
from pathlib import Path

import msgspec
import pytest

from pitdesk.kalshi.environment import (
    DEMO,
    LIVE,
    AddressError,
    Environment,
    custom,
    proxy_of,
)
from pitdesk.limits.presets import describe, limit_values
from pitdesk.profiles import (
    LimitsPreset,
    Profile,
    ProfileError,
    ProfileKind,
    Profiles,
    environment_of,
)
from pitdesk.settings import Settings

# FACTS §1.
LIVE_HOSTS = {"external-api.kalshi.com", "external-api-ws.kalshi.com", "api.elections.kalshi.com"}
DEMO_HOSTS = {"external-api.demo.kalshi.co", "external-api-ws.demo.kalshi.co", "demo-api.kalshi.co"}

KEY_ID = "0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.fixture
def profiles(file: Path) -> Profiles:
    return Profiles(Settings(file))


def read_again(profiles: Profiles, file: Path) -> Profiles:
    assert profiles._settings.close() == ""
    return Profiles(Settings(file))


def made(
    profiles: Profiles, name: str = "Mine", kind: ProfileKind = ProfileKind.LIVE, address: str = ""
) -> Profile:
    return profiles.put(profiles.new(name=name, kind=kind, key_id=KEY_ID.upper(), address=address))


def test_profiles_are_kept_in_order_and_hold_what_was_chosen(profiles: Profiles, file: Path) -> None:
    first = made(profiles, "  Mine  at home ")
    second = made(profiles, "Play", ProfileKind.DEMO)
    third = made(profiles, "Lab", ProfileKind.CUSTOM, "lab.example:8443")
    profiles.put(msgspec.structs.replace(second, subaccount=3, limits=LimitsPreset.LARGE, read_only=True))
    profiles.use(third.profile_id)
    again = read_again(profiles, file)
    assert [each.name for each in again.all()] == ["Mine at home", "Play", "Lab"]
    assert again.all()[1].subaccount == 3
    assert again.all()[1].read_only
    assert again.active == third
    assert first.key_id == KEY_ID
    assert first.limits is LimitsPreset.SMALL, "the strictest figures, until others are chosen"


def test_renaming_and_dropping(profiles: Profiles) -> None:
    told: list[None] = []
    profiles.changed.connect(told.append)
    mine, play = made(profiles), made(profiles, "Play", ProfileKind.DEMO)
    profiles.rename(mine.profile_id, "Yours")
    assert [each.name for each in profiles.all()] == ["Yours", "Play"]
    profiles.use(mine.profile_id)
    profiles.drop(mine.profile_id)
    assert profiles.all() == (play,)
    assert profiles.active is None, "back to Practice"
    assert len(told) == 5
    with pytest.raises(KeyError):
        profiles.use(mine.profile_id)


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "mine", "MINE", "Practice", "a\u202eb", "a\x00b"])
def test_a_name_that_would_not_do(profiles: Profiles, name: str) -> None:
    made(profiles)
    with pytest.raises(ProfileError) as caught:
        made(profiles, name)
    assert caught.value.field == "name"
    assert str(caught.value).endswith(".")
    assert len(profiles.all()) == 1


def test_a_key_id_that_is_none(profiles: Profiles) -> None:
    with pytest.raises(ProfileError) as caught:
        profiles.new(name="x", kind=ProfileKind.LIVE, key_id="my key")
    assert caught.value.field == "key_id"


def test_a_subaccount_that_cannot_be(profiles: Profiles) -> None:
    with pytest.raises(ProfileError, match="0 to 63"):
        profiles.put(msgspec.structs.replace(made(profiles), subaccount=64))


def test_arming_is_for_this_session_and_for_the_profile_in_use(profiles: Profiles, file: Path) -> None:
    mine, play = made(profiles), made(profiles, "Play", ProfileKind.DEMO)
    profiles.use(mine.profile_id)
    assert not profiles.is_armed(mine.profile_id)
    profiles.arm(mine.profile_id, True)
    assert profiles.is_armed(mine.profile_id)
    profiles.use(play.profile_id)
    assert not profiles.is_armed(mine.profile_id), "a switch begins Safe"
    profiles.arm(play.profile_id, True)
    profiles.put(msgspec.structs.replace(play, read_only=True))
    assert not profiles.is_armed(play.profile_id)
    with pytest.raises(ProfileError, match="read-only"):
        profiles.arm(play.profile_id, True)
    profiles.arm(mine.profile_id, True)
    assert not read_again(profiles, file).is_armed(mine.profile_id), "a start begins Safe"


def test_live_and_demo_are_where_the_program_says(profiles: Profiles) -> None:
    live, demo = made(profiles), made(profiles, "Play", ProfileKind.DEMO)
    for profile, known, hosts in ((live, LIVE, LIVE_HOSTS), (demo, DEMO, DEMO_HOSTS)):
        misled = msgspec.structs.replace(profile, address="https://evil.example")
        environment = environment_of(misled)
        assert (environment.rest_url, environment.stream_url) == (known.rest_url, known.stream_url)
        assert environment.hosts <= hosts
        assert environment.key.endswith(profile.profile_id), "two accounts never share what is kept of them"


def test_the_file_holds_no_secret_and_is_held_to_the_rules(profiles: Profiles, file: Path) -> None:
    made(profiles, "Lab", ProfileKind.CUSTOM, "https://lab.example")
    assert profiles._settings.close() == ""
    raw = json.loads(file.read_text())
    assert set(raw["profiles"][0]) <= set(Profile.__struct_fields__)
    raw["profiles"][0]["address"] = "https://external-api.kalshi.com/trade-api/v2"
    file.write_text(json.dumps(raw))
    (changed,) = Profiles(Settings(file)).all()
    with pytest.raises(ProfileError, match="exchange's own address"):
        environment_of(changed)


@pytest.mark.parametrize(
    "typed,rest,stream,real",
    [
        ("lab.example", "https://lab.example/trade-api/v2", "wss://lab.example/trade-api/ws/v2", True),
        (" https://a.example/ ", "https://a.example/trade-api/v2", "wss://a.example/trade-api/ws/v2", True),
        ("https://lab.example:8443/trade-api/v2", "https://lab.example:8443/trade-api/v2",
         "wss://lab.example:8443/trade-api/ws/v2", True),
        ("http://127.0.0.1:7070", "http://127.0.0.1:7070/trade-api/v2",
         "ws://127.0.0.1:7070/trade-api/ws/v2", False),
        ("http://[::1]:7070", "http://[::1]:7070/trade-api/v2", "ws://[::1]:7070/trade-api/ws/v2", False),
        ("127.0.0.1:7070", "http://127.0.0.1:7070/trade-api/v2",
         "ws://127.0.0.1:7070/trade-api/ws/v2", False),
        ("localhost:1", "http://localhost:1/trade-api/v2", "ws://localhost:1/trade-api/ws/v2", False),
        ("https://localhost:1", "https://localhost:1/trade-api/v2",
         "wss://localhost:1/trade-api/ws/v2", False),
        ("http://localhost:1", "http://localhost:1/trade-api/v2", "ws://localhost:1/trade-api/ws/v2", False),
    ],
)  # fmt: skip
def test_a_custom_address(typed: str, rest: str, stream: str, real: bool) -> None:
    assert custom(typed) == Environment("Custom", rest, stream, is_real=real)


@pytest.mark.parametrize(
    "typed,says",
    [
        ("http://lab.example", "https://"),
        ("http://0.0.0.0:1", "https://"),
        ("http://127.0.0.1.evil.example", "https://"),
        ("ftp://lab.example", "https://"),
        ("javascript://x", "https://"),
        ("https://external-api.kalshi.com", "own address"),
        ("https://KALSHI.COM.", "own address|letters"),
        ("https://anything.demo.kalshi.co", "own address"),
        ("https://me:secret@lab.example", "host and a port only"),
        ("https://external-api.kalshi.com@evil.example", "host and a port only"),
        ("https://lab.example/?x=1", "host and a port only"),
        ("https://lab.example/#x", "host and a port only"),
        ("https://lab.example/other", "Leave the path away"),
        ("https://lab.example:port", "not an address"),
        ("https://lab.example:99999", "not an address"),
        ("https://", "letters a to z"),
        ("", "letters a to z"),
        ("https://kаlshi.example", "letters a to z"),
        ("https://lab example", "letters a to z"),
        ("https://[::1", "not an address"),
        ("https://a..b", "letters a to z"),
    ],
)
def test_an_address_that_would_not_do(typed: str, says: str) -> None:
    with pytest.raises(AddressError, match=says):
        custom(typed)


@pytest.mark.parametrize(
    "typed,kept",
    [("", ""), ("  ", ""), ("proxy.example:3128", "http://proxy.example:3128"),
     ("https://proxy.example:8443/", "https://proxy.example:8443"), ("[::1]:8080", "http://[::1]:8080")],
)  # fmt: skip
def test_a_proxy(typed: str, kept: str) -> None:
    assert proxy_of(typed) == kept


@pytest.mark.parametrize(
    "typed", ["proxy.example", "socks5://proxy.example:1", "me:pass@proxy.example:3128", "x y:1"]
)
def test_a_proxy_that_would_not_do(typed: str) -> None:
    with pytest.raises(AddressError):
        proxy_of(typed)


def test_a_smaller_account_has_stricter_figures() -> None:
    figures = [limit_values(preset) for preset in LimitsPreset]
    for smaller, larger in itertools.pairwise(figures):
        assert smaller.cost_hard < larger.cost_hard
        assert smaller.contracts_confirm < larger.contracts_confirm
        assert smaller.open_orders_hard < larger.open_orders_hard
    assert all(describe(preset) for preset in LimitsPreset)
