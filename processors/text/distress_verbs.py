"""Forms of phrases: choices written out, and what German makes of a verb that parts and stands in several places."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

_CHOICE = re.compile(r"\(([^()]*)\)")
_PARTS = "+"  # between a verb and the prefix that it loses: "um+bringen"


def written_out(phrase: str) -> Iterator[str]:
    """Yield a phrase with each of its choices: "(take/end) my life"; an empty one leaves the word out."""
    choice = _CHOICE.search(phrase)
    if choice is None:
        yield " ".join(phrase.split())
        return
    for one in choice[1].split("/"):
        yield from written_out(f"{phrase[: choice.start()]}{one}{phrase[choice.end() :]}")


def conjugated(phrase: str, read: AbstractSet[str]) -> tuple[list[str], list[str]]:
    """Return the forms of "I" (main and subordinate clause), and the infinitives, of "mich um+bringen": the verb last.

    `read` are short forms that are read as whole ones anyway ("bring").
    """
    *objects, verb = phrase.split()
    prefix, _, bare = verb.rpartition(_PARTS)
    stem = bare.removesuffix("n") if bare == "tun" else bare.removesuffix("en")
    behind = " ".join(objects)
    short = () if stem in read and f"{prefix}{stem}" in read else ("",)
    finite = [
        form for end in ("e", *short) for form in (f"{stem}{end} {behind} {prefix}", f"{behind} {prefix}{stem}{end}")
    ]
    infinite = [f"{behind} {prefix}{bare}", f"{behind} {prefix}zu{bare}" if prefix else f"{behind} zu {bare}"]
    return [" ".join(form.split()) for form in finite], [" ".join(form.split()) for form in infinite]


def conjugations(verbs: Mapping[str, Mapping[str, str]], read: AbstractSet[str]) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield (class, phrases) of a table's `[verbs]`: groups with `phrases`, and the classes of their `finite` and `infinite` forms, and of `any`."""
    for group in verbs.values():
        finite: list[str] = []
        infinite: list[str] = []
        for phrase in group["phrases"].split("|"):
            for one in written_out(phrase):
                forms = conjugated(one, read)
                finite += forms[0]
                infinite += forms[1]
        yield group["finite"], finite
        yield group["infinite"], infinite
        if "any" in group:
            yield group["any"], [*finite, *infinite]
