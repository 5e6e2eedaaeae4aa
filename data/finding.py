"""Actors in a text, in every grammatical case: which one, and where."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.actor_list import Actor
from data.morphology import lemmas, surname_forms

WORD = re.compile(r"\w+(?:['’](?=\w)\w+)?")
# What may hang on an abbreviation: "PiS-u", "NATO-wi", "KO-wców" (but "NATO-wski" is an adjective).
ENDING = re.compile(r"[-‑](?:u|a|owi|wi|em|iem|om|ie|ów|ami|ach|y|i|ę|ą)(?!\w)")
ABBREVIATION_ENDINGS = ("u", "owi", "em", "iem", "ie")
DERIVED = re.compile(r"[-‑][a-ząćęłńóśźż]")


@dataclass(frozen=True)
class Found:
    """One mention of an actor; offsets in code points, end exclusive."""

    actor: str
    start: int
    end: int


@dataclass(frozen=True)
class _Pattern:
    """A name as a sequence of words, each as the set of keys a word of the text may match."""

    actor: str
    words: tuple[frozenset[str], ...]


class ActorFinder:
    """Finds the actors of a list in texts.

    A word matches by its surface or by a lemma that it shares with the name; a capitalised name
    needs a capitalised word and an abbreviation its own capitals. The longest name wins. A person
    is also found by the surname alone, unless two persons of the list share it.
    """

    def __init__(self, actors: Iterable[Actor]) -> None:
        self._by_first_key: defaultdict[str, list[_Pattern]] = defaultdict(list)
        for name, actor in _names(list(actors)):
            words = tuple(_name_keys(word, person=actor.type == "person") for word in WORD.findall(name))
            for key in words[0] if words else ():
                self._by_first_key[key].append(_Pattern(actor.name, words))
        for patterns in self._by_first_key.values():
            patterns.sort(key=lambda pattern: -len(pattern.words))

    def find(self, text: str) -> list[Found]:
        """Return the mentions in a text, in order, none overlapping."""
        words = list(WORD.finditer(text))
        found: list[Found] = []
        position = 0
        while position < len(words):
            pattern = self._match(words, position)
            if pattern is None:
                position += 1
                continue
            last = words[position + len(pattern.words) - 1]
            end = _end_with_ending(text, last)
            if end is not None:
                found.append(Found(pattern.actor, words[position].start(), end))
            position += len(pattern.words)
        return found

    def _match(self, words: Sequence[re.Match[str]], position: int) -> _Pattern | None:
        for key in _text_keys(words[position].group()):
            for pattern in self._by_first_key.get(key, ()):
                rest = words[position : position + len(pattern.words)]
                if len(rest) == len(pattern.words) and all(
                    not keys.isdisjoint(_text_keys(word.group()))
                    for keys, word in zip(pattern.words, rest, strict=True)
                ):
                    return pattern
        return None


def _names(actors: list[Actor]) -> list[tuple[str, Actor]]:
    """Return every name to look for with its actor; a name of two actors belongs to the first."""
    names: dict[str, Actor] = {}
    for actor in actors:
        for name in (actor.name, *actor.aliases):
            names.setdefault(name, actor)
    by_surname: defaultdict[str, list[Actor]] = defaultdict(list)
    for actor in actors:
        if actor.type == "person" and " " in actor.name:
            by_surname[actor.name.split(" ", 1)[1]].append(actor)
    for surname, bearers in by_surname.items():
        if len(bearers) == 1:
            names.setdefault(surname, bearers[0])
    return list(names.items())


def _name_keys(word: str, *, person: bool) -> frozenset[str]:
    """Return the keys under which a word of a name is looked for."""
    known = lemmas(word)
    same = {lemma for lemma in known if lemma.spelling == word}
    if _is_abbreviation(word):
        forms = {_key(word + ending, word) for ending in ("", *ABBREVIATION_ENDINGS)}  # "PiSu", "PiSowi"
        return frozenset(forms | {_key(lemma.entry, word) for lemma in same})
    if not known:
        return frozenset(_key(form, word) for form in surname_forms(word))
    # "Polska" is the country, not the adjective "polski"; "Niemcy" not the person "Niemiec".
    entries = same or {lemma for lemma in known if lemma.spelling[0].isupper()} or known
    if not person:  # nor the surname Polska, of which "Polskiej" would be a form
        entries = {lemma for lemma in entries if not lemma.surname} or entries
    return frozenset({_key(word, word), *(_key(lemma.entry, word) for lemma in entries)})


def _text_keys(word: str) -> list[str]:
    return [_key(word, word), *(_key(lemma.entry, word) for lemma in sorted(lemmas(word)))]


def _key(form: str, word: str) -> str:
    """Return the form with the capitals of the word it stands for: a lemma alone has none."""
    return ("^" if word[:1].isupper() else "_") + form


def _is_abbreviation(word: str) -> bool:
    return sum(letter.isupper() for letter in word) > 1


def _end_with_ending(text: str, last: re.Match[str]) -> int | None:
    """Return where the mention ends, a hyphened case ending included; None for a derived word."""
    ending = ENDING.match(text, last.end())
    if ending:
        return ending.end()
    if _is_abbreviation(last.group()) and DERIVED.match(text, last.end()):
        return None
    return last.end()
