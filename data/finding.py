"""Actors in a text, in every grammatical case: which one, and where."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from data.actor_list import Actor
from data.morphology import CACHED, agree, kind_of, readings
from data.names import gender_of, is_abbreviation, is_people, keys_of_name, keys_of_text, surnames_of

WORD = re.compile(r"\w+(?:['’](?=\w)\w+)?")
# What may hang on a name: "PiS-u", "NATO-wi", "ONZ-etem"; but "NATO-wski" is an adjective.
ENDING = re.compile(r"[-‑](?:u|a|owi|wi|em|iem|om|ie|r?ze|ów|ami|ach|y|i|ę|ą|et(?:em|u|owi|y|ów)?|ecie)(?!\w)", re.I)
DERIVED = re.compile(r"[-‑][a-ząćęłńóśźż]")  # "NATO-wski", "Polsko-niemiecki"
COMPOUND = re.compile(r"[-‑][A-ZĄĆĘŁŃÓŚŹŻ]")  # "Duda-Gracz"
INSIDE_NAME = re.compile(r"[\s\-‑„”\"«»]+|\.")  # what may stand between the words of a name
INITIAL = re.compile(r"[^\W\d_a-z]")
BEGINS = re.compile(r"(?:^|[.!?…:\n][\"”»’')\]]*\s*|[„\"«(–—]\s*|\s-\s+|\n\s*[-*•]\s*)$")
SHARED = "several actors bear this surname"
COMMON = "a common word, at the beginning of a sentence"
ADJECTIVE = "an adjective of the word that follows"
LONGER = "part of a longer name"
SETTLED_ELSEWHERE = (SHARED, COMMON)  # by a sure mention in the same text
ADJECTIVAL = ("ski", "cki", "dzki", "ska", "cka", "dzka")  # surnames so built are adjectives of places too
CAPS_LINE = 0.8  # share of capitals among a line's letters from which it is a headline in capitals


@dataclass(frozen=True)
class Found:
    """One mention of an actor; offsets in code points, end exclusive."""

    actor: str
    start: int
    end: int


@dataclass(frozen=True)
class Ambiguous:
    """A place that may be a mention of one of some actors, or of none; `why` says what is in doubt."""

    actors: tuple[str, ...]
    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Findings:
    """What was found in a text: mentions in order, none overlapping, and places in doubt."""

    found: list[Found]
    ambiguous: list[Ambiguous]


@dataclass(frozen=True)
class _Pattern:
    """A name as a sequence of words, each as the set of keys a word of the text may match.

    `actors` are several for a surname that persons of the list share. `given` are the given names that
    a bare surname may follow. `noun`: an alias that is also a common noun ("Sojusz").
    """

    actors: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    person: bool
    given: tuple[str, ...] = ()
    noun: bool = False


@dataclass(frozen=True)
class _Word:
    """A word of a text, as it is looked up, and where it stands."""

    form: str
    start: int
    end: int
    others: tuple[str, ...] = ()  # of a line in capitals: how it may stand in a sentence

    def keys(self) -> set[str]:
        """Return all keys that the word answers to."""
        return {key for form in (self.form, *self.others) for key in keys_of_text(form)}


@dataclass(frozen=True)
class _Match:
    pattern: _Pattern
    start: int
    end: int
    doubt: str  # why it may be none, "" if it is sure


class ActorFinder:
    """Finds the actors of a list in texts.

    A word matches by its surface or by a lemma that it shares with the name; a capitalised name
    needs a capitalised word and an abbreviation its own capitals. The longest name wins. A person
    is also found by the surname alone, but not after another given name ("Małgorzata Tusk"). What is
    in doubt is settled by the rest of the text, or reported and left out.
    """

    def __init__(self, actors: Iterable[Actor]) -> None:
        self._by_key: defaultdict[str, list[_Pattern]] = defaultdict(list)
        for pattern in _patterns(list(actors)):
            for key in pattern.words[0]:
                self._by_key[key].append(pattern)
        self._starting = lru_cache(CACHED)(self._starting_with)

    def find(self, text: str) -> list[Found]:
        """Return the mentions in a text, in order, none overlapping."""
        return self.read(text).found

    def read(self, text: str) -> Findings:
        """Return the mentions in a text and the places in doubt.

        A shared surname is the person's whose full name stands in the text, if that is one; a word that
        may be a common one is the actor that the text names elsewhere.
        """
        matches = self._matches(text)
        sure = {match.pattern.actors[0] for match in matches if not match.doubt}
        found: list[Found] = []
        ambiguous: list[Ambiguous] = []
        for match in matches:
            named = [actor for actor in match.pattern.actors if actor in sure]
            if not match.doubt or (match.doubt in SETTLED_ELSEWHERE and len(named) == 1):
                found.append(Found(named[0], match.start, match.end))
            else:
                ambiguous.append(Ambiguous(match.pattern.actors, match.start, match.end, match.doubt))
        return Findings(found, ambiguous)

    def _matches(self, text: str) -> list[_Match]:
        words = _words(text)
        matches: list[_Match] = []
        position = 0
        while position < len(words):
            hit = self._match(text, words, position, matches)
            if hit is None:
                position += 1
            else:
                position, match = hit
                matches += [match] if match else []
        return matches

    def _match(
        self, text: str, words: Sequence[_Word], position: int, before: Sequence[_Match]
    ) -> tuple[int, _Match | None] | None:
        """Return the position after the name that begins here, with its match if it is one; None if none begins."""
        word = words[position]
        for pattern in itertools.chain.from_iterable(map(self._starting, (word.form, *word.others))):
            last = _last_word(text, words, position, pattern)
            if last is None:
                continue
            end = _end(text, words[last], person=pattern.person)
            if end is None or _is_other_person(text, words, position, pattern, before):
                return last + 1, None
            return last + 1, _Match(pattern, word.start, end, _doubt(text, words, position, last, pattern))
        return None

    def _starting_with(self, form: str) -> tuple[_Pattern, ...]:
        """Return the patterns that a word can begin, the longest first."""
        found = [pattern for key in keys_of_text(form) for pattern in self._by_key.get(key, ())]
        return tuple(sorted(dict.fromkeys(found), key=lambda pattern: (-len(pattern.words), len(pattern.actors))))


def _patterns(actors: list[Actor]) -> Iterable[_Pattern]:
    """Yield every name to look for; a name of two actors belongs to the first."""
    names: dict[str, Actor] = {}
    for actor in actors:
        for name in (actor.name, *actor.aliases):
            names.setdefault(name, actor)
    for name, actor in names.items():
        words = WORD.findall(name)
        person = actor.type == "person"
        gender = gender_of(words[0]) if person and words else ""
        if words:
            noun = len(words) == 1 and not person and name != actor.name and kind_of(name).noun
            yield _Pattern((actor.name,), keys_of_name(words, person=person, gender=gender), person, noun=noun)
    bearers: defaultdict[str, list[Actor]] = defaultdict(list)
    for actor in actors:
        for surname in surnames_of(actor.name) if actor.type == "person" else ():
            if surname not in names and not is_people(surname):
                bearers[surname].append(actor)
    for surname, persons in bearers.items():
        given = tuple(person.name.split(" ")[0] for person in persons)
        genders = {gender_of(name) for name in given}
        keys = keys_of_name(WORD.findall(surname), person=True, gender=genders.pop() if len(genders) == 1 else "")
        yield _Pattern(tuple(person.name for person in persons), keys, person=True, given=given)


def _words(text: str) -> list[_Word]:
    """Return the words of a text; those of a line in capitals also as they would stand in a sentence."""
    words = []
    start = 0
    for line in text.splitlines(keepends=True):
        shouted = _is_shouted(line)
        for found in WORD.finditer(text, start, start + len(line)):
            form = found.group()
            others = (form.capitalize(),) if shouted else ()
            if shouted and kind_of(form.lower()).particle and len(form) < 4:
                form = form.lower()  # "PO MECZU": the preposition is likelier
            words.append(_Word(form, found.start(), found.end(), others))
        start += len(line)
    return words


def _is_shouted(line: str) -> bool:
    if line.upper() != line and sum(map(str.isupper, line)) < CAPS_LINE * sum(map(str.isalpha, line)):
        return False
    return sum(map(str.isalpha, line)) >= 12 and " " in line.strip()


def _last_word(text: str, words: Sequence[_Word], position: int, pattern: _Pattern) -> int | None:
    """Return the position of the last word of a name that begins here, None if it does not stand here."""
    at = position
    for keys in pattern.words[1:]:
        at += 1
        if pattern.person and at < len(words) and INITIAL.fullmatch(words[at].form) and not keys & words[at].keys():
            at += 1  # "Robert F. Kennedy", looked for as "Robert Kennedy"
        if at >= len(words) or not keys & words[at].keys():
            return None
        gap = text[words[at - 1].end : words[at].start]
        after_initial = INITIAL.fullmatch(words[at - 1].form) and gap in (".", ". ")
        if not after_initial and not INSIDE_NAME.fullmatch(gap):
            return None
    return at


def _end(text: str, last: _Word, *, person: bool) -> int | None:
    """Return where the mention ends, a hyphened case ending included; None for a word derived of the name."""
    ending = ENDING.match(text, last.end)
    if ending:
        return ending.end()
    if DERIVED.match(text, last.end) or (person and COMPOUND.match(text, last.end)):
        return None
    return last.end


def _is_other_person(
    text: str, words: Sequence[_Word], position: int, pattern: _Pattern, before: Sequence[_Match]
) -> bool:
    """Say whether a bare surname follows a given name that is not this actor's: "Lech", "Jill", "Kornhauser-"."""
    if not pattern.given:
        return False
    word = words[position]
    if kind_of(word.form).given_name and re.match(r" [A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]", text[word.end : word.end + 3]):
        return True  # "Michel Barnier" is not Charles Michel
    if position == 0:
        return False
    previous = words[position - 1]
    gap = text[previous.end : word.start]
    if gap in ("-", "‑"):
        return True
    if any(given[:3] == previous.form[:3] for given in pattern.given) or (before and before[-1].end >= previous.end):
        return False
    if INITIAL.fullmatch(previous.form):
        return gap == ". " and not any(given[0] == previous.form for given in pattern.given)
    if gap != " " or not previous.form[:1].isupper() or is_abbreviation(previous.form):
        return False
    kind = kind_of(previous.form)
    return (kind.given_name and not kind.particle) or not readings(previous.form)


def _doubt(text: str, words: Sequence[_Word], position: int, last: int, pattern: _Pattern) -> str:
    """Return why a match may be none, "" if it is sure."""
    if len(pattern.actors) > 1:
        return SHARED
    if position != last:
        return ""
    word = words[position]
    following = words[position + 1] if position + 1 < len(words) else None
    adjacent = following and text[word.end : following.start] == " "
    begins = bool(BEGINS.search(text, max(0, word.start - 12), word.start)) or word.start == 0
    kind = kind_of(word.form)
    if pattern.given:  # "Jak", a form of the surname Jaki, is the particle whatever village is called so too
        small = kind.particle or (kind.adjective and not word.form.endswith(ADJECTIVAL))
    else:
        small = kind.particle and not kind.name
    if begins and small and not is_abbreviation(word.form):
        return COMMON
    if not (adjacent and following):
        return ""
    if (begins or following.form[0].isupper()) and agree(word.form, following.form):
        return ADJECTIVE
    if pattern.person or not following.form[0].isupper() or is_abbreviation(following.form):
        return ""
    # "Mińsku Mazowieckim", "Sojuszu Lewicy Demokratycznej"
    longer = agree(following.form, word.form) or (pattern.noun and kind_of(following.form).genitive)
    return LONGER if longer else ""
