"""What the console does to a deployment, on a real broker: silences with a preview, going back, answers to suggestions."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import orjson
import pytest
from kafka import KafkaProducer

from processors.commands import command_id
from processors.decisions import Reason
from processors.playbooks.resources import Bundle
from processors.vocabulary import SuggestionAnswer
from streams.catalog.feed import last_published
from streams.catalog.ordering import standing
from streams.catalog.versions import publish_by
from streams.codec import Codec
from streams.console.accounts import Role
from streams.servers.log_reader import read_topic
from streams.topics import ACTIVITY, dead_letters
from tests.support.consoles import KEY, Operators, decision
from tests.support.kafka import wait_until
from tests.support.member_pages import PLAYBOOKS, RESOURCES

pytestmark = pytest.mark.integration
BUNDLE = Bundle(RESOURCES, PLAYBOOKS)


@pytest.fixture
def operators(broker: str, tmp_path: Path) -> Iterator[Operators]:
    """A console of a deployment whose catalog is published, with a suggestion that waits."""
    made = Operators(tmp_path, BUNDLE)
    made.desk.settings = msgspec.structs.replace(made.desk.settings, bootstrap=broker, partitions=1)
    publish_by(made.desk.settings, BUNDLE, "tests", "first")
    waits = decision(2, reason=Reason.SUGGESTION_WAITS, playbook="onboarding.start", until=made.now + 9999)
    made.store.take([decision(1, playbook="onboarding.start"), waits])
    return made


def test_a_silence_is_looked_at_before_it_is_given(operators: Operators) -> None:
    """A viewer may not; who may sees what it would have stopped; then it is in force, carried by the catalog, recorded, and taken back."""
    order = {
        "kind": "silence",
        "playbook": "onboarding.start",
        "reason": "too much<img src=x onerror=alert(1)>",
        "life": "8",
    }
    operators.sign_in(Role.VIEWER)
    assert operators.post("/playbooks/order", **order).status_code == 403
    name = operators.sign_in(Role.AUTHOR)
    assert "would have stopped 1 messages" in operators.post("/playbooks/order", **order).text
    assert standing(operators.desk.settings) == []
    operators.desk.clock = time.time
    assert operators.post("/playbooks/order/give", **order).status_code == 303
    (stands,) = standing(operators.desk.settings)
    assert (stands.playbook, stands.author, stands.reason) == ("onboarding.start", name, order["reason"])
    bundle = last_published(operators.desk.settings.bootstrap)
    assert bundle
    assert [one.playbook for one in bundle.silences] == ["onboarding.start"]
    assert operators.accounts.noted()[0][1].action == "silence.on"
    assert "too much&lt;img src=x" in operators.get("/playbooks").text
    assert "too much&lt;img src=x" in operators.post("/playbooks/order", **order).text
    assert operators.post("/playbooks/order/give", **order, on="0").status_code == 303
    assert standing(operators.desk.settings) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"kind": "silence"}, "name at least"), ({"kind": "x"}, "kind"), ({"kind": "kill_switch", "reason": " "}, "reason"),
     ({"kind": "kill_switch", "community": "a/b"}, "slash"), ({"kind": "kill_switch", "life": "9"}, "life")],
)  # fmt: skip
def test_a_wrong_order_does_nothing(operators: Operators, fields: dict[str, str], said: str) -> None:
    """And says what is wrong."""
    operators.sign_in(Role.AUTHOR)
    answer = operators.post("/playbooks/order/give", **{"reason": "why", **fields})
    assert answer.status_code == 400
    assert said in answer.text
    assert standing(operators.desk.settings) == []


def test_a_playbook_goes_back(operators: Operators) -> None:
    """To what was published before it became another; only who may write."""
    changed = [msgspec.structs.replace(one, maturity="off") if one.id == "faq.answer" else one for one in PLAYBOOKS]
    publish_by(operators.desk.settings, Bundle(RESOURCES, tuple(changed)), "tests", "second")
    operators.sign_in(Role.REVIEWER)
    assert operators.post("/playbooks/faq.answer/back", reason="worse").status_code == 403
    operators.sign_in(Role.AUTHOR)
    assert operators.post("/playbooks/faq.answer/back", reason="worse").status_code == 303
    bundle = last_published(operators.desk.settings.bootstrap)
    assert bundle
    assert {one.id: one.maturity for one in bundle.playbooks}["faq.answer"] == "live"


def test_a_suggestion_is_one_persons(operators: Operators) -> None:
    """Whoever takes it answers it; the answer is in the member log, the deed in the record."""
    command = command_id("town/ann", "onboarding.start", "e2")
    operators.sign_in(Role.REVIEWER, "ben")
    (row,) = orjson.loads(operators.get("/suggestions?format=json").content)
    assert (row["command"], row["member"]) == (command, "town/ann")
    assert "first-day" in operators.get("/suggestions").text or "Your first day" in operators.get("/suggestions").text
    assert operators.post("/suggestions/take", command=command).status_code == 303
    operators.sign_in(Role.REVIEWER, "cem")
    assert "ben is at it" in operators.get("/suggestions").text
    refused = operators.post("/suggestions/answer", command=command, kind="send")
    assert refused.status_code == 400
    assert "nothing was done" in refused.text
    operators.sign_in(Role.REVIEWER, "ben")
    assert (
        operators.post("/suggestions/answer", command=command, kind="edit", text="Hello.", reason="kinder").status_code
        == 303
    )
    assert "ben has answered it" in operators.get("/suggestions").text
    again = operators.post("/suggestions/answer", command=command, kind="send", reason="twice")
    assert "the answer is on its way; nothing was done" in again.text
    codec = Codec(KEY)
    answers = [
        codec.decode(one.key, one.value).data
        for one in read_topic(operators.desk.settings.bootstrap, ACTIVITY)
        if one.key == b"town/ann"
    ]
    assert SuggestionAnswer(command=command, author="ben", text="Hello.", reason="kinder") in answers
    assert not re.search("cem", str(answers))


def test_the_system_page_tells_of_dead_letters_and_versions(operators: Operators) -> None:
    """From the broker."""
    operators.sign_in()
    wait_until(lambda: "There are none." in operators.get("/system").text, 20, "what the broker tells", 0.2)
    assert "first" in operators.get("/system").text
    assert operators.post("/system/replay").status_code == 303


def test_a_dead_letter_is_looked_at_for_a_reason(operators: Operators) -> None:
    """Its topic, place and reason stand in a list and in files; key and content are an admin's to see, who says why, and stay text."""
    topic, wrong = dead_letters(ACTIVITY), b"{<img src=x onerror=alert(1)>"
    bootstrap = operators.desk.settings.bootstrap
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:
        headers = [("lotse-reason", b"json"), ("lotse-detail", b"<b>line 1")]
        sent = producer.send(topic, key=b"town/<i>", value=wrong, headers=headers).get(20)
    place = f"/system/letters/{topic}/{sent.partition}/{sent.offset}"
    operators.sign_in(Role.VIEWER)
    assert place in operators.get("/system/letters").text
    (row,) = [
        one
        for one in orjson.loads(operators.get("/system/letters?format=json").content)
        if one["offset"] == sent.offset
    ]
    assert (row["topic"], row["reason"], row["bytes"]) == (topic, "json", len(wrong))
    wait_until(lambda: "json" in operators.get("/system").text, 20, "the letter, once it is asked for again", 0.2)
    assert "Admins may look" in operators.get(place).text
    assert operators.post(place, reason="why").status_code == 403
    name = operators.sign_in()
    for text in (
        operators.get("/system/letters").text,
        operators.get(place).text,
        operators.post(place, reason=" ").text,
    ):
        assert "town/" not in text
        assert "onerror" not in text
    shown = operators.post(place, place, reason="a producer asks").text
    assert "town/&lt;i&gt;" in shown
    assert "{&lt;img src=x onerror=alert(1)&gt;" in shown
    noted = operators.accounts.noted()[0][1]
    assert (noted.account, noted.action, noted.reason) == (name, "dead_letter.revealed", "a producer asks")
    assert operators.get(f"/system/letters/{topic}/0/999999").status_code == 404
    assert operators.get(f"/system/letters/{ACTIVITY}/0/0").status_code == 404
