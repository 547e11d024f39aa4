"""Everything that is known of a person, as one readable JSON document."""

import time
from typing import Any

from redis.asyncio import Redis

from processors.member.state import decode_state
from streams.agents.community import CommunityStage
from streams.agents.member import MemberStage
from streams.privacy.consents import ledger
from streams.privacy.erase import read_states
from streams.privacy.kept_in_redis import KeptInRedis
from streams.privacy.people import find_person
from streams.privacy.traces import commands, everywhere, readable
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS, DELIVERY, SAFETY, THREADS

PREFERENCES = ("opted_out", "snoozed", "consents", "away_until")


async def export(settings: Settings, redis: Redis | None, member: str) -> dict[str, Any]:
    """Return all that is known of a person. Raises `UserError` without a broker, `RedisError` without a store.

    Marks (hashes of ids that were seen) are given as hexadecimal digits. What others wrote to or about the person is
    under `named_by_others`, by place alone: their words are theirs.
    """
    person = await find_person(redis, settings.app, member)
    traces = everywhere(settings.bootstrap, person.keys)
    own, others = dict[str, list[dict[str, Any]]](), list[dict[str, Any]]()
    for trace in traces:
        for record in trace.records:
            if (record.key or b"").decode(errors="replace") in person.keys or trace.topic != ACTIVITY:
                own.setdefault(trace.topic, []).append(readable(record))
            else:
                others.append({name: value for name, value in readable(record).items() if name != "value"})
    made = list(commands(traces, person.keys))
    states = read_states(settings, person)
    members = {key.decode(): _state(value) for key, value in states[MemberStage.name].items()}
    events = own.pop(ACTIVITY, [])
    outcomes = [one for one in events if _type(one).startswith("outcome.")]
    return {
        "member": member,
        "keys": list(person.keys),
        "exported_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "events": [one for one in events if not _type(one).startswith("outcome.")],
        "outcomes": outcomes,
        "state": members,
        "preferences": {key: {name: state[name] for name in PREFERENCES} for key, state in members.items()},
        "consents": [one._asdict() for one in ledger(settings.bootstrap, person.keys)],
        "decisions": own.pop(DECISIONS, []),
        "commands": [one for name in DELIVERY.values() for one in own.pop(name, [])],
        "handed_to_community_stage": own.pop(THREADS, []),
        "safety": own.pop(SAFETY, []),
        "community_states": sorted(key.decode() for key in states[CommunityStage.name]),
        "elsewhere": own,
        "named_by_others": others,
        **(await KeptInRedis(redis, settings.app).export(person, made) if redis is not None else {}),
    }


def _type(event: dict[str, Any]) -> str:
    value = event["value"]
    return str(value.get("type", "")) if isinstance(value, dict) else ""


def _state(stored: bytes) -> dict[str, Any]:
    state = decode_state(stored)
    return {name: _plain(getattr(state, name)) for name in state.__struct_fields__}


def _plain(value: Any) -> Any:
    """Return a part of a state as JSON knows it; bytes as hexadecimal digits."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    fields = getattr(value, "__struct_fields__", None)
    return {name: _plain(getattr(value, name)) for name in fields} if fields else value
