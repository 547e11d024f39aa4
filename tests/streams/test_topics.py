"""The topic map: what is kept how long, and who its dead letters go to."""

from streams.topics import ACTIVITY, CATALOG, DELIVERY, THREADS, TOPICS, TopicSpec, dead_letters


def test_no_topic_is_cut_by_size_and_the_catalog_is_kept() -> None:
    """A proof needs the whole time of retention; old bundles are needed as long as a log may name them."""
    assert {spec.config().get("retention.bytes") for spec in TOPICS if spec.days} == {"-1"}
    assert TopicSpec(CATALOG, "compact", 0, 1) in TOPICS


def test_each_topic_stands_once_and_what_is_read_has_dead_letters() -> None:
    """A name twice would be two plans; a reader without dead letters would lose what it cannot read."""
    names = [spec.name for spec in TOPICS]
    assert len(names) == len(set(names))
    assert {dead_letters(name) for name in (ACTIVITY, THREADS, *DELIVERY.values())} <= set(names)
