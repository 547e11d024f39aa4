"""A worker that starts on the changelog of a million members: how fast it is back, and what it holds in memory."""

import time
from pathlib import Path

from streams.codec import Codec
from streams.runtime.changelog import Closing, Stamp, encode_closing
from streams.runtime.stage import CUT_KEY
from streams.runtime.topology import changelog_name
from streams.settings import Settings
from streams.topics import ACTIVITY
from tests.benchmarks.catalogs import KEY
from tests.benchmarks.figures import Figures
from tests.benchmarks.folding import lived_states
from tests.benchmarks.loading import Row, by_partition, write
from tests.benchmarks.reference_mix import PER_SECOND, records
from tests.benchmarks.worker import PARTITIONS, prepared, running
from tests.support.kafka import create_topics

MEMBERS, EVENTS, CUT_RECORDS, MILLION = 1_000_000, 60_000, 5_000, 1_000_000
_SPENT = 'lotse_recovery_seconds_sum{stage="members"}'
_READ = 'lotse_recovered_records_total{stage="members"}'


def measure(bootstrap: str, folder: Path, members: int = MEMBERS, events: int = EVENTS) -> Figures:
    """Return states per second of recovery, and resident bytes a member after events have come in.

    The memory is the difference of two workers that fold the same events: one that holds the members, one that began
    with nothing.
    """
    full, empty = prepared(bootstrap, "bench-full"), prepared(bootstrap, "bench-empty")
    states = lived_states(members, time.time())  # whose timers are still to come, as after a restart
    _write_changelog(full, states)
    rows = records(events, members, time.time() - events / PER_SECOND, Codec(KEY.encode()))
    with running(full, folder) as worker:
        seconds, read = worker.metric(_SPENT) / PARTITIONS, worker.metric(_READ)
        write(bootstrap, ACTIVITY, by_partition(rows, PARTITIONS))
        worker.drain()
        holding = worker.process.rss_bytes()
    with running(empty, folder) as worker:
        worker.drain()
        bare = worker.process.rss_bytes()
    return {
        "recovery_states_per_s": round(read / seconds),
        "recovery_million_s": round(seconds * MILLION / read, 2),
        "bytes_per_member": round((holding - bare) / members),
        "encoded_bytes_per_member": round(sum(map(len, states.values())) / len(states)),
    }


def _write_changelog(settings: Settings, states: dict[bytes, bytes]) -> None:
    name = changelog_name(settings.app, "members")
    create_topics(settings.bootstrap, {name: PARTITIONS})
    write(settings.bootstrap, name, [_as_cuts(rows) for rows in by_partition(states.items(), PARTITIONS)])


def _as_cuts(rows: list[Row]) -> list[Row]:
    """Return rows as an earlier owner's cuts, who folded nothing of the log that is there now."""
    made: list[Row] = []
    for number, start in enumerate(range(0, len(rows), CUT_RECORDS), 1):
        stamp = Stamp(1, number)
        made += [(key, stamp.encode() + value) for key, value in rows[start : start + CUT_RECORDS]]
        made.append((CUT_KEY, encode_closing(stamp, Closing(next=0, shared=None))))
    return made
