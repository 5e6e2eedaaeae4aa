"""Sentences rewritten with other names: an actor under another name, or two actors who change places.

Names stand in the case of the place. Where the right form is not sure there is no rewritten sentence but None.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from data.actor_list import Actor
from data.given_names import EITHER, MEN, WOMEN
from data.inflection import Declension
from data.morphology import kind_of
from data.names import is_abbreviation, surnames_of
from data.sentence import LabelledActor, LabelledSentence, Mention
from data.slots import Slot, known_names, slot_of

PREPOSITION = re.compile(r"(?<!\w)([wWzZ])(e?)(?=[\s\u00a0]+[„\"«]?$)")
# A consonant after these asks for the longer preposition: "we Francji", "ze Stanami", "ze Lwowem".
WE = re.compile(r"[wfWF](?![haeiouyąęóAEIOUYÓ])|[Ll]w", re.UNICODE)
ZE = re.compile(r"(?:[zsśźżZSŚŹŻ](?![aeiouyąęóAEIOUYÓzZ])|[sS]z(?![aeiouyąęó])|[wW][szSZ]|[Ll]w|[Ww]sch)", re.UNICODE)
CAPITAL_STARTS = re.compile(r"(?:^|[.!?…]\s+)[\s–—„\"«(-]*$|[„\"«]$")  # of a sentence, or of what is quoted

Known = Mapping[str, Actor]


def known_actors(actors: Iterable[Actor]) -> dict[str, Actor]:
    """Return actors by each of their names: under an alias, the actor that has the alias for its name."""
    known: dict[str, Actor] = {}
    listed = list(actors)
    for actor in listed:
        names = (actor.name, *actor.aliases)
        for alias in actor.aliases:
            known.setdefault(alias, Actor(alias, actor.type, tuple(name for name in names if name != alias)))
    return known | {actor.name: actor for actor in listed}


def actor_of(name: str, known: Known) -> Actor:
    """Return what is known of an actor; of one that no list has, whether it is a person, by the given name."""
    return known.get(name) or Actor(name, type_of(name))


def type_of(name: str) -> str | None:
    """Return "person" for a given name with a surname, None for what cannot be told."""
    words = name.split()
    given = len(words) > 1 and (kind_of(words[0]).given_name or words[0] in WOMEN | MEN | EITHER)
    return "person" if given and all(word[0].isupper() or len(word) < 5 for word in words) else None


def substitute(sentence: LabelledSentence, position: int, name: str, known: Known) -> LabelledSentence | None:
    """Give an actor another name of its type, in every mention; labels and offsets go along.

    Args:
        sentence: The sentence, with labels.
        position: Which of its actors gets another name.
        name: The new name.
        known: What is known of actors by name; a name it lacks may be a person's.

    Returns:
        The sentence with the new name in the case of each mention, a surname alone for a surname alone; None
        where the types differ or are unknown, where a form is not sure, or where the new name stands there already.
    """
    old, new = actor_of(sentence.actors[position].actor, known), actor_of(name, known)
    if old.type is None or old.type != new.type or old.name == new.name or _stands_in(sentence, new):
        return None
    edits: list[_Edit] = []
    for mention in sentence.actors[position].mentions:
        slot = _slot(sentence, mention, old)
        form = slot and _form_in(slot, _names(new, short=slot.short), old, new)
        if not form or _loses_capital(sentence.text, mention, form):
            return None
        edits.append(_Edit(mention, form, position))
    actors = [replace(actor, holder=name if actor.holder == old.name else actor.holder) for actor in sentence.actors]
    actors[position] = replace(actors[position], actor=name)
    return _rewritten(sentence, actors, edits)


def swap(sentence: LabelledSentence, first: int, second: int, known: Known) -> LabelledSentence | None:
    """Let two actors of a sentence change places: each name in the case of the other's place.

    Args:
        sentence: The sentence, with labels.
        first: One of the actors, by position.
        second: The other.
        known: What is known of actors by name.

    Returns:
        The sentence with the actors in the same order; the two have each other's mentions, stance and holder, for
        these belong to the place. None where a form is not sure.
    """
    places = (first, second)
    owners = [actor_of(sentence.actors[place].actor, known) for place in places]
    slots = [
        [_slot(sentence, mention, owner) for mention in sentence.actors[place].mentions]
        for place, owner in zip(places, owners, strict=True)
    ]
    edits: list[_Edit] = []
    for side, other in ((0, 1), (1, 0)):
        spoken = [slot.declension for slot in slots[other] if slot]
        if len(spoken) < len(slots[other]) or not spoken:
            return None
        for number, (mention, slot) in enumerate(zip(sentence.actors[places[side]].mentions, slots[side], strict=True)):
            names = [spoken[min(number, len(spoken) - 1)], *spoken, *_other_names(owners[other])]
            form = slot and _form_in(slot, names, owners[side], owners[other])
            if not form or _loses_capital(sentence.text, mention, form):
                return None
            edits.append(_Edit(mention, form, places[other]))
    return _rewritten(sentence, _with_places_exchanged(sentence, first, second), edits)


@dataclass(frozen=True)
class _Edit:
    """A mention that becomes the mention of the actor at `position`, spelled `form`."""

    mention: Mention
    form: str
    position: int


def _slot(sentence: LabelledSentence, mention: Mention, actor: Actor) -> Slot | None:
    return slot_of(sentence.text, mention, actor.name, actor.aliases, person=actor.type == "person")


def _names(actor: Actor, *, short: bool) -> list[Declension]:
    """Return the actor's name as it may stand in a place: the full name, or a person's surname alone."""
    named = known_names(actor.name, actor.aliases if actor.type != "person" else (), actor.type == "person")
    wanted = surnames_of(actor.name)[:1] if short else [actor.name]
    return [one for one, is_short in named if is_short == short and one.forms.get("nom") in wanted][:1]


def _other_names(actor: Actor) -> list[Declension]:
    """Return all names of an actor that is no person, for a place where the one it had would not agree."""
    return [one for one, _ in known_names(actor.name, actor.aliases, False)] if actor.type != "person" else []


def _form_in(slot: Slot, names: Sequence[Declension], old: Actor, new: Actor) -> str | None:
    """Return the form of the first name that fits a place; None where none is sure or agrees with what is beside it."""
    if slot.apposed and (old.type is None or old.type != new.type):
        return None
    if slot.preposition in ("w", "we") and (old.type == "person") != (new.type == "person"):
        return None  # "we Francji", but not "w Marine Le Pen"
    return next((form for name in names if slot.suits(name) and (form := _form_of(name, slot))), None)


def _form_of(name: Declension, slot: Slot) -> str | None:
    if "number" in slot.agrees and name.number != slot.number:
        return None
    if "gender" in slot.agrees and (not name.gender or _gender_class(name) != _gender_class(slot.declension)):
        return None
    forms = {name.forms.get(case) for case in slot.cases}
    return forms.pop() if len(forms) == 1 else None


def _gender_class(name: Declension) -> str:
    """Return the gender that verbs and adjectives show: masculines are one in the singular, men in the plural."""
    if name.number == "pl":
        return "m1" if name.gender == "m1" else "other"
    return name.gender[:1]


def _stands_in(sentence: LabelledSentence, actor: Actor) -> bool:
    """Say whether a sentence names the actor already, in any form."""
    if actor.name in {other.actor for other in sentence.actors}:
        return True
    named = known_names(actor.name, actor.aliases, actor.type == "person")
    forms = {form for one, _ in named for form in one.forms.values() if len(form) > 1}
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", sentence.text) for form in forms)


def _loses_capital(text: str, mention: Mention, form: str) -> bool:
    return form[:1].islower() and bool(CAPITAL_STARTS.search(text[: mention[0]]))


def _with_places_exchanged(sentence: LabelledSentence, first: int, second: int) -> list[LabelledActor]:
    names = {sentence.actors[first].actor: sentence.actors[second].actor}
    names |= {new: old for old, new in names.items()}
    actors = [
        replace(actor, holder=names.get(actor.holder, actor.holder) if actor.holder else None)
        for actor in sentence.actors
    ]
    one, other = actors[first], actors[second]
    actors[first] = replace(one, stance=other.stance, holder=other.holder, mentions=())
    actors[second] = replace(other, stance=one.stance, holder=one.holder, mentions=())
    return actors


def _rewritten(
    sentence: LabelledSentence, actors: Sequence[LabelledActor], edits: Sequence[_Edit]
) -> LabelledSentence | None:
    """Return the sentence with the edits made and all mentions where they stand then; None if mentions overlap."""
    edited = {edit.mention: edit for edit in edits}
    places = sorted(
        {mention: position for position, actor in enumerate(sentence.actors) for mention in actor.mentions}.items()
    )
    if len(edited) < len(edits) or any(left[0][1] > right[0][0] for left, right in pairwise(places)):
        return None
    text, end = "", 0
    mentions: list[list[Mention]] = [[] for _ in actors]
    for mention, position in places:
        text += sentence.text[end : mention[0]]
        edit = edited.get(mention)
        form = edit.form if edit else sentence.text[slice(*mention)]
        text = _fitted(text, form) if edit else text
        mentions[edit.position if edit else position].append((len(text), len(text) + len(form)))
        text, end = text + form, mention[1]
    moved = tuple(replace(actor, mentions=tuple(at)) for actor, at in zip(actors, mentions, strict=True))
    return replace(sentence, text=text + sentence.text[end:], actors=moved)


def _fitted(text: str, form: str) -> str:
    """Return the text with its last preposition, w or z, in the variant that the name after it asks for."""
    found = PREPOSITION.search(text)
    if not found:
        return text
    letters = is_abbreviation(form.split()[0].split("-")[0])  # "z SLD", spelled: es
    longer = not letters and bool((WE if found[1] in "wW" else ZE).match(form))
    return text[: found.start()] + found[1] + ("e" if longer else "") + text[found.end() :]
