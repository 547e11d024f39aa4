"""Hints on playbooks: each rule found where it is broken, at its place, and not where it is kept; the shipped catalog has none."""

from pathlib import Path

import pytest

from resource_catalog.approval import digest_of
from resource_catalog.lint import lint
from resource_catalog.lint.ranges import exclude_each_other, impossible
from resource_catalog.lint.words import pressing
from resource_catalog.loader import SHIPPED, load

GUIDE = "---\ntitle: A guide\nkind: how-to\ntheme: topic\nsummary: It helps.\n---\nBody\n"
GOOD = """id: a.b
when: {event: post.created}
if: {member.posts: {gte: 2}}
wait: 1 hour
unless: {event: reaction.added}
offer: {resource: guide, channels: [in_app]}
because: you posted
goal: {event: post.read, within: 3 days}
limits: {once_per: member}
owner: team
maturity: shadow
scenarios:
  - {name: fires, given: [{event: post.created, text: a}, {at: 1m, event: post.created, text: b}], expect: [{by: 2h}]}
  - {name: silent, given: [{event: post.created, text: a}], expect: nothing}
"""


def hints(directory: Path, *playbooks: str, policy: str = "", resource: str = GUIDE) -> list[str]:
    """Return the hints of a catalog as `line:column: message [check]`."""
    files = {f"playbooks/{number}.yaml": text for number, text in enumerate(playbooks)} | {
        "resources/guide.en.md": resource
    }
    for path, text in (files | ({"policies/policy.yaml": policy} if policy else {})).items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")
    return [f"{one.line}:{one.column}: {one.message} [{one.check}]" for one in lint(load(directory))]


def test_the_shipped_catalog_keeps_every_rule() -> None:
    """What we ship is what we ask of others."""
    assert lint(load(SHIPPED)) == []


GOLDEN = [
    ("goal: {event: post.read, within: 3 days}", "goal: {event: post.read}", "8:7: a.b: the goal has no time, so nothing is measured; say until when it counts: goal: {event: ..., within: 3 days} [no-goal]"),
    ("goal: {event: post.read, within: 3 days}\n", "", "1:1: a.b: no goal, so nobody can tell whether it helps; add goal: {event: post.created, within: 3 days} [no-goal]"),
    ("unless: {event: reaction.added}\n", "exit: {event: post.created}\n", None),
    ("limits: {once_per: member}", "limits: {expires: 2 days}", "9:9: a.b: no limit: each episode may send again; add limits: {once_per: member} or {cooldown: 14 days} [no-limit]"),
    ("limits: {once_per: member}", "limits: {cooldown: 7 days}", None),
    ("owner: team\n", "", "1:1: a.b: nobody looks after it; add owner: with a team or a name [no-owner]"),
    ("  - {name: silent, given: [{event: post.created, text: a}], expect: nothing}\n", "", "13:3: a.b: 1 scenarios fire and 0 expect nothing; add cases in which it must stay silent [no-scenarios]"),
    ("{gte: 2}", "{gte: 5, lt: 3}", "3:5: a.b: if: no value of member.posts fits; widen it, or it never fires [unreachable]"),
    ("{member.posts: {gte: 2}}", "{member.posts: {gte: 2}, any: [{member.posts: 0}, {member.days: {gt: 5, lt: 5}}]}", "3:5: a.b: if: none of any can hold beside the other lines; widen them, or it never fires [unreachable]"),
    ("{member.posts: {gte: 2}}", "{member.posts: {gte: 2}, any: [{member.posts: 0}, {member.days: 5}]}", None),
    ("when: {event: post.created}\nif: {member.posts: {gte: 2}}", "when: {absence: 3 days}\nif: {channel.name: general}", "3:5: a.b: if: event.channel is asked, and no event is there when time alone is the trigger; ask member. or time. [unreachable]"),
    ("if: {member.posts: {gte: 2}}", "if: {signal.days: 2}", "3:5: a.b: if: signal.days is asked, and post.created brings no signal; use event. or when: {signal: ...} [unreachable]"),
    ("unless: {event: reaction.added}", "unless: {event: post.created}", "5:9: a.b: unless: a second post.created ends it, as its trigger is what ends it; name what makes it needless [unreachable]"),
    ("owner: team", "owner: team\nlane: safety", None),
    ("channels: [in_app]", "channels: [pinned]", None),
    ("because: you posted", "because: you posted, act now", "7:10: a.b: because: 'act now' presses; say what there is and until when, and leave the hour to the member [urgency]"),
    ("because: you posted", "because: {en: you posted, de: wir vermissen dich}", "7:10: a.b: because: 'wir vermissen dich' blames; say what is there for them, not what they left undone [guilt]"),
    ("channels: [in_app]", "channels: [in_app], say: " + "long " * 60, "6:8: a.b: say: 299 characters are long for in_app; 280 are read in passing [too-long]"),
    ("because: you posted", "because: 'you posted, [first name]'", "7:10: a.b: because: [first name] is read as it stands; nothing fills it in; a fact is written {community.name} [placeholder]"),
    ("because: you posted", "because: 'you posted in %channel%'", "7:10: a.b: because: %channel% is read as it stands; nothing fills it in; a fact is written {community.name} [placeholder]"),
    ("because: you posted", "because: you posted in <channel name>", "7:10: a.b: because: <channel name> is read as it stands; nothing fills it in; a fact is written {community.name} [placeholder]"),
    ("because: you posted", "because: 'you posted [again], 5 % more, 1 < 2 > 0, for $5'", None),
    ("maturity: shadow", "maturity: canary", "1:1: a.b: canary lets 0% of the members through; write a share such as canary: 0.1 [canary]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), GOLDEN)
def test_each_rule(tmp_path: Path, old: str, new: str, message: str | None) -> None:
    """One thing changed, one hint, word for word; or none."""
    assert hints(tmp_path / "good", GOOD) == []
    assert old in GOOD
    assert hints(tmp_path / "bad", GOOD.replace(old, new)) == ([message] if message else [])


def test_waiting_without_an_end(tmp_path: Path) -> None:
    """Neither unless nor goal nor exit."""
    endless = GOOD.replace("unless: {event: reaction.added}\n", "").replace(
        "goal: {event: post.read, within: 3 days}\n", ""
    )
    assert [one.rpartition(" ")[2] for one in hints(tmp_path, endless)] == ["[no-exit]", "[no-goal]"]


def test_help_in_distress_wants_two(tmp_path: Path) -> None:
    """Once a community has switched it on; two names are two people, and what they approved are these words."""
    safety = GOOD.replace("owner: team", "owner: team\nlane: safety").replace("maturity: shadow", "maturity: live")
    on = '"*": {distress_support: true, safety_owner: ann}\n'
    assert hints(tmp_path / "off", safety) == []
    assert [
        one.rpartition(" ")[2] for one in hints(tmp_path / "one", safety + "approved_by: [ann, ann]\n", policy=on)
    ] == ["[second-approver]"]
    two = hints(tmp_path / "two", safety + "approved_by: [ann, ben]\n", policy=on)
    assert [one.rpartition(" ")[2] for one in two] == ["[second-approver]"], "of whatever it was then"
    digest = digest_of(load(tmp_path / "two").bundle.playbooks)
    assert hints(tmp_path / "digest", f"{safety}approved_by: [ann, ben]\napproved: {digest}\n", policy=on) == []


def test_two_that_want_the_same_moment(tmp_path: Path) -> None:
    """Of one trigger, lane, wait and priority, unless their conditions exclude each other."""
    other = GOOD.replace("a.b", "c.d")
    assert [one.rpartition(" ")[2] for one in hints(tmp_path / "both", GOOD, other)] == ["[overlap]"]
    for change in (
        ("{gte: 2}", "{lt: 2}"),
        ("once_per: member", "once_per: member, priority: low"),
        ("1 hour", "2 hours"),
        ("post.created}\nif", "post.read}\nif"),
    ):
        assert hints(tmp_path / change[1].replace("/", ""), GOOD, other.replace(*change)) == []


def test_a_policy_that_allows_none_of_the_channels(tmp_path: Path) -> None:
    """The message could never arrive."""
    found = hints(tmp_path, GOOD, policy='"*": {channels: [email]}\n')
    assert found == ["6:8: a.b: channels: the policy of * allows none of in_app [unreachable]"]


def test_a_text_for_readers_of_two_languages(tmp_path: Path) -> None:
    """A German page with an English reason."""
    (tmp_path / "resources").mkdir(parents=True)
    (tmp_path / "resources" / "guide.de.md").write_text(GUIDE, encoding="utf-8")
    assert hints(tmp_path, GOOD) == [
        "7:10: a.b: because: one text for readers of de and en; write because: {de: ..., en: ...} [language]"
    ]
    assert (
        hints(tmp_path, GOOD.replace("because: you posted", "because: {en: you posted, de: du hast geschrieben}")) == []
    )


def test_a_summary_that_presses_is_told_at_its_own_file(tmp_path: Path) -> None:
    """Where the words stand."""
    (hint,) = hints(tmp_path, GOOD, resource=GUIDE.replace("It helps.", "Last chance to read it."))
    assert hint.startswith("5:10: guide: summary: 'last chance' presses")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don’t miss this!!", {"urgency"}),
        ("READ THIS NOW", {"urgency"}),
        ("Wo warst du so lange?", {"guilt"}),
        ("Was du verpasst hast, in fünf Minuten", set()),
        ("You forgot your umbrella", {"guilt"}),
        ("The FAQ of the API", set()),
        ("It begins at nine; come when you like", set()),
    ],
)
def test_words_that_press_or_blame(text: str, found: set[str]) -> None:
    """English and German, whatever the case and the apostrophe."""
    assert {kind for kind, _ in pressing(text)} == found


def test_what_excludes_each_other_and_what_cannot_be() -> None:
    """By values, by ranges, by what is ruled out."""
    assert exclude_each_other({"member.role": "a"}, {"member.role": {"any": ["b", "c"]}})
    assert exclude_each_other({"member.posts": {"gte": 3}}, {"member.posts": {"lt": 3}})
    assert exclude_each_other({"member.posts": 0}, {"member.posts": {"gt": 0}})
    assert exclude_each_other({"member.role": "a"}, {"member.role": {"not": "a"}})
    assert not exclude_each_other({"member.posts": {"gte": 3}}, {"member.posts": {"lte": 3}})
    assert not exclude_each_other({"member.posts": 0}, {"member.role": "a"})
    assert impossible({"member.posts": {"gt": 3, "lt": 3}}) == "member.posts"
    assert impossible({"member.role": {"any": ["a"], "none": ["a", "b"]}}) == "member.role"
    assert impossible({"member.posts": {"gte": 3, "lte": 3}}) == ""
