"""The language of playbooks: each form of a trigger played from file to command; each mistake told with place and way out."""

from pathlib import Path

import pytest

from processors.playbooks.resources import Silence
from resource_catalog.loader import SHIPPED, load
from resource_catalog.problems import CatalogError
from resource_catalog.scenarios import play

FILES = {
    "resources/guide.en.md": "---\ntitle: A guide\nkind: how-to\ntheme: topic\nsummary: It helps.\ntone: {warm: It helps you.}\n---\nBody\n",
    "resources/guide.de.md": "---\ntitle: Ein Leitfaden\nkind: how-to\ntheme: topic\nsummary: Er hilft dir.\ntone: {formal: Er hilft Ihnen.}\n---\nText\n",
    "resources/guide--head-coach.en.md": "---\ntitle: For coaches\nkind: how-to\ntheme: topic\nsummary: Coaching.\n---\nBody\n",
    "resources/second.en.md": "---\ntitle: A second\nkind: how-to\ntheme: topic\nsummary: It helps more.\n---\nBody\n",
    "segments/writers.yaml": "id: writers\nif: {member.posts: {gte: 2}}\n",
    "journeys/tour.yaml": "id: tour\nbegins: [task.begun]\nsteps:\n  - {id: look, done: [task.completed], usual: 1 day}\n",
    "channels.yaml": "support: [help*]\n",
}
GOOD = """id: a.b
when: {event: post.created}
offer: {resource: guide, channels: [in_app]}
because: you posted
"""
SAID = "offer: {resource: guide, channels: [in_app]}\nbecause: x\nlane: request\nscenarios:\n  - name: s\n"


def write(directory: Path, playbook: str, files: dict[str, str] = FILES) -> None:
    """Write a catalog with one playbook."""
    for path, text in {**files, "playbooks/a.yaml": playbook}.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")


def problems(directory: Path, playbook: str) -> list[str]:
    """Return what is wrong with a playbook as `line:column: message`."""
    write(directory, playbook)
    try:
        load(directory)
    except CatalogError as error:
        return [f"{one.line}:{one.column}: {one.message}" for one in error.problems]
    return []


def faults(directory: Path, playbook: str) -> list[str]:
    """Return what is wrong with the scenarios of a playbook when they are played."""
    write(directory, playbook)
    loaded = load(directory)
    return [fault for file in loaded.playbooks for one in play(file, loaded.bundle) for fault in one.faults]


@pytest.mark.parametrize(
    ("when", "given", "by"),
    [
        ("{event: post.created}", "{event: post.created, text: x}", "1m"),
        ("{event: [post.created, question.asked]}", "{event: question.asked, text: x}", "1m"),
        ("{event: post.created, words: [invoice]}", "{event: post.created, text: My invoices}", "1m"),
        ("{search: [refund, money back]}", "{event: search.performed, query: get my money back}", "1m"),
        (
            "{event: event.registered, before: 3 hours}",
            "{event: event.registered, name: meet, starts: 1767700800}",
            "25h",
        ),
        ("{signal: reported}", "{event: content.flagged, post: p}", "1m"),
        ("{absence: 14 days}", "{event: post.read}", "15d"),
        ("{every: monday, at: '18:00'}", "{event: post.read}", "10h"),
        ("{every: [7, 21], at: '18:00'}", "{event: post.read}", "3d"),
        ("{every: day, at: '18:00'}", "{event: post.read}", "10h"),
        ("{lifecycle: dormant}", "{event: post.read}", "61d"),
        ("{lifecycle: activated, from: [new, visitor]}", "{event: post.created, text: x}", "15d"),
        ("{stuck: tour, step: look}", "{event: task.begun, name: x}", "2d"),
    ],
)
def test_each_form_of_a_trigger_fires(tmp_path: Path, when: str, given: str, by: str) -> None:
    """From the file to the command, once, by its time; the story begins on a Monday at nine."""
    settle = {"1m": "1h", "10h": "10h"}.get(by, by)
    playbook = f"id: a.b\nwhen: {when}\nlimits: {{once_per: member}}\n{SAID}    given: [{given}]\n    settle: {settle}\n    expect: [{{by: {by}}}]\n"
    assert faults(tmp_path, playbook) == []


@pytest.mark.parametrize(("given", "expect"), [("2", "[{by: 2m}]"), ("1", "nothing")])
def test_a_segment_that_is_entered_fires(tmp_path: Path, given: str, expect: str) -> None:
    """With the second post, not with the first."""
    posts = ", ".join(f"{{at: {number}m, event: post.created, text: x}}" for number in range(int(given)))
    assert (
        faults(tmp_path, f"id: a.b\nwhen: {{segment: writers}}\n{SAID}    given: [{posts}]\n    expect: {expect}\n")
        == []
    )


def test_what_the_community_found_fires(tmp_path: Path) -> None:
    """`community` is a signal of the community stage."""
    playbook = f"id: a.b\nwhen: {{community: moderated}}\ncheerful: false\n{SAID}    given: [{{event: content.moderated, member: mod, channel: dev, thread: t, post: p, author: scenario/ann}}]\n"
    assert faults(tmp_path, playbook + "    expect: [{by: 1h, member: ann}]\n") == []


def test_sequences_variants_and_tones_from_file_to_command(tmp_path: Path) -> None:
    """Steps with an id each, a variant by role, German with its formal address."""
    playbook = """id: course
when: {event: community.joined}
theme: topic
steps:
  - id: one
    offer: {resource: guide, variant_by: [member.role], channels: [in_app]}
    because: {en: you joined, de: Sie sind neu}
  - id: two
    after: 3 days
    unless: {event: reaction.added}
    offer: {best_of: theme/topic, channels: [in_app], say: {en: And another}}
    because: you joined
goal: {event: post.created, within: 14 days}
limits: {once_per: member}
maturity: shadow
scenarios:
  - name: both steps
    given: [{event: community.joined}]
    settle: 9d
    expect: [{by: 1m, resource: guide, says: It helps.}, {after: 3d, by: 4d, resource: second, says: And another}]
  - name: a coach
    given: [{event: profile.changed, role: Head Coach}, {event: community.joined}, {at: 1d, event: post.created, text: x}]
    settle: 9d
    expect: [{by: 1m, resource: guide--head-coach}]
  - name: formally, in German
    policy: {locale: de, address: formal}
    given: [{event: community.joined}, {at: 1d, event: post.created, text: x}]
    settle: 9d
    expect: [{says: Er hilft Ihnen., because: Sie sind neu, locale: de}]
  - name: warmly
    policy: {tone: warm}
    given: [{event: community.joined}, {at: 1d, event: reaction.added}]
    settle: 9d
    expect: [{says: It helps you.}]
"""
    assert faults(tmp_path, playbook) == []
    ids = [one.id for one in load(tmp_path).bundle.playbooks]
    assert ids == ["course:one", "course:two"]


def test_a_silence_of_a_sequence_is_one_of_its_steps() -> None:
    """Whoever silences the course silences what follows."""
    assert Silence(1.0, "ann", playbook="course").matches("town", "course:two", "t")
    assert not Silence(1.0, "ann", playbook="course").matches("town", "course-b:two", "t")


GOLDEN = [
    ("{event: post.created}", "{evnt: post.created}", "2:14: unknown field evnt; did you mean event?"),
    ("{event: post.created}", "{event: post.created, absence: 3 days}", "2:7: when: expected exactly one of event, signal, community, search, absence, every, lifecycle, segment, stuck; found event and absence"),
    ("{event: post.created}", "{absence: 3 weks}", "2:17: absence: expected a duration such as '10 minutes' or '3 days', found '3 weks'"),
    ("{event: post.created}", "{absence: 2 minutes}", "2:17: absence: expected between 1 hour and 365 days, found 2 minutes"),
    ("{event: post.created}", "{every: mondy, at: '09:00'}", "2:15: every: expected day, weekdays such as monday, or days of the month from 1 to 31; found mondy; did you mean monday?"),
    ("{event: post.created}", "{every: monday, at: 9}", '2:27: at: expected a local time in quotes, such as "09:00", found 9'),
    ("{event: post.created}", "{every: [monday, 3], at: '09:00'}", "2:15: every: expected weekdays or days of the month, not both; write two playbooks"),
    ("{event: post.created}", "{lifecycle: fadng}", "2:19: lifecycle: expected some of visitor, new, activated, regular, helper, fading, dormant, returned, left, found fadng; did you mean fading?"),
    ("{event: post.created}", "{segment: writer}", "2:17: segment: unknown segment writer; did you mean writers?"),
    ("{event: post.created}", "{segment: writers, is: entred}", "2:30: is: expected one of entered, left, found entred; did you mean entered?"),
    ("{event: post.created}", "{stuck: tuor}", "2:15: stuck: unknown journey tuor; did you mean tour?"),
    ("{event: post.created}", "{stuck: tour, step: lok}", "2:27: step: expected one of look, found lok; did you mean look?"),
    ("{event: post.created}", "{search: ['?!']}", "2:16: search: expected words of letters or digits, at most 80 characters; found '?!'"),
    ("{event: post.created}", "{event: reaction.added, words: [x]}", "2:38: words: goes with events that say something in words:"),
    ("{event: post.created}", "{event: post.created, before: 3 hours}", "2:37: before: goes with events that have a start:"),
    ("{event: post.created}", "{community: overdue}", "2:19: community: expected one of heated,"),
    ("because: you posted", "because: you posted\nif: {event.qery: x}", "5:18: event.qery: unknown fact; did you mean event.query?"),
    ("because: you posted", "because: you posted\nif: {event.query: x}", "5:19: event.query: unknown fact"),
    ("because: you posted", "because: you posted\nif: {channel.tags: suport}", "5:20: channel.tags: unknown tag suport; did you mean support?"),
    ("because: you posted", "because: you posted\nif: {member.segment: writer}", "5:22: member.segment: unknown segment writer; did you mean writers?"),
    ("because: you posted", "because: you posted\nif: {any: [{member.psts: 0}]}", "5:26: member.psts: unknown fact; did you mean member.posts?"),
    ("because: you posted", "because: you posted\nunless: {event: post.reda}", "5:17: unless: unknown event post.reda; did you mean post.read?"),
    ("because: you posted", "because: you posted to {event.chanel}", "4:10: because: no fact for {event.chanel}; there are {channel.name}"),
    ("because: you posted", "because: {de: du, english: you}", "4:28: because: expected a language such as en or de, found english"),
    ("because: you posted", "owner: me", "1:1: because: missing; the member sees it as the reason"),
    ("resource: guide", "resource: guide, say: {en: {wram: x}}", "3:43: unknown field wram; did you mean warm?"),
    ("resource: guide", "best_of: theme/topics", "3:18: best_of: no resource has the theme topics; did you mean theme/topic?"),
    ("resource: guide", "resource: second, variant_by: [member.role]", "3:39: variant_by: no resource is named second--<role, region or interest>, so nothing varies"),
    ("resource: guide", "resource: guide, variants: [{resource: second}]", "3:37: variants: expected if; the first variant whose condition holds is taken"),
    ("because: you posted", "because: you posted\nlimits: {once_per: mnth}", "5:20: once_per: expected one of member, episode, day, week, month, channel, thread, found mnth; did you mean month?"),
    ("id: a.b", "id: A b", "1:5: id: expected lower-case words with dots or hyphens between, such as onboarding.how-to-start; found A b"),
    ("because: you posted", "because: you posted\nscenarios: [{name: s, given: [{event: post.creatd}], expect: nothing}]", "5:39: event: unknown event post.creatd; did you mean post.created?"),
    ("because: you posted", "because: you posted\nscenarios: [{name: s, given: [{event: post.read, text: x}], expect: nothing}]", "5:56: unknown field text; expected one of at, event, member, channel, thread"),
    ("because: you posted", "because: you posted\nscenarios: [{name: s, journey: {id: j, begins: community.joind, steps: [{id: a, done: post.created}]}, given: [], expect: nothing}]", "5:48: begins: unknown event community.joind; did you mean community.joined?"),
    ("because: you posted", "because: you posted\nscenarios: [{name: s, given: [], expect: nothin}]", "5:42: expect: expected nothing, or a list of what is sent"),
    ("because: you posted", "because: you posted\nscenarios: [{name: s, given: [], expect: [{bye: 3m}]}]", "5:49: unknown field bye; did you mean by?"),
    ("because: you posted", "because: you posted\nsteps: [{id: a}]", "3:8: offer: each step has its own; expected either offer or steps"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), GOLDEN)
def test_a_mistake_is_told_with_its_place_and_a_way_out(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Line and column of what is wrong, what was expected, the nearest right word."""
    assert problems(tmp_path, GOOD) == []
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new))
    assert any(one.startswith(message) for one in found), "\n".join(found)


def test_a_catalog_lies_over_another(tmp_path: Path) -> None:
    """The same id replaces; two words change how one below runs; the rest stays."""
    below, own = tmp_path / "below", tmp_path / "own"
    write(below, GOOD)
    write(
        own,
        "id: a.b\nmaturity: off\n",
        {"resources/guide.en.md": FILES["resources/guide.en.md"].replace("It helps.", "Ours.")},
    )
    (own / "playbooks" / "b.yaml").write_text(GOOD.replace("a.b", "c.d").replace("guide", "second"), encoding="utf-8")
    bundle = load(own, below).bundle
    assert [(one.id, one.maturity, one.trigger) for one in bundle.playbooks] == [
        ("a.b", "off", "post.created"),
        ("c.d", "shadow", "post.created"),
    ]
    guide = next(one for one in bundle.resources if one.id == "guide")
    assert (list(guide.locales), guide.locales["en"].summary) == (["en"], "Ours.")
    assert {one.id for one in bundle.resources} == {"guide", "guide--head-coach", "second"}
    assert [one.id for one in bundle.segments] == ["writers"]


def test_what_changes_nothing_that_is_there_is_told(tmp_path: Path) -> None:
    """A mistyped id of a playbook below."""
    below, own = tmp_path / "below", tmp_path / "own"
    write(below, GOOD)
    write(own, "id: a.bb\nmaturity: off\n")
    with pytest.raises(CatalogError, match=r"a.bb is no playbook of the catalog below, .* did you mean a.b\?"):
        load(own, below)


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("segments/writers.yaml", "id: Writers\nif: {member.posts: 1}\n", "1:5: id: expected lower-case letters"),
        ("segments/writers.yaml", "id: writers\n", "1:1: if: missing; a segment is a condition"),
        ("segments/writers.yaml", "id: writers\nif: {member.segment: wrters}\n", "2:5: if: unknown segment wrters; did you mean writers?"),
        ("segments/writers.yaml", "id: writers\nif: {member.segment: writers}\n", "2:5: if: segment writers asks for itself"),
        ("lifecycle.yaml", "stages: [{stage: a}]\n", "1:9: stages: expected a list of 2 to 16 stages"),
        ("lifecycle.yaml", "stages: [{stage: a}, {stage: b, if: {member.posts: 1}}]\n", "1:9: stages: the last must have no condition"),
        ("channels.yaml", "support: []\n", "1:10: support: expected at least one channel"),
    ],
)  # fmt: skip
def test_definitions_are_checked_too(tmp_path: Path, path: str, text: str, message: str) -> None:
    """Segments, stages and tags, with their places."""
    write(tmp_path, GOOD, {**FILES, path: text})
    with pytest.raises(CatalogError) as told:
        load(tmp_path)
    assert any(f"{one.line}:{one.column}: {one.message}".startswith(message) for one in told.value.problems), told.value


def test_the_playbook_of_the_readme_is_a_good_one(tmp_path: Path) -> None:
    """It loads over the shipped catalog, and its scenarios hold."""
    readme = (SHIPPED / "README.md").read_text(encoding="utf-8")
    example = next(
        part for part in readme.split("```yaml\n")[1:] if part.startswith("id: onboarding.course")
    ).partition("```")[0]
    variant = (SHIPPED / "resources/onboarding/getting-started.en.md").read_text(encoding="utf-8")
    write(tmp_path, example, {"resources/getting-started--coach.en.md": variant})
    loaded = load(tmp_path, SHIPPED)
    (file,) = [one for one in loaded.playbooks if one.id == "onboarding.course"]
    assert [one.faults for one in play(file, loaded.bundle)] == [(), ()]


SIGNAL = """id: a.b
when: {WHEN}
if: {IF: 3}
offer: {resource: guide, channels: [in_app]}
because: BECAUSE
"""


@pytest.mark.parametrize(
    ("when", "fact", "because", "told"),
    [
        ("signal: overdue", "signal.silent_days", "{signal.usual_days} days", []),
        ("signal: overdue", "signal.score", "x", []),
        ("community: unanswered", "signal.hours", "{signal.hours} h", []),
        ("absence: 14 days", "signal.days", "{signal.days} days", []),
        ("lifecycle: dormant", "signal.from", "{signal.to}", []),
        ("stuck: tour, step: look", "signal.days", "{signal.step_title}", []),
        (
            "signal: overdue", "signal.silentdays", "x",
            ["3:VALUE: signal.silentdays: unknown fact; did you mean signal.silent_days?"],
        ),
        (
            "signal: milestone", "signal.silent_days", "x",
            ["3:VALUE: signal.silent_days: unknown fact; there are signal.score, signal.number, signal.what"],
        ),
        ("signal: reported", "signal.days", "x", ["3:VALUE: signal.days: unknown fact; there are signal.score"]),
        ("every: monday, at: '18:00'", "member.posts", "{signal.day}",
         ["5:10: because: no fact for {signal.day}; there are signal.score"]),
        ("signal: overdue", "member.posts", "{signal.usual_day} days",
         ["5:10: because: no fact for {signal.usual_day}; did you mean signal.usual_days?"]),
        ("event: post.created", "member.posts", "{signal.days}", ["5:10: because: no fact for {signal.days}"]),
        ("event: post.created", "signal.dayz", "x", ["3:VALUE: signal.dayz: unknown fact; did you mean signal.days?"]),
    ],
)  # fmt: skip
def test_what_a_signal_does_not_bring_is_refused(
    tmp_path: Path, when: str, fact: str, because: str, told: list[str]
) -> None:
    """In conditions and in texts, with the nearest right word, else with all that there is."""
    text = SIGNAL.replace("WHEN", when).replace("IF", fact).replace("BECAUSE", f'"{because}"')
    assert problems(tmp_path, text) == [one.replace("VALUE", str(8 + len(fact))) for one in told]
