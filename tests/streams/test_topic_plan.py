"""Topics against their plan on a real Kafka: compared, created, altered; a number of partitions is never altered."""

from contextlib import closing

import msgspec
import orjson
import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic

from streams.app import create_worker
from streams.errors import UserError
from streams.settings import Settings
from streams.topic_plan import apply_plan, changelogs, compare
from streams.topics import ACTIVITY, CATALOG, DECISIONS, REVIEW, TOPICS
from tests.support.deployment import Deployment
from tests.support.kafka import Broker, wait_until

pytestmark = pytest.mark.integration


def set_config(bootstrap: str, topic: str, **config: str) -> None:
    """Change a topic's settings, as somebody did by hand."""
    settings = {name.replace("_", "."): value for name, value in config.items()}
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, settings)])


def test_what_is_missing_is_created_and_what_differs_is_altered(empty_kafka: Broker) -> None:
    """From nothing to the plan; then one setting by hand, seen and put right, others left alone."""
    deployment = Deployment(empty_kafka.bootstrap, "planned", partitions=2)
    settings = deployment.settings
    assert {one.topic for one in compare(settings) if one.found == "missing"} == {spec.name for spec in TOPICS}
    plan = deployment.lotse("topics", "plan", "--json")
    assert (plan.returncode, len(orjson.loads(plan.stdout))) == (1, len(TOPICS))
    assert len(apply_plan(settings)) == len(TOPICS)
    wait_until(lambda: not compare(settings), 20, "all topics")
    assert deployment.lotse("topics", "apply").stdout == "nothing to do: as planned\n"
    assert deployment.lotse("topics", "plan").returncode == 0

    set_config(empty_kafka.bootstrap, DECISIONS, retention_ms="60000", cleanup_policy="compact", segment_ms="86400000")
    set_config(empty_kafka.bootstrap, ACTIVITY, retention_bytes="1000000")
    set_config(empty_kafka.bootstrap, REVIEW, cleanup_policy="delete,compact")  # the same in another order
    found = wait_until(lambda: compare(settings), 20, "the changes")
    assert {(one.topic, one.what, one.found) for one in found} == {
        (ACTIVITY, "retention.bytes", "1000000"), (DECISIONS, "retention.ms", "60000"), (DECISIONS, "cleanup.policy", "compact"),
    }  # fmt: skip
    shown = deployment.lotse("topics", "plan")
    assert shown.returncode == 1
    assert all(word in shown.stdout for word in ("retention.bytes", "60000", "2419200000", "run: lotse topics apply"))
    done = deployment.lotse("topics", "apply", "--json")
    assert (done.returncode, len(orjson.loads(done.stdout))) == (0, 3)
    wait_until(lambda: not compare(settings), 20, "the plan again")
    with closing(KafkaAdminClient(bootstrap_servers=empty_kafka.bootstrap)) as admin:
        kept = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, DECISIONS)])["topic"][DECISIONS]
    assert kept["segment.ms"]["value"] == "86400000"


def test_another_number_of_partitions_is_refused_before_anything_is_done(empty_kafka: Broker) -> None:
    """The reason and the way are said; a topic that is missing stays missing; a changelog is looked at too."""
    deployment = Deployment(empty_kafka.bootstrap, "fixed", partitions=2)
    with closing(KafkaAdminClient(bootstrap_servers=empty_kafka.bootstrap)) as admin:
        admin.create_topics(
            [NewTopic(ACTIVITY, 3, 1), NewTopic(CATALOG, 1, 1), NewTopic("fixed-members-changelog", 2, 1)]
        )
        admin.wait_for_topics([ACTIVITY, CATALOG, "fixed-members-changelog"])
        with pytest.raises(UserError, match=f"{ACTIVITY}: 3 partitions, 2 planned"):
            apply_plan(deployment.settings)
        assert DECISIONS not in admin.list_topics()
    refused = deployment.lotse("topics", "apply")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "hash modulo the number of partitions" in refused.stderr
    assert "set LOTSE_PARTITIONS to the number found" in refused.stderr
    found = compare(deployment.settings)
    assert ("fixed-members-changelog", "cleanup.policy", "delete") in {
        (one.topic, one.what, one.found) for one in found
    }
    assert "hash modulo" in deployment.lotse("topics", "plan").stdout


def test_fewer_replicas_than_planned_are_told_and_left_to_the_operator(empty_kafka: Broker) -> None:
    """The number of replicas is no setting: it is shown with the way to it, and apply does the rest."""
    deployment = Deployment(empty_kafka.bootstrap, "replicas", partitions=1)
    assert len(apply_plan(deployment.settings)) == len(TOPICS)
    wait_until(lambda: not compare(deployment.settings), 20, "all topics")
    wanting = msgspec.structs.replace(deployment.settings, replication=3)
    assert {(one.what, one.found, one.planned, one.by_hand) for one in compare(wanting)} == {
        ("replication", "1", "3", True)
    }
    assert apply_plan(wanting) == []
    told = deployment.lotse("topics", "plan", LOTSE_REPLICATION="3")
    assert told.returncode == 1
    assert "kafka-reassign-partitions.sh" in told.stdout
    assert "lotse topics apply" not in told.stdout


def test_the_changelog_of_every_stage_is_in_the_plan() -> None:
    """A stage that is added to the worker is added to the plan by itself."""
    worker = create_worker(Settings(app="planned", control_key="a control key for tests"))
    expected = {f"planned-{stage.name}-changelog" for stage in worker.engine.stages.values()}
    assert {one.name for one in changelogs(Settings(app="planned"))} == expected
