"""Is all there and up to date: how far the log is read, dead letters, what was published, versions."""

from collections import Counter
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.version import VERSION
from streams.catalog_versions import Published, last_publications
from streams.console import lookups
from streams.console.desk import Desk, desk_of, moment, page, taken
from streams.console.doors import shown
from streams.console.letter_pages import newest
from streams.console.store import decisions_kept, size_of
from streams.errors import UserError

PUBLISHED = 10


def _system(request: Request) -> Response:
    desk = desk_of(request)
    behind, fault = desk.reading()
    file = desk.store.reader()
    reading = [
        {"topic": topic, "partition": partition, "next": offset}
        for topic, partition, offset in file.execute("SELECT topic, partition, next FROM reading ORDER BY topic, partition")
    ]  # fmt: skip
    answer = taken(request, reading, "partitions")
    if answer:
        return answer
    dead, published, away = _from_broker(desk)
    return page(
        request, "system", lag=behind, lag_fault=fault, reading=reading, kept=decisions_kept(file), size=size_of(desk.store.path),
        bound=desk.settings.console_decisions_max, newest=lookups.latest(file), dead=dead, published=published, away=away, core=VERSION,
    )  # fmt: skip


def _from_broker(desk: Desk) -> tuple[list[tuple[str, str, int]], list[dict[str, Any]], str]:
    """Return (topic, reason, count) of the newest dead letters, and the last publications, or why they are not known."""
    try:
        counts = Counter((one["topic"], one["reason"]) for one in newest(desk.settings.bootstrap))
        published = [{**msgspec.structs.asdict(one), "time": moment(one.time)} for one in _publications(desk)]
    except UserError as error:
        return [], [], str(error)
    return [(topic, reason, count) for (topic, reason), count in sorted(counts.items())], published, ""


def _publications(desk: Desk) -> list[Published]:
    """Return the last publications; they are read anew once another catalog is in force, for each is as large as the catalog."""
    now = desk.catalog()
    known, found = desk.publications
    if now is None or known != now.hash:
        found = last_publications(desk.settings.bootstrap, PUBLISHED)
        desk.publications = (now.hash if now else "", found)
    return found


ROUTES = (Route("/system", shown(_system), methods=["GET"]),)
