"""`python -m streams.evaluation.cards.write`: the pages of all detectors, into processors/detectors/cards/."""

from pathlib import Path

from streams.evaluation.card import page
from streams.evaluation.cards import CARDS
from streams.evaluation.recorded import recorded

FOLDER = Path(__file__).parents[3] / "processors" / "detectors" / "cards"


def pages() -> dict[str, str]:
    """Return file name and content of every card's page."""
    return {f"{name}.md": page(card, {task: recorded(task) for task in card.tasks}) for name, card in CARDS.items()}


def main() -> None:
    """Write all pages, remove those of detectors that are gone."""
    FOLDER.mkdir(exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
