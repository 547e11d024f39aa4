"""Plain Faust, agent and Table in memory with its changelog, doing a job: arguments as of lotse_engine.

Its best settings as its documentation and maintainers give them: compiled fast path on, large stream buffer, no standby,
producer with linger, large batches, lz4 left out (packing costs it CPU); states are kept as objects, so a read decodes nothing.
"""

import sys
from typing import Any

import faust
from faust.serializers import codecs

from tests.benchmarks.jobs import JOBS


def main() -> None:
    """Run until killed."""
    bootstrap, name, source, target, folder = sys.argv[1:]
    job = JOBS[name]()

    class StateCodec(codecs.Codec):  # type: ignore[misc]
        def _dumps(self, obj: Any) -> bytes:
            return job.encode(obj)

        def _loads(self, s: bytes) -> Any:
            return job.decode(s)

    codecs.register("state", StateCodec())
    app = faust.App(
        f"faust-{source}", broker=f"kafka://{bootstrap}", store="memory://", topic_partitions=4, web_enabled=False,
        topic_replication_factor=1, consumer_auto_offset_reset="earliest", table_standby_replicas=0, datadir=folder,
        stream_buffer_maxsize=131_072, cython_optimizations=True, producer_linger=20, producer_max_batch_size=256 << 10,
        broker_commit_interval=1.0, topic_disable_leader=True, consumer_max_fetch_size=4 << 20, broker_check_crcs=False,
    )  # fmt: skip
    events = app.topic(source, key_serializer="raw", value_serializer="raw")
    commands = app.topic(target, key_serializer="raw", value_serializer="raw")
    members = app.Table("members", key_type=bytes, value_type=bytes, default=job.fresh)
    members.value_serializer = "state"

    @app.agent(events)  # type: ignore[untyped-decorator]
    async def detect(stream: Any) -> None:
        async for key, value in stream.items():
            state = members[key]
            outputs = job.fold(state, key, value)
            members[key] = state
            for output in outputs:
                await commands.send(key=key, value=output)

    app.producer.buffer.max_messages = 10_000
    app.Worker(loglevel="WARN").execute_from_commandline()


if __name__ == "__main__":
    main()
