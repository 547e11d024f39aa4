"""How many questions of a community had which stem: in pages, so that a cut writes only what changed; bounded."""

from zlib import crc32

from processors.community.state import FREQUENCIES_MAX, PAGES, Page
from processors.text.kept import Kept
from processors.text.similarity import all_texts, others_with, texts_with
from processors.text.word_vectors import WordVectors

KNOWN_MAX = 50_000


class TermFrequencies:
    """Counts of stems; `touched` are the pages that changed. `questions` is how many were learned from."""

    def __init__(self, pages: dict[int, Page], questions: int, encoder: WordVectors) -> None:
        self.pages, self.questions, self._encoder = pages, questions, encoder
        self.touched: set[int] = set()
        self._all = all_texts(questions)
        # Page and what stands for others, and the logarithm of the texts with a stem: both save work, and decide nothing.
        self._known: dict[str, tuple[int, int]] = {}
        self._logs = Kept(self._log)
        self._terms = sum(len(page.counts) for page in pages.values())

    def of(self, stem: str) -> int:
        """Return the rarity of a stem in 1/256 of a bit."""
        return max(1, self._all - self._logs[stem])

    def of_all(self, stems: tuple[str, ...]) -> list[int]:
        """Return the rarity of each."""
        texts = self._all
        return [texts - log if log < texts else 1 for log in map(self._logs.__getitem__, stems)]

    def learn(self, stems: tuple[str, ...]) -> None:
        """Count a question's stems; where there are too many, those of a page that stood once are forgotten."""
        self.questions += 1
        self._all = all_texts(self.questions)
        pages, known, logs = self.pages, self._known.get, self._logs
        for stem in stems:
            number, others = known(stem) or self._about(stem)
            page = pages.get(number)
            if page is None:
                page = pages[number] = Page({})
            counts = page.counts
            count = counts.get(stem, 0) + 1
            if count == 1:
                if self._terms >= FREQUENCIES_MAX:
                    self._forget_once(page)
                self._terms += 1
            counts[stem] = count
            logs[stem] = texts_with(count, others)
            self.touched.add(number)

    def _forget_once(self, page: Page) -> None:
        once = [stem for stem, count in page.counts.items() if count == 1]
        self._terms -= len(once)
        for stem in once:
            del page.counts[stem]
            self._logs.pop(stem, None)

    def _log(self, stem: str) -> int:
        """Return the logarithm of the texts with a stem."""
        number, others = self._known.get(stem) or self._about(stem)
        page = self.pages.get(number)
        return texts_with(page.counts.get(stem, 0) if page else 0, others)

    def _about(self, stem: str) -> tuple[int, int]:
        """Return the page of a stem, and what stands for the other texts with it."""
        known = self._known.get(stem)
        if known is None:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
                self._logs.clear()
            known = crc32(stem.encode()) % PAGES, others_with(self._encoder.rarity(stem))
            self._known[stem] = known
        return known
