"""Texts beside each other: two resources that say the same, and languages in which one is missing."""

from collections.abc import Iterator
from itertools import combinations

from processors.playbooks.catalog_search import CatalogSearch, may_answer
from processors.playbooks.resources import Resource
from resource_catalog.health.content import Content
from resource_catalog.health.findings import Finding, Said, found

ALIKE = (
    800  # thousandths of likeness from which a wording of one is found to be that of another; 1000 is the same words
)
LANGUAGE_SHARE = 0.5  # a language that so many resources have is one that the community reads


def check(content: Content) -> Iterator[Finding]:
    """Yield duplicates and missing languages."""
    yield from _duplicates(content)
    expected = languages(content)
    for resource in content.current:
        missing = [one for one in expected if not _has(resource, one)]
        if missing:
            tongues = ", ".join(missing)
            said = (
                f"not in {tongues}; members who read that get it in another language",
                f"nicht auf {tongues}; wer das liest, bekommt es in einer anderen Sprache",
            )
            yield found("warning", "missing-locale", resource.id, said, content.path(resource))


def languages(content: Content) -> list[str]:
    """Return the languages that a resource should have: those of the policies, and those of at least half of the resources."""
    current = content.current
    named = {policy.locale for policy in content.policies.values()}
    known = sorted({locale for one in current for locale in one.locales})
    common = {one for one in known if sum(_has(resource, one) for resource in current) >= LANGUAGE_SHARE * len(current)}
    return sorted(named | common)


def _has(resource: Resource, locale: str) -> bool:
    return any(one in resource.locales for one in (locale, locale.partition("-")[0]))


def _duplicates(content: Content) -> Iterator[Finding]:
    """Yield pairs that say the same: a title or question that both have, or one that is found as the other's."""
    pairs = {**_alike(content), **_the_same_words(content)}
    for (first, second), wording in sorted(pairs.items()):
        said = (
            f"says the same as {second} ({wording[0]}); keep one, retire the other with replaced_by",
            f"sagt dasselbe wie {second} ({wording[1]}); behalten Sie eins, ziehen Sie das andere mit replaced_by zurück",
        )
        yield found("warning", "duplicate", first, said, content.path(content.resources[first]))


def _the_same_words(content: Content) -> dict[tuple[str, str], Said]:
    by_wording: dict[tuple[str, str], set[str]] = {}
    for resource in content.current:
        for locale, text in resource.locales.items():
            for wording in (text.title, text.summary, *text.answers):
                by_wording.setdefault((locale, " ".join(wording.casefold().split())), set()).add(resource.id)
    return {
        pair: (f"both have: {_short(wording)}", f"in beiden: {_short(wording)}")
        for (_, wording), names in by_wording.items()
        for pair in combinations(sorted(names), 2)
    }


def _alike(content: Content) -> dict[tuple[str, str], Said]:
    """Return pairs of which a question of one is answered by the other, were the one not there."""
    answering = [one for one in content.current if may_answer(one)]
    search = CatalogSearch(answering)
    pairs: dict[tuple[str, str], Said] = {}
    for resource in answering:
        for text in resource.locales.values():
            for wording in (text.title, *text.answers):
                match = search.answer(wording, frozenset({resource.id}))
                if match and match.score >= ALIKE:
                    first, second = sorted((resource.id, match.resource))
                    pairs[first, second] = (
                        f"each would answer: {_short(wording)}",
                        f"jedes würde antworten auf: {_short(wording)}",
                    )
    return pairs


def _short(wording: str) -> str:
    return wording if len(wording) <= 60 else wording[:59] + "…"
