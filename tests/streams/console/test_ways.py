"""Ways between pages: from a question to its answer, and back from the answer of a form."""

import re
from pathlib import Path

import pytest

from processors.decisions import Reason
from streams.console.accounts import Role
from tests.support.consoles import Operators, decision


@pytest.fixture
def operators(tmp_path: Path) -> Operators:
    """A console with a member who got one thing and not another."""
    made = Operators(tmp_path)
    made.store.take([decision(1), decision(2, reason=Reason.HOLDOUT, playbook="other")])
    return made


def test_each_question_is_two_steps_from_the_first_page(operators: Operators) -> None:
    """Why this, why not that: a member of the newest decisions; too noisy; to be written next. Before the first decision too the ways are there."""
    operators.sign_in(Role.VIEWER)
    start = operators.get("/").text
    for path, said in (
        ("/noisy", "Noisiest playbooks"),
        ("/catalog/gaps", "What is missing"),
        ("/members", "Of whom something was decided last"),
    ):
        assert f'href="{path}"' in start
        assert said in operators.get(path).text
    for path in ("/", "/members"):
        member = re.search(r'href="(/members/[0-9a-f]{16})"', operators.get(path).text)
        assert member
        story = operators.get(member[1]).text
        assert "Why, and why not" in story
        assert "Did not get" in story


def test_the_answer_of_a_form_is_left_in_another_language(operators: Operators) -> None:
    """Its address is no page of its own: the link leads to the page whose form it was; signing in and out keep the language."""
    operators.sign_in(Role.ADMIN)
    for path, wanted in (
        ("/playbooks/order", "/playbooks"),
        ("/people/invite", "/people"),
        ("/system/replay", "/system"),
    ):
        answer = operators.get(f"{path}?lang=de")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{wanted}?lang=de")
    out = operators.post("/sign-out?lang=de")
    assert out.headers["location"] == "/sign-in?lang=de"
    operators.cookie = ""
    asked = operators.get("/noisy?lang=de").headers["location"]
    assert asked == "/sign-in?next=%2Fnoisy%3Flang%3Dde&lang=de"
    assert "Anmelden" in operators.get(asked).text
