"""Moves money within an account: between subaccounts at once, between exchange indices a moment later.

Orders draw only on their own subaccount's cash on their own exchange index. Where ``moves_by_itself`` is set,
what is missing there is fetched from the account's other indices, as the exchange does it for orders from its
own page (FACTS §11).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.practice import refusals
from pitdesk.practice.facts import SubaccountChanged, Transferred
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.transfers import SubaccountRecord, TransferRecord
from pitdesk.quantities import Dollars

if TYPE_CHECKING:
    from pitdesk.practice.accounts import Account
    from pitdesk.practice.engine import Engine
    from pitdesk.practice.purses import Place, Purse

MOST_SUBACCOUNTS = 63
_ARRIVES_AFTER_MS = 250
_STEP = 100


class Cashier:
    """One for all accounts."""

    def __init__(self, engine: Engine, *, moves_by_itself: bool) -> None:
        self._engine = engine
        self._moves_by_itself = moves_by_itself
        self._under_way: dict[str, tuple[Account, TransferRecord]] = {}

    @property
    def under_way(self) -> int:
        """Money that has left and not arrived yet."""
        return sum(record.amount.units for _, record in self._under_way.values())

    def open_subaccount(self, account: Account) -> int:
        """The number of a new subaccount."""
        number = len(account.subaccounts)
        if number > MOST_SUBACCOUNTS:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, f"at most {MOST_SUBACCOUNTS} subaccounts")
        self._put(account, SubaccountRecord(account.user_id, number, True, self._engine.clock.wall_ms()))
        return number

    def set_netting(self, account: Account, number: int, *, enabled: bool) -> None:
        """Keep the setting; positions net either way."""
        self._put(account, replace(self._subaccount(account, number), netting=enabled))

    def _put(self, account: Account, record: SubaccountRecord) -> None:
        account.subaccounts[record.number] = record
        self._engine.say(SubaccountChanged(record))

    @staticmethod
    def _subaccount(account: Account, number: int) -> SubaccountRecord:
        found = account.subaccounts.get(number)
        if found is None:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "subaccount does not exist")
        return found

    def transfer(
        self, account: Account, source: Place, target: Place, amount: int, client_transfer_id: str
    ) -> TransferRecord:
        """Move ``amount`` (units) between two places (subaccount, exchange index).

        Raises ExchangeRefusal: 409 for a used id, 400 for what is not there or not enough.
        """
        for number, _ in (source, target):
            self._subaccount(account, number)
        if amount <= 0 or source == target:
            raise ExchangeRefusal(
                refusals.INVALID_PARAMETERS, "the amount must be above zero, to another place"
            )
        if client_transfer_id and any(
            record.client_transfer_id == client_transfer_id and record.from_shard == source[1]
            for record in account.transfers
        ):
            raise ExchangeRefusal(refusals.TRANSFER_ALREADY_EXISTS)
        purse = account.purses.at(*source)
        if purse.available < amount:
            raise ExchangeRefusal(refusals.INSUFFICIENT_BALANCE)
        return self._send(account, purse, target, amount, client_transfer_id)

    def _send(
        self, account: Account, purse: Purse, target: Place, amount: int, client_transfer_id: str
    ) -> TransferRecord:
        number = self._engine.numbers.next()
        record = TransferRecord(
            number,
            self._engine.numbers.id_of(number),
            account.user_id,
            client_transfer_id,
            purse.subaccount,
            target[0],
            purse.shard,
            target[1],
            Dollars(amount),
            self._engine.clock.wall_ms(),
            False,
        )
        purse.cash -= amount
        self._engine.tell.cash(account, purse)
        account.transfers.append(record)
        if record.within_one_index:
            return self._arrive(account, record)
        self._under_way[record.transfer_id] = (account, record)
        self._engine.say(Transferred(record))
        return record

    def _arrive(self, account: Account, record: TransferRecord) -> TransferRecord:
        target = account.purses.at(record.to_subaccount, record.to_shard)
        target.cash += record.amount.units
        self._engine.tell.cash(account, target)
        done = replace(record, done=True)
        for place in range(len(account.transfers) - 1, -1, -1):
            if account.transfers[place].seq == record.seq:
                account.transfers[place] = done
                break
        self._under_way.pop(record.transfer_id, None)
        self._engine.say(Transferred(done))
        return done

    def tick(self, now_ms: int) -> None:
        """Let what is under way arrive."""
        for account, record in list(self._under_way.values()):
            if now_ms >= record.created_ms + _ARRIVES_AFTER_MS or now_ms < record.created_ms:
                self._arrive(account, record)

    def resume(self, account: Account, record: TransferRecord) -> None:
        """Take up a transfer that was under way when the exchange ended."""
        self._under_way[record.transfer_id] = (account, record)

    def give_up(self, account: Account) -> int:
        """Forget what is under way for an account that starts again; how much it was."""
        mine = [record for owner, record in self._under_way.values() if owner is account]
        for record in mine:
            del self._under_way[record.transfer_id]
        return sum(record.amount.units for record in mine)

    def can_gather(self, account: Account, purse: Purse, missing: int) -> bool:
        """Whether ``missing`` may and can be fetched from the account's other exchange indices."""
        others = account.purses.all(purse.subaccount)
        return self._moves_by_itself and missing <= sum(
            max(other.available, 0) for other in others if other is not purse
        )

    def gather(self, account: Account, purse: Purse, missing: int) -> None:
        """Fetch ``missing`` into a purse, from the fullest first, at once."""
        missing = -(-missing // _STEP) * _STEP
        others = [other for other in account.purses.all(purse.subaccount) if other is not purse]
        for other in sorted(others, key=lambda other: -other.available):
            amount = min(missing, other.available)
            if amount <= 0:
                return
            record = self._send(account, other, purse.place, amount, "")
            self._arrive(account, record)
            missing -= amount
