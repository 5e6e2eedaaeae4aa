"""In which of the cases that its form allows a name stands: what the words around it leave of them."""

from data.context import (
    MODIFIERS,
    Context,
    Word,
    can_be_subject,
    is_noun,
    is_person,
    is_title_of_woman,
    may_be_doer,
    noun_cases,
)
from data.government import (
    AND,
    COMPARING,
    DENYING,
    GOVERNED_BY_PREPOSITION,
    GOVERNED_BY_VERB,
    IMPERSONAL,
    LOCATIVE_PREPOSITIONS,
    OF_DATIVE,
    OF_GENITIVE,
    STARTING,
    TIMES,
    TITLES_OF_THINGS,
    W_WITH_ACCUSATIVE,
)
from data.inflection import CASES
from data.morphology import FINITE, agree

ALL = frozenset(CASES)
VERBS = FINITE | {"inf", "pcon", "pant"}
COMMON = frozenset(("nazwa_pospolita",))


def narrowed(context: Context, cases: frozenset[str]) -> frozenset[str]:
    """Return the cases that the context leaves of those that the form has."""
    at, cases = _modified(context, cases)
    left = context.before[at] if at >= 0 and context.beside(at) else None
    if left is None or context.opens_quotation():
        return _free(context, _coordinated(context, _without_locative(context, cases, at)), None)
    form = left.form.lower()
    if form in GOVERNED_BY_PREPOSITION:
        return _coordinated(context, cases & _governed(context, form) or cases & GOVERNED_BY_PREPOSITION[form])
    if form in AND:
        alike = _like_partner(context, cases, at)
        return alike if alike != cases else _subject(context, cases, left)
    if form in COMPARING:
        return cases
    cases = _coordinated(context, cases - {"loc"})
    if is_noun(left):
        return _after_noun(context, cases, at)
    return _free(context, _after_verb(context, cases, at), left)


def _modified(context: Context, cases: frozenset[str]) -> tuple[int, frozenset[str]]:
    """Step over what agrees with the name before it; return the position left of that and the cases left."""
    at = len(context.before) - 1
    while at >= 0 and context.beside(at):
        word = context.before[at]
        agreeing = _agreeing(context, word, cases)
        of_noun = at > 0 and context.beside(at - 1) and agree(word.form, context.before[at - 1].form)
        # In "Komisji Europejskiej Ursuli" the adjective is the noun's.
        if not agreeing or (word.form[0].isupper() and at > 0) or (of_noun and not is_noun(word)):
            break
        context.titled |= is_noun(word)
        context.modified = True
        cases &= agreeing
        at -= 1
    return at, cases


def _agreeing(context: Context, word: Word, cases: frozenset[str]) -> frozenset[str]:
    """Return the cases in which a word agrees with the name: an adjective, or the title of a person."""
    classes = (*MODIFIERS, "subst") if context.person else MODIFIERS
    agreeing: set[str] = set()
    for reading in word.known:
        if reading.tag[0] not in classes or len(reading.tag) < 4 or reading.spelling[0].isupper():
            continue
        number, case, gender = (set(part.split(".")) for part in reading.tag[1:4])
        title = reading.tag[0] == "subst"
        if title and ("." in reading.tag[1] or context.name.gender not in ("m1", "f") or reading.names - COMMON):
            continue  # "premier" of a woman has no cases
        if title and context.name.gender == "f" and not is_title_of_woman(reading):
            continue
        if context.name.number in number and (context.name.gender in gender or not context.name.gender):
            agreeing |= case
    return frozenset(agreeing) & cases


def _governed(context: Context, preposition: str) -> frozenset[str]:
    governed = GOVERNED_BY_PREPOSITION[preposition]
    if preposition in ("w", "we") and not context.has_lemma(W_WITH_ACCUSATIVE):
        return governed - {"acc"}
    return governed


def _without_locative(context: Context, cases: frozenset[str], at: int) -> frozenset[str]:
    """Leave the locative out: it needs a preposition, unless one stands before a list ("w Rosji, Chinach")."""
    listed = at >= 0 and "," in (context.gap if at == len(context.before) - 1 else context.before[at + 1].gap)
    if listed and any(word.form.lower() in LOCATIVE_PREPOSITIONS for word in context.before):
        return cases
    return cases - {"loc"}


def _like_partner(context: Context, cases: frozenset[str], at: int) -> frozenset[str]:
    """Narrow by the noun before "i", which stands in the same case: "dla Rosji i Chin"."""
    if at < 1 or not context.beside(at - 1):
        return cases
    partner = context.before[at - 1]
    theirs = noun_cases(partner) or ALL
    if at > 1 and context.beside(at - 2) and context.before[at - 2].form.lower() in GOVERNED_BY_PREPOSITION:
        theirs &= _governed(context, context.before[at - 2].form.lower())
    return cases & theirs or cases


def _coordinated(context: Context, cases: frozenset[str]) -> frozenset[str]:
    """Narrow by the name after "i", which stands in the same case: "Rosji i Chin"."""
    if (
        len(context.after) > 1
        and context.after[0].form in AND
        and context.closing == " "
        and context.after[1].gap == " "
    ):
        partner = context.after[1]
        if partner.form[0].isupper():
            return cases & (noun_cases(partner) or cases) or cases
    return cases


def _after_noun(context: Context, cases: frozenset[str], at: int) -> frozenset[str]:
    noun = context.before[at]
    if not context.person and noun.lemmas & TITLES_OF_THINGS and "nom" in cases:
        context.titled = True
        return cases & {"nom", "gen"}  # "spółka Orlen", but "klub PiS" may be either
    if "gen" not in cases:
        return _subject(context, cases, None)
    if "nom" in cases and noun.lemmas & TIMES:  # "W czerwcu UE zamknęła"
        return _subject(context, cases, None)
    of_person = any(reading.gender == "m1" and reading.spelling[0].islower() for reading in noun.known)
    woman = context.person and context.name.gender == "f"
    if of_person and woman and "nom" in cases:  # "premier Meloni", "kurator Bodnár": a title, in any case
        context.titled = context.modified = True
        return cases
    if of_person:
        return frozenset(("gen",))
    governed = at > 0 and context.beside(at - 1) and context.before[at - 1].form.lower() in GOVERNED_BY_PREPOSITION
    verb = context.verb()
    subject = not governed and "nom" in noun_cases(noun) and (verb is None or can_be_subject(noun, verb))
    if "nom" in cases and ((not subject and verb is not None) or _verb_lacks_subject(context, at)):
        return cases & {"nom", "gen"}  # "W klubie PiS ogłosił", not "Zjazd PiS ogłosił"
    return cases & ({"gen", "dat"} if context.clause_has(OF_DATIVE) else {"gen"})


def _verb_lacks_subject(context: Context, at: int) -> bool:
    """Say whether a verb before the name may have it for its subject, as nothing before it in the clause is one."""
    words = [word for word in context.clause[0] if word.start < context.before[at].start]
    verb = any(context.agrees_with_name(word) for word in words)
    return verb and not any(may_be_doer(word) for word in words)


def _after_verb(context: Context, cases: frozenset[str], at: int) -> frozenset[str]:
    """Narrow by the verb directly before, if its objects stand in one case."""
    word = context.before[at]
    verbs = [reading for reading in word.known if reading.tag[0] in VERBS]
    if not verbs or len(verbs) < len(word.known):
        return cases
    coordinated = bool(context.after) and context.after[0].form in AND
    agreeing = context.agrees_with_name(word) or context.verb() is not None or coordinated
    if any(reading.tag[0] in FINITE for reading in verbs) and not agreeing:
        cases = cases - {"nom"} or cases  # "lżyli Ostatnie Pokolenie"
    governed = frozenset().union(*(GOVERNED_BY_VERB.get(reading.spelling, ALL) for reading in verbs))
    if governed == ALL:
        return cases
    if governed & {"acc"} and _is_denied(context):
        governed = governed | {"gen"}
    if context.agrees_with_name(word) and not _has_subject(context, at):
        governed = governed | {"nom"}  # "– skrytykował PiS": it may be who criticised
    return cases & governed or cases


def _has_subject(context: Context, at: int) -> bool:
    """Say whether a person in the nominative stands before the verb in the clause: "Zełenski ostrzegł"."""
    words = [word for word in context.clause[0] if word.start < context.before[at].start]
    return any(
        is_person(word, context.before[at])
        and (not position or words[position - 1].form.lower() not in GOVERNED_BY_PREPOSITION)
        for position, word in enumerate(words)
    )


def _free(context: Context, cases: frozenset[str], left: Word | None) -> frozenset[str]:
    """Narrow the case of a name that no noun or preposition before it explains: only verbs and "nie" do."""
    cases = _subject(context, cases, left)
    if cases not in ({"gen", "acc"}, {"gen", "dat"}) or _is_denied(context) or context.has_lemma(OF_GENITIVE):
        return cases
    listed = left is None and context.gap.strip() == ","
    if listed or (left is not None and {"num", "ger", "subst"} & {reading.tag[0] for reading in left.known}):
        return cases
    return cases - {"gen"}


def _is_denied(context: Context) -> bool:
    return any(word.form.lower() in DENYING for word in (*context.before[-12:], *context.clause[1]))


def _subject(context: Context, cases: frozenset[str], left: Word | None) -> frozenset[str]:
    """Leave the nominative alone where the name can be nothing but the subject of the verb after it."""
    verb = context.verb()
    if "nom" not in cases or verb is None or verb.lemmas & IMPERSONAL:
        return cases
    behind = context.clause[1][context.clause[1].index(verb) + 1 :][:3]
    compared = [word.form for word, before in zip(behind[1:], behind, strict=False) if before.form in COMPARING]
    if any(may_be_doer(word) and word.form not in compared for word in behind):  # "PiS skrytykował Tusk"
        return cases
    if left is None or left.form.lower() in STARTING or cases == {"nom", "acc"}:
        return frozenset(("nom",))
    explains = {reading.tag[0] for reading in left.known} & (VERBS | {"subst", "ger", "prep", "num", "adj"})
    return cases if explains or not left.known else frozenset(("nom",))
