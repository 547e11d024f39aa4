"""States on disk, for when they outgrow memory: each closed cut is one atomic write, with its changelog position."""

import logging
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from rocksdict import BlockBasedOptions, Cache, Options, Rdict, WriteBatch

from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.settings import EngineSettings
from streams.runtime.stage import States

log = logging.getLogger("lotse.engine")

_POSITION = b"\x00position"
_IDENTITY = b"\x00identity"
_CACHE_BYTES = 32 << 20  # per partition
SCRUB_S = 86_400  # seconds after which what was deleted or replaced is written to files, and files are written anew without it


class _Layered:
    """What a stage sees: the cut under way over what is on disk."""

    def __init__(self, database: Rdict, held: dict[bytes, bytes | None]) -> None:
        self.database, self._held = database, held

    def get(self, key: bytes, /) -> bytes | None:
        if key in self._held:
            return self._held[key]
        value: bytes | None = self.database.get(key)
        return value

    def __contains__(self, key: object, /) -> bool:
        return isinstance(key, bytes) and self.get(key) is not None

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        held = dict(self._held)
        for key, value in self.database.items():
            if key[:1] != b"\x00" and key not in held:
                yield key, value
        yield from ((key, value) for key, value in held.items() if value is not None)


class RocksStore:
    """One RocksDB per partition, under `store_dir`. A foreign or broken directory is wiped, with a warning.

    What is deleted or replaced is gone from the files within three times `scrub_s` (seconds) while cuts are closed: who was erased
    must not stay on a disk for as long as nothing happens to push them out.
    """

    def __init__(self, settings: EngineSettings, stage: str, partition: int, scrub_s: int = SCRUB_S) -> None:
        if settings.store_dir is None:
            raise ValueError("store rocksdb needs store_dir")
        self._path = Path(settings.store_dir) / settings.application / settings.worker / f"{stage}-{partition}"
        self._identity = f"{settings.application}/{stage}/{partition}/{settings.partitions}".encode()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._held: dict[bytes, bytes | None] = {}
        self._scrub_s, self._flushed = scrub_s, time.monotonic()
        self._database = self._open_or_wipe()
        self._layered = _Layered(self._database, self._held)
        self.states: States = self._layered

    def _open_or_wipe(self) -> Rdict:
        try:
            database = self._open()
            if database.get(_IDENTITY) in (None, self._identity):
                database[_IDENTITY] = self._identity
                return database
            database.close()
            reason = "belongs to something else"
        except Exception as error:
            if "lock" in str(error).lower():
                raise EngineError(ExitCode.CONFIGURATION, f"{self._path} is in use by another process") from error
            reason = f"cannot be opened ({type(error).__name__})"
        log.warning("%s %s: wiped, to be rebuilt from the changelog", self._path, reason)
        shutil.rmtree(self._path, ignore_errors=True)
        database = self._open()
        database[_IDENTITY] = self._identity
        return database

    def _open(self) -> Rdict:
        table = BlockBasedOptions()
        table.set_block_cache(Cache(_CACHE_BYTES))
        table.set_bloom_filter(10, block_based=False)
        options = Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_block_based_table_factory(table)
        database = Rdict(str(self._path), options)
        database.set_options({"periodic_compaction_seconds": str(self._scrub_s)})
        return database

    def hold(self, changed: dict[bytes, bytes], deleted: Iterable[bytes]) -> None:
        """Lay changes over the disk."""
        self._held.update(changed)
        self._held.update(dict.fromkeys(deleted))

    def close(self, position: bytes) -> None:
        """Write all that is held and the position in one batch."""
        batch = WriteBatch(raw_mode=True)
        for key, value in self._held.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        batch.put(_POSITION, position)
        self._database.write(batch)
        self._held.clear()
        if time.monotonic() - self._flushed >= self._scrub_s:
            self._renew()

    def _renew(self) -> None:
        """Write what is in memory to files and open them anew: RocksDB's list of files names keys of files that are gone until then."""
        self._database.close()
        self._database = self._open()
        self._layered.database = self._database
        self._flushed = time.monotonic()

    def position(self) -> bytes | None:
        """Return the position of the last closed cut on disk."""
        value: bytes | None = self._database.get(_POSITION)
        return value

    def clear(self) -> None:
        """Delete the files and begin anew; stages opened before must be opened again."""
        self._held.clear()
        self._database.close()
        shutil.rmtree(self._path, ignore_errors=True)
        self._database = self._open()
        self._database[_IDENTITY] = self._identity
        self.states = self._layered = _Layered(self._database, self._held)

    def release(self) -> None:
        """Close the files."""
        self._database.close()
