"""The editor without a broker: form and YAML out of each other, errors where they are, who may, what stays text."""

import re
from pathlib import Path

import orjson
import pytest

from streams.console.accounts import Role
from streams.console.folder import Folder
from streams.console.playbook_form import read_form
from streams.errors import UserError
from tests.support.consoles import Operators
from tests.support.own_catalog import WELCOME, own_catalog

EDIT = "/playbooks/welcome.start/edit"
XSS = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def operators(tmp_path: Path) -> Operators:
    """A console with a catalog of its own, an author signed in."""
    made = Operators(tmp_path, catalog=own_catalog(tmp_path / "own"))
    made.sign_in(Role.AUTHOR)
    return made


def text_of(page: str) -> str:
    """The playbook's text as the page carries it."""
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return (
        found[1]
        .replace("&#34;", '"')
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )


def send(operators: Operators, do: str, view: str = "yaml", text: str = WELCOME, **fields: str) -> str:
    """Press a button of the editor; return the page."""
    return operators.post(EDIT, do=do, view=view, text=text, **fields).text


def test_form_and_yaml_out_of_each_other(operators: Operators) -> None:
    """What the form changed is in the YAML with every comment; unchanged, not a byte differs."""
    assert text_of(operators.get(f"{EDIT}?as=yaml").text) == WELCOME
    shown = read_form(WELCOME).values
    assert text_of(send(operators, "yaml", "form", **shown)) == WELCOME
    yaml = text_of(send(operators, "yaml", "form", **{**shown, "describe": "Where to begin", "channel_email": ""}))
    assert "describe: Where to begin   # one sentence" in yaml
    assert "# Nobody is hurried." in yaml
    form = send(operators, "form", text=yaml)
    assert 'value="Where to begin"' in form
    assert not re.search(r'name="channel_email" value="1" checked', form)
    assert operators.desk.folder.text("welcome.start") == operators.desk.folder.text("welcome.start")
    assert (operators.desk.folder.directory / "playbooks/welcome.start.yaml").read_text(encoding="utf-8") == WELCOME


def test_steps_and_variants_are_written_in_the_form(operators: Operators) -> None:
    """One offer becomes several over days by a button; what no input holds is named, and stays."""
    page = send(
        operators,
        "check",
        "form",
        **{**read_form(WELCOME).values, "variant0_if": "member.role: helper", "variant0_resource": "first-stepz"},
    )
    assert "did you mean first-steps?" in page
    assert "Variant 2" in page
    assert "Not in this form, kept as it is, and changed as YAML: scenarios" in page
    text = text_of(send(operators, "sequence", "form", **read_form(WELCOME).values))
    more = {"step1_id": "again", "step1_after": "2 days", "step1_resource": "first-steps", "step1_channel_in_app": "1"}
    page = send(operators, "check", "form", text=text, **{**read_form(text).values, **more})
    assert "Step 2: again" in page
    assert "Nothing is wrong." in page
    assert "# two small steps" in text_of(page)


def test_errors_stand_where_they_are(operators: Operators) -> None:
    """In YAML by line with the line itself and the right word; in the form beside the input, and read out with it."""
    wrong = WELCOME.replace("event: post.created", "event: post.craeted").replace(
        "  resource: first-steps ", "  resource: first-step "
    )
    page = send(operators, "check", text=wrong)
    assert "did you mean post.created?" in page
    assert "did you mean first-steps?" in page
    assert 'data-line="8"' in page
    form = send(operators, "check", "form", text=wrong, **read_form(wrong).values)
    assert re.search(r'id="f-goal"[^>]*aria-describedby="[^"]*e-goal[^"]*" aria-invalid="true"', form)
    assert re.search(r'id="f-resource"[^>]*aria-invalid="true"', form)
    assert 'id="e-goal"' in form
    assert "Nothing is wrong." in send(operators, "check")


def test_what_is_no_yaml_is_mended_as_yaml(operators: Operators) -> None:
    """The form cannot show it; nothing of it is lost."""
    page = send(operators, "form", text="id: [")
    assert text_of(page) == "id: ["
    assert "no valid YAML" in page
    bomb = "id: a\na: &a [x]\nb: *a\n"
    assert "anchors, aliases and tags are not allowed" in send(operators, "form", text=bomb)
    page = send(operators, "check", "form", text=WELCOME, **{**read_form(WELCOME).values, "if": "nonsense"})
    assert "expected lines such as member.posts" in page


def test_scenarios_are_played_as_they_are_written(operators: Operators) -> None:
    """With what was expected, where one fails."""
    page = send(operators, "scenarios", text=WELCOME.replace("you just joined", "you came to us"))
    assert "All 2 hold; 1 expect nothing." in page
    assert "you came to us" in page.partition("As a member sees it")[2], "the message of the draft, in each language"
    assert "Zwei kleine Schritte." in page
    failing = WELCOME.replace("by: 1h, resource: first-steps", "by: 1h, resource: a-line")
    page = send(operators, "scenarios", text=failing)
    assert "1 of 2 fail." in page
    assert "a-line" in page


def test_only_authors_write(operators: Operators) -> None:
    """Others are told so, and find no way there."""
    for role in (Role.VIEWER, Role.REVIEWER, Role.SAFETY_REVIEWER):
        operators.sign_in(role)
        assert operators.get(EDIT).status_code == 403
        assert operators.post(EDIT, do="check", view="yaml", text=WELCOME).status_code == 403
        assert EDIT not in operators.get("/playbooks/welcome.start/try").text


def test_a_new_playbook_begins_in_shadow_and_in_no_file(operators: Operators) -> None:
    """With a name that leads nowhere else, and that nobody has."""
    page = operators.post("/playbooks/new", id="care.hello", describe="Say hello: again").text
    text = text_of(page)
    assert "maturity: shadow" in text
    assert "Nothing is wrong." in page
    assert not (operators.desk.folder.directory / "playbooks/care.hello.yaml").exists()
    for name in ("../evil", "Big", "welcome.start", ""):
        answer = operators.post("/playbooks/new", id=name, describe="x")
        assert (answer.status_code, "id: " in answer.text) == (400, True)


def test_what_anybody_wrote_stays_text(operators: Operators) -> None:
    """In the editor, in what is wrong with it, in its scenarios and in its message."""
    operators.sign_in(Role.AUTHOR, f"ann {XSS[:40]}")
    evil = (
        WELCOME.replace("Say where to begin", XSS.replace(":", ""))
        .replace("you just joined", f"'{XSS.replace(chr(39), '')}'")
        .replace("name: joins", f"name: '{XSS.replace(chr(39), '')}'")
    )
    (operators.desk.folder.directory / "playbooks/welcome.start.yaml").write_text(evil, encoding="utf-8")
    pages = [
        operators.get(EDIT).text, operators.get(f"{EDIT}?as=yaml").text, operators.get("/playbooks/welcome.start/try").text,
        operators.get("/playbooks/welcome.start/promote").text, send(operators, "review", text=XSS), send(operators, "scenarios", text=evil),
        operators.post("/playbooks/new", id=XSS, describe=XSS).text, operators.post("/playbooks/welcome.start/check", text=evil + XSS).text,
        operators.get(f"/playbooks/welcome.start/try?channel={XSS}&locale={XSS}&role={XSS}").text,
    ]  # fmt: skip
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=[\"']", page)


def test_the_shipped_catalog_is_shown_and_not_written(tmp_path: Path) -> None:
    """It says what to do instead; drafts can be tried all the same."""
    operators = Operators(tmp_path)
    operators.sign_in(Role.AUTHOR)
    page = operators.get("/playbooks/onboarding.how-to-start/edit").text
    assert "lotse init my-catalog" in page
    answer = operators.post(
        "/playbooks/onboarding.how-to-start/edit", do="publish", view="yaml", text="id: x", reason="why"
    )
    assert (answer.status_code, "lotse init DIR" in answer.text) == (400, True)
    away = Operators(tmp_path / "away", catalog=tmp_path / "none")
    away.sign_in(Role.AUTHOR)
    answer = away.get("/playbooks/x/edit")
    assert (answer.status_code, "no such directory" in answer.text) == (400, True)


def test_over_a_file_of_few_words_the_whole_is_edited(tmp_path: Path) -> None:
    """With what those words say; and over a shipped one a file of one's own is made."""
    own = tmp_path / "own"
    (own / "playbooks").mkdir(parents=True)
    name = "onboarding.how-to-start"
    (own / "playbooks" / f"{name}.yaml").write_text(f"id: {name}\nmaturity: off\nowner: me\n", encoding="utf-8")
    folder = Folder(own)
    text = folder.text(name)
    assert text
    assert "maturity: off" in text.text
    assert "owner: me" in text.text
    assert "scenarios:" in text.text
    shipped = folder.text("onboarding.values")
    assert shipped
    assert (shipped.path, shipped.base) == (own / "playbooks" / "onboarding.values.yaml", "")


def test_the_folder_is_read_anew_when_a_file_changes(tmp_path: Path) -> None:
    """And a state that is not that of the file any more writes nothing."""
    folder = Folder(own_catalog(tmp_path))
    first, known = folder.loaded(), folder.text("welcome.start")
    assert known
    assert folder.loaded() is first
    (tmp_path / "playbooks" / "welcome.start.yaml").write_text(
        WELCOME.replace("owner: team", "owner: others"), encoding="utf-8"
    )
    assert folder.loaded() is not first
    with pytest.raises(UserError, match="somebody else has changed it"):
        folder.written("welcome.start", WELCOME, known.base)
    (tmp_path / "playbooks" / "welcome.start.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(UserError, match="problems"):
        folder.loaded()


def test_the_script_gets_words_and_problems(operators: Operators) -> None:
    """What can stand in a playbook of this catalog; and what is wrong, as part of a page."""
    words = orjson.loads(operators.get("/playbook-words").content)
    assert "first-steps" in words["values"]["resource"]
    page = operators.post("/playbooks/welcome.start/check", text=WELCOME.replace("owner", "onwer")).text
    assert "did you mean owner?" in page
    assert "<html" not in page
