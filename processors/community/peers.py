"""Peers: members who offered to answer others, as the community stage sees them; at most one question a week for each."""

from collections.abc import Iterable

import msgspec

from processors.member.state import MemberState
from processors.threads import ThreadPost

PEER, HELPERS = "peer", "helpers"  # the kind of preference.opted_in, and the group, either of which is the offer
WEEK = 7 * 86400  # seconds between two questions that one peer is offered
PEERS_MAX = 1_000  # remembered per community


class Peer(msgspec.Struct, array_like=True):
    """A member who offered to answer, as of their last words; `offered` is when they were last offered a question (epoch s)."""

    member: str
    offered: int = 0


class Peers:
    """The peers of one community; `touched` maps members to what is to be stored, None where they are none any more."""

    def __init__(self, peers: Iterable[Peer]) -> None:
        self._peers = {one.member: one for one in sorted(peers, key=lambda one: (one.offered, one.member))}
        self.touched: dict[str, Peer | None] = {}

    def note(self, post: ThreadPost) -> None:
        """Take down whether the author of these words is a peer; beyond `PEERS_MAX` nobody new."""
        known = post.member in self._peers
        if post.peer and not known and len(self._peers) < PEERS_MAX:
            self._peers[post.member] = self.touched[post.member] = Peer(post.member)
        elif known and not post.peer:
            del self._peers[post.member]
            self.touched[post.member] = None

    def erase(self, member: str) -> None:
        """Forget a member's offer."""
        if self._peers.pop(member, None) is not None:
            self.touched[member] = None

    def choose(self, helpers: Iterable[tuple[str, int]], asker: str, now: float) -> str:
        """Return the peer among those who answered such a question to whom this one is offered: who waited longest for one, then who
        answered last; empty where there is none. `helpers` as in `Cluster`; times in epoch seconds.
        """
        free = [
            (peer.offered, -time, member)
            for member, time in helpers
            if member != asker
            and (peer := self._peers.get(member))
            and (not peer.offered or peer.offered + WEEK <= now)
        ]
        if not free:
            return ""
        peer = self._peers[min(free)[2]]
        peer.offered = int(now)
        self.touched[peer.member] = peer
        return peer.member


def is_peer(state: MemberState) -> bool:
    """Tell whether a member offered to answer others."""
    return PEER in state.opted_in or HELPERS in state.groups
