"""Names in articles that no list has: persons, places, organisations, their inflected forms under one lemma."""

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from data.finding import BEGINS, WORD, ActorFinder
from data.morphology import kind_of, readings
from data.names import ROMAN, is_abbreviation, is_people, name_forms

LONGEST_NAME = 4  # words
INSIDE = re.compile(r"[ \u00a0]|-")
# What case endings a name unknown to the dictionary may have lost; "" is the name as it stands.
ENDINGS = "a u owi em iem ie ego emu go mu m ów om ami ach y i ę ą iej ej".split()
ADDED = ("", "a", "o", "y", "i", "ek", "ski", "ska")


@dataclass
class Discovered:
    """A name met in articles: its base form, what it seems to be, how often and in which forms it was met."""

    name: str
    type: str | None
    count: int
    articles: int
    forms: Counter[str] = field(default_factory=Counter)
    example: str = ""


@dataclass(frozen=True)
class _Seen:
    """One capitalised name in a text."""

    words: tuple[str, ...]
    article: int
    sentence: str
    begins: bool


def discover(texts: Iterable[str], finder: ActorFinder, *, least: int = 2) -> list[Discovered]:
    """Return the names met at least `least` times that the finder's list lacks, the most frequent first.

    A name is a run of capitalised words; one at a sentence's beginning counts only if it is no common word
    or also stands inside a sentence. Forms are grouped by the dictionary's lemma, or, for a name it does
    not know, under the shortest form that all of them can be made of. `type` is person after a given name,
    place or people by the dictionary, organisation for an abbreviation or a firm, else None.
    """
    seen = [one for number, text in enumerate(texts) for one in _names(number, text, finder)]
    begins = Counter(one.words for one in seen if one.begins)
    inside = Counter(one.words for one in seen if not one.begins)
    kept = [one for one in seen if _is_name(one.words, begins[one.words], inside[one.words])]
    bases = _bases(Counter(word for one in kept for word in one.words))
    met = {word for one in kept for word in one.words}
    support = Counter(spelling for word in met for spelling in _spellings(word))
    groups: defaultdict[tuple[str, ...], list[_Seen]] = defaultdict(list)
    for one in kept:
        groups[_lemma(one.words, bases, support)].append(one)
    _join_surnames(groups)
    found = [_discovered(lemma, members) for lemma, members in groups.items() if len(members) >= least]
    return sorted(found, key=lambda one: (-one.count, one.name))


def _is_name(words: tuple[str, ...], begins: int, inside: int) -> bool:
    """Say whether capitalised words are a name: not if that is how a sentence begins, and never a lone particle."""
    kind = kind_of(words[0].lower() if words[0].isupper() and len(words[0]) > 3 else words[0])
    if len(words) > 1:
        return True
    if kind.particle or (kind.adjective and not kind.name):
        return False
    return inside > begins if kind.common else True


def _names(article: int, text: str, finder: ActorFinder) -> Iterator[_Seen]:
    """Yield the capitalised names of a text that are no mention of a listed actor."""
    findings = finder.read(text)
    taken = [(one.start, one.end) for one in findings.found] + [(one.start, one.end) for one in findings.ambiguous]
    taken.sort()
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        place = bisect.bisect_right(taken, (word.start(), len(text))) - 1
        listed = place >= 0 and taken[place][1] > word.start()
        if run and not INSIDE.fullmatch(text[run[-1].end() : word.start()]):
            yield from _seen(article, text, run)
            run = []
        if not listed and word.group()[0].isupper() and len(word.group()) > 1 and not ROMAN.fullmatch(word.group()):
            run.append(word)
        elif run:
            yield from _seen(article, text, run)
            run = []
    if run:
        yield from _seen(article, text, run)


def _seen(article: int, text: str, run: Sequence[re.Match[str]]) -> Iterator[_Seen]:
    words = tuple(word.group() for word in run)
    begins = run[0].start() == 0 or bool(BEGINS.search(text, max(0, run[0].start() - 12), run[0].start()))
    if begins and len(words) > 1 and kind_of(words[0]).common and _may_stand_alone(words[1]):
        words, begins = words[1:], False  # "Prezydent Nawrocki" at a sentence's beginning
    if len(words) > LONGEST_NAME or (len(words) == 1 and len(words[0]) < 3 and not is_abbreviation(words[0])):
        return
    line = text[text.rfind("\n", 0, run[0].start()) + 1 : run[-1].end() + 60].partition("\n")[0]
    yield _Seen(words, article, line[-160:].strip(), begins)


def _may_stand_alone(word: str) -> bool:
    """Say whether a word is a name by itself: a given name, a surname, or one that no dictionary has."""
    return (
        is_abbreviation(word)
        or kind_of(word).given_name
        or all(reading.names == {"nazwisko"} for reading in readings(word))
    )


def _bases(words: Counter[str]) -> dict[str, str]:
    """Return the base form of each word that no dictionary has: one that most of the words met are forms of."""
    unknown = [word for word in words if not readings(word) and not is_abbreviation(word)]
    support: Counter[str] = Counter()
    made_of: defaultdict[str, set[str]] = defaultdict(set)
    for word in unknown:
        for base in _possible_bases(word):
            if word in name_forms(base):
                made_of[word].add(base)
                support[base] += 1
    present = set(unknown)
    return {
        word: max(made_of[word], key=lambda base: (base in present, support[base], -len(base), base), default=word)
        for word in unknown
    }


def _possible_bases(word: str) -> Iterator[str]:
    yield word
    stem = re.split(r"['’]", word)[0]
    yield stem
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            yield from (word[: -len(ending)] + added for added in ADDED)


def _lemma(words: Sequence[str], bases: dict[str, str], support: Counter[str]) -> tuple[str, ...]:
    return tuple(bases.get(word) or _known_lemma(word, support) for word in words)


def _known_lemma(word: str, support: Counter[str]) -> str:
    """Return the dictionary's lemma of a word; of several the one that most words met are forms of."""
    if is_abbreviation(word):
        return word
    return min(_spellings(word) or {word}, key=lambda spelling: (-support[spelling], len(spelling), spelling))


def _spellings(word: str) -> set[str]:
    """Return the lemmas of a word, capitalised; those of names alone if there are any."""
    known = [reading for reading in readings(word) if reading.tag[0] in ("subst", "adj")]
    names = [reading for reading in known if reading.spelling[0].isupper()]
    return {reading.spelling[0].upper() + reading.spelling[1:] for reading in names or known}


def _join_surnames(groups: defaultdict[tuple[str, ...], list[_Seen]]) -> None:
    """Put a bare surname to the one person of that surname."""
    for lemma in [lemma for lemma in groups if len(lemma) == 1 and not is_people(lemma[0])]:
        full = [other for other in groups if len(other) > 1 and other[-1] == lemma[0]]
        bearers = [other for other in full if kind_of(other[0]).given_name]
        if len(bearers) == 1:
            groups[bearers[0]] += groups.pop(lemma)


def _discovered(lemma: tuple[str, ...], members: Sequence[_Seen]) -> Discovered:
    return Discovered(
        name=_shown_name(lemma, members),
        type=_type(lemma),
        count=len(members),
        articles=len({one.article for one in members}),
        forms=Counter(" ".join(one.words) for one in members),
        example=max(members, key=lambda one: len(one.words)).sentence,
    )


def _shown_name(lemma: tuple[str, ...], members: Sequence[_Seen]) -> str:
    """Return the form most often met with its first word as the lemma has it: "Komenda Powiatowa Policji"."""
    whole = Counter(one.words for one in members if len(one.words) == len(lemma) and one.words[0] == lemma[0])
    person = kind_of(lemma[0]).given_name
    return " ".join(lemma if person or not whole else whole.most_common(1)[0][0])


def _type(lemma: tuple[str, ...]) -> str | None:
    if len(lemma) > 1 and kind_of(lemma[0]).given_name:
        return "person"
    if len(lemma) == 1 and is_people(lemma[0]):
        return "people"
    known = {name for word in lemma for reading in readings(word) for name in reading.names}
    if len(lemma) == 1 and "nazwa_geograficzna" in known:
        return "place"
    if is_abbreviation(lemma[0]) or {"nazwa_organizacji", "człon_nazwy_firmy", "marka"} & known:
        return "organisation"
    return "person" if len(lemma) == 1 and known == {"nazwisko"} else None
