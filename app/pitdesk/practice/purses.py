"""Cash by subaccount and exchange index: an order draws only on its own purse (FACTS §11).

Raw whole numbers in $0.000001, as everywhere inside the engine.
"""

from __future__ import annotations

Place = tuple[int, int]


class Purse:
    """Cash of one subaccount on one exchange index. ``cash`` is before what resting orders hold back."""

    __slots__ = ("cash", "reserved", "shard", "subaccount")

    def __init__(self, subaccount: int, shard: int, cash: int = 0) -> None:
        self.subaccount = subaccount
        self.shard = shard
        self.cash = cash
        self.reserved = 0

    @property
    def available(self) -> int:
        """What a new order may use."""
        return self.cash - self.reserved

    @property
    def place(self) -> Place:
        """Subaccount and exchange index."""
        return self.subaccount, self.shard


class Purses:
    """All cash of one account. ``shared`` has one purse for everything: for simulated participants, whose
    cash is nobody's concern."""

    __slots__ = ("_by_place", "_shared")

    def __init__(self, cash: int, *, shared: bool = False) -> None:
        first = Purse(0, 0, cash)
        self._by_place: dict[Place, Purse] = {first.place: first}
        self._shared = first if shared else None

    def at(self, subaccount: int, shard: int) -> Purse:
        """The purse of a subaccount on an exchange index, made when it is first asked for."""
        if self._shared is not None:
            return self._shared
        place = (subaccount, shard)
        found = self._by_place.get(place)
        if found is None:
            found = self._by_place[place] = Purse(subaccount, shard)
        return found

    def all(self, subaccount: int | None = None) -> list[Purse]:
        """Every purse, or those of one subaccount, by subaccount and exchange index."""
        return [
            purse
            for place, purse in sorted(self._by_place.items())
            if subaccount is None or place[0] == subaccount
        ]

    @property
    def cash(self) -> int:
        """All of it, before what orders hold back."""
        return sum(purse.cash for purse in self._by_place.values())

    @property
    def reserved(self) -> int:
        """What resting orders hold back."""
        return sum(purse.reserved for purse in self._by_place.values())
