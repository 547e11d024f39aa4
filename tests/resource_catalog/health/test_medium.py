"""The medium in proportion: what is long, private or urgent, on channels that do not fit it; kinds that hold less than they say."""

from pathlib import Path

import pytest

from resource_catalog.health.medium import check
from tests.support.catalogs import GUIDE, content, play, told

LONG = GUIDE + "steps: [a, b, c, d, e, f]\n"
LINE = (
    "title: Somebody to talk to\nkind: helpline\ntheme: crisis\nsummary: >-\n"
    "  This is sent automatically because of your words. You can call or chat; in danger, 112. Not for you? Say stop.\n"
)


@pytest.mark.parametrize(
    ("guide", "playbook", "expected"),
    [
        (GUIDE, play(), ""),
        (LONG, play(channels="in_app, direct_message"), ""),
        (LONG, play(), ("warning medium guide: play.guide sends it over in_app: 6 steps are too many in passing; "
                       "add direct_message or email")),
        (LINE, play(channels="direct_message"), ""),
        (LINE, play(channels="direct_message, thread"), ("error medium guide: play.guide sends it over direct_message and thread: "
                                                        "others see it there; a helpline is offered in private alone")),
        (GUIDE, play(channels="email", more="limits: {priority: urgent}\n"),
         "warning medium guide: play.guide sends it over email: urgent, and read hours later; add in_app or direct_message"),
        (GUIDE.replace("how-to", "gif").replace("topic", "care") + "link: https://example.org/hug\n", play(),
         "warning medium guide: play.guide sends it over in_app: no moving picture for somebody who hurts"),
        (GUIDE.replace("how-to", "checklist"), play(),
         "warning medium guide: a checklist without steps; write them under steps, or call it a microguide"),
        (GUIDE.replace("how-to", "session"), play(), "warning medium guide: a session passes; set expires to the day after"),
        (GUIDE.replace("how-to", "session") + "expires: 2027-02-01\n", play(), ""),
    ],
)  # fmt: skip
def test_medium(tmp_path: Path, guide: str, playbook: str, expected: str) -> None:
    """Each row of the table, and the kinds."""
    assert told(list(check(content(tmp_path, playbook, guide_en=guide)))) == ([expected] if expected else [])


def test_a_how_to_that_ends_with_its_summary_is_hollow(tmp_path: Path) -> None:
    """Steps, a text or a link make it one."""
    found = content(tmp_path, guide_en=GUIDE + "---\n \n")
    assert told(list(check(found))) == [
        "warning medium guide: a how-to that ends with its summary; add steps, a text or a link, or call it a summary"
    ]
