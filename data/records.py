"""One labelled sentence as a JSON object: read with every problem named, and written back."""

import difflib
import itertools
import unicodedata
from collections.abc import Iterator
from typing import Any

from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledActor, LabelledSentence, Mention

SENTENCE_KEYS = ("id", "article", "text", "sentiment", "actors", "tags")
ACTOR_KEYS = ("actor", "mentions", "stance", "holder")


def sentence_from_record(record: object) -> tuple[LabelledSentence | None, list[str]]:
    """Return the sentence of a JSON object and what is wrong with it.

    The text is brought to NFC and the offsets are moved with it. Keys that this shape does not
    know are passed over, unless they look like a known key misspelt. The sentence is None when
    there is any problem.
    """
    if not isinstance(record, dict):
        return None, [f"expected a JSON object, found {type(record).__name__}"]
    problems = list(_shape_problems(record))
    if problems:
        return None, problems
    text = unicodedata.normalize("NFC", record["text"])
    actors = []
    for entry in record.get("actors") or []:
        actor, found = _actor_from_record(entry, record["text"])
        problems += found
        if actor:
            actors.append(actor)
    names = [actor.actor for actor in actors]
    problems += [f"actor {name!r} stands twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if problems:
        return None, problems
    return (
        LabelledSentence(
            id=record["id"],
            article=record.get("article") or record["id"],
            text=text,
            actors=tuple(actors),
            sentiment=record.get("sentiment"),
            tags=tuple(record.get("tags") or ()),
        ),
        [],
    )


def record_from_sentence(sentence: LabelledSentence) -> dict[str, Any]:
    """Return the JSON object of a sentence, missing labels left out."""
    record: dict[str, Any] = {"id": sentence.id, "article": sentence.article, "text": sentence.text}
    if sentence.sentiment:
        record["sentiment"] = sentence.sentiment
    record["actors"] = []
    for actor in sentence.actors:
        entry: dict[str, Any] = {"actor": actor.actor, "mentions": [list(mention) for mention in actor.mentions]}
        if actor.stance:
            entry["stance"] = actor.stance
        if actor.holder:
            entry["holder"] = actor.holder
        record["actors"].append(entry)
    if sentence.tags:
        record["tags"] = list(sentence.tags)
    return record


def _shape_problems(record: dict[str, Any]) -> Iterator[str]:
    yield from _misspelt(record, SENTENCE_KEYS)
    for key in ("id", "text"):
        if not isinstance(record.get(key), str) or not record[key].strip():
            yield f"expected {key!r} to be text, found {record.get(key)!r}"
    if not isinstance(record.get("article", ""), str | None):
        yield f"expected 'article' to be text, found {record['article']!r}"
    if record.get("sentiment") not in (None, *SENTIMENTS):
        yield f"expected sentiment {_one_of(SENTIMENTS)}, found {record['sentiment']!r}"
    tags = record.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield f"expected 'tags' to be a list of words, found {tags!r}"
    if not isinstance(record.get("actors", []), list | None):
        yield f"expected 'actors' to be a list, found {type(record['actors']).__name__}"


def _actor_from_record(entry: object, text: str) -> tuple[LabelledActor | None, list[str]]:
    if not isinstance(entry, dict):
        return None, [f"expected an actor as a JSON object, found {entry!r}"]
    name = entry.get("actor")
    if not isinstance(name, str) or not name.strip():
        return None, [f"expected 'actor' to be a name, found {name!r}"]
    problems = list(_misspelt(entry, ACTOR_KEYS))
    if entry.get("stance") not in (None, *STANCES):
        problems.append(f"actor {name!r}: expected stance {_one_of(STANCES)}, found {entry['stance']!r}")
    if not isinstance(entry.get("holder", ""), str | None):
        problems.append(f"actor {name!r}: expected 'holder' to be a name, found {entry['holder']!r}")
    mentions, found = _mentions(entry.get("mentions"), name, text)
    problems += found
    if problems:
        return None, problems
    return LabelledActor(name, mentions, entry.get("stance"), entry.get("holder") or None), []


def _mentions(value: object, name: str, text: str) -> tuple[tuple[Mention, ...], list[str]]:
    if not isinstance(value, list) or not value:
        return (), [f"actor {name!r}: expected its mentions as [[start, end], …], found {value!r}"]
    mentions: list[Mention] = []
    problems = []
    for pair in value:
        wrong = mention_problem(pair, text)
        if wrong:
            problems.append(f"actor {name!r}: {wrong}")
        else:
            mentions.append((_nfc_offset(text, pair[0]), _nfc_offset(text, pair[1])))
    mentions.sort()
    if any(before[1] > after[0] for before, after in itertools.pairwise(mentions)):
        problems.append(f"actor {name!r}: mentions overlap: {value}")
    return tuple(mentions), problems


def mention_problem(pair: object, text: str) -> str | None:
    """Return what is wrong with one [start, end] of a text, or None.

    A mention lies inside the text, is not blank and does not start or end inside a word.
    """
    if not (isinstance(pair, list | tuple) and len(pair) == 2 and all(type(offset) is int for offset in pair)):
        return f"expected a mention as [start, end], found {pair!r}"
    start, end = pair
    if not 0 <= start < end <= len(text):
        return f"mention [{start}, {end}] lies outside the text of {len(text)} characters"
    if not text[start:end].strip():
        return f"mention [{start}, {end}] holds only blanks"
    if _inside_word(text, start) or _inside_word(text, end):
        return f"mention [{start}, {end}] cuts a word: {text[start:end]!r} in {_around(text, start, end)!r}"
    return None


def _inside_word(text: str, offset: int) -> bool:
    return 0 < offset < len(text) and _of_word(text[offset - 1]) and _of_word(text[offset])


def _of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.combining(character) > 0


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 10) : end + 10]


def _nfc_offset(text: str, offset: int) -> int:
    return len(unicodedata.normalize("NFC", text[:offset]))


def _misspelt(record: dict[str, Any], known: tuple[str, ...]) -> Iterator[str]:
    for key in record:
        if key not in known:
            close = difflib.get_close_matches(key, [name for name in known if name not in record], 1, 0.8)
            if close:
                yield f"unknown key {key!r}; did you mean {close[0]!r}?"


def _one_of(labels: tuple[str, ...]) -> str:
    return ", ".join(labels[:-1]) + f" or {labels[-1]}"
