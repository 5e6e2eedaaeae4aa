"""Names of persons that the dictionary does not know, by rule: Polish and foreign, as newspapers write them.

Rules after the Polish Academy's spelling dictionary (WSO). A case whose form is not sure is missing.
"""

from data.given_names import WITH_SOUNDED_E
from data.names import VOWELS, plain

CASES = ("nom", "gen", "dat", "acc", "inst", "loc")
Forms = dict[str, str]  # case → form

HARD = {  # before -ie / -e of the locative
    **{"t": "ci", "d": "dzi", "st": "ści", "zd": "ździ", "r": "rz", "ł": "l", "sł": "śl", "łł": "ll"},
    **{letter: letter + "i" for letter in "bpwvfmnsz"},
}
SOFT = {"ć": "ci", "ń": "ni", "ś": "si", "ź": "zi"}
ADJECTIVAL_MEN, ADJECTIVAL_WOMEN = ("ski", "cki", "dzki", "skij"), ("ska", "cka", "dzka")
POSSESSIVE_WOMEN = ("owa", "ewa", "ová", "eva")
WITHOUT_E = ("ek", "ec", "avel", "ander")  # the e is dropped: "Hašek" → "Haška"
OF_HARD_E = ("ge", "ce")  # a mute e: "Farage’a", "Vance’a"


def ruled_forms(word: str, gender: str, *, given: bool) -> Forms:
    """Return the sure forms of a man's (m1) or woman's (f) name, empty if its ending does not tell."""
    if gender == "f":
        return _woman(word, given=given) if word.endswith(("a", "á")) else _paradigm(word, word, word, word, word, word)
    end = plain(word).lower()
    if end.endswith(ADJECTIVAL_MEN[:3]):
        return _adjectival(word, word)
    if end.endswith("a"):
        return _on_a(word, word[:-1])
    if end.endswith("ko"):
        return _on_a(word, word[:-1])  # "Poroszenki"
    if end.endswith(("u", "oo")):
        return _paradigm(word, word, word, word, word, word)
    if end[-1] not in VOWELS:
        return _on_consonant(word)
    if given and end.endswith("e") and end[-2] in "vktdmnl" and word not in WITH_SOUNDED_E:  # "Steve" → "Steve’a"
        return _with_mute_e(word)
    return _on_o(word) if given and end.endswith("o") else _on_other_vowel(word, end)


def _paradigm(nom: str, gen: str, dat: str, acc: str, inst: str, loc: str) -> Forms:
    """Return the forms by case, the empty ones left out."""
    return {case: form for case, form in zip(CASES, (nom, gen, dat, acc, inst, loc), strict=True) if form}


def _adjectival(word: str, stem: str) -> Forms:
    return _paradigm(word, stem + "ego", stem + "emu", stem + "ego", stem + "m", stem + "m")


def _woman(word: str, *, given: bool) -> Forms:
    stem = word[:-1]
    if not given and word.endswith(ADJECTIVAL_WOMEN):
        return _paradigm(word, stem + "iej", stem + "iej", stem + "ą", stem + "ą", stem + "iej")
    if not given and word.endswith(POSSESSIVE_WOMEN):
        return _paradigm(word, stem + "ej", stem + "ej", stem + "ą", stem + "ą", stem + "ej")
    return _on_a(word, stem) if word.endswith("a") else {}


def _on_a(word: str, stem: str) -> Forms:
    """Decline like a noun in -a; `stem` is the word without it."""
    genitive = dative = ""
    last = plain(stem[-1:]).lower() if stem[-1:] not in "łżźćńś" else stem[-1:]
    if stem.endswith(("cz", "sz", "rz", "ż")):
        genitive = dative = stem + "y"
    elif last in ("k", "g"):
        genitive, dative = stem + "i", stem[:-1] + {"k": "c", "g": "dz"}[last] + "e"
    elif stem.endswith("ch"):
        genitive, dative = stem + "y", stem[:-2] + "sze"
    elif last == "l":
        genitive = dative = stem + "i"
    elif last == "j":
        genitive = dative = stem[:-1] + "i" if stem[-2:-1] in VOWELS else stem + "i"
    elif last == "i" and stem[-2:-1] in VOWELS:  # "Maia" → "Mai"
        genitive = dative = stem
    elif last == "i":  # "Giorgia" → "Giorgii", but "Zosia" → "Zosi", "Melania" → "Melanii": n, s, z, c do not tell
        genitive = dative = stem + "i" if stem[-2:-1] in tuple("dtrlgkbpwvmf") else ""
    elif last in HARD:
        genitive, dative = stem + "y", _softened(stem) + "e"
    if not genitive:
        return {}
    return _paradigm(word, genitive, dative, stem + "ę", stem + "ą", dative)


def _softened(stem: str) -> str:
    for length in (2, 1):
        if stem[-length:] in HARD:
            return stem[:-length] + HARD[stem[-length:]]
    return ""


def _on_consonant(word: str) -> Forms:
    last = word[-1]
    if last in "xqćńśź" or word.endswith(("eń", "eł", "iec", "iek", "ieć")):
        if last in SOFT and not word.endswith(("eń", "ieć")):
            stem = word[:-1] + SOFT[last]
            return _paradigm(word, stem + "a", stem + "owi", stem + "a", stem + "em", stem + "u")
        return {}
    drops = word.endswith(WITHOUT_E) and len(word) > 4 and word[-3] not in VOWELS
    stem = word[:-2] + word[-1] if drops else word
    soft = "" if plain(last) != last or last in "ż" else _softened(stem)
    locative = soft + "e" if soft and not word.endswith(("rz", "sz", "cz")) else stem + "u"
    if word.endswith(("lz", "tz")):  # "Scholzu" and "Scholzie"
        locative = ""
    instrumental = stem + ("iem" if last in "kg" else "em")
    return _paradigm(word, stem + "a", stem + "owi", stem + "a", instrumental, locative)


def _on_o(word: str) -> Forms:
    """Decline a man's given name in -o: "Mario" → "Maria", "Pedro" → "Pedrze"; "Marco" only where it is sure."""
    stem = word[:-1]
    if stem[-1] == "i":
        return _paradigm(word, stem + "a", stem + "owi", stem + "a", stem + "em", stem + "u")
    if stem[-1] in "kgch" or stem[-1] in VOWELS:
        return {}
    soft = _softened(stem)
    return _paradigm(word, stem + "a", stem + "owi", stem + "a", stem + "em", soft + "e" if soft else stem + "u")


def _on_other_vowel(word: str, end: str) -> Forms:
    """Decline a man's name in -i, -y, -e or -o where that is sure."""
    if end.endswith(("ey", "ay", "oy")):  # "Carney" → "Carneya"
        return _paradigm(word, word + "a", word + "owi", word + "a", word + "em", word + "u")
    if end.endswith("i") and end[-2] not in VOWELS:  # "Draghi" → "Draghiego"
        return _adjectival(word, word)
    if end.endswith(("ny", "ły", "ży", "czy", "szy")) and word[-2] in "nłżz":  # "Nawalny", "Załużny"
        return _paradigm(word, word[:-1] + "ego", word[:-1] + "emu", word[:-1] + "ego", word + "m", word + "m")
    if end.endswith("y") and end[-2] not in VOWELS and word[-2] not in "wt":  # "Kennedy" → "Kennedy’ego"
        return _paradigm(word, word + "’ego", word + "’emu", word + "’ego", word + "m", word + "m")
    if end.endswith(("tte", "sche")):  # "Rutte" → "Ruttego"
        return _paradigm(word, word + "go", word + "mu", word + "go", word + "m", word + "m")
    if end.endswith(OF_HARD_E):
        return _with_mute_e(word)
    return {}


def _with_mute_e(word: str) -> Forms:
    return _paradigm(word, word + "’a", word + "’owi", word + "’a", word + "’em", "")
