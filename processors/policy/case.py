"""A case before the arbiter: one candidate with all that its stages may look at."""

from collections.abc import Callable

import msgspec

from processors.decisions import Reason
from processors.member.state import MemberState, Pending
from processors.playbooks.catalog import Catalog, CompiledPlaybook
from processors.playbooks.message import Message
from processors.playbooks.resources import Policy, Resource
from processors.staff_budget import StaffBudget
from processors.volume import Volumes

DIGESTS = frozenset({"daily", "weekly"})
DAY, WEEK = 86400, 7 * 86400
STAFF = "staff"  # the lane and the channel of what is for the team


class Ruling(msgspec.Struct, frozen=True, gc=False):
    """A stage's objection: the reason, what would have had to differ, and for holds until when (epoch seconds)."""

    reason: Reason
    needed: str = ""
    until: float = 0.0


class Case(msgspec.Struct, gc=False):  # made for each candidate: cheaper than a dataclass
    """One candidate. `values` collects what the stages saw; `resource`, `channel` and `message` are filled on the way.

    `lane` is the playbook's: proactive, answer, request, safety or staff.
    """

    member: str
    community: str
    state: MemberState
    candidate: Pending
    playbook: CompiledPlaybook
    policy: Policy
    catalog: Catalog
    now: float
    lane: str
    resource: Resource | None = None
    channel: str = ""
    probability: float = 1.0
    volumes: Volumes | None = None
    staff: StaffBudget | None = None
    partitions: int = 1
    message: Message | None = None
    values: dict[str, str | float | int] = {}

    @property
    def in_digest(self) -> bool:
        """Whether it goes into the digest that the member chose."""
        wishes = self.state.wishes
        return self.candidate.held == Reason.CHOSEN_TIME_HOLD and wishes is not None and wishes.when in DIGESTS

    @property
    def offered(self) -> str:
        """The id of the resource: what matches the question of the candidate, else what the playbook names, or what replaced it."""
        return self.catalog.current(self.candidate.resource or self.playbook.spec.resource)


Stage = Callable[[Case], Ruling | None]
