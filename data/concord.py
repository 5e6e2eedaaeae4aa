"""What a sentence shows of a name besides its case: number and gender, and a noun that says what it is."""

from data.context import (
    BOUNDARY,
    MODIFIERS,
    Context,
    Word,
    genders_of_past,
    is_title_of_woman,
    may_be_doer,
    noun_cases,
)
from data.government import AND, COPULAS, SUBORDINATING


def agreement(context: Context, cases: frozenset[str]) -> frozenset[str]:
    """Return what the sentence shows of the name: "number", "gender"."""
    shown: set[str] = {"number", "gender"} if context.person and _has_title(context, cases) else set()
    if (
        context.modified
        or _is_referred_to(context)
        or _is_subject_later(context)
        or _followed_by_adjective(context, cases)
    ):
        shown |= {"number", "gender"}
    if "nom" in cases and not _is_mere_title(context):
        shown.add("number")
        if any(_shows_gender(context, word) for word in (*context.clause[0], *_of_name(context))):
            shown.add("gender")
    return frozenset(shown)


def _of_name(context: Context) -> list[Word]:
    """Return the words after the name, without those of later clauses that name another who may be the subject."""
    words: list[Word] = []
    first, other = not BOUNDARY.search(context.closing), False
    for position, word in enumerate(context.after):
        if (position and BOUNDARY.search(word.gap)) or word.form.lower() in AND:
            first, other = first and not BOUNDARY.search(word.gap), False
        other = other or may_be_doer(word)
        words += [word] if first or not other else []
    return words


def _is_mere_title(context: Context) -> bool:
    return context.titled and not context.person


def _shows_gender(context: Context, word: Word) -> bool:
    """Say whether a word may be the predicate of the name: a verb of the past, an adjective."""
    for reading in word.known:
        tag = reading.tag
        if tag[0] in ("praet", "winien"):
            fits = context.name.number in tag[1].split(".") and context.has_gender(tag[2])
        elif tag[0] in MODIFIERS and len(tag) > 3:
            fits = (
                "nom" in tag[2].split(".") and context.name.number in tag[1].split(".") and context.has_gender(tag[3])
            )
            fits = fits and _has_copula(context)
        else:
            fits = False
        if fits:
            return True
    return False


def _has_copula(context: Context) -> bool:
    return any(word.lemmas & COPULAS for word in (*context.before, *context.after))


def _is_referred_to(context: Context) -> bool:
    """Say whether a pronoun after the name may mean it: "jej", and after a comma "który", "o którym", "ta"."""
    for position, word in enumerate(context.after):
        commas = "".join([context.closing, *(between.gap for between in context.after[1 : min(position + 1, 2)])])
        relative = position < 4 and "," in commas  # "Rosja zaś, która"
        which = relative and bool(word.lemmas & {"który", "jaki", "ten"}) and _may_mean_name(context, word, ("adj",))
        if which or _may_mean_name(context, word, ("ppron3",)):
            return True
    for position, word in enumerate(context.before):  # "Łatwo jej, bo Iga tylko gra"
        if _may_mean_name(context, word, ("ppron3",)):
            return not any(_may_mean_name(context, noun, ("subst",)) for noun in context.before[:position])
    return False


def _may_mean_name(context: Context, word: Word, classes: tuple[str, ...]) -> bool:
    """Say whether a word of one of the classes has the name's number and gender."""
    return any(
        reading.tag[0] in classes
        and len(reading.tag) > 3
        and context.name.number in reading.tag[1].split(".")
        and context.has_gender(reading.tag[3])
        for reading in word.known
    )


def _is_subject_later(context: Context) -> bool:
    """Say whether a later clause may have the name for its unspoken subject: "dziękuje Radzie, że zapłaciła"."""
    opened = ":" in context.closing
    for word in context.after:
        if BOUNDARY.search(word.gap):
            opened = word.form.lower() in SUBORDINATING or ":" in word.gap
        if opened and "nom" in noun_cases(word) and any(reading.tag[0] == "subst" for reading in word.known):
            opened = False
        past = (reading for reading in word.known if genders_of_past(reading))
        if opened and any(context.name.number == r.tag[1] and context.has_gender(r.tag[2]) for r in past):
            return True
    return False


def _followed_by_adjective(context: Context, cases: frozenset[str]) -> bool:
    return (
        bool(context.after)
        and context.closing in (" ", ", ")
        and bool(context.after[0].form.islower() and _agreeing_adjective(context, context.after[0], cases))
    )


def _agreeing_adjective(context: Context, word: Word, cases: frozenset[str]) -> bool:
    return any(
        reading.tag[0] in MODIFIERS
        and len(reading.tag) > 3
        and context.name.number in reading.tag[1].split(".")
        and cases & set(reading.tag[2].split("."))
        and context.has_gender(reading.tag[3])
        for reading in word.known
    )


def apposed(context: Context, cases: frozenset[str]) -> bool:
    """Say whether a noun says what the name is: "spółka Orlen", "szef MSZ Sikorski", "Sikorski, minister"."""
    return context.titled or (context.person and _has_title(context, cases))


def _has_title(context: Context, cases: frozenset[str]) -> bool:
    """Say whether a person's title stands within a few words before the name or after its comma."""
    if context.closing.startswith((" (", ", ")) and context.after and _is_title(context, context.after[0], cases):
        return True
    last = len(context.before) - 1
    for at in range(last, last - 6, -1):
        apart = context.gap.strip() if at == last else ""  # "szefowa resortu, Hanna Wróblewska"
        if at < 0 or not (context.beside(at) or apart == ","):
            return False
        if _is_title(context, context.before[at], cases):
            return True
    return False


def _is_title(context: Context, word: Word, cases: frozenset[str]) -> bool:
    return any(
        reading.gender in ("m1", "f")
        and reading.spelling[0].islower()
        and (reading.gender == "m1" or is_title_of_woman(reading))
        and cases & set(reading.tag[2].split("."))
        for reading in word.known
    )
