"""How many questions of a community had which stem: in pages, so that a cut writes only what changed; bounded."""

from zlib import crc32

from processors.community import FREQUENCIES_MAX, PAGES, Page
from processors.text.similarity import all_texts, others_with, rarity_here
from processors.text.word_vectors import WordVectors

KNOWN_MAX = 50_000


class TermFrequencies:
    """Counts of stems; `touched` are the pages that changed. `questions` is how many were learned from."""

    def __init__(self, pages: dict[int, Page], questions: int, encoder: WordVectors) -> None:
        self.pages, self.questions, self._encoder = pages, questions, encoder
        self.touched: set[int] = set()
        self._all = all_texts(questions)
        self._known: dict[
            str, tuple[int, int]
        ] = {}  # page, and what stands for others; saves the work, decides nothing
        self._terms = sum(len(page.counts) for page in pages.values())

    def of(self, stem: str) -> int:
        """Return the rarity of a stem in 1/256 of a bit."""
        known = self._known.get(stem)
        if known is None:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            known = crc32(stem.encode()) % PAGES, others_with(self._encoder.rarity(stem))
            self._known[stem] = known
        page = self.pages.get(known[0])
        return rarity_here(self._all, page.counts.get(stem, 0) if page else 0, known[1])

    def learn(self, stems: tuple[str, ...]) -> None:
        """Count a question's stems; where there are too many, those of a page that stood once are forgotten."""
        self.questions += 1
        self._all = all_texts(self.questions)
        for stem in stems:
            number = crc32(stem.encode()) % PAGES
            page = self.pages.setdefault(number, Page({}))
            if stem not in page.counts:
                if self._terms >= FREQUENCIES_MAX:
                    kept = {known: count for known, count in page.counts.items() if count > 1}
                    self._terms -= len(page.counts) - len(kept)
                    page.counts = kept
                self._terms += 1
            page.counts[stem] = page.counts.get(stem, 0) + 1
            self.touched.add(number)
