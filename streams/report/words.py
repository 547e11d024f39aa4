"""A report in plain words, English or German (`de`): what is known, how sure, and what cannot be known yet."""

from streams.report.build import Report
from streams.report.community import CommunityFigures, Period
from streams.report.figures import NEEDLESS, PlaybookFigures
from streams.report.inference import Lift

UNKNOWN = "nobody was messaged in a replayed history, so whether it helps is not known"
HOUR, DAY = 3600.0, 86400.0
COMPARED = (
    ("questions_per_100", "questions per 100 members", "Fragen je 100 Mitglieder", 1.0),
    ("repeated_per_100", "repeated questions per 100 members", "wiederholte Fragen je 100 Mitglieder", 1.0),
    ("requests_per_100", "requests for help per 100 members", "Bitten um Hilfe je 100 Mitglieder", 1.0),
    ("explanations_a_week", "explanations by moderators a week", "Erklärungen der Moderation je Woche", 1.0),
    ("self_served", "searches that led to something (%)", "Suchen, die zu etwas führten (%)", 100.0),
    ("onboarded", "newcomers with first words in 14 days (%)", "Neue mit ersten Worten in 14 Tagen (%)", 100.0),
    ("attendance", "registered who attended (%)", "Angemeldete, die kamen (%)", 100.0),
    ("adoption", "members who used a feature (%)", "Mitglieder, die eine Funktion nutzten (%)", 100.0),
)
# What is said, in English and German; what stands in braces is filled in.
_SAID = {
    "unknown": (UNKNOWN, "in einer nachgespielten Geschichte bekam niemand etwas, also ist nicht bekannt, ob es hilft"),
    "unfair": (
        "the shares helped are not those of the coin: something is broken, so nothing is told",
        "die Anteile derer, die Hilfe bekamen, sind nicht die der Münze: Etwas ist kaputt, darum wird nichts gesagt",
    ),
    "little": (
        "not enough data: {units} draws of the coin, some with and some without help are needed",
        "nicht genug Daten: {units} Würfe der Münze; es braucht einige mit und einige ohne Hilfe",
    ),
    "points": ("{all:+.0f} in 100 reach the goal ({low:+.0f} to {high:+.0f})", "{all:+.0f} von 100 erreichen das Ziel ({low:+.0f} bis {high:+.0f})"),
    "helps": ("helps: {points}", "hilft: {points}"),
    "harms": ("harms: {points}", "schadet: {points}"),
    "no effect seen yet": (
        "no effect seen yet: {points}; it may be smaller than {units} draws can show",
        "noch keine Wirkung zu sehen: {points}; sie kann kleiner sein, als {units} Würfe zeigen können",
    ),
    "recent": ("{count} too recent to count", "{count} zu neu, um zu zählen"),
    "no_coin": (
        "no coin is thrown: set a holdout to learn whether it helps",
        "es wird keine Münze geworfen: Eine Vergleichsgruppe (holdout) zeigt, ob es hilft",
    ),
    "needless": (
        "mostly needless: at least {share:.0f} in 100 of those without help did it anyhow",
        "meist unnötig: Mindestens {share:.0f} von 100 ohne Hilfe taten es ohnehin",
    ),
    "fades": (
        "the effect fades: it helps the first times, and no longer after; let it rest, or renew it",
        "die Wirkung lässt nach: Es hilft die ersten Male und danach nicht mehr; ruhen lassen oder erneuern",
    ),
    "times": ("time to the goal: {with_help} with help, {without} without", "Zeit bis zum Ziel: {with_help} mit Hilfe, {without} ohne"),
    "nothing": ("nothing was sent here, so there is no before and after", "hier wurde nichts gesendet, also gibt es kein Vorher und Nachher"),
    "not_yet": (
        "before and after cannot be compared yet: 14 days of each are needed",
        "Vorher und Nachher sind noch nicht zu vergleichen: Es braucht je 14 Tage",
    ),
    "in_time": (
        "before and after are a comparison in time, not a trial: whatever else changed is in it too",
        "Vorher und Nachher sind ein Vergleich in der Zeit, kein Versuch: Was sich sonst geändert hat, steckt mit darin",
    ),
    "keep": ("{share:.0f} in 100 members keep proactive help on", "{share:.0f} von 100 Mitgliedern lassen Hilfe von sich aus eingeschaltet"),
    "reach": (
        "of the quietest tenth of members {quiet:.0f} in 100 got something, of the most active {active:.0f}",
        "vom stillsten Zehntel der Mitglieder bekamen {quiet:.0f} von 100 etwas, vom aktivsten {active:.0f}",
    ),
    "all": ("all playbooks together: {said}", "alle Playbooks zusammen: {said}"),
}  # fmt: skip


def say(key: str, language: str, /, **values: object) -> str:
    """Return a sentence of `_SAID` with its values."""
    return _SAID[key][language == "de"].format(**values)


def of_lift(lift: Lift, language: str = "en") -> str:
    """Say what a lift is worth."""
    if not lift.fair:
        return say("unfair", language)
    if lift.estimate is None:
        return say("little", language, units=lift.units)
    points = say("points", language, all=100 * lift.estimate, low=100 * lift.low, high=100 * lift.high)
    return say(lift.says, language, points=points, units=lift.units) if lift.says in _SAID else points


def of_playbook(one: PlaybookFigures, source: str, language: str = "en") -> list[str]:
    """Say what is known of a playbook, the most important first. A replayed history tells what would have been sent, no effect."""
    recent = [say("recent", language, count=one.still_open)] if one.still_open else []
    if one.resource:
        return []
    if source == "history":
        return [say("unknown", language), *recent]
    said = [of_lift(one.lift, language) if one.lift.units else say("no_coin", language)]
    if one.needless:
        said.append(say("needless", language, share=100 * NEEDLESS))
    if one.habit == "fades":
        said.append(say("fades", language))
    if one.time_to_goal_with is not None and one.time_to_goal_without is not None:
        with_help, without = span(one.time_to_goal_with, language), span(one.time_to_goal_without, language)
        said.append(say("times", language, with_help=with_help, without=without))
    return said + recent


def of_community(one: CommunityFigures, language: str = "en") -> list[str]:
    """Say what changed in a community, and what cannot be told of it."""
    said = [say("nothing" if one.since is None else "in_time" if one.enough else "not_yet", language)]
    if one.keep_help_on is not None:
        said.append(say("keep", language, share=100 * one.keep_help_on))
    if one.reached_by_decile:
        quiet, active = 100 * one.reached_by_decile[0], 100 * one.reached_by_decile[-1]
        said.append(say("reach", language, quiet=quiet, active=active))
    return said


def compared(one: CommunityFigures, language: str = "en") -> list[tuple[str, str, str]]:
    """Return (what, before, after) of figures that were counted in either period."""
    rows = []
    for field, english, german, factor in COMPARED:
        values = [_figure(period, field, factor) for period in (one.before, one.after)]
        if any(value != "–" for value in values):
            rows.append((german if language == "de" else english, values[0], values[1]))
    return rows


def of_all(report: Report, language: str = "en") -> str:
    """Say what all playbooks together are worth: for a small community, the one thing that can be known."""
    if report.source == "history":
        return say("unknown", language)
    return say("all", language, said=of_lift(report.together, language))


def span(seconds: float, language: str = "en") -> str:
    """Return a duration in minutes, hours or days."""
    if seconds < HOUR:
        return f"{seconds / 60:.0f} min"
    if seconds < 2 * DAY:
        return f"{seconds / HOUR:.0f} h"
    return f"{seconds / DAY:.1f} {'T.' if language == 'de' else 'd'}"


def _figure(period: Period | None, field: str, factor: float) -> str:
    value = getattr(period, field) if period else None
    return "–" if value is None else f"{factor * value:.1f}"
