"""People in the loop on a real Kafka: suggestions sent, said otherwise and dropped by commands; the names of the week from running stages."""

import time
from contextlib import closing
from pathlib import Path

import msgspec
import orjson
import pytest
from kafka import KafkaProducer

from processors.commands import Command
from processors.decisions import Decision, Reason, read_decision
from processors.events import Event
from processors.playbooks.resources import Bundle, Policy
from processors.vocabulary import VOCABULARY
from streams.topics import DECISIONS, DELIVERY
from tests.support.deployment import Deployment
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.stories import playbook, resource

pytestmark = pytest.mark.integration
MEMBERS = ("ann", "bob", "cem")


def decisions(broker: Broker) -> list[Decision]:
    """All decisions so far."""
    return [read_decision(one.key, one.value) for one in read_all(broker.bootstrap, DECISIONS)]


def commands(broker: Broker) -> list[Command]:
    """All commands so far."""
    return [msgspec.json.decode(one.value, type=Command) for one in read_all(broker.bootstrap, DELIVERY["in_app"])]


def test_from_a_suggestion_to_a_message_or_to_none(empty_kafka: Broker, tmp_path: Path) -> None:
    """Three wait; one is sent as it is, one in other words, one is dropped; nothing goes before somebody said yes."""
    deployment = Deployment(empty_kafka.bootstrap, "suggestions")
    policy = Policy(quiet_from=0, quiet_to=0)
    deployment.prepare(Bundle((resource(),), (playbook(maturity="suggest"),), {"*": policy}))
    lotse = deployment.lotse
    with (
        deployment.worker(tmp_path),
        closing(KafkaProducer(bootstrap_servers=empty_kafka.bootstrap, acks="all")) as producer,
    ):
        for member in MEMBERS:
            data = VOCABULARY["post.created"](text="All is well here.", channel="talk", thread=member)
            deployment.send(producer, Event(f"p-{member}", "post.created", f"town/{member}", time.time(), data))
        producer.flush(30)
        wait_until(lambda: len(decisions(empty_kafka)) == len(MEMBERS), 60, "the suggestions")
        waiting = {
            one["member"].partition("/")[2]: one["command"]
            for one in orjson.loads(lotse("suggestions", "ls", "--json").stdout)
        }
        assert sorted(waiting) == list(MEMBERS)
        assert {one.reason for one in decisions(empty_kafka)} == {Reason.SUGGESTION_WAITS}
        assert commands(empty_kafka) == []
        for words in (
            ("send", waiting["ann"]),
            ("edit", waiting["bob"], "--text", "Good to have you here."),
            ("drop", waiting["cem"]),
        ):
            done = lotse("suggestions", *words, "--author", "mod", "--reason", "seen")
            assert done.returncode == 0, done.stderr
        wait_until(lambda: len(decisions(empty_kafka)) == 2 * len(MEMBERS), 60, "what came of them")
        deployment.caught_up()
    ends = {one.member: one.reason for one in decisions(empty_kafka) if one.reason is not Reason.SUGGESTION_WAITS}
    assert ends == {"town/ann": Reason.SENT, "town/bob": Reason.SENT, "town/cem": Reason.SUGGESTION_DECLINED}
    assert {one.member: (one.id, one.text) for one in commands(empty_kafka)} == {
        "town/ann": (waiting["ann"], "It helps."), "town/bob": (waiting["bob"], "Good to have you here."),
    }  # fmt: skip
    assert lotse("suggestions", "ls").stdout.strip() == "nothing waits"
    again = lotse("suggestions", "send", waiting["cem"], "--author", "mod")
    assert (again.returncode, "no suggestion" in again.stderr) == (2, True)


def test_names_of_the_week_from_running_stages(empty_kafka: Broker, tmp_path: Path) -> None:
    """Somebody joined and asks, nobody answers in the chat; the changelogs of both stages name them, without their words."""
    deployment = Deployment(empty_kafka.bootstrap, "weekly")
    deployment.prepare()
    with (
        deployment.worker(tmp_path),
        closing(KafkaProducer(bootstrap_servers=empty_kafka.bootstrap, acks="all")) as producer,
    ):
        asked = time.time() - 1200
        joined = VOCABULARY["community.joined"]()
        question = VOCABULARY["question.asked"](
            text="How do I mount the frobnicator partition under gentoo?", channel="help"
        )
        deployment.send(producer, Event("j", "community.joined", "town/new", asked - 60, joined))
        deployment.send(producer, Event("q", "question.asked", "town/new", asked, question))
        producer.flush(30)
        wait_until(
            lambda: any(one.playbook == "questions.unanswered-in-chat" for one in decisions(empty_kafka)), 90, "unanswered",
        )  # fmt: skip
        deployment.caught_up()
    done = deployment.lotse("weekly", "--json")
    assert done.returncode == 0, done.stderr
    (found,) = orjson.loads(done.stdout)["communities"]["town"]
    assert (found["member"], found["why"], found["locale"]) == ("town/new", "newcomer", "en")
    assert "frobnicator" not in done.stdout
