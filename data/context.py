"""The words around a name in a sentence: its clause, the verb that agrees with it, what a word beside it can be."""

import re
from dataclasses import dataclass
from functools import lru_cache

from data.government import GOVERNED_BY_PREPOSITION, TITLES_OF_WOMEN
from data.inflection import Declension
from data.morphology import CACHED, FINITE, Reading, kind_of, readings
from data.names import is_abbreviation
from data.sentence import Mention

WORD = re.compile(r"\w+(?:[-‑'’.]\w+)*")
QUOTES = '„”"«»‚’'
BOUNDARY = re.compile(r"[,;:–—.?!()\[\]]|\s-\s")
MODIFIERS = ("adj", "ppas", "pact")
BEARERS = frozenset(("imię", "nazwisko"))


@dataclass(frozen=True)
class Word:
    """A word of the sentence; `gap` is what stands between it and the word before."""

    form: str
    gap: str
    start: int
    end: int

    @property
    def lemmas(self) -> frozenset[str]:
        """Return the lemmas that the word can be a form of."""
        return frozenset(reading.spelling for reading in self.known)

    @property
    def known(self) -> tuple[Reading, ...]:
        """Return the dictionary's readings."""
        return readings(self.form)


class Context:
    """The words around a mention, and what they say of its case, number and gender."""

    def __init__(self, text: str, mention: Mention, declension: Declension, *, person: bool) -> None:
        self.name = declension
        self.person = person
        before, after = text[: mention[0]], text[mention[1] :]
        self.before = words_of(before)
        self.after = words_of(after)
        self.gap = before[self.before[-1].end :] if self.before else before
        self.closing = after[: self.after[0].start] if self.after else after
        self.titled = self.modified = False

    @property
    def preposition(self) -> str:
        """Return the word directly before the name if it is a preposition, in small letters."""
        form = self.before[-1].form.lower() if self.before and self.beside(len(self.before) - 1) else ""
        return form if form in GOVERNED_BY_PREPOSITION else ""

    def beside(self, at: int) -> bool:
        """Say whether nothing but a space or a quotation mark parts a word before the name from what follows it."""
        gap = self.gap if at == len(self.before) - 1 else self.before[at + 1].gap
        return bool(gap) and not gap.strip(QUOTES + " \u00a0")

    def opens_quotation(self) -> bool:
        """Say whether what is quoted begins with the name and goes on after it: "zdaniem Wakuły „TVP zamieniła"."""
        return bool(set(self.gap) & set('„"«')) and not self.closing.startswith(("”", '"', "»"))

    @property
    def clause(self) -> tuple[list[Word], list[Word]]:
        """Return the words before and after the name up to the next mark of punctuation."""
        start = len(self.before)
        if not BOUNDARY.search(self.gap):
            while start > 0:
                start -= 1
                if BOUNDARY.search(self.before[start].gap):
                    break
        end = 0
        if not BOUNDARY.search(self.closing):
            while end < len(self.after) and not (end and BOUNDARY.search(self.after[end].gap)):
                end += 1
        return self.before[start:], self.after[:end]

    def clause_has(self, lemmas: frozenset[str]) -> bool:
        """Say whether a word of the clause can be a form of one of the lemmas."""
        before, after = self.clause
        return any(lemmas & word.lemmas for word in (*before, *after))

    def has_lemma(self, lemmas: frozenset[str]) -> bool:
        """Say whether a word of the sentence can be a form of one of the lemmas."""
        return any(lemmas & word.lemmas for word in (*self.before, *self.after))

    def verb(self) -> Word | None:
        """Return the first finite verb after the name in its clause, if it agrees with the name."""
        for position, word in enumerate(self.clause[1]):
            if self.agrees_with_name(word):
                return word
            rival = word.form[0].isupper() or any(reading.gender == "m1" for reading in word.known)
            if {reading.tag[0] for reading in word.known} & FINITE or (rival and "nom" in noun_cases(word)):
                return None
            if position == 7:
                return None
        return None

    def agrees_with_name(self, word: Word) -> bool:
        """Say whether a word is a finite verb of the name's number and gender; of an abbreviation's number."""
        for reading in word.known:
            if reading.tag[0] not in FINITE or len(reading.tag) < 3:
                continue
            number = self.name.number in reading.tag[1].split(".")
            if reading.tag[0] in ("praet", "winien", "cond"):
                right = self.is_undeclined or self.has_gender(reading.tag[2])
            else:
                right = "ter" in reading.tag
            if number and right:
                return True
        return False

    def has_gender(self, genders: str) -> bool:
        """Say whether the name's gender is among those of a tag, or unknown."""
        return not self.name.gender or self.name.gender in genders.split(".")

    @property
    def is_undeclined(self) -> bool:
        """Say whether the name has one form for all cases, and is no person's."""
        return not self.person and len(set(self.name.forms.values())) == 1

    def is_broken(self, *, short: bool) -> bool:
        """Say whether the place is none that another name can take.

        A surname after a given name that belongs to it ("Igora Bojkę"), or an abbreviation that the verb gives
        another gender than its full name has ("PiS przemówiło").
        """
        before = self.before[-1] if self.before and self.beside(len(self.before) - 1) else None
        kind = kind_of(before.form) if short and before and before.form[0].isupper() else None
        if kind and kind.given_name and not kind.particle:
            return True
        verb = self.verb() if self.is_undeclined and self.name.gender else None
        genders = {gender for reading in (verb.known if verb else ()) for gender in genders_of_past(reading)}
        return bool(genders) and self.name.gender not in genders


def words_of(text: str) -> list[Word]:
    """Return the words of a text."""
    found = []
    end = 0
    for match in WORD.finditer(text):
        found.append(Word(match.group(), text[end : match.start()], match.start(), match.end()))
        end = match.end()
    return found


def is_noun(word: Word) -> bool:
    """Say whether a word is a noun and nothing else that could stand before a name."""
    classes = {reading.tag[0] for reading in word.known}
    if not classes:
        return word.form[:1].isupper()
    return bool(classes & {"subst", "ger", "depr"}) and not classes & (FINITE | {"adv", "conj", "comp", "part", "inf"})


@lru_cache(CACHED)
def is_title_of_woman(reading: Reading) -> bool:
    """Say whether a feminine noun means a person: one of the list, or beside a man's ("łączniczka", "łącznik")."""
    lemma = reading.spelling
    stem = lemma.removesuffix("ka")
    men = (stem, stem + "a", stem + "k", stem.removesuffix("cz") + "k", stem.removesuffix("cz") + "c", stem + "iec")
    beside = lemma != stem and any(
        other.gender == "m1" and other.spelling == man for man in men for other in readings(man)
    )
    return reading.gender == "f" and (lemma in TITLES_OF_WOMEN or beside)


def is_person(word: Word, verb: Word) -> bool:
    """Say whether a word is a person in the nominative that the verb agrees with."""
    nominatives = [reading for reading in word.known if reading.gender and "nom" in reading.tag[2].split(".")]
    genders = {gender for reading in verb.known for gender in genders_of_past(reading)}
    return any(
        (reading.gender == "m1" or reading.names & BEARERS)
        and reading.tag[1] == "sg"
        and (not genders or reading.gender in genders)
        and any(tag.tag[1] == "sg" for tag in verb.known if tag.tag[0] in FINITE and len(tag.tag) > 1)
        for reading in nominatives
    )


def can_be_subject(noun: Word, verb: Word) -> bool:
    """Say whether a finite verb agrees with a noun in the nominative: in number, a past verb in gender too."""
    return any(
        "nom" in ours.tag[2].split(".")
        and set(ours.tag[1].split(".")) & set(theirs.tag[1].split("."))
        and (not genders_of_past(theirs) or ours.gender in genders_of_past(theirs))
        for ours in noun.known
        for theirs in verb.known
        if ours.gender and theirs.tag[0] in FINITE and len(theirs.tag) > 2
    )


def may_be_doer(word: Word) -> bool:
    """Say whether a word after the verb may be its subject: a name, or a noun of a person."""
    if not word.known:
        return word.form[0].isupper() and not is_abbreviation(word.form)
    person = word.form[0].isupper() or any(reading.gender == "m1" for reading in word.known)
    return person and "nom" in noun_cases(word)


def genders_of_past(reading: Reading) -> list[str]:
    """Return the genders of a past verb, none of other words."""
    return reading.tag[2].split(".") if reading.tag[0] in ("praet", "winien") else []


def noun_cases(word: Word) -> frozenset[str]:
    """Return the cases that a word can be in as a noun; a woman's undeclined surname only if it is nothing else."""
    nouns = [reading for reading in word.known if reading.tag[0] in ("subst", "depr") and len(reading.tag) > 2]
    declined = [reading for reading in nouns if reading.gender != "f" or "." not in reading.tag[1]]
    return frozenset(case for reading in declined or nouns for case in reading.tag[2].split("."))
