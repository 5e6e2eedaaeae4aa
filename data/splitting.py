"""Sentences of a Polish news text, with their exact offsets."""

import re

from data.abbreviations import BEFORE_NAMES, BEFORE_NUMBERS, COMPANY_ENDS, ENDS, ORDINAL_NOUNS, PREFIXES, UNITS, YEARS
from data.morphology import kind_of

OPENERS = "\"„”«»‘'([–—\\-"
OMISSION = r"[(\[](?:\.{3}|…)[)\]]"
EMOJI = "[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]"
BOUNDARY = re.compile(
    rf"(?P<stop>(?<![(\[.])\.{{3}}(?![)\]])|(?<![(\[])…(?![)\]])|(?<![(\[.!?])[.!?]+…?)"
    rf"(?P<close>[\"”»’')\]]*(?:\s*{EMOJI}+)*)\s+"
    rf"(?=(?:{OMISSION}\s*)?[{OPENERS}]*\s*[\w@#])"
)
OPENING = re.compile(rf"(?:{OMISSION}\s*)?(?P<marks>[{OPENERS}\s]*)(?P<word>[\w@#][\w\-]*)")
LAST_TOKEN = re.compile(r"[\w.\-]*$")
WORD = re.compile(r"\w+")
MARKDOWN = re.compile(r"[ \t]*(?:#{1,6}|>+|[-*+]|\d+[.)])[ \t]+")
BRAND = re.compile(r"[a-z]{1,2}-?[A-Z]|x-kom")  # "iPhone", "e-PIT": they open a sentence as they are
INITIAL = re.compile(r"(?:\w\.)*[^\W\d_a-ząćęłńóśźż]")  # "J", "J.K"
CLAUSE = re.compile(
    r"(?:^|[,;–—]\s(?:a|i|ale|zaś|oraz|lecz|bo|że|gdy|natomiast|jednak)\s)(?P<words>(?:(?!, |[;–—]).)*)$"
)
NUMERAL = (
    r"(?:ście|dzieścia|dzieści|dziesiąt|sta|set|sto|dwa|dwie|trzy|cztery|pięć|sześć|siedem|osiem|dziewięć|dziesięć)"
)
COUNTED = re.compile(rf"(?:\d|\b(?:tys|mln|mld|bln)\.?|\b(?:k?m|pół|kilka\w*)|\w*{NUMERAL})\s*$")  # before a unit
LONGEST_VERBLESS = 8  # words


def split_sentences(text: str, *, markdown: bool = False) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence: code points, end exclusive, no blanks at its ends.

    A line break always ends a sentence. With `markdown` the marks of headings, quotations and
    list items stay outside the sentences.
    """
    sentences = []
    line_start = 0
    for line in text.splitlines(keepends=True):
        mark = MARKDOWN.match(line) if markdown else None
        first = line_start + (mark.end() if mark else 0)
        sentences += _split_line(text, first, line_start + len(line))
        line_start += len(line)
    return sentences


def _split_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    sentences = []
    for boundary in BOUNDARY.finditer(text, start, end):
        if boundary.start() >= start and _ends_sentence(text, start, boundary):
            sentences.append(_trimmed(text, start, boundary.end("close")))
            start = boundary.end()
    sentences.append(_trimmed(text, start, end))
    return [(first, last) for first, last in sentences if first < last]


def _ends_sentence(text: str, start: int, boundary: re.Match[str]) -> bool:
    """Say whether a full stop, or another mark, is a sentence's end; `start` is where the sentence began."""
    opening = OPENING.match(text, boundary.end())
    if not opening:
        return True
    following = opening["word"]
    goes_on_small = following[0].islower() and not BRAND.match(following)
    if boundary["stop"] != ".":
        # "Dość!" mówił; "Czy… tak" goes on in lower case; film „Co dalej?” Telewizji Podlasie
        return not goes_on_small and not (boundary["close"] and _goes_on_in_genitive(text, start, boundary, following))
    if goes_on_small:
        return False
    if boundary["close"]:
        return True
    said = text[start : boundary.start()]
    token = LAST_TOKEN.search(said)
    word = token.group() if token else ""
    return _stop_ends(said[: len(said) - len(word)], word, opening["marks"].strip(), following)


def _stop_ends(before: str, word: str, marks: str, following: str) -> bool:
    """Say whether the full stop after `word` ends a sentence that goes `before` it."""
    small = word.casefold()
    number_follows = following[0].isdigit()
    if word.isdecimal():  # "1. FC Köln", "5. Pułk"; but "o godz. 15. Rada", "w 2019. Potem"
        if number_follows or not before.strip():
            return len(word) > 2 and not number_follows
        return bool(marks) or (following.casefold() not in ORDINAL_NOUNS and _can_open(following))
    if INITIAL.fullmatch(word):  # "J. Kowalski"; but "Zatrzymano Roberta K. Prokuratura"
        if len(word) > 1:
            return small in COMPANY_ENDS and (bool(marks) or kind_of(following).common)
        return bool(marks.strip("(")) or (kind_of(_last_word(before)).given_name and kind_of(following).common)
    if small in BEFORE_NUMBERS:
        return not number_follows
    if small in PREFIXES:
        return False
    if small in BEFORE_NAMES:  # "im. Jana"; but "Pomogli im. Potem"
        return kind_of(_last_word(before)).verb and _can_open(following)
    if small in COMPANY_ENDS or small in ENDS:
        return bool(marks) or kind_of(following).common
    if small in UNITS:
        if number_follows or not COUNTED.search(before):  # "godz. 15", "Min. Barbara Tracz"
            return False
        return bool(marks) or _can_open(following)
    if small in YEARS:
        return not number_follows and not _verbless(before)
    return True


def _can_open(word: str) -> bool:
    """Say whether a capitalised word may owe its capital to a sentence's beginning.

    A common word may; so may a name in the nominative ("Polska"), but not in another case
    ("3 mln Polaków"), and not a word that no dictionary has.
    """
    kind = kind_of(word)
    opens = (kind.common and not kind.genitive) or kind.nominative
    return not word[0].isalpha() or opens or bool(BRAND.match(word))


def _verbless(clause: str) -> bool:
    """Say whether what was said so far, or since the last comma, is a mere "W 1846 r." without a verb."""
    found = CLAUSE.search(clause)
    words = WORD.findall(found["words"]) if found else []
    return 0 < len(words) <= LONGEST_VERBLESS and not any(
        kind_of(word).verb and (word.islower() or not kind_of(word).nominative) for word in words
    )


def _goes_on_in_genitive(text: str, start: int, boundary: re.Match[str], following: str) -> bool:
    """Say whether a quoted title in mid-sentence is followed by whose it is: „Hej!” Anny Wróbel."""
    said = text[start : boundary.start()]
    opened = max(said.rfind("„"), said.rfind("«"))
    return opened > 0 and len(WORD.findall(said[opened:])) <= LONGEST_VERBLESS and kind_of(following).genitive


def _last_word(text: str) -> str:
    words = WORD.findall(text[-40:])
    return words[-1] if words else ""


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
