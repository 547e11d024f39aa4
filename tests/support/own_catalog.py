"""A small catalog of one's own in a test: two resources, a playbook with comments, one for people in distress."""

from pathlib import Path

WELCOME = """# The first thing that members hear of us.
id: welcome.start
describe: Say where to begin   # one sentence
when: {event: community.joined}
if: {member.role: {none: [bot, staff]}}
# Nobody is hurried.
offer:
  resource: first-steps   # two small steps
  channels: [in_app, email]
because: {en: you just joined, de: du bist neu hier}
goal: {event: post.created, within: 7 days}
limits: {once_per: member, expires: 1 day}   # once is enough
maturity: shadow   # for now
owner: team

# What must come of it.
scenarios:
  - name: joins
    given: [{event: community.joined}]
    expect: [{by: 1h, resource: first-steps}]
  - name: only reads
    given: [{event: post.read}]
    expect: nothing
"""
CARE = """id: crisis.offer
describe: One private offer
when: {signal: distress}
if: {signal.tier: {gte: 2}}
offer: {resource: a-line, channels: [direct_message]}
because: your words sounded heavy
limits: {expires: 1 day, priority: urgent}
lane: safety
cheerful: false
maturity: shadow
owner: safety-team
scenarios:
  - name: reads
    given: [{event: post.read}]
    expect: nothing
"""
FIRST = {
    "en": "---\ntitle: First steps\nkind: microguide\ntheme: welcome\nsummary: Two small steps.\nowner: team\n---\nSay hello.\n",
    "de": "---\ntitle: Erste Schritte\nkind: microguide\ntheme: welcome\nsummary: Zwei kleine Schritte.\nowner: team\n---\nSag hallo.\n",
}
LINE = """---
title: A line
kind: helpline
theme: crisis
summary: "Call or chat, or 112 in an emergency. Sent automatically, because your words sounded heavy. If this is not for you, press stop."
owner: team
verified: false
---
"""
POLICY = '"*": {{distress_support: {on}, safety_owner: ann}}\n'


def own_catalog(directory: Path, *, distress: bool = False) -> Path:
    """Write the catalog; `distress` switches distress support on. Return its directory."""
    files = {
        "catalog.yaml": "starter: false\n",
        "playbooks/welcome.start.yaml": WELCOME,
        "playbooks/crisis.offer.yaml": CARE,
        "resources/welcome/first-steps.en.md": FIRST["en"],
        "resources/welcome/first-steps.de.md": FIRST["de"],
        "resources/crisis/a-line.en.md": LINE,
        "policies/policy.yaml": POLICY.format(on=str(distress).lower()),
    }
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory
