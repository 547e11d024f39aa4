"""An address book of noted addresses, without a store."""

from sinks.addresses import AddressBook


class Noted(AddressBook):
    """Finds what it was given by (member, kind), else what the member's id says."""

    def __init__(self, noted: dict[tuple[str, str], str] | None = None) -> None:
        self._noted, self._prefix = noted or {}, "lotse"

    async def find(self, member: str, kind: str) -> str | None:
        """Return a member's address of one kind."""
        return self._noted.get((member, kind)) or self.by_id(member, kind)
