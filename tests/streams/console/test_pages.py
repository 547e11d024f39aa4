"""The console's pages without a server: who may read them, what they say, and what they never do."""

import csv
import io
import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from urllib.parse import quote

import msgspec
import orjson
import pytest

from processors.community.content_gaps import Gap
from processors.decisions import SAFETY, Reason
from processors.playbooks.resources import Bundle
from processors.reviews import Review
from streams.console import words
from streams.console.accounts import Role
from streams.console.counting import count
from streams.console.desk import moment
from streams.console.desk_words import DESK
from streams.console.reviews import from_review
from streams.console.view_words import VIEWS
from streams.explanation import german as explanation_german
from streams.web.files import STATIC
from tests.support.consoles import NOW, PASSWORD, Operators, decision, event
from tests.support.own_catalog import own_catalog
from tests.support.stories import playbook, resource

TEMPLATES = Path(words.__file__).parent / "templates"
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
GETS = [
    "/", "/live", "/members", "/noisy", "/playbooks", "/approvals", "/me", "/suggestions", "/review", "/review/precision", "/catalog", "/catalog/gaps",
    "/catalog/journeys", "/measures", "/system", "/system/letters", "/people", "/record",
]  # fmt: skip


@pytest.fixture
def operators(tmp_path: Path) -> Operators:
    """A console after some life, with nobody signed in."""
    made = Operators(tmp_path)
    made.store.take(
        [
            decision(1), decision(2, reason=Reason.BUDGET_WEEK, needed="budget_week > 2", stages=("consent", "budget"), values={"sent": 2}),
            decision(3, "town/ben", Reason.HOLDOUT), decision(4, "town/ben", lane=SAFETY),
        ],
        [event(1, "post.read"), event(2, "signal", kind="overdue", episode="x", score=0.9)],
    )  # fmt: skip
    made.store.take(events=[event(3, "outcome.helpful", command=decision(1).command)])
    return made


def test_nothing_is_shown_to_nobody(operators: Operators) -> None:
    """Each page leads to signing in, and from there back; files say no."""
    for path in [*GETS, f"/members/{operators.store.ref('town/ann')}"]:
        answer = operators.get(f"{path}?lang=de")
        assert (answer.status_code, "town/" in answer.text) == (303, False)
        assert answer.headers["location"].startswith("/sign-in?next=%2F")
    assert operators.get("/live?format=csv").status_code == 401
    assert operators.ask("POST", "/members", data={"member": "ann"}).status_code == 303


def test_the_first_account_is_made_by_a_link(operators: Operators) -> None:
    """Then one is signed in, by a cookie that no script and no other site gets."""
    assert "There is no account yet" in operators.get("/sign-in").text
    link = f"/join/{operators.accounts.invite(Role.ADMIN)}"
    assert "admin" in operators.get(link).text
    assert operators.ask("POST", link, data={"name": "ann", "password": "short"}).status_code == 400
    answer = operators.ask("POST", link, data={"name": "ann", "password": PASSWORD})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert operators.ask("POST", link, data={"name": "ben", "password": PASSWORD}).status_code == 404


def test_signing_in_leads_back_and_nowhere_else(operators: Operators) -> None:
    """An address of another site is not followed."""
    operators.accounts.join(operators.accounts.invite(Role.VIEWER), "ann", PASSWORD)
    right = {"name": "ann", "password": PASSWORD}
    for after, leads in (
        ("/live?reason=sent", "/live?reason=sent"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
    ):
        answer = operators.ask("POST", "/sign-in", data={**right, "next": after})
        assert answer.headers["location"] == leads
    assert operators.ask("POST", "/sign-in", data=right, headers={"origin": "https://evil.example"}).status_code == 403
    assert operators.ask("POST", "/sign-in", data=right, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_guessing_is_slow(operators: Operators) -> None:
    """After ten tries from one address, right or wrong, one waits."""
    operators.accounts.join(operators.accounts.invite(Role.VIEWER), "ann", PASSWORD)
    tries = [
        operators.ask("POST", "/sign-in", data={"name": "ann", "password": f"wrong {n}"}).status_code for n in range(12)
    ]
    assert tries == [403] * 10 + [429] * 2
    assert operators.ask("POST", "/sign-in", data={"name": "ann", "password": PASSWORD}).status_code == 429
    operators.now += 120
    assert operators.ask("POST", "/sign-in", data={"name": "ann", "password": PASSWORD}).status_code == 303


def test_a_form_of_another_site_does_nothing(operators: Operators) -> None:
    """Without the token of this session, or with another's."""
    operators.sign_in()
    for form in ("", "0" * 32):
        assert operators.ask("POST", "/people/invite", data={"form": form, "role": "admin"}).status_code == 403
    assert operators.post("/people/invite", role="viewer").status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_roles_hold(operators: Operators, role: Role) -> None:
    """Only an admin sees people and the record; a refused form is noted."""
    operators.sign_in(role)
    admin = role is Role.ADMIN
    for path in ("/people", "/record"):
        assert operators.get(path).status_code == (200 if admin else 403)
        assert (f'href="{path}"' in operators.get("/").text) is admin
    assert operators.post("/people/invite", role="admin").status_code == (200 if admin else 403)
    if not admin:
        assert operators.accounts.noted()[0][1].action == "refused"


def test_every_answer_is_guarded(operators: Operators) -> None:
    """Pages, files, refusals: no inline script or style, no frame, nothing kept."""
    operators.sign_in()
    for path in [*GETS, "/nothing", "/members/none", "/live?format=json", "/sign-in"]:
        answer = operators.get(path)
        assert answer.status_code == (404 if path in ("/nothing", "/members/none") else 200), path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=", answer.text)


def test_a_member_is_told_why_and_why_not(operators: Operators) -> None:
    """In both languages; events, signals and outcomes beside."""
    operators.sign_in(Role.VIEWER)
    path = f"/members/{operators.store.ref('town/ann')}"
    text = operators.get(path).text
    for part in ("Sent first-day (welcome) in the app.", "as much as is allowed in a week", "budget_week above 2 in the policy", "Read a post",
                 "Silent for longer than usual", "overdue, score 0.90", "Found it helpful", "consent"):  # fmt: skip
        assert part in text
    german = operators.get(f"{path}?lang=de").text
    assert "first-day (welcome) gesendet in der App." in german
    assert "budget_week über 2 in den Regeln" in german
    assert "Hat einen Beitrag gelesen" in german
    assert operators.get("/members/0000000000000000").status_code == 404


def test_a_member_is_told_the_occasion(tmp_path: Path) -> None:
    """What a playbook starts with stands beside what it sent, in words; in how each was decided also what it is for."""
    made = Operators(tmp_path, Bundle((resource(),), (playbook(describe="Whoever posts gets the guide"),)))
    made.store.take([decision(1, playbook="play", resource="guide", stages=("consent",))])
    made.sign_in(Role.VIEWER)
    text = made.get(f"/members/{made.store.ref('town/ann')}").text
    assert text.count("Starts with: Wrote a post") == 2
    assert text.count("Whoever posts gets the guide") == 1
    assert 'href="/playbooks/play"' in text


def test_of_distress_only_that_there_was_a_decision(operators: Operators) -> None:
    """Here as everywhere."""
    operators.sign_in()
    text = operators.get(f"/members/{operators.store.ref('town/ben')}").text
    assert "A decision of the safety lane." in text
    assert "only the time and the reason are shown" in text
    assert text.count("welcome") == operators.get(f"/members/{operators.store.ref('town/ben')}").text.count("welcome")
    assert text.count("first-day") == 1, "the other decision's"


def test_only_what_still_waits_is_asked_for(operators: Operators) -> None:
    """Not what was answered or is given up; the oldest first, and of each its first day."""
    operators.sign_in(Role.REVIEWER)
    until = operators.now + 9_999
    waits = {"reason": Reason.SUGGESTION_WAITS, "playbook": "welcome", "until": until}
    operators.store.take(
        [
            decision(30, "town/eve", episode="e", **waits), decision(40, "town/eve", episode="e", **waits), decision(35, "town/zoe", episode="e", **waits),
            decision(31, "town/old", episode="e", **{**waits, "until": operators.now - 1}),
            decision(32, "town/ben", episode="e", **waits), decision(33, "town/ben", playbook="welcome", episode="e"),
        ]
    )  # fmt: skip
    rows = orjson.loads(operators.get("/suggestions?format=json").content)
    assert [(row["member"], row["since"]) for row in rows] == [
        ("town/eve", moment(NOW + 30)),
        ("town/zoe", moment(NOW + 35)),
    ]


def test_numbers_are_written_as_the_language_does(operators: Operators) -> None:
    """Thousands and tenths, on pages; files hold numbers."""
    operators.sign_in(Role.ADMIN)
    operators.reading = (250_000, "")
    assert "250,000" in operators.get("/system?lang=en").text
    assert "250.000" in operators.get("/system?lang=de").text


def test_members_are_found_without_their_id_in_an_address(operators: Operators) -> None:
    """One leads there at once; several are listed; nobody is said."""
    operators.sign_in(Role.VIEWER)
    answer = operators.post("/members", member="ann")
    assert answer.headers["location"] == f"/members/{operators.store.ref('town/ann')}"
    assert "town/ann" in operators.get("/members").text, "of whom something was decided last"
    assert "town/ben" in operators.post("/members", member="town/").text
    assert "Nobody is known" in operators.post("/members", member="zoe").text
    text = "".join(operators.get(path).text for path in ("/", "/live", "/members"))
    assert not re.search(r'href="[^"]*(town|ann|ben)\b', text)


def test_htmx_is_the_file_that_was_published(operators: Operators) -> None:
    """Browsers hold it against the hash of the page, and the page's is that of the file."""
    operators.sign_in(Role.VIEWER)
    ((name, wanted),) = re.findall(
        r'src="/static/(htmx-[\d.]+\.min\.js)\?v=\w+" integrity="sha384-([^"]+)"', operators.get("/live").text
    )
    assert b64encode(sha384((STATIC / name).read_bytes()).digest()).decode() == wanted
    assert f'version:"{name.removeprefix("htmx-").removesuffix(".min.js")}"' in (STATIC / name).read_text()


def test_live_filters_and_pauses(operators: Operators) -> None:
    """On the server; a paused page asks no more."""
    operators.sign_in(Role.VIEWER)
    assert 'hx-trigger="every 3s"' in operators.get("/live").text
    assert "hx-" not in operators.get("/live?pause=1").text
    text = operators.get("/live?reason=holdout").text
    assert "town/ben" in text
    assert "town/ann" not in text
    assert "Take a filter away" in operators.get("/live?reason=holdout&playbook=none").text


def test_files_hold_what_pages_show(operators: Operators) -> None:
    """JSON and CSV, in which no cell is a formula."""
    operators.sign_in(Role.VIEWER)
    operators.store.take([decision(9, "=cmd/x", playbook="welcome")])
    rows = orjson.loads(operators.get("/live?format=json").content)
    assert [row["reason"] for row in rows] == ["sent", "sent", "holdout", "budget_week", "sent"]
    answer = operators.get("/live?format=csv")
    assert "attachment" in answer.headers["content-disposition"]
    cells = list(csv.DictReader(io.StringIO(answer.text)))
    assert [cell["id"] for cell in cells] == [row["id"] for row in rows]
    assert cells[0]["member"] == "'=cmd/x"
    bare = rows[1]
    assert {name: value for name, value in bare.items() if value} == {
        "id": bare["id"],
        "time": bare["time"],
        "reason": "sent",
    }


def test_every_view_can_be_taken_along(tmp_path: Path) -> None:
    """As JSON and as CSV, whose address is that of the page."""
    made = Operators(
        tmp_path, Bundle((resource(),), (playbook("welcome.start"),)), catalog=own_catalog(tmp_path / "own")
    )
    made.store.take([decision(1, playbook="welcome.start"), decision(2, reason=Reason.HOLDOUT)])
    made.sign_in()
    made.counts.counted = count([event(5, "post.read")], [], Bundle((resource(),), (playbook(),)), NOW)
    views = ("/", "/live", "/members", f"/members/{made.store.ref('town/ann')}", "/noisy", "/playbooks", "/playbooks/welcome.start", "/playbooks/welcome.start/backtest",
             "/approvals", "/suggestions", "/review", "/review/precision", "/catalog", "/catalog/gaps", "/catalog/journeys", "/measures", "/system", "/people",
             "/record")  # fmt: skip
    for path in views:
        made.now += 10
        assert isinstance(orjson.loads(made.get(f"{path}?format=json").content), list), path
        assert made.get(f"{path}?format=csv").headers["content-type"].startswith("text/csv"), path


def test_what_anybody_wrote_stays_text(operators: Operators) -> None:
    """In every field that comes from outside, on every page."""
    operators.sign_in(Role.ADMIN, XSS)
    operators.store.take(
        [
            decision(20, f"town/{XSS}", Reason.OUTRANKED, playbook=XSS, resource=XSS, channel=XSS, theme=XSS, episode=XSS, needed=XSS,
                     stages=("<b>",), values={XSS: XSS}, versions={XSS: XSS}),
            decision(21, f"town/{XSS}", playbook=XSS, resource=XSS, channel=XSS),
        ],
        [event(20, "signal", f"town/{XSS}", kind=XSS, episode=XSS)],
    )  # fmt: skip
    gap = Gap(
        f"town/{XSS}",
        "town",
        "asked",
        NOW,
        1,
        threads=(XSS,),
        about=XSS,
        resource=XSS,
        answer=XSS,
        answered_by="helper",
    )
    operators.store.take(gaps=[(gap.id, gap)])
    item = Review("e1", "moderation", XSS, XSS, f"town/{XSS}", NOW, XSS, evidence={XSS: XSS})
    operators.desk.reviews.take([from_review(item, NOW, -1, -1)], {})
    operators.accounts.claim("review/e1", XSS, 900)
    operators.desk.reviews.answer(from_review(msgspec.structs.replace(item, id="e2"), NOW, -1, -1), "right", XSS)
    operators.counts.fault = XSS
    operators.accounts.note(XSS, XSS, XSS, XSS)
    operators.reading = (0, XSS)
    paths = [
        *GETS,
        f"/members/{operators.store.ref(f'town/{XSS}')}",
        f"/live?playbook={XSS}&reason={XSS}",
        f"/sign-in?next={XSS}",
        f"/review?queue={XSS}",
        "/review/e1",
        f"/catalog/gaps/town/{quote(XSS)}",
    ]
    for answer in [
        *map(operators.get, paths),
        operators.post("/members", member=XSS),
        operators.post("/review/e1/reveal", "/review/e1", reason=XSS),
        operators.post("/people/switch", name=XSS, off="1"),
    ]:
        assert "<img src=x" not in answer.text
        assert "<script>" not in answer.text
        assert "onerror=alert(1)>" not in answer.text.replace("onerror=alert(1)&gt;", "")


def test_empty_and_behind_are_said(tmp_path: Path) -> None:
    """With what to do."""
    empty = Operators(tmp_path)
    empty.sign_in(Role.VIEWER)
    for path in ("/", "/live"):
        assert "is lotse worker running" in empty.get(path).text
    empty.reading = (250_000, "")
    assert "250,000 records to go" in empty.get("/").text
    empty.reading = (None, "KafkaError")
    assert "lotse doctor" in empty.get("/").text


def test_people_are_invited_and_shut_out(operators: Operators) -> None:
    """And the record holds it."""
    operators.sign_in(Role.ADMIN, "ann")
    text = operators.post("/people/invite", role="reviewer").text
    link = re.search(r"http://console(/join/[\w-]+)", text)
    assert link
    operators.ask("POST", link[1], data={"name": "ben", "password": PASSWORD})
    assert operators.post("/people/switch", name="ben", off="1").status_code == 303
    assert "The last admin stays" in operators.post("/people/switch", name="ann", off="1").text
    assert "The last admin stays" in operators.post("/people/role", name="ann", role="viewer").text
    assert operators.post("/people/role", name="ben", role="author").status_code == 303
    assert operators.post("/people/role", name="ben", role="emperor").status_code == 400
    ben = operators.accounts.account("ben")
    assert ben
    assert ben.role is Role.AUTHOR
    assert "Gave somebody another role" in operators.get("/record").text
    record = operators.get("/record?format=csv").text
    for action in ("account.role", "account.invited", "account.made", "sign_in", "account.shut_out"):
        assert action in record
    assert operators.post("/people/invite", role="emperor").status_code == 400


def test_both_languages_say_the_same_things() -> None:
    """No word is missing or empty, no place for a value is lost; each reason has its sentence."""
    assert words.WORDS["en"].keys() == words.WORDS["de"].keys()
    assert len(words.WORDS["en"]) == sum(map(len, (words._BOTH, DESK, VIEWS))), "no word is said twice, in two ways"
    for key, english in words.WORDS["en"].items():
        assert english.strip()
        assert re.findall(r"\{\w+\}", english) == re.findall(r"\{\w+\}", words.WORDS["de"][key]), key
    assert set(explanation_german.SENTENCES) == set(Reason)


def test_templates_use_words_that_exist() -> None:
    """Each name after t."""
    used = {
        name for path in TEMPLATES.iterdir() for name in re.findall(r"\bt\.(\w+)", path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= words.WORDS["en"].keys()
