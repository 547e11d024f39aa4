"""The checks: what is sent, and what has to come of it."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import msgspec

from streams.conformance.cases import Case, Judge, Seen, Send, delivered_once, not_delivered, sent, told
from streams.conformance.receiver import Arrivals, mark_of

SOON_S = 3.0  # how far ahead what waits for its time is
HANG_S = 6.0  # how long the receiver leaves one message without an answer
IN_ORDER = 5
STOPPED = "conformance.stopped"  # the playbook that is silenced


class Check(NamedTuple):
    """One promise of a delivery service; `says` it in a sentence. `prepare` tells the receiver how to answer."""

    name: str
    says: str
    sends: Callable[[Case], list[Send]]
    judge: Judge
    prepare: Callable[[Case, Arrivals], None] = lambda _case, _arrivals: None


def _again(case: Case) -> list[Send]:
    one = case.command()
    return [sent(one), sent(one), sent(one, SOON_S + 1)]


def _recalled(case: Case) -> list[Send]:
    one = case.command(not_before=case.now + SOON_S + 1)
    return [sent(one), sent(case.recall(one), 0.5)]


def _recalled_first(case: Case) -> list[Send]:
    one = case.command()
    return [sent(case.recall(one)), sent(one, 1.0)]


def _recalled_after(case: Case) -> list[Send]:
    one = case.command()
    return [sent(one), sent(case.recall(one, withdraw=True), SOON_S), sent(one, SOON_S + 1)]


def _judge_recalled_after(case: Case, seen: Seen) -> str:
    one = case.command()
    taken = sum(arrival.taken for arrival in seen.arrivals(one))
    if taken != 1:
        return f"the receiver took it {taken} times, expected once"
    return told(seen, one, {"delivered"}, also=frozenset({"withdrawn"}))


def _judge_in_time(case: Case, seen: Seen) -> str:
    one = case.command(not_before=case.now + SOON_S)
    early = [arrival.at for arrival in seen.arrivals(one) if arrival.at < one.not_before - 0.05]
    if early:
        return f"it came {one.not_before - early[0]:.1f} s before its time"
    return delivered_once(seen, one)


def _unknown_fields(case: Case) -> list[Send]:
    one = case.command()
    value = msgspec.to_builtins(one) | {"of_the_next_version": {"a": [1]}, "badge": "new"}
    return [Send(one.target.encode(), msgspec.json.encode(value))]


def _judge_order(case: Case, seen: Seen) -> str:
    commands = [case.command(str(number)) for number in range(IN_ORDER)]
    faults = [fault for one in commands if (fault := delivered_once(seen, one))]
    if faults:
        return faults[0]
    times = [seen.arrivals(one)[0].at for one in commands]
    return "" if all(a <= b for a, b in pairwise(times)) else "they did not come in the order of the topic"


def _hang(case: Case) -> list[Send]:
    slow, quick = case.command("slow"), case.command("quick", f"{case.name}-other")
    return [sent(slow), sent(quick, 1.0)._replace(like=slow.target.encode())]


def _judge_hang(case: Case, seen: Seen) -> str:
    slow, quick = case.command("slow"), case.command("quick", f"{case.name}-other")
    fault = delivered_once(seen, quick) or ("" if seen.arrivals(slow) else "the slow one never came")
    if fault:
        return fault
    waited = seen.arrivals(quick)[0].at - (case.now + 1.0)
    return "" if waited < HANG_S - 2 else f"another member waited {waited:.1f} s behind a receiver that hangs"


def _malformed(case: Case) -> list[Send]:
    key = case.command().target.encode()
    whole = msgspec.to_builtins(case.command("broken"))
    lacking = {name: one for name, one in whole.items() if name != "text"}
    values: list[bytes | None] = [
        None, b"", b"no JSON", b"[]", b"{}", b"\xff\xfe", b'{"type":"recall"}', msgspec.json.encode(lacking),
        msgspec.json.encode(whole | {"expires": "tomorrow"}), b"[" * 5000,
    ]  # fmt: skip
    return [*(Send(key, value) for value in values), sent(case.command(), 1.0)]


def _judge_malformed(case: Case, seen: Seen) -> str:
    if seen.arrivals(case.command("broken")):
        return "a command without text, or with a time that is none, was delivered"
    fault = delivered_once(seen, case.command())
    return f"after records that are no commands: {fault}" if fault else ""


def _judge_outcomes(_case: Case, seen: Seen) -> str:
    found = seen.all_outcomes()
    faults = sorted({one.fault for one in found if one.fault})
    return "; ".join(faults) if found else "there is none"


CHECKS: tuple[Check, ...] = (
    Check("delivers", "a command that is due reaches the receiver, once, and is told as delivered",
          lambda case: [sent(case.command())], lambda case, seen: delivered_once(seen, case.command())),
    Check("repeated", "a command that comes again, at once or later, is not delivered again",
          _again, lambda case, seen: delivered_once(seen, case.command())),
    Check("not-before", "a command waits for its time",
          lambda case: [sent(case.command(not_before=case.now + SOON_S))], _judge_in_time),
    Check("expired", "a command that has expired is not delivered, and told as failed (event_stale)",
          lambda case: [sent(case.command(expires=case.now - 60))],
          lambda case, seen: not_delivered(seen, case.command(), {"failed"}, ("event_stale",))),
    Check("recalled", "a command that is called back while it waits is not delivered, and told as recalled",
          _recalled, lambda case, seen: not_delivered(seen, case.command(), {"recalled"})),
    Check("recalled-first", "a recall that is read before its command counts all the same",
          _recalled_first, lambda case, seen: not_delivered(seen, case.command(), {"recalled"})),
    Check("recalled-after", "a delivered command that is called back is not delivered again; withdrawn, where the platform can",
          _recalled_after, _judge_recalled_after),
    Check("replay", "a command of a replayed history reaches nobody, and is told as failed (replay)",
          lambda case: [sent(case.command(replay=True))],
          lambda case, seen: not_delivered(seen, case.command(), {"failed"}, ("replay",))),
    Check("stopped", "what an operator's order on control.v1 stops is not delivered, and told as failed (silenced)",
          lambda case: [sent(case.command(playbook=STOPPED), 1.0)],
          lambda case, seen: not_delivered(seen, case.command(), {"failed"}, ("silenced", "kill_switch"))),
    Check("tries-again", "a receiver that is away for a moment (503) is asked again, until it takes the message",
          lambda case: [sent(case.command())], lambda case, seen: delivered_once(seen, case.command()),
          lambda case, arrivals: arrivals.answers.update({mark_of(case.command().id): lambda before: 503 if before < 2 else 200})),
    Check("gives-up", "what the receiver refuses for good (400) is told as failed, never as delivered",
          lambda case: [sent(case.command())], lambda case, seen: told(seen, case.command(), {"failed"}),
          lambda case, arrivals: arrivals.answers.update({mark_of(case.command().id): lambda _before: 400})),
    Check("in-order", "commands for one member go one after the other",
          lambda case: [sent(case.command(str(number))) for number in range(IN_ORDER)], _judge_order),
    Check("others-go-on", "a receiver that hangs for one member keeps nobody else waiting",
          _hang, _judge_hang,
          lambda case, arrivals: arrivals.delays.update({mark_of(case.command("slow").id): HANG_S})),
    Check("unknown-fields", "fields that the service does not know are passed over",
          _unknown_fields, lambda case, seen: delivered_once(seen, case.command())),
    Check("malformed", "records that are no commands stop nothing",
          _malformed, _judge_malformed),
    Check("outcomes", "outcomes are events of the member log: sealed, under the member's key, on its partition",
          lambda _case: [], _judge_outcomes),
)  # fmt: skip
FIRST, LAST = "delivers", "malformed"
