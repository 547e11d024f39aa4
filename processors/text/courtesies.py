"""What stands around a matter and says nothing of it: greetings, apologies, thanks beforehand, closings."""

import re
from collections.abc import Sequence

from processors.text.normalise import tokens

BEGIN_MAX, CLOSE_MAX = 40, 120  # characters in which the first words stand, and of a closing
_ALL = r"all|everyone|everybody|guys|folks|there|people|team|community|leute|zusammen|alle|an alle|ihr lieben|ihr|miteinander"
GROUPS = r"all|everyone|everybody|here|channel|room|team|mods?|moderators?|admins?|staff|support"
# Greetings, an apology, what kind of question it is, how new somebody is.
_LEAD = re.compile(
    rf"(?:\W*(?:(?:hi|hello|hey|heya|hiya|yo|hallo|moin|servus|huhu|greetings|good (?:morning|evening|afternoon|day)|guten (?:tag|morgen|abend)|gr(?:ü|ue?)(?:ß|ss) (?:euch|gott))"
    rf"(?:,? (?:{_ALL})\b)*"
    rf"|@(?:{GROUPS})"
    r"|(?:sorry|apologies|excuse me|pardon|entschuldig\w*|verzeih\w*|tut mir leid)(?:,? (?:if|for|to|falls|wenn|für|dass)\b[^.!?\n]{1,80}?\b(?:but|aber)\b)?"
    r"|(?:(?:i'm |i am |bin mir )?not sure (?:if|whether) this is|i hope this is|hope this is|i don't know (?:if|whether) this is|ich hoffe,? (?:das|ich bin|hier)|weiß nicht,? ob das hier)\b[^.!?\n]{1,60}?(?:\bbut\b|\baber\b|[.,])"
    r"|(?:(?:a|one|just|maybe|probably|vielleicht|mal|nur|eine?|ne) ){0,3}(?:quick|short|small|little|dumb|stupid|silly|noob|newbie|beginner|basic|simple|random|kurze|kleine|schnelle|blöde|dumme|doofe|einfache) (?:question|q|frage)(?: here)?(?:,? (?:but|aber))?"
    r"|(?:(?:i'm|i am|ich bin|bin)(?: \w+)? )?(?:new|neu) (?:here|hier|to (?:this|docker|linux|the \w+)(?=\s*(?:[,.!;:\n–-]|(?:and|but|so)\b)))(?:,? (?:and|but|so|und|aber))?"
    r"|(?:(?:total|complete|absolute) )?(?:noob|newbie|beginner) here|(?:blutiger? )?anfänger(?:in)? hier)(?![\w'])[\s,.!:;–-]*)+",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    r"[\s,.;:!–-]*(?:"
    r"\b(?:(?:many |big )?thanks|thank (?:you|u)|thx|tnx|tia|danke(?:schön)?|vielen dank|besten dank|merci)\b(?:,? (?:in advance|a lot|so much|very much|a bunch|all|guys|everyone|for (?:any|your|the) (?:help|time|answers?|hints?)|im voraus|schon ?mal|(?:schon )?im vorraus|euch|für (?:eure|die|jede) hilfe|für (?:eure )?(?:tipps?|antworten?)))*"
    r"|\b(?:any|every) (?:help|advice|tips?|hints?)(?: would be| is|'s)? (?:much |greatly |really |very )?(?:appreciated|welcome)"
    r"|\n\s*(?:(?:best|kind|warm|many)(?: regards| wishes)?|regards|cheers|yours|(?:viele|liebe|beste|schöne|herzliche) grüße|(?:lieben|schönen|besten) gruß|gruß|grüße|lg|vg|mfg)\b,?(?:[ \n]+[^\n.!?]{0,40})?"
    r")[\s,.!:;)–-]*\Z",
    re.IGNORECASE,
)
# No closing is without one of these.
_CLOSING = (
    "than",
    "dank",
    "thx",
    "tnx",
    "tia",
    "merci",
    "apprec",
    "welcome",
    "egard",
    "wishes",
    "cheers",
    "yours",
    "grü",
    "gru",
    "lg",
    "vg",
    "mfg",
    "best",
)
# First words of a lead; others that may be, where one of the next three says so.
_LEADING = frozenset(
    "hi hello hey heya hiya yo hallo moin servus huhu greetings guten grüß gruess gruß sorry apologies excuse pardon entschuldigung entschuldigt entschuldige "
    "verzeihung tut quick dumb stupid silly noob newbie beginner basic simple random kurze kleine schnelle blöde dumme doofe einfache "
    "blutiger anfänger anfängerin".split()
)
_MAYBE = frozenset(
    "good i'm i bin not hope ich weiß weiss a one just maybe probably vielleicht mal nur ein eine ne short small little new neu total complete absolute".split()
)
_SAYS_SO = frozenset(
    "morning evening afternoon day new neu hope sure quick short small little dumb stupid silly question q frage kurze kleine schnelle blöde dumme hoffe noob "
    "newbie beginner here hier to ob if whether this".split()
)


def without_lead(text: str, found: Sequence[str]) -> str:
    """Return a text that begins with the tokens `found` without what only leads to its matter; all of it where there is nothing else."""
    if not (
        found
        and (
            found[0] in _LEADING or (found[0] in _MAYBE and not _SAYS_SO.isdisjoint(found[1:4])) or text.startswith("@")
        )
    ):
        return text
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead and lead.end() < len(text) else text


def without_courtesies(text: str) -> str:
    """Return a text without what leads to its matter and what closes it; all of it where there is nothing else."""
    bare = without_lead(text, tokens(text[:BEGIN_MAX]))
    begin = max(0, len(bare) - CLOSE_MAX)
    closing = bare[begin:].lower()
    if any(map(closing.__contains__, _CLOSING)):
        for _ in range(2):  # thanks, and a name
            close = _CLOSE.search(bare, begin)
            if close is None or not close.start():
                break
            bare = bare[: close.start()]
    return bare if bare.strip() else text
