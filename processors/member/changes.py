"""What an event changes in a member's state beyond what detectors remember."""

from processors.events import Event
from processors.member import chosen_time
from processors.member.state import MemberState
from processors.vocabulary import VISITS, WORDS, ChosenTime, Data, Item, OutcomeData, Preference, Profile, types_of

KINDS_MAX = 32  # opt-outs, snoozes and consents remembered, each bounded
KIND_CHARS_MAX = 128  # no playbook, kind or theme is longer: a wish about more is one about everything
GROUPS_MAX = 16  # groups of a platform that are remembered, the last joined
SNOOZE_DEFAULT = 7 * 86400
ANSWERS = frozenset({"question.answered", "moderator.explained"})
FOREVER = 0xFFFFFFFE
STOPS = frozenset({"preference.opted_out", "outcome.opted_out"})
SNOOZES = frozenset({"preference.snoozed", "outcome.snoozed"})
_TOLD = types_of(Profile, Preference, ChosenTime, OutcomeData)
_GROUPS = frozenset({"group.joined", "group.left"})
# Of outcomes two alone are a wish; the others change nothing here, and are most of all.
CHANGING = (WORDS | ANSWERS | _TOLD | _GROUPS | {"community.joined", "community.left"}) - (
    types_of(OutcomeData) - STOPS - SNOOZES
)
_JOINING = VISITS | {"community.joined"}


def apply(state: MemberState, event: Event, now: float) -> None:
    """Update counts, profile, wishes and outcomes."""
    kind, data = event.type, event.data
    if not state.joined and kind in _JOINING:
        state.joined = int(event.time)
    if kind not in CHANGING:
        return
    if kind in WORDS:
        state.posts += 1
    if kind in ANSWERS:
        state.answers += 1
    if kind == "community.joined":
        state.left = False
    elif kind == "community.left":
        state.left = True
    elif kind in _TOLD:
        _told(state, kind, data, now)
    elif kind in _GROUPS and isinstance(data, Item):
        others = tuple(name for name in state.groups if name != data.name)
        state.groups = (*others, data.name)[-GROUPS_MAX:] if kind == "group.joined" else others


def wish_again(state: MemberState, event: Event, now: float) -> None:
    """Heed a wish for quiet whose id was seen before: a stop pressed once more, after it was taken back, is meant.

    Repeated by a producer it changes nothing, as long as it was not taken back; and if it was, quiet is the lesser harm.
    """
    data = event.data
    if event.type in STOPS or (event.type in SNOOZES and getattr(data, "until", None)):
        apply(state, event, now)


def _told(state: MemberState, kind: str, data: Data | None, now: float) -> None:
    if isinstance(data, Profile):
        _profile(state, data)
    elif isinstance(data, Preference | ChosenTime):
        _preference(state, kind, data, now)
    elif isinstance(data, OutcomeData):
        _outcome(state, kind, data, now)


def _profile(state: MemberState, data: Profile) -> None:
    for name in ("role", "region", "interests", "timezone", "locale", "birth_year"):
        value = getattr(data, name)
        if value is not None:
            setattr(state, name, value[:16] if isinstance(value, tuple) else value)
    if data.identity is not None:
        state.unsure = data.identity == "unsure"


def _preference(state: MemberState, kind: str, data: Preference | ChosenTime, now: float) -> None:
    if isinstance(data, ChosenTime):
        chosen_time.choose(state, data)
    elif kind == "preference.snoozed":
        _snooze(state, data.kind, int(data.until or now + SNOOZE_DEFAULT), now)
    elif kind == "preference.opted_out":
        _opt_out(state, data.kind)
    elif kind in ("consent.given", "consent.withdrawn"):
        _consent(state, data.kind, given=kind == "consent.given")
    else:
        if data.kind != "all" and data.kind == _bounded(data.kind):
            state.opted_in = tuple(dict.fromkeys((*state.opted_in, data.kind)))[-KINDS_MAX:]
        state.opted_out = () if data.kind == "all" else tuple(kind for kind in state.opted_out if kind != data.kind)
        state.snoozed = (
            {} if data.kind == "all" else {key: until for key, until in state.snoozed.items() if key != data.kind}
        )


def _outcome(state: MemberState, kind: str, data: OutcomeData, now: float) -> None:
    if kind == "outcome.snoozed":
        _snooze(state, data.kind or data.playbook or "all", int(data.until or now + SNOOZE_DEFAULT), now)
    elif kind == "outcome.opted_out":
        _opt_out(state, data.kind or data.playbook or "all")


def _snooze(state: MemberState, kind: str, until: int, now: float) -> None:
    kind = _bounded(kind)
    kept = {key: time for key, time in state.snoozed.items() if time > now}
    if len(kept) >= KINDS_MAX and kind not in kept:  # a member with so many wishes wishes for quiet
        kind, until = "all", max(until, *kept.values())
    state.snoozed = {**kept, kind: min(max(until, kept.get(kind, 0)), FOREVER)}


def _consent(state: MemberState, kind: str, *, given: bool) -> None:
    if given and kind != _bounded(kind):
        return  # never more than was said
    kind = _bounded(kind)
    kept = {} if kind == "all" else {key: word for key, word in state.consents.items() if key != kind}
    if len(kept) >= KINDS_MAX:  # what is forgotten must not turn a withdrawn consent into none at all
        kept = {key: word for key, word in kept.items() if key == "all" or not word}
    state.consents = {**kept, kind: given} if len(kept) < KINDS_MAX else {"all": False}


def _opt_out(state: MemberState, kind: str) -> None:
    if state.opted_in:
        state.opted_in = () if kind == "all" else tuple(one for one in state.opted_in if one != kind)
    kept = tuple(dict.fromkeys((*state.opted_out, _bounded(kind))))
    state.opted_out = kept if len(kept) <= KINDS_MAX else ("all",)


def _bounded(kind: str) -> str:
    return kind if len(kind) <= KIND_CHARS_MAX else "all"
