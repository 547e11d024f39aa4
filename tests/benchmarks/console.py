"""How long the console's pages take on a large store: `python -m tests.benchmarks.console --members 1000000 --decisions 10000000`.

The store is filled through its own `take`, so that sums and indexes are those of production; pages are asked in process, each as often, and
each time about another member, playbook or place; on threads of their own, so that each opens the file anew. There is no broker:
what System, dead letters and orders ask of one is measured in the demo. `--keep FOLDER` leaves the filled store there, and measures one that is there already.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from random import Random
from typing import NamedTuple

from rich.console import Console as Terminal

from processors.community.content_gaps import Gap
from processors.decisions import Decision, Reason
from processors.ids import digest
from resource_catalog.loader import SHIPPED, load
from streams.console import lookups
from streams.console.accounts import form_token
from streams.console.counting import count
from streams.console.reviews import Item
from streams.console.store import decisions_kept, size_of
from streams.runtime.garbage import spare_states
from tests.benchmarks.figures import Figures
from tests.support.consoles import NOW, Operators, decision, event

MEMBERS, DECISIONS = 100_000, 1_000_000  # in `make bench`; the bar is at ten times as much
BATCH, TIMES, DAYS = 10_000, 40, 28
PLAYBOOKS = tuple(f"playbook-{number}" for number in range(40))
REASONS = (
    Reason.SENT,
    *([Reason.BUDGET_WEEK, Reason.HOLDOUT, Reason.WAIT, Reason.QUIET_HOURS_HOLD, Reason.SHADOW] * 2),
)
RARE = tuple(Reason)
ITEMS = 2_000
OWN = "/playbooks/onboarding.how-to-start"


def _pages(ref: str, chance: Random, newest: int, held: str) -> dict[str, str]:
    """Return the address of every page by its name, each time about others; `held` is a playbook and a reason of some decision."""
    playbook, before = chance.choice(PLAYBOOKS), chance.randrange(newest)
    return {
        "overview": "/", "live": f"/live?playbook={chance.choice(('', *PLAYBOOKS))}&reason={chance.choice(('', *RARE))}",
        "live_deep": f"/live?{held}&before={before}", "live_nothing": f"/live?playbook={playbook}&reason={Reason.RESOURCE_EXPIRED}&before={before // 1000}",
        "live_file": f"/live?playbook={playbook}&before={before}&format=csv", "member": f"/members/{ref}", "member_older": f"/members/{ref}?before={NOW + 9 * 86_400}",
        "members": "/members", "noisy": f"/noisy?days={chance.choice((1, 7, 28))}", "playbooks": "/playbooks", "playbook": OWN, "edit": f"{OWN}/edit", "try": f"{OWN}/try",
        "promote": f"{OWN}/promote", "backtests": f"{OWN}/backtest", "approvals": "/approvals", "suggestions": "/suggestions", "review": "/review",
        "precision": "/review/precision", "catalog": "/catalog", "gaps": "/catalog/gaps", "gap": f"/catalog/gaps/town/asked-{chance.randrange(500)}",
        "journeys": "/catalog/journeys", "measures": "/measures", "system": "/system", "letters": "/system/letters", "people": "/people", "record": "/record", "me": "/me",
    }  # fmt: skip


FORMS = {  # that are answered with a page
    "search": ("/members", lambda chance: {"member": f"member-{chance.randrange(1000)}"}),
    "order": ("/playbooks/order", lambda chance: {"kind": "silence", "theme": chance.choice(("onboarding", "values")), "reason": "why", "life": "8"}),
}  # fmt: skip
PAGES = (*_pages("", Random(0), 1, ""), *FORMS)


def measure(members: int = MEMBERS, decisions: int = DECISIONS, keep: str = "") -> Figures:
    """Fill a store, ask each page; return the worst page's p95 and how fast the store took decisions (0 where it was there)."""
    with nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="lotse-bench-") as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        operators = Operators(Path(folder), load(SHIPPED).bundle, bound=decisions)
        began, kept = time.perf_counter(), decisions_kept(operators.store.reader())
        for batch in _batches(members, decisions) if not kept else ():
            operators.store.take(batch)
        took = time.perf_counter() - began if not kept else float("inf")
        _others(operators)
        operators.sign_in()
        spare_states()  # as the console does once it has started
        pages = {name: _taken(operators, name) for name in PAGES}
        return {
            "console_p95_ms": max(one.wall for one in pages.values()), "console_cpu_p95_ms": max(one.cpu for one in pages.values()),
            "console_first_cpu_ms": max(one.first for one in pages.values()),
            **{f"console_{name}_p95_ms": one.wall for name, one in pages.items()}, **{f"console_{name}_cpu_p95_ms": one.cpu for name, one in pages.items()},
            **{f"console_{name}_first_cpu_ms": one.first for name, one in pages.items()},
            "console_taken_per_s": round(decisions / took), "console_store_mb": round(size_of(operators.store.path) / 1e6),
            "console_decisions": decisions,
        }  # fmt: skip


def _batches(members: int, decisions: int) -> Iterator[list[Decision]]:
    chance, step = Random(1), DAYS * 86_400 / decisions
    for first in range(0, decisions, BATCH):
        yield [
            decision(
                number, f"town/member-{chance.randrange(members)}", chance.choice(RARE if number % 50 == 0 else REASONS),
                time=NOW + number * step, playbook=chance.choice(PLAYBOOKS), stages=("consent", "budget", "quiet"),
                values={"week": number % 5, "day": 1}, episode=digest("episode", str(number)),
            )
            for number in range(first, min(first + BATCH, decisions))
        ]  # fmt: skip


def _others(operators: Operators) -> None:
    """Fill what lies beside the store: items that wait and were answered, gaps, and a count."""
    reviews, bundle = operators.desk.reviews, load(SHIPPED).bundle
    items = [
        Item(digest("item", str(n)), "moderation", "heated", "conflict", f"town/member-{n}", NOW, NOW + n, f"heat/{n}", 1.0, {"sides": 2}, 0, n, has_words=False, replay=False)
        for n in range(2 * ITEMS)
    ]  # fmt: skip
    reviews.take(items, {})
    for item in items[:ITEMS]:
        reviews.answer(item, "right", "ann")
    gaps = [Gap(f"town/asked-{n}", "town", "asked", NOW, int(NOW), asks=n, members=5, friction=n) for n in range(500)]
    operators.store.take(gaps=[(gap.id, gap) for gap in gaps])
    waits = {"playbook": "onboarding.how-to-start", "resource": "first-day", "until": 4e9}
    asked = [
        decision(20_000_000 + n, f"town/member-{n}", Reason.SUGGESTION_WAITS, time=NOW, episode=f"w{n}", **waits)
        for n in range(ITEMS)
    ]
    operators.store.take(asked)
    counted = [one for batch in _batches(2_000, 2 * BATCH) for one in batch]
    visits = [event(n, "community.joined", f"town/member-{n}") for n in range(2_000)]
    operators.counts.counted = count(visits, counted, bundle, NOW)


class Took(NamedTuple):
    """Of 100 answers 95 took at most this: on the clock, and on the processor (ms), which says what a busy machine hides; `first` is the first visit's."""

    wall: float
    cpu: float
    first: float


def _taken(operators: Operators, name: str) -> Took:
    chance, file = Random(2), operators.store.reader()
    took, used = list[float](), list[float]()
    (members,) = file.execute("SELECT max(id) FROM member").fetchone()
    newest = lookups.stream(file, limit=1)[0].seq
    for _ in range(TIMES):
        (ref,) = file.execute("SELECT ref FROM member WHERE id = ?", (chance.randrange(1, members + 1),)).fetchone()
        at = f"playbook={chance.choice(PLAYBOOKS)}&reason={chance.choice(RARE)}"
        form = FORMS.get(name)
        address = form[0] if form else _pages(ref, chance, newest, at)[name]
        token = form_token(operators.cookie)
        operators.now += 10  # the limit of requests recovers
        began, spent = time.perf_counter(), time.process_time()
        answer = (
            operators.ask("POST", address, data={"form": token, **form[1](chance)}) if form else operators.get(address)
        )
        used.append(1000 * (time.process_time() - spent))
        took.append(1000 * (time.perf_counter() - began))
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"{address}: {answer.status_code}")
    wall, cpu = (round(sorted(one)[int(0.95 * len(one))], 1) for one in (took, used))
    return Took(wall, cpu, round(used[0], 1))


def main() -> None:
    """Measure at a size that is asked for, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    parser.add_argument("--keep", default="")
    given = parser.parse_args()
    for name, value in measure(given.members, given.decisions, given.keep).items():
        Terminal().print(f"{name}: {value:,}")


if __name__ == "__main__":
    main()
