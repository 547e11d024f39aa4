"""Clusters of questions after a restart: what is rebuilt from the stored entities goes on as what was never stopped."""

from unittest.mock import patch

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from processors import question_clusters
from processors.community import Ask, Cluster, Page
from processors.question_clusters import QuestionClusters

DAY = 86400
ASKS = st.lists(
    st.tuples(
        st.sets(st.sampled_from("abcdefgh"), min_size=2, max_size=4).map(lambda terms: tuple(sorted(terms))),
        st.integers(-20, 20),  # days by which this partition of the member stage is off the others
        st.booleans(),  # a restart before it
    ),
    max_size=25,
)


def folded(asks: list[tuple[tuple[str, ...], int, bool]], *, restarts: bool) -> tuple[list[object], list[Cluster]]:
    """Add asks, with or without restarts between; return what each found, and the clusters left."""
    clusters, found = QuestionClusters([], {}, 0), list[object]()
    for number, (terms, off, restart) in enumerate(asks):
        if restart and restarts:
            stored = msgspec.msgpack.decode(
                msgspec.msgpack.encode(list(clusters.live.values())[::-1]), type=list[Cluster]
            )
            pages = msgspec.msgpack.decode(msgspec.msgpack.encode(clusters.pages), type=dict[int, Page])
            clusters = QuestionClusters(stored, pages, clusters.questions)
        ask = Ask(f"town/m{number}", (number * 2 + 100 + off) * DAY, f"e{number}")
        cluster, before, score = clusters.add(terms, ask, number + 1)
        found.append((cluster.number, [one.event for one in before], score))
    return found, sorted(clusters.live.values(), key=lambda one: one.number)


@given(ASKS)
@settings(max_examples=300, deadline=None)
def test_a_restart_changes_nothing(asks: list[tuple[tuple[str, ...], int, bool]]) -> None:
    """Also where more clusters share a term than are compared, where they are too many, and where times go back."""
    with patch.multiple(question_clusters, CANDIDATES=2, CLUSTERS_MAX=5):
        assert folded(asks, restarts=True) == folded(asks, restarts=False)
