"""What a backtest finds, as values: for machines as JSON, for people as tables and a page."""

import msgspec


class Sample(msgspec.Struct, frozen=True):
    """One message as the member would have got it; `time` in epoch seconds."""

    time: float
    member: str
    playbook: str
    channel: str
    title: str
    text: str
    because: str


class PlaybookReport(msgspec.Struct):
    """One playbook tried: how often it was wanted, sent, and held back or dropped for which reason.

    `wanted` counts candidates (each once, however often it was held), `members` those who were sent something,
    `overlap` sends of other playbooks to the same member within 24 hours, by playbook; `collisions` candidates of this and another playbook
    for one member within an hour.
    """

    wanted: int = 0
    sends: int = 0
    members: int = 0
    reasons: dict[str, int] = {}
    channels: dict[str, int] = {}
    member_week_max: int = 0
    overlap: dict[str, int] = {}
    collisions: int = 0


class Difference(msgspec.Struct):
    """Sends that the playbooks tried add to what runs now, and sends of now that they take the place of, by playbook."""

    added: dict[str, int] = {}
    gone: dict[str, int] = {}


class Report(msgspec.Struct):
    """The whole. `sends`, `by_playbook` and `reasons` concern the playbooks tried; `all_sends` everything that would run beside them.

    Rates: `events_per_s` is the fold's, per second of its CPU time; `over_trigger_rate` sends at fault per 1,000, as far as history shows it (None without sends).
    `days` maps a day (ISO, UTC) to sends of the playbooks tried, `member_weeks` a number of proactive sends in a member's week
    (of those with any, all playbooks together) to how many such weeks there were.
    """

    tried: list[str]
    events: int
    seconds: float
    events_per_s: int
    members: int
    begins: float
    ends: float
    sends: int
    all_sends: int
    sends_per_member_week_max: int
    by_playbook: dict[str, int]
    reasons: dict[str, int]
    over_trigger_rate: float | None
    over_trigger: dict[str, int]
    playbooks: dict[str, PlaybookReport]
    difference: Difference
    days: dict[str, int]
    member_weeks: dict[int, int]
    samples: list[Sample]
