"""The card of the detector of drop-off."""

from processors.community import pulse
from processors.detectors import drop_off
from processors.member.rhythm import ONE
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=drop_off.NAME,
    version=drop_off.VERSION,
    purpose="Tells that a member is silent for longer than their own rhythm explains (`overdue`, once a spell of silence), that somebody is back after 60 days or more (`returned`), and that somebody reads regularly without posting (`regular_reader`).",
    evidence="When the member was there: posts, reads, reactions, searches, presence; never what they said. The gaps between their active days, the active days of the last 7, 30 and 90, how long they have been a member; announced absence; the pulse of the community, whose dead weeks, holidays and weekends do not count as silence; and, once 20 silences of the community were looked at early, whether this one looks surer than half of them. A signal names the days within which the member usually comes back and the days of silence.",
    limits="Members with fewer than five active days are left alone. A platform that does not tell of reading makes readers look absent. The pulse is that of the members of one partition; with fewer than five of them a day nothing is called rest. Weights were fitted on three chats about software, and are in-sample there; each fitted without itself gave a weekly AUC of 0.755 (docker), 0.855 (gitter) and 0.893 (duraspace). Alerts with the weights of the others: precision 0.795 (docker; a fixed rule of 21 days 0.716), 0.824 (gitter; 0.723) and 0.605 (duraspace; 0.473). Where people return late and presence is not told of, recall at a precision of 0.8 fell to nearly nothing (0.15 on duraspace with the weights of the others). No alert comes between three and six weeks of silence. What-if folds one member's log and does not know the silences of others: where they decided it claims nothing.",
    thresholds=(
        Threshold(
            "SOON_DAYS",
            drop_off.SOON_DAYS,
            "before two weeks most silences end by themselves: a reminder would be needless in two of three",
        ),
        Threshold(
            "EARLY_DAYS",
            drop_off.EARLY_DAYS,
            "a day's wait ends more false alarms than it loses members, until three weeks; later nobody remembers why they came",
        ),
        Threshold(
            "LATE_DAYS",
            drop_off.LATE_DAYS,
            "the last moment: who is silent so long seldom comes back, and a word costs little",
        ),
        Threshold(
            "SURE_SOON / 1024", drop_off.SURE_SOON / ONE, "log-odds of 30 more silent days before day 20: four in five"
        ),
        Threshold(
            "SURE_EARLY / 1024",
            drop_off.SURE_EARLY / ONE,
            "log-odds at day 20 while few silences of the community are known: a false alarm is one needless, mild message; a miss is a member who is gone",
        ),
        Threshold(
            "half of the silences, at least ODDS_LEAST / 1024",
            pulse.ODDS_LEAST / ONE,
            "log-odds at day 20 once they are known: where nearly all who are silent are gone, more must be sure, and who is told later is told with more right; that no more than half wait keeps the median within three weeks",
        ),
        Threshold("LOOKS_MIN", pulse.LOOKS_MIN, "silences of the community from which half of them mean something"),
        Threshold(
            "SURE_LATE / 1024",
            drop_off.SURE_LATE / ONE,
            "log-odds at day 44; lower, and most alerts would be late ones where people return late; who was never away so long before is told at any odds",
        ),
        Threshold("DAYS_MIN", drop_off.DAYS_MIN, "fewer active days are no rhythm"),
    ),
    tasks=("drop-off", "all"),
    microseconds=0.9,  # python -m tests.benchmarks.detecting, alone, on a busy machine
    worst=116,
)
