"""Quix Streams with its RocksDB state and changelog, doing a job: arguments as of lotse_engine.

At least once, a commit each second, bytes in and out without its own serialisation of states (`get_bytes`, `set_bytes`),
the producer lingering 20 ms.
"""

import sys
from typing import Any

from quixstreams import Application, State

from tests.benchmarks.jobs import JOBS


def main() -> None:
    """Run until killed."""
    bootstrap, name, source, target, folder = sys.argv[1:]
    job = JOBS[name]()
    app = Application(
        broker_address=bootstrap, consumer_group=f"quix-{source}", auto_offset_reset="earliest", commit_interval=1.0,
        state_dir=folder, loglevel="WARNING", auto_create_topics=True,
        consumer_extra_config={"check.crcs": False, "queued.min.messages": 100_000},
        producer_extra_config={"linger.ms": 20, "batch.size": 262_144},
    )  # fmt: skip
    events = app.topic(source, key_deserializer="bytes", value_deserializer="bytes")
    commands = app.topic(target, key_serializer="bytes", value_serializer="bytes")

    def fold(value: bytes, key: bytes, _timestamp: int, _headers: Any, state: State) -> list[bytes]:
        stored = state.get_bytes("s")
        member = job.decode(stored) if stored else job.fresh()
        outputs = job.fold(member, key, value)
        state.set_bytes("s", job.encode(member))
        return outputs

    stream = app.dataframe(events).apply(fold, stateful=True, expand=True, metadata=True)
    stream.to_topic(commands)
    app.run()


if __name__ == "__main__":
    main()
