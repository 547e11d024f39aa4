"""Under thirteen: nothing is kept of them but that they are, and nothing is sent to them (COPPA, 16 CFR 312; GDPR, article 8).

Only a year of birth is known: who may still be twelve counts as a child.
"""

from processors.member.state import MemberState

CHILD = 13  # years
YEAR = 31556952.0  # seconds of a mean Gregorian year
TELLS = "profile.changed"  # the one event of a child that is read: it may say that they are none


def is_child(birth_year: int | None, now: float) -> bool:
    """Tell whether somebody born in this year may be under thirteen at `now` (epoch s); 0 and None: not known."""
    return bool(birth_year) and 1970 + now / YEAR - (birth_year or 0) < CHILD + 1


def bare(state: MemberState) -> MemberState:
    """Return what is kept of a child: the year, and ids seen against repeats."""
    return MemberState(seen=state.seen, birth_year=state.birth_year)
