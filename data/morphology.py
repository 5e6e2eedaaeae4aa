"""Polish words by the dictionary, Morfeusz 2 with SGJP: their lemmas and what they can be."""

from dataclasses import dataclass
from functools import lru_cache

import morfeusz2

CACHED = 200_000  # words: a large vocabulary, and no more however long the archive
FINITE = frozenset("fin praet impt imps bedzie winien pred cond".split())
SMALL_CLASSES = FINITE | frozenset("adv conj comp prep part qub interj num ppron12 ppron3 siebie inf".split())
NAME_CLASSES = frozenset(("imię", "nazwa_geograficzna"))
HARMLESS = frozenset(("hom.", "pot.", "środ."))  # remarks that say nothing against a form


@lru_cache(1)
def _morfeusz() -> morfeusz2.Morfeusz:
    return morfeusz2.Morfeusz(generate=False)


@dataclass(frozen=True)
class Reading:
    """One way to read a word: the lemma's spelling, its entry, the tag's parts, the name classes."""

    spelling: str
    entry: str
    tag: tuple[str, ...]
    names: frozenset[str]

    @property
    def gender(self) -> str:
        """Return a noun's gender (m1, f, …), "" for other words."""
        return self.tag[3] if self.tag[0] in ("subst", "depr") and len(self.tag) > 3 else ""

    def cases(self) -> frozenset[tuple[str, str, str]]:
        """Return what must agree between a noun and its adjective: (number, case, gender) each."""
        if self.tag[0] not in ("subst", "adj") or len(self.tag) < 4:
            return frozenset()
        number, case, gender = (part.split(".") for part in self.tag[1:4])
        return frozenset((n, c, g) for n in number for c in case for g in gender)


@lru_cache(CACHED)
def readings(word: str) -> tuple[Reading, ...]:
    """Return the dictionary's readings of one word; none for an unknown word."""
    analyses = _morfeusz().analyse(word)
    whole = max((end for _, end, _ in analyses), default=0)
    return tuple(
        Reading(entry.split(":")[0], entry, tuple(tag.split(":")), frozenset(names))
        for start, end, (_, entry, tag, names, *_) in analyses
        if start == 0 and end == whole and tag != "ign"
    )


@lru_cache(1)
def _generator() -> morfeusz2.Morfeusz:
    return morfeusz2.Morfeusz(analyse=False)


@dataclass(frozen=True)
class Form:
    """One form of an entry: its spelling, the tag's parts, the name classes, and whether usage is marked.

    `marked`: the dictionary calls it archaic, rare, regional or the like.
    """

    spelling: str
    tag: tuple[str, ...]
    names: frozenset[str]
    marked: bool


@lru_cache(CACHED)
def generated(entry: str) -> tuple[Form, ...]:
    """Return all forms of a dictionary's entry; none for an unknown one."""
    return tuple(
        Form(spelling, tuple(tag.split(":")), frozenset(names), bool(set(remarks) - HARMLESS))
        for spelling, _, tag, names, remarks in _generator().generate(entry)
        if tag != "ign"
    )


@lru_cache(CACHED)
def entries(word: str) -> tuple[str, ...]:
    """Return the dictionary entries that a word can be a form of, sorted."""
    return tuple(sorted({reading.entry for reading in readings(word)}))


@lru_cache(CACHED)
def singular_entries(word: str) -> tuple[str, ...]:
    """Return the entries that a word can be a singular form of, sorted."""
    return tuple(
        sorted(
            {
                reading.entry
                for reading in readings(word)
                if "sg" in (reading.tag[1] if len(reading.tag) > 1 else "").split(".")
            }
        )
    )


@dataclass(frozen=True)
class WordKind:
    """What a word can be: every reading counts.

    `common`: it is written small inside a sentence; `adjective`, `noun`, `particle`: so written, and one, a
    particle being any other word; `name`: a given name, a place, a people; `nominative`: such a name that
    can be a subject; `genitive`: a noun that is that and no subject; `verb`: a finite verb; `given_name`: a
    form of one.
    """

    common: bool = False
    particle: bool = False
    adjective: bool = False
    noun: bool = False
    name: bool = False
    nominative: bool = False
    genitive: bool = False
    verb: bool = False
    given_name: bool = False


@lru_cache(CACHED)
def kind_of(word: str) -> WordKind:
    """Return what a word can be by the dictionary; nothing for an unknown word."""
    known = readings(word)
    nouns = [reading for reading in known if reading.tag[0] == "subst" and len(reading.tag) > 2]
    small = {reading.tag[0] for reading in known if reading.spelling[:1].islower() and reading.tag[0] != "brev"}
    name = any(
        reading.names & NAME_CLASSES or (reading.spelling[:1].isupper() and "nazwa_pospolita" in reading.names)
        for reading in nouns
    )
    subjects = [reading for reading in nouns if "nom" in reading.tag[2].split(".")]
    given = any("imię" in reading.names for reading in nouns)
    if given:
        nominative = any("imię" in reading.names and reading.tag[1] == "sg" for reading in subjects)
    else:
        nominative = bool(subjects)
    classes = {reading.tag[0] for reading in known}
    genitive = any("gen" in reading.tag[2].split(".") for reading in nouns)
    return WordKind(
        common=bool(small - {"subst"}) or (bool(small) and not name),
        particle=bool(small & SMALL_CLASSES),
        adjective="adj" in small,
        noun="subst" in small,
        name=name,
        nominative=name and nominative,
        genitive=genitive and not nominative and classes <= {"subst", "depr"},
        verb=bool(classes & FINITE),
        given_name=given,
    )


def agree(first: str, second: str) -> bool:
    """Say whether an adjective and a noun can stand together: "Polska gospodarka"."""
    adjective = [reading.cases() for reading in readings(first) if reading.tag[0] == "adj"]
    noun = [reading.cases() for reading in readings(second)]
    return any(ours & theirs for ours in adjective for theirs in noun)
