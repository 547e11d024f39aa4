"""The inbox over HTTP on a real Redis: each member sees and presses their own, from the platform's own pages alone."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.commands import Item as Part
from streams.pages import inbox_door, inbox_watch
from tests.support.inbox_town import InboxTown, member_token
from tests.support.processes import free_port

pytestmark = pytest.mark.integration


@pytest.fixture
def town(redis_url: str) -> Iterator[InboxTown]:
    """A town with a running inbox of its own."""
    with InboxTown(redis_url, f"tests-{uuid.uuid4()}").running() as town:
        yield town


def ask(town: InboxTown, method: str, path: str, member: str = "town/ann", **given: Any) -> httpx.Response:
    """Send a request in a member's name."""
    headers = {
        "authorization": f"Bearer {member_token(member, now=town.now)}",
        "origin": town.page.rstrip("/"),
        **given.pop("headers", {}),
    }
    return httpx.request(method, town.base + path, headers=headers, timeout=20, **given)


def items(town: InboxTown, member: str = "town/ann", place: str = "") -> dict[str, Any]:
    """What a member is shown."""
    answer = ask(town, "GET", f"/inbox/items?place={place}", member)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def act(town: InboxTown, token: str, member: str = "town/ann") -> int:
    """Press, and return the status."""
    return ask(town, "POST", "/inbox/act", member, json={"token": token}).status_code


def test_a_digest_shows_all_of_its_parts(town: InboxTown) -> None:
    """Each with its words, its reason, and a way to its own resource."""
    town.put(1, items=(Part("other", "slow", "Is it slow?", "Find out why.", "you searched"),))
    [item] = items(town)["items"]
    [part] = item["parts"]
    assert (part["title"], part["text"], part["because"]) == ("Is it slow?", "Find out why.", "you searched")
    assert httpx.get(town.base + part["open"]).headers["location"] == "/guide/slow?lang=en"


def test_a_member_sees_their_own_items_with_why_and_actions(town: InboxTown) -> None:
    """And nobody else does; an item leads to the click redirect, so that it is counted."""
    town.put(1, priority="high")
    [item] = items(town)["items"]
    assert (item["id"], item["title"], item["because"], item["kind"]) == ("c1", "A guide", "you asked", "checklist")
    assert set(item["tokens"]) == {
        "helpful", "not_helpful", "wrong_moment", "snooze_7d", "snooze_30d", "stop_kind", "stop_all", "seen", "dismissed",
    }  # fmt: skip
    assert httpx.get(town.base + item["open"]).headers["location"] == "/guide/first-day?lang=en"
    assert items(town, "town/ben") == {"items": [], "pinned": [], "preferences": items(town, "town/ben")["preferences"]}
    assert httpx.get(town.base + items(town)["preferences"]).status_code == 200


def test_what_is_pinned_in_a_place_is_shown_there_without_actions(town: InboxTown) -> None:
    """To all who are there; whoever pressed would press in another's name."""
    town.put(1, channel="pinned", target="town/#general", member="town/zoe")
    [pinned] = items(town, place="general")["pinned"]
    assert (pinned["id"], pinned["tokens"], pinned["open"]) == ("c1", {}, "/guide/first-day?lang=en")
    assert items(town, place="elsewhere")["pinned"] == []
    assert items(town)["pinned"] == []
    assert items(town, "village/ann", place="general")["pinned"] == [], "another community's"


@pytest.mark.parametrize(
    ("action", "left"),
    [
        ("seen", ["c1", "c2", "c3"]),
        ("helpful", ["c1", "c2", "c3"]),
        ("dismissed", ["c2", "c3"]),
        ("not_helpful", ["c2", "c3"]),
        ("wrong_moment", ["c2", "c3"]),
        ("snooze_7d", ["c3"]),
        ("snooze_30d", ["c3"]),
        ("stop_kind", ["c2", "c3"]),
        ("stop_all", ["c3"]),
    ],
)
def test_a_press_is_written_and_takes_away_what_it_is_about(town: InboxTown, action: str, left: list[str]) -> None:
    """A pause or a stop takes all it covers; an offer of help stays until it is waved away itself."""
    one = town.put(1)
    town.put(2, kind="questions")
    town.put(3, kind="safety", lane="safety")
    assert act(town, town.tokens.offer(one, action)) == 200
    assert [event.id for event in town.journal.events] == [town.press(one, action)]
    assert sorted(item["id"] for item in items(town)["items"]) == left


def test_an_offer_of_help_is_waved_away_by_itself(town: InboxTown) -> None:
    """Its own dismissal, and its own stop, take it."""
    one = town.put(1, kind="safety", lane="safety")
    assert act(town, town.tokens.offer(one, "stop_kind")) == 200
    assert items(town)["items"] == []


def test_nobody_presses_for_another(town: InboxTown) -> None:
    """Not with another's token, a forged one, or one of a page; nothing is written."""
    one = town.put(1)
    assert act(town, town.tokens.offer(one, "helpful"), "town/ben") == 403
    assert act(town, town.tokens.offer(one, "preferences")) == 404
    assert act(town, town.tokens.offer(one, "helpful")[:-2] + "xx") == 404
    for body in (b"", b"[]", b"{}", b"\xff", b'{"token": 5}', b"[" * 2000, b"x" * 5000):
        assert ask(town, "POST", "/inbox/act", content=body).status_code in (400, 413)
    assert town.journal.events == []


def test_a_press_that_is_not_acknowledged_changes_nothing(town: InboxTown) -> None:
    """The item stays."""
    one = town.put(1)
    town.journal.away = True
    assert act(town, town.tokens.offer(one, "dismissed")) == 503
    assert len(items(town)["items"]) == 1


@pytest.mark.parametrize("path", ["/inbox/items", "/inbox/stream", "/inbox/guide/slow"])
def test_without_the_platforms_word_nobody_gets_in(town: InboxTown, path: str) -> None:
    """401 that says what is missing."""
    answer = httpx.get(town.base + path, headers={"origin": town.page.rstrip("/")})
    assert answer.status_code == 401
    assert "Bearer" in answer.json()["error"]
    assert answer.headers["access-control-allow-origin"] == town.page.rstrip("/"), "so that the script can read why"


def test_only_the_platforms_pages_may_ask(town: InboxTown) -> None:
    """Browsers keep the answer from any other."""
    assert ask(town, "GET", "/inbox/items").headers["access-control-allow-origin"] == town.page.rstrip("/")
    assert (
        "access-control-allow-origin"
        not in ask(town, "GET", "/inbox/items", headers={"origin": "https://evil.example.org"}).headers
    )
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    assert (
        httpx.options(town.base + "/inbox/act", headers={"origin": town.page.rstrip("/"), **asked}).status_code == 200
    )
    assert (
        httpx.options(town.base + "/inbox/act", headers={"origin": "https://evil.example.org", **asked}).status_code
        == 400
    )


def test_a_guide_comes_as_plain_words(town: InboxTown) -> None:
    """Steps of a checklist, questions and ends of a tree; private and missing ones are not there."""
    found = ask(town, "GET", "/inbox/guide/first-day?lang=de").json()
    assert (found["locale"], found["tree"], [step["title"] for step in found["steps"]]) == (
        "de",
        False,
        ["Sag hallo", "Stell eine Frage"],
    )
    tree = ask(town, "GET", "/inbox/guide/slow").json()
    assert tree["steps"][0]["ways"] == [{"label": "Yes", "to": "restart-it"}, {"label": "No", "to": "all-is-well"}]
    assert tree["steps"][1]["text"] == "Press the button."
    for name in ("secret", "gone", "nothing"):
        assert ask(town, "GET", f"/inbox/guide/{name}").status_code == 404


async def heard(town: InboxTown, count: int, *then: Any) -> list[list[str]]:
    """Listen to a stream; after each message but the last do the next thing; return the ids of each message."""
    found: list[list[str]] = []
    doing = iter(then)
    headers = {"authorization": f"Bearer {member_token(now=town.now)}"}
    async with (
        asyncio.timeout(30),
        httpx.AsyncClient(timeout=30) as client,
        client.stream("GET", f"{town.base}/inbox/stream", headers=headers) as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                found.append([item["id"] for item in json.loads(line[6:])["items"]])
                if len(found) == count:
                    return found
                await asyncio.to_thread(next(doing))
    return found


def test_a_stream_tells_of_each_change_at_once(town: InboxTown) -> None:
    """What comes, and what is withdrawn; another member's changes are nobody else's business."""
    one = town.put(1)

    def another() -> None:
        town.put(9, target="town/ben", member="town/ben")
        town.put(2)

    assert asyncio.run(heard(town, 3, another, lambda: town.withdraw(one))) == [["c1"], ["c1", "c2"], ["c2"]]


def test_streams_are_bounded(town: InboxTown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond, the script is told to come again later."""
    monkeypatch.setattr(inbox_watch, "OF_MEMBER_MAX", 0)
    headers = {"authorization": f"Bearer {member_token(now=town.now)}"}
    assert httpx.get(f"{town.base}/inbox/stream", headers=headers, timeout=20).text == "retry: 60000\n\n"


def test_a_member_who_asks_too_often_waits(town: InboxTown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others of the same address do not."""
    statuses = {ask(town, "GET", "/inbox/items").status_code for _ in range(int(inbox_door.BURST) + 5)}
    assert statuses == {200, 429}
    assert ask(town, "GET", "/inbox/items", "town/ben").status_code == 200


def test_while_the_store_is_away_it_is_said(redis_url: str) -> None:
    """503 with Retry-After, no fault."""
    with InboxTown(f"redis://127.0.0.1:{free_port()}/0", "away").running() as town:
        for path in ("/inbox/items", "/inbox/stream"):
            answer = ask(town, "GET", path)
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "10"


def test_whatever_is_sent_no_door_fails(redis_url: str) -> None:
    """No 5xx for any path, query, header or body."""
    town = InboxTown(redis_url, "fuzz")

    with town.running(), httpx.Client(base_url=town.base) as client:

        @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
        @given(
            path=st.sampled_from(("items", "act", "guide/slow", "guide/%ff", "nothing")),
            method=st.sampled_from(("GET", "POST", "PUT", "OPTIONS")),
            place=st.text(max_size=300),
            bearer=st.one_of(
                st.just(member_token(now=town.now)),
                st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60),
            ),
            body=st.one_of(
                st.binary(max_size=100),
                st.sampled_from((b'{"token": ""}', b'{"token": null}', b'{"token": "a", "token": "b"}')),
            ),
        )
        def sent(path: str, method: str, place: str, bearer: str, body: bytes) -> None:
            town.now += 5.0
            headers = {"authorization": f"Bearer {bearer}", "origin": town.page.rstrip("/")}
            answer = client.request(method, f"/inbox/{path}", params={"place": place}, headers=headers, content=body)
            assert answer.status_code < 500
            assert "Traceback" not in answer.text

        sent()
    assert town.journal.events == []
