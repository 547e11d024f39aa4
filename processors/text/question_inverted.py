"""What asks wherever it stands: in a message without marks no clause seems to begin, but the order of its words tells; and subjects left out."""

import re

# By first words, as the phrases of `question_phrases`, and what follows.
INVERTED = (
    ("how", r" (?:do|can|should|would|could) (?:i|we)\b"),
    ("how", r" (?:tf|the (?:hell|heck|fuck)|on earth) (?:do|can) (?:i|we|you)\b"),
    ("where what when why who", r" (?:do|can|should|could) (?:i|we)\b"),
    ("why", r" (?:does|is|are|can't|won't|doesn't|isn't) (?:my|it|this|the|our)\b"),
    ("what's", r" (?:going on|wrong|happening)\W*$"),
    ("is are", r" there (?:an?|any|some) (?:way|chance|option|setting|place|list|\w+ (?:to|for|that))\b"),
    ("does do has did", r" any ?(?:one|body|1)\b"),
    ("do did was", r" i (?:get|need|have|still|lose|pay|also|charged|banned) (?!to say|to admit)\w+"),
    ("can", r" i (?:get|still|use|have|buy|return|undo|change) (?:it|the|this|that|a|an|my|them)\b"),
    ("can could", r" (?:some|any) ?(?:one|body|1) (?:please |here )?(?:help|explain|tell|show|point|recommend|suggest|check|confirm|look)\b"),
    ("anyone anybody someone somebody", r" (?:here )?(?:know|knows) (?:if|how|what|where|when|why|who|which|whether|of|a|an|any|the)\b"),
    ("is", r" it (?:possible|safe|normal|okay|ok|worth) (?:to|that|if|for)\b"),
    ("am", r" i (?:doing|missing|supposed|allowed)\b"),
    ("can", r" (?:you|u) (?:please |pls )?(?:help me|tell me|show me)\b"),
    ("weiß kennt", r" (?:hier |da |das |von euch )*(?:jemand\w*|wer|einer)\b"),
    ("kann könnte", r" (?:mir|uns) (?:bitte |da |dabei |hier )*(?:jemand|wer|einer)\b"),
    ("wie wo was wann", r"(?: (?:genau|denn|bitte|am besten))? (?:kann|muss|soll|sollte|darf|mach|find|bekomm|krieg|komm|stell|geb|lad|nehm|änder|kündig|\w{3,}e) ich\b"),
    ("wie wo was wann", r" (?:kann|muss|soll|sollte|darf) man\b"),
    ("wen", r" (?:muss|kann|soll) (?:ich|man)\b"),
    ("please", r" (?:help|advise)(?: me)?\W*$"),
    ("was", r" nun\W*$"),
    ("woran", r" (?:liegt|kann das)\b"),
    ("kriege krieg bekomme bekomm", r" ich (?:dann|da|das|mein\w*|noch|auch)\b"),
    ("warum wieso weshalb", r" (?:geht|kann|wird|funktioniert|startet|lädt|kommt|zeigt|ist) (?:das|der|die|mein\w*|ich|es|man|bei)\b"),
    ("gibt", r" es (?:da |hier |denn |vielleicht |irgendwo |irgendwie )*(?:eine? (?:möglichkeit|weg|trick|einstellung|liste)|einen (?:weg|trick))\b"),
)  # fmt: skip
# Behind these it is told, not asked.
EMBEDDED = re.compile(
    r"(?:\b(?:knows?|knew|sees?|sure|understand|ask(?:ed|s|ing)?|wonder\w*|said|says?|tells?|told|guess|about|of|on|for|explain\w*|shows?|showed|learn\w*|remember|out|that's|"
    r"it's|is|was|if|that|because|so|as|all|weiß|weiss|wissen|fragt\w*|sagte?|gezeigt|erklärt\w*|verstehe|dass|ob|wenn|weil|who|anyone|you|they|he|she|da|so|dann|das)|\")\W*$"
)
# Verbs of the first person that begin a message without their subject, and what may not follow them.
_WITHOUT_ICH = frozenset(
    "hab habe komm komme versteh verstehe brauch brauche bräuchte suche finde find krieg kriege bekomme bekomm seh sehe kapier kapiere check versuche".split()
)
_WITHOUT_I = frozenset("tried bought installed updated lost need keep can't cannot couldn't got accidentally".split())
_SUBJECTS = frozenset("ich du er sie es wir ihr man jemand wer das der die i you u we they he she it".split())


def with_subject(words: str, found: list[str]) -> str:
    """Return words in lower case, that begin with the tokens `found`, with "ich" or "I" where they begin without: "hab ein Problem"."""
    first, *rest = found[:2] or ("",)
    if first in _WITHOUT_ICH and _SUBJECTS.isdisjoint(rest):
        return f"ich {words}"
    return f"i {words}" if first in _WITHOUT_I and _SUBJECTS.isdisjoint(rest) else words
