"""Buttons and links of messages: a look changes nothing, a press is done when it is acknowledged, no redirect to anywhere."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.actions import pressed
from processors.playbooks.resources import Localised, Resource
from processors.vocabulary import OutcomeData, Survey
from sinks.action_tokens import ActionTokens
from streams.pages.action_pages import ASKED
from tests.support.commands import command
from tests.support.member_pages import NOW, RESOURCES, Pages


@pytest.fixture
def pages() -> Pages:
    """Pages of their own."""
    return Pages()


@pytest.mark.parametrize("action", ASKED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_look_changes_nothing(pages: Pages, action: str, method: str) -> None:
    """Mail scanners open every link."""
    answer = pages.ask(method, f"/a/{pages.token(action)}")
    assert answer.status_code == 200
    assert pages.journal.events == []
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("action", ASKED)
def test_a_press_is_one_event_however_often(pages: Pages, action: str) -> None:
    """In the member's name, with the same id each time; the page says that it is done and where to change it."""
    first = pages.post(f"/a/{pages.token(action)}")
    again = pages.post(f"/a/{pages.token(action)}")
    assert (first.status_code, again.status_code) == (200, 200)
    assert "Done" in first.text
    one, other = pages.journal.events
    assert one.id == other.id
    wanted = pressed(pages.tokens.read(pages.token(action), NOW), one.time, "page")
    assert one == wanted
    assert pages.presses == [(action, "done")] * 2


@pytest.mark.parametrize("action", [*ASKED, "survey"])
def test_what_can_be_changed_later_is_said_only_of_what_can(pages: Pages, action: str) -> None:
    """A pause and a stop can be taken back, an answer stays as it was given; either leads to the preferences."""
    if action == "survey":
        text = pages.post(f"/survey/{pages.token(action)}", data={"score": "4"}).text
    else:
        text = pages.post(f"/a/{pages.token(action)}").text
    later, more = "You can change this at any time", "What comes to you, and when, is up to you"
    assert [line in text for line in (later, more)] == [
        action.startswith(("stop", "snooze")),
        not action.startswith(("stop", "snooze")),
    ]
    assert 'href="/preferences/' in text


@pytest.mark.parametrize("action", ["stop_all", "snooze_7d", "snooze_30d"])
def test_a_pause_says_what_still_comes_as_a_stop_does(pages: Pages, action: str) -> None:
    """Before and after: help in a crisis and answers are no part of it (policy/stages/consent.py)."""
    for text in (pages.get(f"/a/{pages.token(action)}").text, pages.post(f"/a/{pages.token(action)}").text):
        assert "An offer of help in a crisis is not part of it" in text


def test_what_was_stopped_has_its_name(pages: Pages) -> None:
    """So that it is found among the kinds, should they wish to have it back."""
    assert '<p class="lead">First steps</p>' in pages.post(f"/a/{pages.token('stop_kind')}").text
    assert "no more messages of this kind" in pages.post(f"/a/{pages.token('stop_kind', kind='', playbook='')}").text


JUDGED = [("helpful", "a"), ("not_helpful", "a"), ("wrong_moment", "a"), ("survey", "survey")]


@pytest.mark.parametrize(("action", "door"), JUDGED)
def test_who_is_asked_about_a_message_reads_which(pages: Pages, action: str, door: str) -> None:
    """Days later nobody knows what "it" was; said in the language of the page, and not of what is no more."""
    said = '<p class="lead">{}</p>'
    assert said.format("Your first day") in pages.get(f"/{door}/{pages.token(action)}").text
    assert said.format("Dein erster Tag") in pages.get(f"/{door}/{pages.token(action)}?lang=de").text
    nothing = pages.get(f"/{door}/{pages.token(action, resource='of another catalog')}")
    assert nothing.status_code == 200
    assert "Your first day" not in nothing.text


@pytest.mark.parametrize("action", sorted(set(ASKED) - {name for name, _ in JUDGED}))
def test_a_pause_or_a_stop_is_about_no_single_message(pages: Pages, action: str) -> None:
    """It would read as if only that message were stopped."""
    assert "Your first day" not in pages.get(f"/a/{pages.token(action)}").text


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b""},
        {"content": b"\xff\x00" * 50, "headers": {"content-type": "text/plain"}},
    ],
)
def test_a_mail_programs_one_click_is_a_press(pages: Pages, body: dict[str, object]) -> None:
    """RFC 8058: no login, no question, form or multipart."""
    assert pages.post(f"/a/{pages.token('stop_kind')}", **body).status_code == 200
    assert pages.journal.events[0].data == OutcomeData(
        command="6f" * 16, playbook="onboarding.start", via="page", kind="onboarding"
    )


def test_while_the_broker_is_away_nothing_is_said_to_be_done(pages: Pages) -> None:
    """503 and a page to try again from, for presses, wishes and surveys alike."""
    pages.journal.away = True
    for answer in (
        pages.post(f"/a/{pages.token('stop_all')}"),
        pages.post(f"/survey/{pages.token('survey')}", data={"score": "3"}),
        pages.post(f"/preferences/{pages.token('preferences')}", data={"choice": "stop_all"}),
    ):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "10"
        assert "Nothing was changed" in answer.text
    assert pages.presses == [("stop_all", "away"), ("survey", "away"), ("opted_out", "away")]


def test_a_click_is_counted_and_leads_to_the_catalogs_link(pages: Pages) -> None:
    """Or to the guide where there is no link; for a private one by a signed link."""
    assert (
        pages.get(f"/r/{pages.token('open', resource='manual')}").headers["location"]
        == "https://docs.example.org/manual"
    )
    assert pages.get(f"/r/{pages.token('open', locale='de')}").headers["location"] == "/guide/first-day?lang=de"
    private = pages.get(f"/r/{pages.token('open', resource='secret')}").headers["location"]
    assert "The door is open." in pages.get(private).text
    assert [event.type for event in pages.journal.events] == ["outcome.clicked"] * 3


def test_what_names_the_directory_leads_to_it() -> None:
    """A request for which nothing was found goes on with all that there is."""
    nothing = Resource(
        "nothing", "microguide", "help", {"en": Localised("Nothing found", "Look here.", link="/guide")}, search="never"
    )
    pages = Pages(resources=(*RESOURCES, nothing))
    to = pages.get(f"/r/{pages.token('open', resource='nothing')}").headers["location"]
    assert to == "/guide"
    assert pages.get(to).status_code == 200


def test_a_click_leads_on_though_the_broker_is_away(pages: Pages) -> None:
    """The member wants the guide; what is lost is a count."""
    pages.journal.away = True
    assert pages.get(f"/r/{pages.token('open')}").status_code == 303
    assert pages.presses == [("open", "away")]


@pytest.mark.parametrize("header", ["Purpose", "Sec-Purpose"])
def test_what_is_fetched_ahead_is_no_click(pages: Pages, header: str) -> None:
    """Nor is a HEAD."""
    token = pages.token("open")
    assert pages.get(f"/r/{token}", headers={header: "prefetch"}).status_code == 303
    assert pages.ask("HEAD", f"/r/{token}").status_code == 303
    assert pages.journal.events == []


@pytest.mark.parametrize("resource", ["gone", "old", "line", "https://evil.example.org", "//evil.example.org", "/etc"])
def test_a_click_never_leads_where_the_catalog_does_not(pages: Pages, resource: str) -> None:
    """Even with a genuine token."""
    answer = pages.get(
        f"/r/{pages.token('open', resource=resource)}", params={"url": "https://evil.example.org", "next": "//evil"}
    )
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_tokens_of_one_door_do_not_open_another(pages: Pages) -> None:
    """Nor do forged and expired ones; each gives the same page."""
    forged = ActionTokens([b"another key"]).offer(command(not_before=NOW), "stop_all")
    for path in (
        f"/a/{pages.token('open')}", f"/a/{pages.token('preferences')}", f"/r/{pages.token('stop_all')}",
        f"/survey/{pages.token('helpful')}", f"/preferences/{pages.token('stop_all')}", f"/a/{forged}",
        f"/a/{pages.token('stop_all', not_before=NOW - 91 * 86400)}",
    ):  # fmt: skip
        for method in ("GET", "POST"):
            answer = pages.ask(method, path)
            assert answer.status_code in (404, 405)
            assert "evil" not in answer.text
    assert pages.journal.events == []


def test_a_survey_is_one_tap_with_words_if_wished(pages: Pages) -> None:
    """One answer for each command; words are cut where they are too long."""
    path = f"/survey/{pages.token('survey')}"
    assert "One tap is enough" in pages.get(path).text
    assert pages.post(path, data={"score": "5", "words": f" {'good ' * 900}"}).status_code == 200
    pages.post(path, data={"score": "1"})
    first, second = pages.journal.events
    assert first.id == second.id
    assert first.type == "survey.answered"
    assert first.data == Survey(
        score=5,
        command="6f" * 16,
        playbook="onboarding.start",
        resource="first-day",
        text=("good " * 900).strip()[:2000],
    )


@pytest.mark.parametrize("score", ["", "0", "6", "five", "１"])
def test_a_survey_without_a_score_asks_again(pages: Pages, score: str) -> None:
    """And writes nothing."""
    assert pages.post(f"/survey/{pages.token('survey')}", data={"score": score}).status_code == 422
    assert pages.journal.events == []


def test_what_is_too_large_is_refused(pages: Pages) -> None:
    """Whether its size is told or not; a survey takes forms alone."""
    path = f"/a/{pages.token('stop_all')}"
    assert pages.post(path, content=b"x" * 20_000).status_code == 413

    async def parts():  # type: ignore[no-untyped-def]
        for _ in range(20):
            yield b"x" * 1000

    assert pages.post(path, content=parts()).status_code == 413
    survey = f"/survey/{pages.token('survey')}"
    assert pages.post(survey, json={"score": 1}).status_code == 415
    assert (
        pages.post(
            survey, content="&".join(["a=1"] * 200), headers={"content-type": "application/x-www-form-urlencoded"}
        ).status_code
        == 400
    )
    assert pages.journal.events == []


PAGES = Pages()
DOORS = ("r", "a", "survey", "preferences", "g", "guide")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(
    door=st.sampled_from(DOORS),
    rest=st.one_of(st.text(max_size=80), st.binary(max_size=60).map(lambda raw: raw.hex())),
    method=st.sampled_from(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")),
    query=st.dictionaries(st.sampled_from(("lang", "q", "x")), st.text(max_size=40), max_size=3),
    body=st.binary(max_size=200),
    language=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
)
def test_whatever_is_sent_no_page_fails(
    door: str, rest: str, method: str, query: dict[str, str], body: bytes, language: str
) -> None:
    """No 5xx, nothing written, no sign of the program in the answer."""
    headers = {"accept-language": language, "content-type": "application/x-www-form-urlencoded"}
    answer = PAGES.ask(method, f"/{door}/{quote(rest)}", params=query, content=body, headers=headers)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    assert PAGES.journal.events == []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(
    door=st.sampled_from(("survey", "preferences")),
    fields=st.dictionaries(
        st.sampled_from(("choice", "kind", "days", "when", "begins", "ends", "score", "words")),
        st.one_of(
            st.sampled_from(("pause", "stop", "allow", "time", "resume", "7", "hours", "onboarding", "24", "-1", "٣")),
            st.text(max_size=20),
        ),
        max_size=6,
    ),
)
def test_whatever_a_form_says_it_is_done_or_refused(door: str, fields: dict[str, str]) -> None:
    """Never a fault, and what is refused is not written."""
    pages = Pages()
    answer = pages.post(f"/{door}/{pages.token(door)}", data=fields)
    assert answer.status_code in (200, 400, 415, 422)  # an empty form has no content type
    assert bool(pages.journal.events) == (answer.status_code == 200)
