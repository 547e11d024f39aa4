"""Standing orders of operators: kill switches and silences, and what they stop."""

from typing import Literal

import msgspec

from processors.commands import Command
from processors.decisions import Reason
from processors.playbooks.resources import Silence

FOREVER = 4_102_444_800.0  # epoch s, 2100-01-01: an order without an end, where one is asked for


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record of control.v1. `at` and `until` are epoch seconds, `until` 0 = until taken back; "*" means any.

    `on` false takes back what was ordered under the same key. A `rollback` stops the commands of a playbook that were given up to
    `at`, and none that is given later.
    """

    kind: Literal["kill_switch", "silence", "rollback"]
    on: bool
    author: str
    reason: str
    at: float
    until: float = 0.0
    community: str = "*"
    playbook: str = "*"
    theme: str = "*"

    @property
    def key(self) -> str:
        """The key of its record: the last order under it is the one that stands."""
        return "/".join((self.kind, self.community, self.playbook, self.theme))

    @property
    def silence(self) -> Silence:
        """The order as the arbiter reads it in a bundle; a rollback stops no decision, so it reads as a silence there is none of."""
        kind: Literal["kill_switch", "silence"] = "kill_switch" if self.kind == "kill_switch" else "silence"
        return Silence(self.until or FOREVER, self.author, self.playbook, self.theme, self.community, kind)


class StandingOrders:
    """The latest order under each key, by `at`: an old record that is sent again changes nothing."""

    def __init__(self) -> None:
        self._latest: dict[str, Order] = {}

    def take(self, order: Order) -> None:
        """Note an order, unless a later one under its key is known."""
        known = self._latest.get(order.key)
        if known is None or order.at >= known.at:
            self._latest[order.key] = order

    def latest(self, key: str) -> Order | None:
        """Return the latest order under a key, standing or taken back."""
        return self._latest.get(key)

    def standing(self, now: float) -> list[Order]:
        """Return the orders in force at `now` (epoch s), kill switches first, then by key."""
        return [one for _, one in sorted(self._latest.items()) if one.on and (one.until or FOREVER) > now]

    def stops(self, command: Command, now: float) -> Reason | None:
        """Return why this command must not be delivered at `now` (epoch s), None if it may."""
        for order in self.standing(now) if self._latest else ():
            if order.silence.matches(command.community, command.playbook, command.theme):
                if order.kind != "rollback":
                    return order.silence.stops_as
                if command.not_before <= order.at:
                    return Reason.RECALLED
        return None

    def takes_down(self, command: Command, now: float) -> Reason | None:
        """Return why what is shown of this command must go at `now` (epoch s), None if it may stay.

        As `stops`, but help in distress stays where somebody may be reading it, unless an order names its playbook.
        """
        if command.lane != "safety":
            return self.stops(command, now)
        named = StandingOrders()
        named._latest = {key: one for key, one in self._latest.items() if one.playbook != "*"}
        return named.stops(command, now)

    def silences(self, now: float) -> tuple[Silence, ...]:
        """Return what is in force as a bundle carries it to the arbiter."""
        return tuple(one.silence for one in self.standing(now) if one.kind != "rollback")
