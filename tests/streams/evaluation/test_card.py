"""The pages of the detectors: as fresh as code and records."""

from processors.detectors import DETECTORS
from streams.evaluation.cards import CARDS
from streams.evaluation.cards.write import FOLDER, pages


def test_the_pages_are_fresh() -> None:
    """`make generate` writes them."""
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")} == pages()


def test_cards_are_of_detectors() -> None:
    """Name and version are the detector's own."""
    versions = {detector.NAME: detector.VERSION for detector in DETECTORS}
    assert {name: versions.get(name) for name in CARDS} == {name: card.version for name, card in CARDS.items()}
