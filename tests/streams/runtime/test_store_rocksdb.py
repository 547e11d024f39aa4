"""The store on disk: atomic with its position, and wiped where it is not ours or broken."""

from itertools import count
from pathlib import Path

import pytest

from streams.runtime.exits import EngineError
from streams.runtime.settings import EngineSettings
from streams.runtime.store_rocksdb import RocksStore
from tests.support.processes import wait_until
from tests.support.searching import in_files


@pytest.fixture
def settings(tmp_path: Path) -> EngineSettings:
    return EngineSettings(bootstrap="", application="app", worker="w1", store="rocksdb", store_dir=str(tmp_path))


def directory(settings: EngineSettings) -> Path:
    return Path(settings.store_dir or "") / "app" / "w1" / "members-0"


def test_what_is_held_is_seen_at_once_and_lost_without_a_close(settings: EngineSettings) -> None:
    store = RocksStore(settings, "members", 0)
    store.hold({b"a": b"1", b"b": b"2"}, [])
    store.close(b"p1")
    store.hold({b"a": b"3"}, [b"b"])
    assert (store.states.get(b"a"), store.states.get(b"b"), b"b" in store.states) == (b"3", None, False)
    assert dict(store.states.items()) == {b"a": b"3"}  # type: ignore[call-overload]
    store.release()
    again = RocksStore(settings, "members", 0)
    assert dict(again.states.items()) == {b"a": b"1", b"b": b"2"}  # type: ignore[call-overload]
    assert again.position() == b"p1"
    again.release()


def test_states_and_position_close_together(settings: EngineSettings) -> None:
    store = RocksStore(settings, "members", 0)
    store.hold({b"a": b"1"}, [])
    store.close(b"p1")
    store.hold({b"c": b"4"}, [b"a"])
    store.close(b"p2")
    store.release()
    again = RocksStore(settings, "members", 0)
    assert (dict(again.states.items()), again.position()) == ({b"c": b"4"}, b"p2")  # type: ignore[call-overload]
    again.release()


def test_a_corrupt_directory_is_wiped_with_a_warning(
    settings: EngineSettings, caplog: pytest.LogCaptureFixture
) -> None:
    store = RocksStore(settings, "members", 0)
    store.hold({b"a": b"1"}, [])
    store.close(b"p1")
    store.release()
    (directory(settings) / "CURRENT").write_text("nonsense")
    again = RocksStore(settings, "members", 0)
    assert (again.position(), again.states.get(b"a")) == (None, None)
    assert "rebuilt from the changelog" in caplog.text
    again.release()


def test_a_directory_of_another_partition_is_wiped(settings: EngineSettings, caplog: pytest.LogCaptureFixture) -> None:
    store = RocksStore(settings, "members", 1)
    store.hold({b"a": b"1"}, [])
    store.close(b"p1")
    store.release()
    (directory(settings).parent / "members-1").rename(directory(settings))
    again = RocksStore(settings, "members", 0)
    assert again.position() is None
    assert "belongs to something else" in caplog.text
    again.release()


def test_a_directory_in_use_is_left_alone(settings: EngineSettings) -> None:
    store = RocksStore(settings, "members", 0)
    store.hold({b"a": b"1"}, [])
    store.close(b"p1")
    with pytest.raises(EngineError, match="in use by another process"):
        RocksStore(settings, "members", 0)
    assert store.states.get(b"a") == b"1"
    store.release()


def test_clear_forgets_everything(settings: EngineSettings) -> None:
    store = RocksStore(settings, "members", 0)
    store.hold({b"a": b"1"}, [])
    store.close(b"p1")
    store.clear()
    assert (store.position(), store.states.get(b"a")) == (None, None)
    store.release()


def test_what_is_deleted_or_replaced_leaves_the_files(settings: EngineSettings) -> None:
    """Who was erased is in no file of the disk after some rounds of scrubbing, by key or by value; what others have stays."""
    store = RocksStore(settings, "members", 0, scrub_s=1)
    names = (b"town/xanthoceras", b"drank tea")
    store.hold({names[0]: b"her state", b"town/bob": b"his state", b"town/the talk": b"who " + names[1]}, [])
    store.close(b"p0")
    store._database.flush()
    assert all(name in in_files(directory(settings)) for name in names)
    store.hold({b"town/the talk": b"who"}, [names[0]])
    numbers = count(1)

    def scrubbed() -> bool:
        """Close a cut as time goes on, then look."""
        number = next(numbers)
        store.hold({b"town/bob": b"his state %d" % number}, [])
        store.close(b"p%d" % number)
        files = in_files(directory(settings))
        return not any(name in files for name in names)

    wait_until(scrubbed, 30, "files without her", 0.1)
    assert store.states.get(b"town/the talk") == b"who"
    assert store.states.get(b"town/bob") is not None
    store.release()
