"""A report in plain words, English or German (`de`): what is known, how sure, and what cannot be known yet."""

from datetime import UTC, datetime

from streams.report.build import Report
from streams.report.community import GROUP_MIN, CommunityFigures, Period
from streams.report.figures import NEEDLESS, WORTH, PlaybookFigures
from streams.report.hindsight import Lead
from streams.report.inference import Lift

UNKNOWN = "nobody was messaged in a replayed history, so whether it helps is not known"
HOUR, DAY = 3600.0, 86400.0
SOON, YEARS = 12.0, 104.0  # weeks
COMPARED = (
    (
        "questions_per_100",
        "questions a week, of 100 members active in it",
        "Fragen je Woche, von 100 darin aktiven Mitgliedern",
        1.0,
    ),
    (
        "repeated_per_100",
        "repeated questions a week, of 100 members",
        "wiederholte Fragen je Woche, von 100 Mitgliedern",
        1.0,
    ),
    (
        "requests_per_100",
        "requests for help a week, of 100 members",
        "Bitten um Hilfe je Woche, von 100 Mitgliedern",
        1.0,
    ),
    ("explanations_a_week", "explanations by moderators a week", "Erklärungen der Moderation je Woche", 1.0),
    ("self_served", "searches that led to something (%)", "Suchen, die zu etwas führten (%)", 100.0),
    ("onboarded", "newcomers with first words in 14 days (%)", "Neue mit ersten Worten in 14 Tagen (%)", 100.0),
    ("attendance", "registered who attended (%)", "Angemeldete, die kamen (%)", 100.0),
    (
        "adoption",
        "active members who used a feature that week (%)",
        "aktive Mitglieder, die in der Woche eine Funktion nutzten (%)",
        100.0,
    ),
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
    "points": ("with help {all} in 100 reach the goal ({low} to {high})", "mit Hilfe erreichen {all} von 100 das Ziel ({low} bis {high})"),
    "more": ("{count} more", "{count} mehr"),
    "fewer": ("{count} fewer", "{count} weniger"),
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
    "no_trial": (
        "nobody who asks, and nobody of staff, is left without it: whether it helps is told by clicks and answers alone",
        "wer fragt, und wer zum Team gehört, wird nie ohne gelassen: Ob es hilft, sagen nur Klicks und Antworten",
    ),
    "needless": (
        "mostly needless: at least {share:.0f} in 100 of those without help did it anyhow",
        "meist unnötig: Mindestens {share:.0f} von 100 ohne Hilfe taten es ohnehin",
    ),
    "fades": (
        "the effect fades: it helps the first times, and no longer after; let it rest, or renew it",
        "die Wirkung lässt nach: Es hilft die ersten Male und danach nicht mehr; ruhen lassen oder erneuern",
    ),
    "shares": (
        "{with_help:.0f} in 100 with help reached the goal, {without:.0f} without it ({helped} and {others} draws; the coin fell as it should)",
        "{with_help:.0f} von 100 mit Hilfe erreichten das Ziel, {without:.0f} ohne ({helped} und {others} Würfe; die Münze fiel, wie sie soll)",
    ),
    "unaided": (
        "needless rate: of those without help {share:.0f} in 100 did it anyhow ({low:.0f} to {high:.0f})",
        "unnötig: Von denen ohne Hilfe taten es {share:.0f} von 100 ohnehin ({low:.0f} bis {high:.0f})",
    ),
    "no fading seen": (
        "no fading seen: a member's third time and later ones are helped as the first two",
        "kein Nachlassen zu sehen: Ab dem dritten Mal hilft es einem Mitglied wie bei den ersten beiden",
    ),
    "not enough data": (
        "whether the effect fades is not known: too few members were in this moment more than twice",
        "ob die Wirkung nachlässt, ist nicht bekannt: Zu wenige Mitglieder waren öfter als zweimal in dieser Lage",
    ),
    "rests": (
        "it rested {rests} times for a member whom it had stopped helping; {returns} got it again, and {taken_up} of these made use of it",
        "es ruhte {rests}-mal für ein Mitglied, dem es nicht mehr half; {returns} bekamen es wieder, und {taken_up} davon konnten es brauchen",
    ),
    "steers": (
        "the volume controller keeps some of it back since {begins}, because too much was unwelcome: at the least 1 occasion in {least} went out, {held} were held back",
        "die Mengensteuerung hält seit {begins} einen Teil zurück, weil zu viel unwillkommen war: mindestens 1 Anlass von {least} ging hinaus, {held} nicht",
    ),
    "steered": (
        "the volume controller kept some of it back from {begins} to {ends}, because too much was unwelcome: at the least 1 occasion in {least} went out, {held} were held back; it sends in full again",
        "die Mengensteuerung hielt von {begins} bis {ends} einen Teil zurück, weil zu viel unwillkommen war: mindestens 1 Anlass von {least} ging hinaus, {held} nicht; jetzt sendet es wieder alles",
    ),
    "weeks": (
        "at this pace a difference of {worth:.0f} in 100 would be seen in about {weeks:.0f} more weeks",
        "bei diesem Tempo wäre ein Unterschied von {worth:.0f} von 100 in etwa {weeks:.0f} weiteren Wochen zu sehen",
    ),
    "by_now": (
        "a difference of {worth:.0f} in 100 would have been seen by now",
        "ein Unterschied von {worth:.0f} von 100 wäre inzwischen zu sehen",
    ),
    "years": (
        "at this pace even a difference of {worth:.0f} in 100 would not be seen within two years; it cannot be known from numbers here, so ask members",
        "bei diesem Tempo wäre selbst ein Unterschied von {worth:.0f} von 100 in zwei Jahren nicht zu sehen; aus Zahlen ist es hier nicht zu erfahren, also Mitglieder fragen",
    ),
    "manual": (
        "what a small community can do meanwhile: a personal word to three members a week (lotse weekly names them, with the reason)",
        "was eine kleine Gemeinschaft inzwischen tun kann: ein persönliches Wort an drei Mitglieder je Woche (lotse weekly nennt sie, mit dem Grund)",
    ),
    "onboarding": ("newcomers' first words within 14 days, with help against without: {said}", "erste Worte Neuer in 14 Tagen, mit Hilfe gegen ohne: {said}"),
    "onboarding_no_coin": (
        "whether help brings newcomers to their first words is not known: no coin was thrown for a newcomer whose 14 days are over (set a holdout in an onboarding playbook)",
        "ob Hilfe Neue zu ersten Worten bringt, ist nicht bekannt: Für niemanden, dessen 14 Tage vorbei sind, wurde eine Münze geworfen (holdout in einem Onboarding-Playbook setzen)",
    ),
    "survey": (
        "asked in a survey whether {playbook} helped: {score:.1f} of 5 ({answers} answers)",
        "in einer Umfrage gefragt, ob {playbook} half: {score:.1f} von 5 ({answers} Antworten)",
    ),
    "survey_few": (
        "{count} answers to surveys are not told: it needs {least} about the same playbook, so that nobody can be made out",
        "{count} Antworten auf Umfragen werden nicht genannt: Es braucht {least} zum selben Playbook, damit niemand zu erkennen ist",
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
    "lead": (
        "before {preceded} of {happened} {trouble} a message had gone out, half of these more than {lead} earlier",
        "vor {preceded} von {happened} {trouble} war eine Nachricht hinausgegangen, die Hälfte davon mehr als {lead} früher",
    ),
    "no_lead": ("{happened} {trouble}, and no message had gone out before", "keine Nachricht ging hinaus vor {happened} {trouble}"),
    "flag": ("flags on what a member wrote", "Meldungen über Worte eines Mitglieds"),
    "loss": ("members lost (60 days of silence, or gone)", "verlorenen Mitgliedern (60 Tage Schweigen, oder gegangen)"),
    "third_repeat": ("questions asked a third time", "Fragen, die zum dritten Mal gestellt wurden"),
    "outranked": (
        "{playbook} lost to another message {lost} times and was not given later; of {over} whose time for the goal is over, {missed} missed it",
        "{playbook} unterlag {lost}-mal einer anderen Nachricht und kam nicht später; von {over}, deren Zeit für das Ziel um ist, verfehlten es {missed}",
    ),
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
    points = say(
        "points",
        language,
        all=_more(lift.estimate, language),
        low=_more(lift.low, language),
        high=_more(lift.high, language),
    )
    return say(lift.says, language, points=points, units=lift.units) if lift.says in _SAID else points


def _more(share: float, language: str) -> str:
    count = round(100 * share)
    return say("fewer" if count < 0 else "more", language, count=abs(count))


def of_playbook(one: PlaybookFigures, source: str, language: str = "en") -> list[str]:
    """Say what is known of a playbook, the most important first. A replayed history tells what would have been sent, no effect."""
    recent = [say("recent", language, count=one.still_open)] if one.still_open else []
    if one.resource:
        return []
    steered = _steered(one, language)
    if source == "history":
        return [say("unknown", language), *recent, *steered]
    if one.lift.units:
        said = [of_lift(one.lift, language), *_wait(one.lift, one.weeks_to_know, language), *_compared(one, language)]
    else:
        said = [say("no_coin" if one.may_be_tried else "no_trial", language)]
    return said + steered + recent


def _compared(one: PlaybookFigures, language: str) -> list[str]:
    """Say how those with help and those without fared, where a fair coin parted them and there are enough."""
    lift, said = one.lift, []
    if lift.estimate is None or not lift.fair:
        return []
    with_help, without = 100 * (lift.with_help or 0.0), 100 * (lift.without_help or 0.0)
    said.append(
        say(
            "shares",
            language,
            with_help=with_help,
            without=without,
            helped=lift.helped,
            others=lift.units - lift.helped,
        )
    )
    if one.time_to_goal_with is not None and one.time_to_goal_without is not None:
        spans = span(one.time_to_goal_with, language), span(one.time_to_goal_without, language)
        said.append(say("times", language, with_help=spans[0], without=spans[1]))
    if one.needless:
        said.append(say("needless", language, share=100 * NEEDLESS))
    rate = one.unaided
    if rate.estimate is not None:
        said.append(say("unaided", language, share=100 * rate.estimate, low=100 * rate.low, high=100 * rate.high))
    return [*said, say(one.habit, language)]


def _steered(one: PlaybookFigures, language: str) -> list[str]:
    """Say what held a playbook back by itself."""
    said = []
    if one.rests.rests:
        said.append(say("rests", language, **one.rests._asdict()))
    if one.volume is not None:
        volume = one.volume
        said.append(
            say(
                "steers" if volume.still else "steered", language, begins=day(volume.begins), ends=day(volume.ends),
                least=round(1 / volume.least), held=volume.held,
            )
        )  # fmt: skip
    return said


def _wait(lift: Lift, weeks: float | None, language: str) -> list[str]:
    """Say when more can be known, where it is not known yet."""
    if weeks is None or not lift.fair or lift.says not in ("not enough data", "no effect seen yet"):
        return []
    key = "years" if weeks > YEARS else "weeks" if weeks > 0 else "by_now"
    return [say(key, language, worth=100 * WORTH, weeks=max(1.0, weeks))]


def of_community(one: CommunityFigures, language: str = "en") -> list[str]:
    """Say what changed in a community, and what cannot be told of it."""
    said = [say("nothing" if one.since is None else "in_time" if one.enough else "not_yet", language)]
    if one.since is not None:
        newcomers = say("onboarding", language, said=of_lift(one.onboarding, language))
        said.append(newcomers if one.onboarding.units else say("onboarding_no_coin", language))
    if one.keep_help_on is not None:
        said.append(say("keep", language, share=100 * one.keep_help_on))
    if one.reached_by_decile:
        quiet, active = 100 * one.reached_by_decile[0], 100 * one.reached_by_decile[-1]
        said.append(say("reach", language, quiet=quiet, active=active))
    for name, survey in one.survey.items():
        said.append(say("survey", language, playbook=name, **survey._asdict()))
    if one.survey_few:
        said.append(say("survey_few", language, count=one.survey_few, least=GROUP_MIN))
    return said


def compared(one: CommunityFigures, language: str = "en") -> list[tuple[str, str, str]]:
    """Return (what, before, after) of figures that were counted in either period."""
    rows = []
    for field, english, german, factor in COMPARED:
        values = [_figure(period, field, factor) for period in (one.before, one.after)]
        values = [value.replace(".", ",") for value in values] if language == "de" else values
        if any(value != "–" for value in values):
            rows.append((german if language == "de" else english, values[0], values[1]))
    return rows


def of_all(report: Report, language: str = "en") -> list[str]:
    """Say what all playbooks together are worth: for a small community, the one thing that can be known."""
    if report.source == "history":
        return [say("unknown", language)]
    lift, weeks = report.together, report.together_weeks
    said = [say("all", language, said=of_lift(lift, language)), *_wait(lift, weeks, language)]
    if lift.says in ("not enough data", "no effect seen yet") and (weeks is None or weeks > SOON):
        said.append(say("manual", language))
    return said


def of_hindsight(report: Report, language: str = "en") -> list[str]:
    """Say how long before trouble messages came, and what lost to others and was then missed; nothing of a replay, in which nobody was messaged."""
    if report.source == "history":
        return []
    said = [_of_lead(one, language) for one in report.leads if one.happened]
    lost = [one for one in report.outranked if one.over]
    return said + [
        say("outranked", language, playbook=one.playbook, lost=one.lost, over=one.over, missed=one.missed)
        for one in lost
    ]


def _of_lead(one: Lead, language: str) -> str:
    trouble = say(one.trouble, language)
    if one.lead_s is None:
        return say("no_lead", language, happened=one.happened, trouble=trouble)
    lead = span(one.lead_s, language)
    return say("lead", language, preceded=one.preceded, happened=one.happened, trouble=trouble, lead=lead)


def day(time: float) -> str:
    """Return the day (UTC) of a time in epoch seconds."""
    return datetime.fromtimestamp(time, UTC).date().isoformat()


def percent(share: float | None) -> str:
    """Return a share (0 to 1) as a whole percentage, a dash where there is none."""
    return "–" if share is None else f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


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
