"""What the engine relies on in Faust and aiokafka, so that a new version shows where it differs."""

import importlib.metadata
import inspect

import aiokafka
import pytest
from aiokafka.record import default_records
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread

from streams.runtime import faust_app
from streams.runtime.chunks import Chunk, chunk_scheduler
from streams.runtime.faust_app import new_app, warn_about_slow_parser
from streams.runtime.settings import EngineSettings
from streams.runtime.tables import StateTable

SETTINGS = EngineSettings(bootstrap="127.0.0.1:9092", application="app", worker="w1")


def test_the_pinned_versions_are_installed() -> None:
    assert importlib.metadata.version("faust-streaming") == "0.15.3"
    assert aiokafka.__version__ == "0.14.0"


def test_the_private_parts_in_use_exist() -> None:
    assert inspect.iscoroutinefunction(AIOKafkaConsumerThread.call_thread)
    assert callable(AIOKafkaConsumerThread._ensure_consumer)


def test_fausts_web_shows_nothing_and_static_membership_is_on() -> None:
    conf = new_app(SETTINGS, frozenset({"source"})).conf
    shown = [conf.web_enabled, conf.web_tables_enabled, conf.web_router_enabled, conf.web_graph_enabled]
    assert shown == [False] * 4
    assert (conf.consumer_group_instance_id, conf.broker_session_timeout) == ("w1", 10.0)
    assert (conf.table_standby_replicas, conf.topic_allow_declare) == (0, False)
    assert conf.Table is StateTable


def test_a_table_keeps_the_co_partitioned_assignor_and_fausts_names() -> None:
    app = new_app(SETTINGS, frozenset({"source"}))
    table = app.Table("members", key_type=bytes, value_type=bytes, partitions=4)
    assert app.tables.changelog_topics == {"app-members-changelog"}
    assert table.persisted_offset(("app-members-changelog", 0)) > 1 << 60


def test_sources_come_in_chunks_and_other_topics_not_at_all() -> None:
    class Rec:
        def __init__(self, topic: str, offset: int) -> None:
            self.topic, self.partition, self.offset, self.timestamp, self.timestamp_type = topic, 0, offset, 1, 0

    from faust.types import TP  # noqa: PLC0415

    runs = {TP("source", 0): [Rec("source", 5), Rec("source", 6)], TP("table", 0): [Rec("table", 1), Rec("table", 2)]}
    given = list(chunk_scheduler(frozenset({"source"}))().iterate(runs))
    assert [record.offset for _, record in given] == [6]
    assert isinstance(given[0][1], Chunk)
    assert given[0][1].value == runs[TP("source", 0)]


def test_a_missing_compiled_parser_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    warn_about_slow_parser()
    assert not caplog.text
    slow = default_records._DefaultRecordBatchBuilderPy
    monkeypatch.setattr(faust_app.default_records, "DefaultRecordBatchBuilder", slow)
    warn_about_slow_parser()
    assert "compiled record parser is off" in caplog.text
