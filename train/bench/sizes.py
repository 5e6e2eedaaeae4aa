"""How much a bench reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BenchSizes:
    """Amounts of work for one measurement; ours are larger, since rates are compared and ours are faster."""

    texts: int = 48  # read by ours, at each number of actors
    pairs: int = 32  # of the first of these texts, read by a peer
    article_sentences: int = 8  # of each article of the archive
    fit_sentences: int = 96  # of two actors each, trained on by ours; by the peer every second
    memory_articles: int = 4
    text_characters: int = 60_000  # split and searched in a round


FULL = BenchSizes()
QUICK = BenchSizes(texts=8, pairs=8, article_sentences=2, fit_sentences=8, memory_articles=2, text_characters=4_000)
