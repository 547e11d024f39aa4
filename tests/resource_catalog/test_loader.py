"""Content errors: file, line, column, what was expected, the nearest right word; the shipped catalog has none."""

from pathlib import Path

import pytest

from resource_catalog.loader import SHIPPED, load
from resource_catalog.problems import CatalogError, parse_duration

GOOD = """id: a.b
when: {event: post.created}
offer: {resource: guide, channels: [in_app]}
because: you posted
"""
GUIDE = "---\ntitle: A guide\nkind: how-to\ntheme: topic\nsummary: It helps.\n---\nBody\n"


def problems(directory: Path, playbook: str = GOOD, resource: str = GUIDE, policy: str = "") -> list[str]:
    """Write a catalog, return what is wrong with it as `line:column: message`."""
    for path, text in (
        ("playbooks/a.yaml", playbook),
        ("resources/guide.en.md", resource),
        ("policies/policy.yaml", policy),
    ):
        if text:
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(text, encoding="utf-8")
    try:
        load(directory)
    except CatalogError as error:
        return [f"{one.line}:{one.column}: {one.message}" for one in error.problems]
    return []


def test_the_shipped_catalog_is_sound() -> None:
    """It loads, with at least a dozen resources and a playbook per detector."""
    loaded = load(SHIPPED)
    assert len(loaded.bundle.resources) >= 12
    triggers = {one.trigger for one in loaded.bundle.playbooks}
    assert {
        "signal.overdue",
        "signal.asked_again",
        "signal.asked_by_many",
        "signal.unanswered",
        "signal.distress",
        "signal.not_started",
    } <= triggers


def test_a_good_playbook_has_no_problem(tmp_path: Path) -> None:
    """The smallest playbook loads."""
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("because", "becuase", "4:10: unknown field becuase; did you mean because?"),
        ("post.created", "post.creatd", "2:15: event: unknown event post.creatd; did you mean post.created?"),
        (
            "[in_app]",
            "[in_ap]",
            "3:36: channels: expected in_app, direct_message, email, thread, pinned, staff, found in_ap; did you mean in_app?",
        ),
        ("guide,", "gide,", "3:19: resource gide is not in the catalog; did you mean guide?"),
        ("guide,", "matchin,", "3:19: resource matchin is not in the catalog; did you mean matching?"),
        ("guide,", "matching,", "3:19: resource: matching goes with one of the signals asked, asked_again"),
        ("guide,", "guide, otherwise: guide,", "3:37: otherwise: goes with resource: matching only"),
        (
            "because: you posted",
            "because: you posted\nwait: soon",
            "5:7: wait: expected a duration such as '10 minutes' or '3 days', found 'soon'",
        ),
        (
            "because: you posted",
            "because: you posted\nif: {member.post: 0}",
            "5:19: member.post: unknown fact; did you mean member.posts?",
        ),
        (
            "because: you posted",
            "because: you posted\nif: {member.posts: {gte: many}}",
            "5:20: member.posts: gte compares numbers, not 'many'",
        ),
        (
            "because: you posted",
            'because: you posted\nif: {member.posts: "0"}',
            "5:20: member.posts: expected a number, or {gte: 3} and the like; found '0'",
        ),
        ("when: {event: post.created}", "when: post.created", "2:7: when: expected fields, found a text"),
        ("because: you posted", "because: you posted\ngoal: post.created", "5:7: goal: expected fields, found a text"),
        ("because: you posted", 'because: ""', "4:10: because: expected a text, found nothing"),
        ("because: you posted", 'because: {en: ""}', "4:15: en: expected a text, found nothing"),
        ("because: you posted", "because: you posted\nmaturity: false", "5:11: maturity: expected one of off, shadow"),
        (
            "because: you posted",
            "because: you posted\nlimits: {expires: 2027-01-01}",
            "5:19: expires: expected a duration such as '10 minutes' or '3 days', found 2027-01-01",
        ),
        (
            "because: you posted",
            "because: you posted\nscenarios: [{name: a, given: [{event: post.created, text: 42}], expect: nothing}]",
            "5:59: text: expected a text, found a number; put it in quotes",
        ),
        (
            "because: you posted",
            "because: you posted in {{channel.name}}",
            "4:10: because: a brace alone; a fact stands between one of each: {community.name}",
        ),
        ("because: you posted", "because: you posted in {channel.name", "4:10: because: a brace alone"),
        (
            "because: you posted",
            'because: "you posted in {channel.name|}"',
            "4:10: because: {channel.name|}: expected words after one |, for when there is no such fact",
        ),
        ("because: you posted", 'because: "in {channel.nam|none}"', "4:10: because: no fact for {channel.nam}"),
        ("because: you posted", "because: [", "5:1: no valid YAML"),
        (
            "event: post.created",
            "event: post.create",
            "2:15: event: unknown event post.create; did you mean post.created?",
        ),
        ("event: post.created", "event: []", "2:15: event: expected at least one event, such as post.created"),
    ],
)
def test_a_problem_names_its_place_and_what_was_expected(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each mistake is told with line, column and a way out."""
    found = problems(tmp_path, GOOD.replace(old, new))
    assert any(one.startswith(message) for one in found), found


def test_a_text_in_the_place_of_fields_is_told_once(tmp_path: Path) -> None:
    """At its own place, however often it is asked for."""
    found = problems(tmp_path, GOOD.replace("because: you posted", "because: you posted\ngoal: post.created"))
    assert found == ["5:7: goal: expected fields, found a text"]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("[How?, 1]", "4:17: answers: expected texts, found a number; put it in quotes"),
        ("[How?, true]", "4:17: answers: expected texts, found true or false; put it in quotes"),
        ("\n- Where?\n- How: so?", "6:3: answers: expected texts, found fields; a text with a colon needs quotes"),
    ],
)
def test_of_a_list_the_one_that_is_no_text_is_told(tmp_path: Path, answers: str, told: str) -> None:
    """Not the list: it may be long."""
    stated = GUIDE.replace("theme: topic", f"answers: {answers}\ntheme: topic")
    assert problems(tmp_path, resource=stated) == [told]


@pytest.mark.parametrize(
    ("locale", "told"),
    [("german", ["2:11: locale: expected a language such as en, de or de-AT; found german"]), ("de-AT", [])],
)
def test_a_language_that_there_is_not_is_told(tmp_path: Path, locale: str, told: list[str]) -> None:
    """Everybody would get the first language that a text has."""
    assert problems(tmp_path, policy=f'"*":\n  locale: {locale}\n') == told


def test_problems_of_resources_and_policies_are_told_too(tmp_path: Path) -> None:
    """Front matter and policy go through the same checks; all problems come at once."""
    found = problems(tmp_path, resource=GUIDE.replace("how-to", "howto"), policy='"*":\n  budget_dya: 2\n')
    assert found == [
        "2:15: unknown field budget_dya; did you mean budget_day?",
        "3:7: kind: expected one of microguide, how-to, decision-tree, checklist, template, video, gif, summary, thread, session, case-study, helpline, found howto; did you mean how-to?",
    ]


@pytest.mark.parametrize(
    ("zone", "hint"),
    [("Europe/Berln", "; did you mean Europe/Berlin?"), ("Central European", "")],
)
def test_a_time_zone_that_there_is_not_is_told(tmp_path: Path, zone: str, hint: str) -> None:
    """Taken for UTC, as a member's would be, quiet hours would be those of Greenwich."""
    told = problems(tmp_path, policy=f'"*":\n  timezone: {zone}\n')
    assert told == [f"2:13: timezone: expected a name such as Europe/Berlin, found {zone}{hint}"]


MATCHING = GOOD.replace("event: post.created", "signal: asked").replace("guide,", "matching, otherwise: guide,")


def test_a_playbook_may_offer_what_matches_the_question(tmp_path: Path) -> None:
    """With or without something to stand in, which must be there."""
    assert problems(tmp_path, MATCHING) == []
    (playbook,) = load(tmp_path).bundle.playbooks
    assert (playbook.matching, playbook.resource) == (True, "guide")
    assert problems(tmp_path, MATCHING.replace(", otherwise: guide", "")) == []
    assert load(tmp_path).bundle.playbooks[0].resource == ""
    gone = problems(tmp_path, MATCHING.replace("otherwise: guide", "otherwise: gide"))
    assert gone == ["3:40: resource gide is not in the catalog; did you mean guide?"]


def test_what_a_resource_answers_is_read_and_bounded(tmp_path: Path) -> None:
    """Questions by language, and whether the search may find it; `matching` is no name of a resource."""
    stated = GUIDE.replace("theme: topic", "theme: topic\nanswers: [How?, Why?]\nsearch: on_request")
    assert problems(tmp_path, resource=stated) == []
    (resource,) = load(tmp_path).bundle.resources
    assert (resource.locales["en"].answers, resource.search) == (("How?", "Why?"), "on_request")
    wrong = GUIDE.replace("theme: topic", f"answers: [{', '.join(['How?'] * 17)}]\ntheme: topic\nsearch: nevr")
    assert problems(tmp_path, resource=wrong) == [
        "4:10: answers: at most 16 questions, found 17",
        "6:9: search: expected one of answers, on_request, never, found nevr; did you mean never?",
    ]
    (tmp_path / "resources/matching.en.md").write_text(GUIDE, encoding="utf-8")
    assert problems(tmp_path) == ["1:1: matching is a word of playbooks; give the resource another name"]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("theme: &name x", "5:8"),
        ("theme: *name", "5:8"),
        ("theme: !!python/name:os.system x", "5:8"),
        ("if: {<<: *name}", "5:10"),
    ],
)
def test_anchors_aliases_and_tags_are_refused(tmp_path: Path, line: str, place: str) -> None:
    """Each with its place; an ordinary & or * in a text is nothing of the kind."""
    assert problems(tmp_path, GOOD + line + "\n") == [
        f"{place}: anchors, aliases and tags are not allowed; write the value out, or put a text that begins with &, * or ! between quotes"
    ]
    assert problems(tmp_path, GOOD.replace("you posted", '"you & *we* !!posted"')) == []


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are a problem with a place, in playbooks and resources."""
    assert problems(tmp_path) == []
    for name in ("playbooks/b.yaml", "resources/b.en.md"):
        (tmp_path / name).write_bytes(b"\xff\xfe")
    assert problems(tmp_path) == ["1:1: expected UTF-8 text; byte 1 is none; save the file with the encoding UTF-8"] * 2


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10 minutes", 600),
        ("3d", 259200),
        (0, 0),
        ("1 hour", 3600),
        ("soon", None),
        ("5", None),
        ("-5 minutes", None),
        ("inf days", None),
    ],
)
def test_durations(text: object, seconds: float | None) -> None:
    """Numbers with units, nothing else."""
    assert parse_duration(text) == seconds


def test_a_directory_without_any_content_is_no_catalog(tmp_path: Path) -> None:
    """A mistyped path must not pass for a catalog that has nothing to say."""
    for directory, said in ((tmp_path, "nothing of a catalog"), (tmp_path / "typo", "no such directory")):
        with pytest.raises(CatalogError, match=f"{said}.*resources/, playbooks/, policies/"):
            load(directory)


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("chat: {platform: Discord, distress_support: true}\n", "the terms of discord forbid to conclude distress"),
        ("chat: {platform: disocrd}\n", "did you mean discord?"),
        ("chat: {platform: discord}\nforum: {platform: discourse, distress_support: true}\n", ""),
        ("chat: {platform: our own}\n", ""),
    ],
)
def test_what_a_platform_forbids_is_refused_at_load(tmp_path: Path, policy: str, found: str) -> None:
    """Not only when it comes to a decision; a slip of the pen must not lift the terms."""
    told = problems(tmp_path, policy=policy)
    assert len(told) == bool(found)
    assert all(found in one for one in told)


def test_a_tag_that_is_nearly_private_is_told(tmp_path: Path) -> None:
    """Nothing would keep those channels out of what is told of."""
    for tag, told in (
        ("privat", ["1:9: privat: channels of this tag are told of; did you mean private?"]),
        ("Private", ["1:10: Private: channels of this tag are told of; did you mean private?"]),
        ("private", []),
        ("support", []),
    ):
        (tmp_path / "channels.yaml").write_text(f"{tag}: [board]\n", encoding="utf-8")
        assert problems(tmp_path) == told


@pytest.mark.parametrize("name", ["policies/policy.yaml", "channels.yaml", "lifecycle.yaml"])
def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path, name: str) -> None:
    """Passed over, the policy in it would rule nobody."""
    (tmp_path / name).mkdir(parents=True)
    assert problems(tmp_path) == ["1:1: cannot be read (Is a directory)"]
