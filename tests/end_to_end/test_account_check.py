"""A key's life on a running exchange: tried, replaced by one that may do less, revoked, known no more."""

import asyncio
from pathlib import Path

from pitdesk.desk.account_check import AccountFacts, CheckFailed, CheckTrouble, check_account
from pitdesk.kalshi.account_calls import AccountCalls, NewApiKey
from pitdesk.kalshi.environment import Environment, custom
from pitdesk.kalshi.key_import import read_key
from pitdesk.kalshi.outcomes import Accepted, Refused
from pitdesk.kalshi.pacing import Pacer
from pitdesk.kalshi.secret_key import SecretKey
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Transport
from pitdesk.key_file import read_key_file
from tests.practice_fixture import PracticeExchange, running_exchange


def account_of(exchange: PracticeExchange) -> tuple[Environment, SecretKey]:
    """The exchange as a custom address, and its key as a person would import it."""
    environment = custom(exchange.rest.removesuffix("/trade-api/v2"))
    assert (environment.rest_url, environment.stream_url) == (exchange.rest, exchange.ws)
    return environment, read_key(read_key_file(exchange.private_key_file).data)


async def make_key(
    environment: Environment, key_id: str, key: SecretKey, subaccount: int | None
) -> NewApiKey:
    transport = Transport(environment, Signer(key_id, key, environment=environment))
    try:
        made = await AccountCalls(transport, Pacer()).generate_api_key("Pitdesk", subaccount)
        assert isinstance(made, Accepted), made
        return made.value
    finally:
        await transport.close()


async def revoke(environment: Environment, key_id: str, key: SecretKey, which: str) -> object:
    transport = Transport(environment, Signer(key_id, key, environment=environment))
    try:
        return await AccountCalls(transport, Pacer()).delete_api_key(which)
    finally:
        await transport.close()


def test_a_key_is_tried_replaced_and_revoked(practice_exchange: PracticeExchange) -> None:
    environment, first = account_of(practice_exchange)
    first_id = practice_exchange.key_id

    async def run() -> None:
        said = await check_account(environment, first_id, first)
        assert isinstance(said, AccountFacts), said
        assert said.may_trade
        assert said.may_transfer
        assert any("move money" in sentence for sentence in said.advice)
        second = await make_key(environment, first_id, first, None)
        said = await check_account(environment, second.key_id, second.key)
        assert isinstance(said, AccountFacts), said
        assert set(said.scopes) == {"read", "write::trade"}
        assert (said.key_name, said.may_trade, said.may_transfer) == ("Pitdesk", True, False)
        assert not any("move money" in sentence for sentence in said.advice)
        swapped = await check_account(environment, second.key_id, first)
        assert isinstance(swapped, CheckFailed)
        assert swapped.trouble is CheckTrouble.WRONG_KEY
        assert isinstance(await revoke(environment, first_id, first, second.key_id), Accepted)
        gone = await check_account(environment, second.key_id, second.key)
        assert isinstance(gone, CheckFailed)
        assert gone.trouble is CheckTrouble.UNKNOWN_KEY_ID
        assert isinstance(await revoke(environment, first_id, first, "no-such-key"), Refused)

    asyncio.run(run())


def test_a_key_locked_to_a_subaccount_says_so(tmp_path: Path) -> None:
    with running_exchange(tmp_path / "practice", "--quiet-market", "--tier", "advanced") as exchange:
        environment, key = account_of(exchange)
        made = exchange.call("POST", "/portfolio/subaccounts", {})
        assert made.status == 201, made.body
        number = made.json["subaccount_number"]

        async def run() -> AccountFacts | CheckFailed:
            locked = await make_key(environment, exchange.key_id, key, number)
            return await check_account(environment, locked.key_id, locked.key)

        said = asyncio.run(run())
    assert isinstance(said, AccountFacts), said
    assert said.locked
    assert "locked to one subaccount" in " ".join(said.advice), "such a key may not ask which"


def test_an_rsa_key_opens_the_account_too(tmp_path: Path) -> None:
    with running_exchange(tmp_path / "practice", "--quiet-market", "--rsa") as exchange:
        environment, key = account_of(exchange)
        said = asyncio.run(check_account(environment, exchange.key_id, key))
    assert key.kind == "RSA 2048"
    assert isinstance(said, AccountFacts), said
