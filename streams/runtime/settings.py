"""What the engine has to be told; the shell fills it in from its own settings."""

from typing import Any, Literal

import msgspec


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one worker process. Times are in seconds, sizes in bytes, unless a name says otherwise."""

    bootstrap: str  # host:port, several separated by commas
    application: str  # consumer group, and prefix of the changelog topics
    worker: str  # group instance id: one per worker, the same after a restart
    partitions: int = 4  # of each source topic and its changelog; checked against the broker
    replication_factor: int = 1  # of the changelog topics
    checkpoint_s: float = 1.0
    tick_s: float | None = 1.0  # None: somebody else writes the ticks (a replay does)
    store: Literal["memory", "rocksdb"] = "memory"
    store_dir: str | None = None  # required for rocksdb; one directory per worker
    session_timeout_s: float = 10.0
    heartbeat_s: float = 2.0
    max_poll_records: int = 2000  # largest chunk
    max_queued_chunks: int = 4  # per partition
    max_uncut_records: int = 100_000  # per partition: a cut is taken early, folding waits at twice as many
    max_pending_bytes: int = 64 << 20  # outputs not yet acknowledged; folding waits above it
    max_batch_bytes: int = 512 << 10  # one produce request of one partition
    max_fetch_bytes: int = 4 << 20  # per partition and fetch
    compression: Literal["lz4", "zstd", "snappy", "gzip"] | None = "zstd"  # aiokafka packs lz4 at its slowest level
    idempotent: bool = True
    delivery_timeout_s: float = 30.0
    commit_timeout_s: float = 20.0
    last_cut_timeout_s: float = 8.0  # at revocation and at stop
    stall_s: float = 60.0
    broker_wait_s: float = 60.0  # at start, before giving up
    min_compaction_lag_ms: int = 3_600_000  # see README.md: within it, what a paused worker wrote is written again
    loglevel: str = "INFO"
    credentials: Any = None  # a faust.types.auth.CredentialsT, for SASL and TLS
    failpoint: str | None = None  # for tests only: see failpoints.py
    failpoint_after_s: float = 0.0
    failpoint_action: Literal["kill", "stop"] = "kill"
