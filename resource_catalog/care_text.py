"""What texts for people in distress must and must not say, and how long a helpline may be trusted.

After the media guidance of the WHO (2023), AFSP's safe messaging and #chatsafe: no word of method, blame or cause, no
promise, no order; plain, short, with a way out.
"""

import re
from datetime import date

from processors.playbooks.resources import Localised
from resource_catalog.problems import Block

CARE_THEMES = frozenset({"crisis", "concern", "care"})
TRUSTED_DAYS = 90  # a helpline that was looked at longer ago may have changed its hours or number
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "en": (
        "commit suicide", "committed suicide", "successful suicide", "failed attempt", "kill yourself", "overdose",
        "don't do anything stupid", "calm down", "cheer up", "snap out", "get over it", "others have it worse", "it could be worse",
        "think of your family", "selfish", "attention", "promise", "everything will be fine", "everything will be okay", "you must",
        "you have to", "we know how you feel", "we are always here", "crazy", "mentally ill", "diagnos", "at risk", "we detected", "our algorithm",
        "last chance", "don't worry", "we miss you", "stay strong", "secret",
    ),
    "de": (
        "selbstmord", "erfolgreicher suizid", "gescheiterter versuch", "bring dich", "überdosis", "mach keinen unsinn",
        "mach keine dummheiten", "beruhige dich", "kopf hoch", "reiß dich zusammen", "reiss dich zusammen", "anderen geht es schlechter",
        "denk an deine familie", "egoistisch", "aufmerksamkeit", "versprechen", "versprochen", "alles wird gut", "du musst", "wir wissen, wie du dich fühlst",
        "wir sind immer da", "verrückt", "psychisch krank", "diagnos", "gefährdet", "wir haben erkannt", "unser algorithmus", "letzte chance",
        "mach dir keine sorgen", "wir vermissen dich", "bleib stark", "geheim",
    ),
}  # fmt: skip
# What an offer of help must hold, by language: what it is, and a pattern of which one finds it.
WANTED: dict[str, dict[str, str]] = {
    "en": {
        "that it was sent automatically": r"\bautomatic",
        "why it was sent": r"\bbecause\b",
        "an emergency number": r"\b(?:112|911|999|000|111)\b",
        "a way by phone": r"\b(?:call|phone)\b",
        "a way in writing (chat or text)": r"\b(?:chat|text)\b",
        "a way out (not for you)": r"\bnot for you\b",
        "how to stop such messages": r"\bstop\b",
    },
    "de": {
        "that it was sent automatically": r"\bautomatisch",
        "why it was sent": r"\bweil\b",
        "an emergency number": r"\b112\b",
        "a way by phone": r"\btelefon|\banruf|\bruf",
        "a way in writing (chat or text)": r"\bchat|\bschreib",
        "a way out (not for you)": r"passt (?:es|das) nicht|nichts für dich",
        "how to stop such messages": r"\bstopp?\b",
    },
}


def forbidden(text: str, locale: str) -> list[str]:
    """Return the phrases of a text that must not reach somebody who hurts; unknown languages are held against all."""
    lower = text.casefold()
    lists = [FORBIDDEN[locale]] if locale in FORBIDDEN else list(FORBIDDEN.values())
    return [phrase for phrases in lists for phrase in phrases if phrase in lower]


def missing(text: str, locale: str) -> list[str]:
    """Return what an offer of help lacks; of languages without patterns of their own nothing is asked."""
    return [what for what, pattern in WANTED.get(locale, {}).items() if not re.search(pattern, text.casefold())]


def check_wording(block: Block, text: Localised, locale: str) -> None:
    """Note forbidden phrases in what is sent and what stands behind it."""
    for field, content in (("title", text.title), ("summary", text.summary), ("title", text.body)):
        for phrase in forbidden(content, locale):
            block.problem(field, f'"{phrase}" hurts rather than helps; say it plainly and warmly, without it')


def check_helpline(block: Block, text: Localised, locale: str, *, verified: bool, expires: float) -> None:
    """Note what an offer lacks, and a verification without its birth certificate or of more than `TRUSTED_DAYS`."""
    check_wording(block, text, locale)
    for what in missing(text.summary, locale):
        block.problem("summary", f"summary of a helpline: {what} is missing")
    if not verified:
        return
    for field in ("verified_by", "source"):
        if not block.text(field, ""):
            block.problem(field, f"{field}: a verified helpline says who looked, and where")
    looked = block.data.get("verified_at")
    if not isinstance(looked, date) or not expires:
        block.problem(
            "verified", "verified: needs verified_at and expires, dates such as 2027-01-31; until then leave it false"
        )
    elif (block.data["expires"] - looked).days > TRUSTED_DAYS:
        block.problem("expires", f"expires: at most {TRUSTED_DAYS} days after verified_at; look again before then")
