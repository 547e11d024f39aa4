"""Is all there and up to date: how far each partition is read and by whom, dead letters, what was published, versions."""

import sys
from importlib.metadata import version

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.version import VERSION
from streams.console import lookups, pictures
from streams.console.desk import Desk, asks_file, desk_of, moment, page, taken
from streams.console.doors import shown
from streams.console.standing import WAIT_S, WORKER, Answer, Place
from streams.console.store import decisions_kept, size_of

FILE_WAIT_S = 10.0  # that a file waits for a first answer: nothing looks again for whoever fetches it
OURS = "console"


def _system(request: Request) -> Response:
    desk = desk_of(request)
    found = desk.standing.look(desk.current.hash, FILE_WAIT_S if asks_file(request) else WAIT_S)
    places = _places(desk, found)
    answer = taken(request, [{**one._asdict(), "behind": one.behind if found else ""} for one in places], "partitions")
    if answer:
        return answer
    behind, fault = desk.reading()
    file = desk.store.reader()
    folded = [one for one in places if one.process == WORKER]
    top = max((one.behind for one in places), default=0)
    return page(
        request, "system", lag=behind, lag_fault=fault, kept=decisions_kept(file), size=size_of(desk.store.path), found=found,
        age=max(0, round(desk.clock() - found.at)) if found else 0, bound=desk.settings.console_decisions_max, newest=lookups.latest(file),
        places=[(one, pictures.part(one.behind, top)) for one in places], worker=WORKER, ours=OURS, away=desk.standing.fault,
        unfolded=sum(one.behind for one in folded), unheld=sum(not one.holder for one in folded) if found and found.holders_known else 0,
        dead=[(topic, reason, count) for (topic, reason), count in sorted(found.letters.items())] if found else [],
        published=[{**msgspec.structs.asdict(one), "time": moment(one.time)} for one in found.published] if found else [],
        versions=_versions(desk),
    )  # fmt: skip


def _places(desk: Desk, found: Answer | None) -> list[Place]:
    """Return each partition of workers and deliveries, as the broker tells, then those that the console reads itself."""
    ends = found.ends if found else {}
    rows = desk.store.reader().execute("SELECT topic, partition, next FROM reading ORDER BY topic, partition")
    own = [
        Place(OURS, topic, number, "", at, max(at, ends.get(topic, {}).get(number, at))) for topic, number, at in rows
    ]
    return [*(found.places if found else []), *own]


def _versions(desk: Desk) -> list[tuple[str, str]]:
    """Return what runs here, by the name of its word."""
    python, known = sys.version_info, desk.catalog()
    return [
        ("lotse_version", version("lotse")),
        ("core_version", VERSION),
        ("catalog", known.hash[:12] if known else "–"),
        ("python_version", f"{python.major}.{python.minor}.{python.micro}"),
    ]


ROUTES = (Route("/system", shown(_system), methods=["GET"]),)
