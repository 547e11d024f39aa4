"""How the deployment stands, as the broker tells: how far each partition is folded and delivered, who holds it, dead letters, what was published.

The broker is asked beside the pages, at most every few seconds and only while somebody looks; a page shows the last answer with its age.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from typing import Any, NamedTuple

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from streams.backup.taking import Committed, admin_of, committed_of, ends_of
from streams.catalog.versions import Published, last_publications
from streams.dead_letters import headers_of, newest_letters
from streams.delivery.one_channel import group_of
from streams.errors import UserError
from streams.servers.log_reader import unreachable
from streams.settings import Settings
from streams.topics import ACTIVITY, ANNOUNCEMENTS, DELIVERY, THREADS

FRESH_S = 5.0  # an answer this old is asked for anew when somebody looks
STALE_S = 30.0  # one this old is not shown any more, where a newer one comes
WAIT_S = 0.1  # that a page waits for an answer where it has none to show
PUBLISHED, LETTERS = 10, 500  # publications that are told; dead letters of a partition that are counted
WORKER = "worker"
FOLDED = (ACTIVITY, THREADS, ANNOUNCEMENTS)  # what workers read
Ends = dict[str, dict[int, int]]
Holders = dict[tuple[str, int], str]


class Place(NamedTuple):
    """One partition for those who read it: `next` is where they go on (None: nothing committed), `holder` who has it now (empty: nobody)."""

    process: str
    topic: str
    partition: int
    holder: str
    next: int | None
    end: int

    @property
    def behind(self) -> int:
        """Records that are not read yet. The embedded broker tells the beginning of its last batch as the end."""
        return max(0, self.end - (self.next or 0))


class Answer(NamedTuple):
    """What the broker told at a time (epoch s). `holders_known` is false where it does not say who is in a group.

    `letters` counts the newest dead letters by topic and reason.
    """

    at: float
    places: list[Place]
    ends: Ends
    holders_known: bool
    letters: dict[tuple[str, str], int]
    published: list[Published]


class Standing:
    """The last answer, and why there is no newer one (empty where there is)."""

    def __init__(self, settings: Callable[[], Settings], clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._asking: threading.Event | None = None
        self._answer: Answer | None = None
        self._published: tuple[str, list[Published]] = ("", [])
        self.fault = ""

    def look(self, catalog: str = "", wait_s: float = WAIT_S, *, anew: bool = False) -> Answer | None:
        """Return the last answer, None before there is one that is not stale; ask where it is old, and wait where there is none.

        `catalog` is the hash of the one in force: what was published is read again once it is another. With `anew` only what is
        asked from now on counts, if it comes in time.
        """
        with self._lock:
            last = self._answer
            if self._asking is None and (anew or last is None or self._clock() - last.at >= FRESH_S):
                self._asking = threading.Event()
                threading.Thread(target=self._ask, args=(catalog,), name="console-standing", daemon=True).start()
            asking = self._asking
        if asking is not None and (anew or last is None or self._stale(last)):
            asking.wait(wait_s)
        found = self._answer
        return None if found is not None and self._stale(found) and not self.fault else found

    def _stale(self, one: Answer) -> bool:
        return self._clock() - one.at >= STALE_S

    def _ask(self, catalog: str) -> None:
        try:
            settings = self._settings()
            known, published = self._published
            if not published or known != catalog:
                published = last_publications(settings.bootstrap, PUBLISHED)
                self._published = (catalog, published)
            places, ends, holders_known = asked(settings)
            found = newest_letters(settings.bootstrap, LETTERS)
            letters = Counter((one.topic, headers_of(one).get("lotse-reason", "unknown")) for one in found)
            self._answer = Answer(self._clock(), places, ends, holders_known, dict(letters), published)
            self.fault = ""
        except UserError as error:
            self.fault = str(error)
        except (KafkaError, OSError, ValueError) as error:
            self.fault = str(unreachable(self._settings().bootstrap, error))
        finally:
            with self._lock:
                asking, self._asking = self._asking, None
            if asking is not None:
                asking.set()


def asked(settings: Settings) -> tuple[list[Place], Ends, bool]:
    """Ask the broker: places, the ends of all topics, and whether it says who holds what. Raises `UserError` without a broker."""
    ends = ends_of(settings.bootstrap)
    with closing(admin_of(settings.bootstrap)) as admin:
        groups, committed, held = _groups(admin, settings.app), Committed(), dict[str, Holders | None]()
        for group in groups:
            held[group] = None
            with suppress(KafkaError, OSError):  # of a group that one may not look at nothing is told
                committed[group] = committed_of(admin, [group]).get(group, {})
                held[group] = _holders(admin, group)
    places = [
        Place(process, topic, partition, (held[group] or {}).get((topic, partition), ""), at.get(partition), end)
        for group, (process, topics) in groups.items()
        for topic in topics
        if group in committed and ((at := committed[group].get(topic, {})) or process == WORKER)
        for partition, end in sorted(ends.get(topic, {}).items())
    ]
    return places, ends, all(one is not None for one in held.values())


def _groups(admin: KafkaAdminClient, app: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the process and the topics of each consumer group of a deployment."""
    before = group_of(app, "")
    with suppress(ValueError, KafkaError, OSError):  # the embedded broker tells what the client does not know
        names = sorted(str(one["group_id"]) for one in admin.list_groups())
        ways = [name.removeprefix(before) for name in names if name.startswith(before)]
        return {app: (WORKER, FOLDED)} | {
            f"{before}{way}": (f"deliver {way}", tuple(DELIVERY.values())) for way in ways
        }
    return {app: (WORKER, FOLDED)}


def _holders(admin: KafkaAdminClient, group: str) -> Holders | None:
    """Return who of a group holds each partition; None where the broker does not tell."""
    try:
        members = admin.describe_groups([group])[group]["members"]
    except (KafkaError, OSError, ValueError, KeyError):
        return None
    return {
        (str(part["topic"]), int(number)): _name(member)
        for member in members
        for part in (member.get("member_assignment") or {}).get("assigned_partitions", ())
        for number in part["partitions"]
    }


def _name(member: Mapping[str, Any]) -> str:
    """Return how a member of a group is called: the worker's own name where it gives one."""
    return str(member.get("group_instance_id") or member.get("client_id") or member.get("member_id"))
