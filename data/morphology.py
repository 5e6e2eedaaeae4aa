"""Polish word forms: lemmas by Morfeusz 2, and forms by rule for names it does not know."""

from dataclasses import dataclass
from functools import cache

import morfeusz2

VOWELS = "aąeęioóuy"
# Softening before -ie / -e of the locative: "Trump" → "Trumpie", "Kurt" → "Kurcie".
SOFTENED = {"t": "cie", "d": "dzie", "r": "rze", "ł": "le", "l": "lu", "k": "ku", "g": "gu", "h": "hu", "j": "ju"}


@cache
def _morfeusz() -> morfeusz2.Morfeusz:
    return morfeusz2.Morfeusz(generate=False)


@dataclass(frozen=True, order=True)
class Lemma:
    """A dictionary entry: `spelling` is its base form, `entry` tells it from others so spelt."""

    spelling: str
    entry: str
    surname: bool


@cache
def lemmas(word: str) -> frozenset[Lemma]:
    """Return the dictionary entries that one word can be a form of; empty for an unknown word."""
    analyses = _morfeusz().analyse(word)
    whole = max((end for _, end, _ in analyses), default=0)
    return frozenset(
        Lemma(entry.split(":")[0], entry, names == ["nazwisko"])
        for start, end, (_, entry, tag, names, *_) in analyses
        if start == 0 and end == whole and tag != "ign"
    )


@dataclass(frozen=True)
class WordKind:
    """What a word can be: every reading counts.

    `common`: it is written small inside a sentence; `nominative`: a name that can be a subject;
    `genitive`: a noun that is that and no subject; `verb`: a finite verb; `given_name`: a form of one.
    """

    common: bool = False
    nominative: bool = False
    genitive: bool = False
    verb: bool = False
    given_name: bool = False


FINITE = frozenset("fin praet impt imps bedzie winien pred cond".split())
NAME_CLASSES = frozenset(("imię", "nazwa_geograficzna"))


@cache
def kind_of(word: str) -> WordKind:
    """Return what a word can be by the dictionary; nothing for an unknown word."""
    analyses = _morfeusz().analyse(word)
    whole = max((end for _, end, _ in analyses), default=0)
    readings = [
        (entry.split(":")[0], tag.split(":"), set(names))
        for start, end, (_, entry, tag, names, *_) in analyses
        if start == 0 and end == whole and tag != "ign"
    ]
    classes = {tag[0] for _, tag, _ in readings}
    nouns = [(entry, tag, names) for entry, tag, names in readings if tag[0] == "subst"]
    small = [tag[0] for entry, tag, _ in readings if entry[:1].islower() and tag[0] != "brev"]
    name = any(
        names & NAME_CLASSES or (entry[:1].isupper() and "nazwa_pospolita" in names) for entry, _, names in nouns
    )
    subjects = [(tag, names) for _, tag, names in nouns if len(tag) > 2 and "nom" in tag[2].split(".")]
    genitive = any("gen" in tag[2].split(".") for _, tag, _ in nouns if len(tag) > 2)
    given = any("imię" in names for _, _, names in nouns)
    nominative = any("imię" in names and tag[1] == "sg" for tag, names in subjects) if given else bool(subjects)
    return WordKind(
        common=any(tag != "subst" for tag in small) or (bool(small) and not name),
        nominative=name and nominative,
        genitive=genitive and not nominative and classes <= {"subst", "depr"},
        verb=bool(classes & FINITE),
        given_name=given,
    )


@cache
def surname_forms(word: str) -> frozenset[str]:
    """Return the case forms that a name unknown to the dictionary can take, itself included.

    Forms are those of a Polish newspaper: "Zełenskiego", "Bidena", "Corbynowi", "Rutte'go",
    "Farage'a". Too many rather than too few: a form that nobody writes matches nothing.
    """
    forms = {word}
    if word.endswith(("ski", "cki", "dzki")):
        forms |= {word + ending for ending in ("ego", "emu", "m", "ch", "mi")}
        forms |= {word[:-1] + ending for ending in ("ą", "a", "iej")}
    elif word.endswith(("y", "i", "e")):
        forms |= {
            word + ending
            for ending in ("go", "mu", "m", "'go", "'ego", "'emu", "'mu", "'m", "’go", "’ego", "’emu", "’m")
        }
        forms |= {word + mark + ending for mark in ("'", "’") for ending in ("a", "owi", "em")}
        forms |= {word[:-1] + "ego", word[:-1] + "emu", word[:-1] + "ym"} if word.endswith("y") else set()
    elif word.endswith(("a", "o")):
        forms |= {word[:-1] + ending for ending in ("y", "i", "ę", "ą", "o", "e", "ie", "u", "owi", "em", "a")}
        forms |= {word[:-2] + SOFTENED[word[-2]]} if word[-2:-1] in SOFTENED else set()
    else:
        forms |= {word + ending for ending in ("a", "owi", "em", "iem", "ie", "u", "ów", "om", "ami", "ach", "owie")}
        forms |= {word + mark + ending for mark in ("'", "’") for ending in ("a", "owi", "em", "u")}
        forms |= {word[:-1] + SOFTENED[word[-1]]} if word[-1:] in SOFTENED else set()
        if word.endswith("ek"):
            forms |= {word[:-2] + "k" + ending for ending in ("a", "owi", "iem", "u")}
    return frozenset(forms)
