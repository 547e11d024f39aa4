"""Peers: who offered to help is offered what nobody answered, one a week at most; what was offered ends with the answer."""

import pytest

from processors.community.peers import PEERS_MAX, Peer, Peers, is_peer
from processors.community.state import OpenQuestion
from processors.community_partition import CommunityPartition
from processors.member.state import MemberState
from processors.signals import Signal
from processors.threads import ThreadPost
from tests.support.stories import DAY, HOUR, NOON, Story, catalog, event, playbook

MOUNT = (
    "How do I mount the frobnicator partition under gentoo?", "How can I mount a frobnicator partition with gentoo?",
    "Does anyone know how to mount the frobnicator partition in gentoo?",
)  # fmt: skip


def words(number: int, member: str, hours: float, text: str = "", **fields: object) -> ThreadPost:
    """Words in a thread."""
    given = {"channel": "help", "thread": f"t{number}", **fields}
    return ThreadPost(f"p{number}/{member}", "post", f"town/{member}", text=text, time=NOON + hours * HOUR, **given)  # type: ignore[arg-type]


def mark(hours: float) -> ThreadPost:
    """Time handed over."""
    return ThreadPost(f"w{hours}", "watermark", time=NOON + hours * HOUR)


def asked(number: int, member: str, hours: float) -> ThreadPost:
    """A question of the cluster."""
    return words(number, member, hours, MOUNT[number % 3], question=True)


def told(partition: CommunityPartition, *posts: ThreadPost) -> list[tuple[str, Signal]]:
    """Fold; return the signals about peers and answers with their member."""
    for post in posts:
        partition.apply(post)
    kinds = ("peer_wanted", "answered")
    return [(one.key, one.signal) for one in partition.take_outputs().signals if one.signal.kind in kinds]


def answered(*peers: str) -> CommunityPartition:
    """A partition in which these have answered such a question each, in order, and offered to help."""
    partition = CommunityPartition(0, {}, None, 1)
    for number, peer in enumerate(peers):
        told(
            partition,
            asked(10 * 3 + 3 * number, f"x{number}", 1 + number),
            words(30 + 3 * number, peer, 1.5 + number, "So.", peer=True),
        )
    return partition


def test_one_peer_is_offered_what_nobody_answered_and_no_more_than_one_a_week() -> None:
    """The one who answered last; the next question goes to the other; then nobody is left for a week."""
    partition = answered("hal", "ida")
    offered = [key for key, _ in told(partition, asked(1, "bob", 48), mark(72))]
    offered += [key for key, _ in told(partition, asked(2, "cem", 73), mark(97))]
    offered += [key for key, _ in told(partition, asked(4, "dee", 98), mark(122))]
    assert offered == ["town/ida", "town/hal"]
    assert [key for key, _ in told(partition, asked(5, "eva", 240), mark(264))] == ["town/ida"]


def test_the_asker_is_not_offered_their_own_question_and_others_matters_to_nobody() -> None:
    """Nor who answered without an offer to help."""
    assert told(answered("hal"), asked(1, "hal", 48), mark(72)) == []
    assert told(answered("hal"), words(1, "bob", 48, "Where can I download my invoice?", question=True), mark(72)) == []
    partition = answered("hal")
    told(partition, words(99, "hal", 30, "I have no time any more."))
    assert told(partition, asked(1, "bob", 48), mark(72)) == []


def test_the_answer_ends_what_the_peer_was_offered() -> None:
    """Both asker and peer hear of it, each under the episode of what they have."""
    partition = answered("hal")
    told(partition, asked(1, "bob", 48), mark(72))
    found = told(partition, words(1, "dee", 73, "See the manual."))
    assert [(key, signal.kind, signal.episode) for key, signal in found] == [
        ("town/bob", "answered", "asked/p1/bob"), ("town/hal", "answered", "peer/p1/bob"),
    ]  # fmt: skip


def test_a_restart_forgets_nothing() -> None:
    """Peers, offers and helpers come back from the stored entities."""
    first = answered("hal", "ida")
    told(first, asked(1, "bob", 48), mark(72))
    kept = {key: value for key, value in first.take_touched() if value}
    again = CommunityPartition(0, kept, first.encode_shared(), 1)
    for partition in (first, again):
        assert [key for key, _ in told(partition, asked(2, "cem", 73), mark(97))] == ["town/hal"]


def test_peers_are_bounded() -> None:
    """Beyond the bound nobody new; whoever takes the offer back makes room."""
    peers = Peers([Peer(f"town/m{number}") for number in range(PEERS_MAX)])
    peers.note(words(1, "new", 0, peer=True))
    assert peers.touched == {}
    peers.note(words(1, "m3", 0))
    peers.note(words(1, "new", 0, peer=True))
    assert peers.touched == {"town/m3": None, "town/new": Peer("town/new")}


@pytest.mark.parametrize("how", [("preference.opted_in", {"kind": "peer"}), ("group.joined", {"name": "helpers"})])
def test_an_offer_is_made_and_taken_back(how: tuple[str, dict[str, str]]) -> None:
    """By the member's own preference or by the group; nobody is a peer without it."""
    story = Story(catalog(playbook()))
    assert not is_peer(MemberState())
    story.tell(event(how[0], 0, **how[1]))
    assert is_peer(story.loop.member("town/ann"))
    back = {"preference.opted_in": "preference.opted_out", "group.joined": "group.left"}[how[0]]
    story.tell(event(back, 1, **how[1]))
    assert not is_peer(story.loop.member("town/ann"))


def test_stopping_everything_takes_the_offer_back_and_opting_in_to_all_makes_none() -> None:
    """ "All" is the end of opt-outs, not a wish for questions of others."""
    story = Story(catalog(playbook())).tell(
        event("preference.opted_in", 0, kind="peer"), event("preference.opted_out", 1)
    )
    assert story.loop.member("town/ann").opted_in == ()
    story.tell(event("preference.opted_in", 2, kind="all"))
    assert story.loop.member("town/ann").opted_in == ()


def test_state_written_before_is_read() -> None:
    """An open question without the new field."""
    assert OpenQuestion("q", "m", "t", "c", 0, int(DAY)).peer == ""
