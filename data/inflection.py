"""The paradigm of a name: one form for each case, by the dictionary where it knows the name, else by rule.

What is in doubt is left out: a name without a sure paradigm has none, and a case without a sure form is missing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from data.given_names import EITHER, MEN, WOMEN
from data.government import TITLES_OF_THINGS
from data.morphology import CACHED, FINITE, Form, Reading, generated, readings
from data.names import ROMAN, is_abbreviation
from data.surname_rules import CASES, Forms, ruled_forms

__all__ = ["CASES", "Declension", "decline", "undeclined"]

PARTICLES = frozenset("von van de der den la le du di da dos del della bin ibn al el ben af zu ter ten y e".split())
FAMILY_FIRST = frozenset(("Kim Dzong", "Kim Jong", "Yoon Suk", "Moon Jae"))  # "Kim Dzong Una": the last declines
PLACES = ("nazwa_geograficzna", "człon_nazwy_geograficznej")
BEARERS = ("imię", "nazwisko", "nazwa_pospolita")  # "nazwa_pospolita" in capitals is a people
SUFFIXES = ("adj", "ppas", "pact")
COUNTRIES: dict[str, Forms] = {  # not the places so called
    "Włochy": {"gen": "Włoch", "loc": "Włoszech"},
    "Węgry": {"gen": "Węgier", "loc": "Węgrzech"},
}
INVARIABLE = frozenset(("San Marino",))
TOWNS = frozenset(("Wola", "Góra"))  # read as adjectives too
OUTDATED = frozenset(("bracia", "księża"))  # as feminine singulars, beside the plurals of "brat", "ksiądz"
UNDECLINED = re.compile(r"[A-Z]\d+")  # "G7"
EXPLANATION = re.compile(r"\s*\([^()]*\)$")  # "Zieloni (Niemcy)"


@dataclass(frozen=True)
class Declension:
    """A name's forms by case; a case that is not sure is missing.

    `number` is sg or pl, `gender` Morfeusz's m1, m2, m3, f or n, "" if unknown. `variants` are forms as right
    as the chosen ones, by which a mention is understood.
    """

    forms: Mapping[str, str]
    number: str
    gender: str
    variants: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def cases_of(self, text: str) -> frozenset[str]:
        """Return the cases in which the name has this form; a sentence may have given it its capital."""
        text = text.replace("'", "’")
        small = text[:1].lower() + text[1:] if self.forms.get("nom", "")[:1].islower() else text
        wanted = {text, small}
        return frozenset(
            case for case in CASES if wanted & {self.forms.get(case), *self.variants.get(case, frozenset())}
        )


@lru_cache(CACHED)
def decline(name: str, *, person: bool, gender: str = "") -> Declension | None:
    """Return a name's declension, None where it is not sure.

    Args:
        name: The name in the nominative.
        person: Whether it is a person's; then every word declines.
        gender: A person's, f or m, where the given name does not stand in the name.
    """
    declined = _declined(name, person, gender)
    return declined if declined and "nom" in declined.forms else None


def _declined(name: str, person: bool, gender: str) -> Declension | None:
    words = EXPLANATION.sub("", name.replace("'", "’")).split()
    if not words:
        return None
    if person:
        return _person(words, gender)
    if name in INVARIABLE:
        return undeclined(name, "sg", "n")
    if all(is_abbreviation(word) or UNDECLINED.fullmatch(word) or _is_initials(word) for word in words):
        return undeclined(" ".join(words))
    return _group(words)


def undeclined(name: str, number: str = "sg", gender: str = "") -> Declension:
    """Return the declension of a name that has one form for all cases."""
    return Declension(dict.fromkeys(CASES, name), number, gender)


def _person(words: Sequence[str], gender: str) -> Declension | None:
    given = next((word for word in words if not word.islower()), words[0])
    gender = gender or _gender(words, given)
    if not gender:
        return None
    full = "m1" if gender == "m" else "f"
    parts = []
    for position, word in enumerate(words):
        last = position == len(words) - 1
        stays = word.lower() in PARTICLES if not last else bool(ROMAN.fullmatch(word))
        if not last and (_family_comes_first(words) or re.fullmatch(r"\w\.?|(\w\.){2,}|[A-Z]{2}", word)):
            stays = True
        declined = undeclined(word, "sg", full) if stays else _compound(word, full, given=word == given and not last)
        if declined is None:
            return None
        parts.append(declined)
    return _joined(parts, " ", "sg", full)


def _family_comes_first(words: Sequence[str]) -> bool:
    return words[0] == "Xi" or " ".join(words[:2]) in FAMILY_FIRST


def _gender(words: Sequence[str], given: str) -> str:
    """Return m or f by the given name, else by what only a man or a woman can be called; "" in doubt."""
    if given in EITHER:
        return ""
    if given in MEN or _family_comes_first(words):
        return "m"
    if given in WOMEN:
        return "f"
    known = {reading.gender for reading, number in _subjects(given) if "imię" in reading.names and number == "sg"}
    if known & {"m1", "f"}:
        return {"m1": "m", "f": "f"}[known.pop()] if len(known) == 1 else ""
    last = words[-1]
    if last.endswith(("ska", "cka", "dzka", "owa", "ová")):
        return "f"
    if last.endswith(("ski", "cki", "dzki", "ow", "ew", "enko")) and not given.endswith("a"):
        return "m"
    if len(words) < 2:
        return ""
    if given.endswith("a"):
        return "f"
    # Women's given names of Europe that end in a consonant are few, and listed.
    return "m" if re.search(r"([bcdfgkłlmnprstwvzo]|[iyae]j|ph|ch|sh)$", given) else ""


def _compound(word: str, gender: str, *, given: bool) -> Declension | None:
    """Decline one word of a person's name; of a double surname both parts, of a double given name the last."""
    *before, last = word.split("-")
    declined = [undeclined(part, "sg", gender) if given else _bearer(part, gender, given=False) for part in before]
    declined.append(_bearer(last, gender, given=given))
    known = [part for part in declined if part]
    return _joined(known, "-", "sg", gender) if len(known) == len(declined) else None


def _bearer(word: str, gender: str, *, given: bool) -> Declension | None:
    """Decline a given name or surname of a man (m1) or woman (f)."""
    order: tuple[str, ...] = BEARERS if given else ("nazwisko", "imię", "nazwa_pospolita")
    if word.islower():  # "papież", "siostra"
        order = ("nazwa_pospolita",)
    if gender == "f" and (not word.endswith(("a", "á")) or word in WOMEN):
        return undeclined(word, "sg", "f")
    for name_class in order:
        chosen = [
            reading
            for reading, number in _subjects(word)
            if reading.gender == gender
            and number == "sg"
            and name_class in reading.names
            and reading.spelling[0].isupper() == word[0].isupper()
            and "pl" not in reading.tag[1].split(".")  # a man's "Kennedy" the dictionary does not decline
        ]
        if chosen:
            return _noun(word, chosen[0], "sg")
    forms = {} if word.islower() else ruled_forms(word, gender, given=given)
    return Declension(forms, "sg", gender) if forms else None


def _group(words: Sequence[str]) -> Declension | None:
    """Decline a name of nouns and adjectives: the head, and what agrees with it; what follows stays."""
    if is_abbreviation(words[0]):  # "FC Barcelony", but "GKS-u Katowice"
        return None
    parsed = _head(words)
    if parsed is None:
        return _by_ending(words)
    parts, head = parsed
    rest = list(words[len(parts) :])
    while rest:
        adjective = None if rest[0] in TOWNS else _adjective(rest[0], head)
        if adjective:
            parts.append(adjective)
            rest = rest[1:]
            continue
        second = _head(rest[1:]) if rest[0] == "i" else None
        if second is None or second[1].number != head.number:
            break
        parts += [undeclined("i"), *second[0]]
        rest = rest[1 + len(second[0]) :]
    if any(_is_clause(word) for word in rest):  # "Miasto Jest Nasze"
        return None
    if rest and not _may_follow(rest[0], words[0], parts):
        return None
    parts += [undeclined(word) for word in rest]
    return _joined(parts, " ", head.number, head.gender)


def _by_ending(words: Sequence[str]) -> Declension | None:
    """Decline an organisation unknown to the dictionary: only an -a says how."""
    word = words[0]
    if len(words) > 1 or not re.search(r"\wa$", word) or not word[0].isupper() or readings(word):
        return None
    forms = ruled_forms(word, "f", given=True)
    return Declension(forms, "sg", "f") if forms else None


def _head(words: Sequence[str]) -> tuple[list[Declension], Declension] | None:
    """Return the declined words up to the head noun with the head, None without one."""
    for before in (1, 2, 3, 0):  # "Polska Grupa Zbrojeniowa" has no head "Polska"
        if before >= len(words):
            continue
        for head in _nouns(words[before]):
            adjectives = [_adjective(word, head) for word in words[:before]]
            known = [adjective for adjective in adjectives if adjective]
            if len(known) == before:
                return [*known, head], head
    if len(words) == 1 and words[0][0].isupper():  # "Nowoczesna", "Zieloni"
        for number, gender in (("sg", "f"), ("pl", "m1")):
            adjective = _adjective(words[0], Declension({}, number, gender))
            if adjective and (number, words[0][-1]) in (("sg", "a"), ("pl", "i")):
                return [adjective], adjective
    return None


def _nouns(word: str) -> list[Declension]:
    """Return how a word that is no person's name declines as a noun, the likeliest reading first."""
    subjects = [(reading, number) for reading, number in _subjects(word) if not reading.names <= {"nazwisko", "imię"}]
    # "rzecznik" is read as a woman's undeclined title too
    subjects = [
        (r, number) for r, number in subjects if not (r.gender == "f" and ("." in r.tag[1] or r.entry in OUTDATED))
    ]
    subjects.sort(key=lambda pair: (_rank(pair[0]), pair[1] == "pl"))
    found: dict[tuple[str, str], Declension] = {}
    for reading, number in subjects:
        if _rank(reading) > _rank(subjects[0][0]):
            break
        noun = _noun(word, reading, number)
        same = found.setdefault((number, reading.gender), noun)
        if same.forms != noun.forms:  # two words of one spelling: only what they share is sure
            shared = {case: form for case, form in same.forms.items() if noun.forms.get(case) == form}
            found[number, reading.gender] = Declension(shared | COUNTRIES.get(word, {}), number, reading.gender)
    return list(found.values())


def _is_initials(word: str) -> bool:
    """Say whether a longer word is an abbreviation: "GDDKiA"."""
    return sum(map(str.isupper, word)) >= 4 and sum(map(str.islower, word)) <= 2


def _may_follow(word: str, first: str, parts: Sequence[Declension]) -> bool:
    """Say whether a word after the head is sure to stay as it is, as a genitive does.

    A nominative stays after a noun that says what it names ("Telewizja Republika"), and a town after a club's name
    ("Wisła Kraków"); not in "Washington Post", "Bracia Włosi", "Huta Stalowa Wola".
    """
    if is_abbreviation(word) or not word[0].isupper():
        return True
    if _is_place(word) and "sg" in {number for _, number in _subjects(word)}:
        return len(parts) == 1
    named = any(number == "sg" or reading.gender == "m1" for reading, number in _subjects(word))
    genitive = any("gen" in reading.tag[2].split(".") for reading in readings(word) if len(reading.tag) > 2)
    if named or not genitive:
        return bool({reading.spelling.lower() for reading in readings(first)} & TITLES_OF_THINGS)
    return True


def _is_place(word: str) -> bool:
    return any(reading.names & set(PLACES) for reading, _ in _subjects(word))


def _rank(reading: Reading) -> int:
    if reading.names & set(PLACES):
        return 0
    return 1 if reading.spelling[0].isupper() else 2


def _subjects(word: str) -> list[tuple[Reading, str]]:
    """Return a word's readings as a noun in the nominative, with the number of each."""
    known = readings(word) if word != word.lower() else [r for r in readings(word) if r.spelling.islower()]
    return [
        (reading, number)
        for reading in known
        if reading.tag[0] == "subst" and "nom" in reading.tag[2].split(".")
        for number in reading.tag[1].split(".")
    ]


def _noun(word: str, reading: Reading, number: str) -> Declension:
    nouns = [form for form in generated(reading.entry) if form.tag[0] == "subst" and form.tag[3] == reading.gender]
    return _chosen(word, nouns, number, reading.gender)


@lru_cache(CACHED)
def _adjective_forms(word: str) -> tuple[tuple[str, tuple[Form, ...]], ...]:
    """Return the adjectives and participles that a word can be a form of: tag class and all forms."""
    found = {}
    for reading in readings(word):
        if reading.tag[0] in SUFFIXES and reading.spelling.islower() and "comp" not in reading.tag:
            tail = reading.tag[4:]
            same = [form for form in generated(reading.entry) if form.tag[0] == reading.tag[0] and form.tag[4:] == tail]
            found[reading.entry, tail] = (reading.tag[0], tuple(same))
    return tuple(found.values())


def _adjective(word: str, head: Declension) -> Declension | None:
    """Decline an adjective that agrees with its noun, None if it is none."""
    for _, forms in _adjective_forms(word):
        agreeing = [form for form in forms if head.gender in form.tag[3].split(".")]
        declined = _chosen(word, agreeing, head.number, head.gender)
        if word in (declined.forms.get("nom"), word.lower() if word.islower() else None):
            return declined
    return None


def _chosen(word: str, forms: Iterable[Form], number: str, gender: str) -> Declension:
    """Take each case's first form that usage does not mark, in the capitals of the word."""
    by_case: dict[str, list[Form]] = {case: [] for case in CASES}
    for form in forms:
        if number in form.tag[1].split("."):
            for case in set(form.tag[2].split(".")) & set(CASES):
                by_case[case].append(form)
    chosen: Forms = {}
    variants: dict[str, frozenset[str]] = {}
    for case, found in by_case.items():
        found = [form for form in found if sum(map(str.isupper, form.spelling)) <= max(1, sum(map(str.isupper, word)))]
        plain = [form for form in found if not form.marked] or found
        if plain:
            spellings = [_capital(form.spelling.replace("'", "’"), word) for form in plain]
            chosen[case] = word if case == "nom" and word in spellings else spellings[0]
            variants[case] = frozenset(spellings)
    return Declension(chosen, number, gender, variants)


def _capital(form: str, word: str) -> str:
    return form[:1].upper() + form[1:] if word[:1].isupper() else form


def _is_clause(word: str) -> bool:
    return not is_abbreviation(word) and bool(readings(word)) and all(r.tag[0] in FINITE for r in readings(word))


def _joined(parts: Sequence[Declension], glue: str, number: str, gender: str) -> Declension:
    sure = [case for case in CASES if all(case in part.forms for part in parts)]
    forms = {case: glue.join(part.forms[case] for part in parts) for case in sure}
    variants: dict[str, frozenset[str]] = {}
    for case in sure:
        spelled = [""]
        for part in parts:
            options = part.variants.get(case) or {part.forms[case]}
            spelled = [(f"{start}{glue}{option}" if start else option) for start in spelled for option in options]
        variants[case] = frozenset(spelled)
    return Declension(forms, number, gender, variants)
