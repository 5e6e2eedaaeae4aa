"""How much two sentences share, and which are near-duplicates of each other."""

from collections import Counter, defaultdict
from collections.abc import Sequence

GRAM = 5
NEAR_DUPLICATE = 0.5


def grams(text: str) -> frozenset[str]:
    """Return the character 5-grams of a text, letters lowered and blanks folded."""
    folded = " ".join(text.casefold().split())
    return frozenset(folded[start : start + GRAM] for start in range(max(1, len(folded) - GRAM + 1)))


def near_duplicates(texts: Sequence[str], *, share: float = NEAR_DUPLICATE) -> list[tuple[int, int, float]]:
    """Return the pairs of texts that share more than `share` of the shorter one's 5-grams: (i, j, share), i < j."""
    seen: list[frozenset[str]] = []
    holders: defaultdict[str, list[int]] = defaultdict(list)
    pairs = []
    for index, text in enumerate(texts):
        own = grams(text)
        common = Counter(other for gram in own for other in holders[gram])
        for other, count in sorted(common.items()):
            overlap = count / min(len(own), len(seen[other]))
            if overlap > share:
                pairs.append((other, index, overlap))
        for gram in own:
            holders[gram].append(index)
        seen.append(own)
    return pairs
