"""Catalog values as they travel: resources, playbooks, policies, and the bundle that holds one version of all."""

from hashlib import blake2b
from typing import Any, Literal

import msgspec

from processors.decisions import Reason
from processors.local_time import Schedule
from processors.playbooks.conditions import Segment, StageRule
from processors.playbooks.journeys import Journey

Maturity = Literal["off", "shadow", "suggest", "canary", "live"]
Lane = Literal["proactive", "answer", "request", "safety", "staff"]
Priority = Literal["low", "normal", "high", "urgent"]
Search = Literal["answers", "on_request", "never"]
OncePer = Literal["member", "episode", "day", "week", "month", "channel", "thread"]
KINDS = (
    "microguide", "how-to", "decision-tree", "checklist", "template", "video", "gif", "summary", "thread", "session",
    "case-study", "helpline",
)  # fmt: skip


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer to the question of a branch, and where it leads: the branch `go`, a resource by its id, or the words of an `end`.

    Exactly one of the three is given.
    """

    say: str
    go: str = ""
    resource: str = ""
    end: str = ""


class Branch(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question of a decision tree, with at least two choices; the first branch of a tree is its beginning."""

    id: str
    ask: str
    choices: tuple[Choice, ...]


class Localised(msgspec.Struct, frozen=True, omit_defaults=True):
    """One language of a resource; `summary` is what is sent, at most 400 characters.

    `answers` are questions that it answers, in the words people use; a question is compared with them and the title. `steps` are
    what to do, one after the other; `branches` a decision tree. `tones` maps a tone or a form of address (`warm`, `formal`,
    `warm-formal`) to the summary said in it.
    """

    title: str
    summary: str
    link: str = ""
    body: str = ""
    answers: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    tones: dict[str, str] = {}


class Resource(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that helps. `locales` maps a language tag to its text; `expires` is in epoch seconds, 0 = never.

    `search` tells whether it may be found: as the answer to a question too, only when somebody asks the bot, or never.
    `deeper` is the resource that goes on where this one ends, `replaced_by` the one that stands in for it once it is retired.
    `review_by` is a day (2027-01-31); `audience` are roles it is written for (none: everybody); `source` is the thread or page it comes from.
    A `private` one has no public page: only a signed link, as messages carry it, opens it.
    """

    id: str
    kind: str
    theme: str
    locales: dict[str, Localised]
    version: str = ""
    owner: str = ""
    review_by: str = ""
    expires: float = 0.0
    verified: bool = True
    retired: bool = False
    search: Search = "answers"
    deeper: str = ""
    replaced_by: str = ""
    audience: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    private: bool = False


class Variant(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is offered instead where a condition holds; empty fields mean as the playbook has it."""

    conditions: dict[str, Any]
    resource: str = ""
    say: dict[str, dict[str, str]] = {}


class Playbook(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule without code: when, if, wait, unless, offer. Durations are seconds; 0 means none.

    `matching`: what it offers is the resource that answers the question of its trigger; `resource` then stands in where there is
    none ("": it does not fire).
    `say` and `because` are what stands without a language; `say_in` and `because_in` hold lines by language (and key of
    processors.playbooks.wording). `words`: phrases of which the event's text holds one. `before`: seconds before the start of what
    the event tells of. `schedule`: the hour, where that is the trigger. Of a sequence each step is a playbook:
    `sequence` is the id of the whole, `stop` are the events that end it, `following` is the next step, `after` its delay (s).
    `holdout` is the share of members who never get it, `randomised` the share of occasions on which chance keeps it back.
    `approved_by` are those who approved it, `approved` the digest of what they approved (resource_catalog/approval.py).
    """

    id: str
    trigger: str
    resource: str
    theme: str
    describe: str = ""
    kind: str = ""
    conditions: dict[str, Any] = {}
    wait: float = 0.0
    unless: tuple[str, ...] = ()
    channels: tuple[str, ...] = ("in_app",)
    say: str = ""
    because: str = ""
    goal: tuple[str, ...] = ()
    goal_within: float = 0.0
    once_per: OncePer = "episode"
    expires: float = 86400.0
    cooldown: float = 0.0
    priority: Priority = "normal"
    lane: Lane = "proactive"
    cheerful: bool = True
    maturity: Maturity = "shadow"
    canary: float = 0.0
    holdout: float = 0.0
    version: str = ""
    owner: str = ""
    matching: bool = False
    also: tuple[str, ...] = ()  # further triggers
    words: tuple[str, ...] = ()
    before: float = 0.0
    schedule: Schedule | None = None
    unless_if: dict[str, Any] = {}
    say_in: dict[str, dict[str, str]] = {}
    because_in: dict[str, dict[str, str]] = {}
    variants: tuple[Variant, ...] = ()
    best_of: tuple[str, ...] = ()
    sequence: str = ""
    stop: tuple[str, ...] = ()
    following: str = ""
    after: float = 0.0
    randomised: float = 0.0
    approved_by: tuple[str, ...] = ()
    approved: str = ""


class Silence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Nothing of this playbook, theme or community ("*" = any) until that time (epoch seconds).

    `kind` says which order of an operator it comes from.
    """

    until: float
    author: str
    playbook: str = "*"
    theme: str = "*"
    community: str = "*"
    kind: Literal["silence", "kill_switch"] = "silence"

    def matches(self, community: str, playbook: str, theme: str) -> bool:
        """Tell whether it concerns this."""
        wanted = ((self.community, community), (self.playbook, playbook), (self.theme, theme))
        return all(pattern in ("*", value) for pattern, value in wanted) or (
            ":" in playbook and self.matches(community, playbook.partition(":")[0], theme)  # a step of a sequence
        )

    @property
    def stops_as(self) -> Reason:
        """The reason that it gives."""
        return Reason.KILL_SWITCH if self.kind == "kill_switch" else Reason.SILENCED


class Policy(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a community allows. Budgets count sends per rolling window; hours are local to the member.

    Defaults are those of the design: 1 proactive message a day, 2 a week (3 in the first 7 days), 3 automated answers
    a day, 1 safety offer a week, 20 staff messages a day; quiet from 21:00 to 08:00. `platform` is where the community
    lives, if its terms forbid some conclusions (processors/platform_contracts.py).
    """

    budget_day: int = 1
    budget_week: int = 2
    budget_week_new: int = 3
    new_days: int = 7
    answers_day: int = 3
    safety_week: int = 1
    staff_day: int = 20
    quiet_from: int = 21
    quiet_to: int = 8
    timezone: str = "UTC"
    locale: str = "en"
    channels: tuple[str, ...] = ("in_app", "direct_message", "email", "thread", "pinned", "staff")
    cooldown_theme: float = 7 * 86400.0
    cooldown_resource: float = 30 * 86400.0
    inhibition: float = 14 * 86400.0
    onboarding_after: float = 86400.0
    distress_support: bool = False
    safety_owner: str = ""
    kill_switch: bool = False
    platform: str = ""
    salt: str = ""
    journeys: tuple[Journey, ...] = ()
    tone: str = "plain"  # plain, warm, playful
    address: str = "informal"  # informal, formal (German: du, Sie)
    over_trigger_max: int = 200  # unwelcome of 1,000 sends, beyond which a playbook sends less (processors/volume.py)
    consent_required: tuple[str, ...] = ()  # kinds, playbooks or themes; "all" = all but the safety lane


class Bundle(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version of everything: published whole, named by its content hash, kept as long as a log names it."""

    resources: tuple[Resource, ...] = ()
    playbooks: tuple[Playbook, ...] = ()
    policies: dict[str, Policy] = {}
    silences: tuple[Silence, ...] = ()
    author: str = ""
    note: str = ""
    segments: tuple[Segment, ...] = ()
    stages: tuple[StageRule, ...] = ()
    tags: dict[str, tuple[str, ...]] = {}

    def encode(self) -> bytes:
        """Return the canonical JSON (keys in the order of the structs, maps sorted)."""
        return msgspec.json.encode(self, order="deterministic")

    def hash(self) -> str:
        """Return 32 hexadecimal digits (BLAKE2b-128) of the canonical JSON."""
        return blake2b(self.encode(), digest_size=16).hexdigest()
