"""The forms that a name takes in Polish text: by the dictionary where it knows the name, else by rule."""

import re
import unicodedata
from collections.abc import Sequence

from data.morphology import entries, readings, singular_entries

VOWELS = "aąeęioóuy"
POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
APOSTROPHES = ("'", "’")
# Softening before -ie / -e of the locative: "Trump" → "Trumpie", "Kurt" → "Kurcie".
SOFTENED = {"t": "cie", "d": "dzie", "r": "rze", "ł": "le", "l": "lu", "k": "ku", "g": "gu", "h": "hu", "j": "ju"}
ABBREVIATION_ENDINGS = ("", "u", "owi", "em", "iem", "ie")
ROMAN = re.compile(r"[IVX]+")
ENTRY, SINGULAR = "#", "/sg"  # of a dictionary's entry, that no spelling be taken for one
SMALL_KEY, CAPITAL_KEY, CAPITALS_KEY = "_", "^", "="


def is_abbreviation(word: str) -> bool:
    """Say whether a word is one by its capitals: "PiS", "NATO", "UE"; "InPost" is a name."""
    capitals = sum(letter.isupper() for letter in word)
    return capitals > 1 and (len(word) <= 5 or word.isupper()) and sum(letter.islower() for letter in word) < 3


def surnames_of(name: str) -> list[str]:
    """Return what of a person's name stands alone later: "Ursula von der Leyen" → "von der Leyen".

    Of several capitalised words the last does too: "Recep Tayyip Erdoğan" → "Tayyip Erdoğan", "Erdoğan".
    Nothing for a single name or a pope's number.
    """
    given, *words = name.split()
    while len(words) > 1 and re.fullmatch(r"\w\.", words[0]):  # "John F. Kennedy"
        words = words[1:]
    if not words or given[:1].islower() or ROMAN.fullmatch(words[-1]) or not words[-1][0].isalpha():
        return []
    last = [words[-1]] if len(words) > 1 and words[0][0].isupper() and len(words[-1]) > 3 else []
    return [" ".join(words), *last]


def is_people(surname: str) -> bool:
    """Say whether a surname is also what a people is called: "Polak", "Czech". It does not stand alone."""
    return any(reading.spelling[0].isupper() and "nazwa_pospolita" in reading.names for reading in readings(surname))


def gender_of(given: str) -> str:
    """Return f or m by a given name, "" if neither the dictionary nor its ending says it."""
    genders = {reading.gender for reading in readings(given) if "imię" in reading.names and "sg" in reading.tag}
    if genders in ({"f"}, {"m1"}):
        return "f" if "f" in genders else "m"
    return "f" if given.endswith("a") and not genders else ""


def keys_of_name(words: Sequence[str], *, person: bool, gender: str = "") -> tuple[frozenset[str], ...]:
    """Return, for each word of a name, the keys under which a word of a text matches it.

    A key is a dictionary entry or a spelling, marked with the capital that the text's word must have.
    """
    return tuple(_keys(word, person=person, gender=gender, alone=len(words) == 1) for word in words)


def keys_of_text(word: str) -> list[str]:
    """Return the keys that a word of a text answers to."""
    keys = [CAPITALS_KEY + word] if sum(map(str.isupper, word)) > 1 else []
    keys.append(_key(word, word))
    if not is_abbreviation(word):
        keys += [_key(ENTRY + entry, word) for entry in entries(word)]
        keys += [_key(ENTRY + entry + SINGULAR, word) for entry in singular_entries(word)]
    return keys


def _keys(word: str, *, person: bool, gender: str, alone: bool) -> frozenset[str]:
    if word.islower():  # "von", "i": a sentence may begin with them
        return frozenset(
            mark + form
            for mark in (SMALL_KEY, CAPITAL_KEY)
            for form in (word, *(ENTRY + entry for entry in entries(word)))
        )
    if is_abbreviation(word):
        forms = {word + ending for ending in ABBREVIATION_ENDINGS} | {word.upper()}  # "PiSu", "PiSowi"
        return frozenset(CAPITALS_KEY + form for form in forms)
    spellings = {word, plain(word)}
    forms = {word + mark + ending for mark in APOSTROPHES for ending in APOSTROPHE_ENDINGS}
    found = [reading for spelling in sorted(spellings) for reading in readings(spelling)]
    known = [reading for reading in found if reading.tag[0] in ("subst", "adj", "depr", "ppas", "pact")]
    if person and gender == "f" and not word.endswith("a"):
        return frozenset(_key(spelling, word) for spelling in spellings)  # women's surnames stay as they are
    if person:
        wrong = {"f": "m1", "m": "f"}.get(gender)
        known = [reading for reading in known if reading.gender != wrong]
    foreign = person and word.endswith(("y", "i", "e")) and not word.endswith(("ski", "cki", "dzki"))
    if not known or foreign or (person and not alone):  # "Tony'ego", of which the dictionary knows only tons
        forms |= {form for spelling in spellings for form in name_forms(spelling)}
    chosen = {reading.entry for reading in known if not alone or reading.spelling in spellings}
    # "Polska" is the country, not the adjective "polski"; "Niemcy" not the person "Niemiec".
    chosen = chosen or {reading.entry for reading in known if reading.spelling[0].isupper()}
    chosen = chosen or {reading.entry for reading in known}
    if not person:  # nor the surname Polska, of which "Polskiej" would be a form
        surnames = {reading.entry for reading in known if reading.names == {"nazwisko"}}
        chosen = chosen - surnames or chosen
    number = SINGULAR if person else ""  # "Clintonów" are a family
    return frozenset(_key(form, word) for form in {*spellings, *forms, *(ENTRY + entry + number for entry in chosen)})


APOSTROPHE_ENDINGS = ("a", "owi", "em", "u", "ie", "go", "ego", "mu", "emu", "m", "ów", "ach")


def name_forms(word: str) -> frozenset[str]:
    """Return the case forms that a name unknown to the dictionary can take, itself included.

    Forms are those of a Polish newspaper: "Zełenskiego", "Bidena", "Corbynowi", "Ruttego", "Draghiego".
    Too many rather than too few: a form that nobody writes matches nothing.
    """
    forms = {word}
    if word.endswith(("ski", "cki", "dzki")):
        forms |= {word + ending for ending in ("ego", "emu", "m", "ch", "mi")}
    elif word.endswith(("ska", "cka", "dzka")):
        forms |= {word[:-1] + ending for ending in ("iej", "ą", "ich")}
    elif word.endswith(("y", "i", "e")):
        forms |= {word + ending for ending in ("go", "mu", "m")}
        forms |= {word + ending for ending in ("ego", "emu")} if word.endswith("i") else set()
        forms |= {word[:-1] + ending for ending in ("ego", "emu", "ym")} if word.endswith("y") else set()
        if word[-2:-1] in VOWELS:  # "Milei", "Carney"
            forms |= {word + ending for ending in ("a", "owi", "em", "u")}
    elif word.endswith(("a", "o")):
        forms |= {word[:-1] + ending for ending in ("y", "i", "ę", "ą", "o", "e", "ie", "u", "owi", "em", "a")}
        forms |= {word[:-2] + SOFTENED[word[-2]]} if word[-2:-1] in SOFTENED else set()
        forms |= {word[:-1]} if word.endswith("ia") else set()  # "Maia" → "Mai"
        forms |= {word[:-1] + "ej"} if word.endswith("owa") else set()  # "Zacharowa"
        forms |= {word[:-2] + "k" + ending for ending in ("i", "ę", "ą", "o")} if word.endswith("ca") else set()
    else:
        forms |= {word + ending for ending in ("a", "owi", "em", "iem", "ie", "u", "ów", "om", "ami", "ach", "owie")}
        forms |= {word[:-1] + SOFTENED[word[-1]]} if word[-1:] in SOFTENED else set()
        for last, soft in (("x", "ks"), ("ć", "ci"), ("ń", "ni"), ("ś", "si")):  # "Budimex", "Djoković"
            if word.endswith(last):
                forms |= {word[:-1] + soft + ending for ending in ("a", "owi", "em", "u", "ie", "ów")}
        if word.endswith("ek"):
            forms |= {word[:-2] + "k" + ending for ending in ("a", "owi", "iem", "u")}
        if word.endswith(("eł", "er", "el")):  # "Weber" → "Webra", beside "Webera"
            forms |= {word[:-2] + word[-1] + ending for ending in ("a", "owi", "em", "u")}
    return frozenset(forms)


def plain(word: str) -> str:
    """Return a word without the marks that Polish does not have: "Orbán" → "Orban", "Erdoğan" → "Erdogan"."""
    letters = (letter if letter in POLISH else unicodedata.normalize("NFD", letter)[0] for letter in word)
    return "".join(letters)


def _key(form: str, word: str) -> str:
    """Return the form with the capital of the word it stands for: a lemma alone has none."""
    return (CAPITAL_KEY if word[:1].isupper() else SMALL_KEY) + form
