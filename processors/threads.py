"""What the member stage hands to the community stage: words in threads, flags on them, and how far its time has come."""

from typing import Literal

import msgspec

Kind = Literal[
    "post",
    "accepted",
    "explained",
    "flagged",
    "moderated",
    "watermark",
    "stuck",
    "searched",
    "lost",
    "returned",
    "reacted",
    "erased",
]


class ThreadPost(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Words of a member in a thread, the acceptance of an answer, a flag (`flagged`, `moderated`) on somebody's words, or a trouble.

    `member` is the author's key, `time` the log time of its partition in epoch seconds; `question` tells a question
    of the author's own need; `to` the key of the member it answers, or whose words are flagged; `heat` (0 to 2) how sharp the
    words are towards somebody; `about` the platform's id of the post; `resource` what answers the question, in the language `locale`; `helper` tells an author who
    has answered others before. Of a trouble (`stuck`, `searched`, `lost`) `about` is the place. A `watermark` says that partition `source` has
    handed over everything before `time`. `peer` tells an author who offered to answer others; `title` is that of a thread which may be told of.
    `erased` says that a member is forgotten, `returned` that a member is back who was last here at `since`,
    `reacted` that a member liked something in a thread (told only where a playbook wants to know what was missed).
    """

    id: str
    kind: Kind
    member: str = ""
    channel: str = ""
    thread: str = ""
    text: str = ""
    time: float = 0.0
    question: bool = False
    to: str = ""
    source: int = 0
    replay: bool = False
    heat: int = 0
    about: str = ""
    resource: str = ""
    locale: str = ""
    helper: bool = False
    peer: bool = False
    title: str = ""
    since: float = 0.0
