"""Which language a reader wants: what the address says, else what is known of them, else what their browser asks for."""

from collections.abc import Sequence

LANGUAGES = ("en", "de")  # in which pages themselves are written
HEADER_MAX, RANGES_MAX = 500, 20


def wanted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the dearest first (RFC 9110, section 12.5.4); bad parts are left out."""
    ranges = []
    for number, part in enumerate(header[:HEADER_MAX].split(",")[:RANGES_MAX]):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag and tag != "*" and 0 < quality <= 1:
            ranges.append((-quality, number, tag.strip().lower()))
    return [tag for _, _, tag in sorted(ranges)]


def choose(wishes: Sequence[str], known: Sequence[str] = LANGUAGES) -> str:
    """Return the first wish that is known, as it is or by its language, else the first known one."""
    for wish in wishes:
        for tag in (wish, wish.partition("-")[0].lower()):
            if tag in known:
                return tag
    return known[0]
