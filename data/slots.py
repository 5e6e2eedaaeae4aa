"""Where a name stands in a sentence: in which cases it can be there, and what beside it shows its gender or number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from data.case_choice import narrowed
from data.concord import agreement, apposed
from data.context import Context
from data.government import ALSO_IN, ISLANDS_AND_NEIGHBOURS
from data.inflection import Declension, decline, undeclined
from data.morphology import CACHED, readings
from data.names import is_abbreviation, surnames_of
from data.sentence import Mention

HYPHENED = re.compile(r"(\w+)[-‑]?(?:et(?=u|em|owi))?(u|owi|i?em|i?e|e?cie|rze)")
HYPHENED_CASES = {"u": ("gen", "loc"), "owi": ("dat",), "em": ("inst",), "iem": ("inst",)}
PEOPLE = frozenset(("imię", "nazwisko", "nazwa_pospolita"))


@dataclass(frozen=True)
class Slot:
    """The place of one mention.

    `cases`: those that the mention can be in. `short`: it is a person's surname alone. `agrees`: what the words
    beside it show of it, "number" or "gender". `apposed`: a noun before it says what the actor is ("premier",
    "spółka"), so that only a name of the same type can stand here.
    `preposition`: the one directly before.
    """

    cases: frozenset[str]
    declension: Declension
    short: bool = False
    agrees: frozenset[str] = frozenset()
    apposed: bool = False
    preposition: str = ""

    def suits(self, name: Declension) -> bool:
        """Say whether a country's name takes the preposition of the place: "na Litwie", but "w Rosji"."""
        old, new = self.declension.forms.get("nom", ""), name.forms.get("nom", "")
        if self.preposition == "na" and old in ISLANDS_AND_NEIGHBOURS:
            return new in ISLANDS_AND_NEIGHBOURS
        return self.preposition not in ("w", "we") or new not in ISLANDS_AND_NEIGHBOURS - ALSO_IN

    @property
    def number(self) -> str:
        """Return sg or pl."""
        return self.declension.number

    @property
    def gender(self) -> str:
        """Return Morfeusz's gender, "" if unknown."""
        return self.declension.gender


def slot_of(text: str, mention: Mention, name: str, aliases: Sequence[str] = (), *, person: bool) -> Slot | None:
    """Return the slot of an actor's mention, None if the mention is understood as no form of anything.

    Args:
        text: The sentence.
        mention: Where the actor is named.
        name: The actor's.
        aliases: The actor's other names.
        person: Whether the actor is a person.
    """
    spelled = text[slice(*mention)]
    found = _understood(spelled, name, tuple(aliases), person)
    if found is None:
        return None
    declension, short = found
    cases = cases_of_mention(spelled, declension)
    context = Context(text, mention, declension, person=person)
    cases = narrowed(context, cases)
    if not cases or context.is_broken(short=short):
        return None
    agrees = agreement(context, cases)
    if _is_spoken_otherwise(context, cases, agrees):
        return None
    return Slot(cases, declension, short, agrees, apposed(context, cases), context.preposition)


def _is_spoken_otherwise(context: Context, cases: frozenset[str], agrees: frozenset[str]) -> bool:
    """Say whether words may show another gender of an abbreviation than its full name has: "stracił PSL, który"."""
    abbreviation = context.is_undeclined and is_abbreviation(context.name.forms["nom"])
    if not abbreviation or "nom" not in cases or "gender" in agrees:
        return False
    context.name = replace(context.name, gender="")
    return "gender" in agreement(context, cases)


@lru_cache(CACHED)
def _understood(spelled: str, name: str, aliases: tuple[str, ...], person: bool) -> tuple[Declension, bool] | None:
    """Return the declension that a mention is a form of, with whether it is a surname alone; None if of none."""
    named = (*known_names(name, aliases, person), *((part, False) for part in _parts(name, aliases, person)))
    found = next(((one, short) for one, short in named if cases_of_mention(spelled, one)), None)
    if found or person or " " in spelled:
        return found
    # A street is called by a surname in the genitive: "Woronicza" for who has an office there.
    surnames = {r.spelling for r in readings(spelled) if "nazwisko" in r.names and "gen" in r.tag[2]}
    for reading in readings(spelled):  # "Bukaresztowi", whichever country's
        proper = reading.spelling[:1].isupper() and reading.names - PEOPLE and surnames <= {reading.spelling}
        own = decline(reading.spelling, person=False) if proper and reading.gender else None
        if own and own.cases_of(spelled):
            return own, False
    return None


def _parts(name: str, aliases: Sequence[str], person: bool) -> list[Declension]:
    """Return the parts of an actor's names that may stand for the whole: "Komisja", "Rada Bezpieczeństwa", "Iga"."""
    found = []
    for words in (spelled.split() for spelled in (name, *aliases)):
        if person:
            whole = decline(" ".join(words), person=True)
            gender = {"f": "f", "m1": "m"}.get(whole.gender if whole else "", "")
            given = decline(words[0], person=True, gender=gender) if gender and len(words) > 1 else None
            found += [given] if given else []
            continue
        starts = [" ".join(words[:length]) for length in range(len(words) - 1, 0, -1)]
        found += [one for start in starts if start[0].isupper() and (one := decline(start, person=False))]
    return found


@lru_cache(CACHED)
def known_names(name: str, aliases: tuple[str, ...], person: bool) -> tuple[tuple[Declension, bool], ...]:
    """Return the declensions of all names of an actor, each with whether it is a surname alone.

    An abbreviation has the number and gender of the full name: "UE", "USA".
    """
    full = [decline(spelled, person=person) for spelled in (name, *aliases)]
    spoken = next((one for one in full if one and one.gender), None)
    found = [(_as_spoken(one, spoken), False) for one in full if one]
    for spelled, one in zip((name, *aliases), full, strict=True):
        gender = {"f": "f", "m1": "m"}.get(one.gender if one else "", "")
        for surname in surnames_of(spelled) if person else ():
            short = decline(surname, person=True, gender=gender) if gender else None
            found += [(short, True)] if short else []
    return tuple(found)


def _as_spoken(one: Declension, spoken: Declension | None) -> Declension:
    word = one.forms["nom"]
    if one.gender or " " in word:
        return one
    if len(word) > 3 and word.endswith("O"):  # "NATO", "UNESCO"
        return undeclined(word, "sg", "n")
    if word == "PiS":
        return undeclined(word, "sg", "m3")
    return undeclined(word, spoken.number, spoken.gender) if spoken else one


def cases_of_mention(spelled: str, declension: Declension) -> frozenset[str]:
    """Return the cases in which a mention can be a form of the name: "PiS-u" is one of "PiS"."""
    cases = declension.cases_of(spelled)
    ending = HYPHENED.fullmatch(spelled)
    if cases or not ending or not is_abbreviation(ending[1]) or declension.forms.get("nom") != ending[1]:
        return cases
    return frozenset(HYPHENED_CASES.get(ending[2], ("loc",)))
