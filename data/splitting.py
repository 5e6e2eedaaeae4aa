"""Sentences of a Polish news text, with their exact offsets."""

import re

# After these a sentence goes on, whatever follows.
NEVER_LAST = frozenset(
    "al ad abp adm bł bp br cd dr doc dyr druh gen godz hab ks kard kmdr kpt lek m.in mgr min mjr muz nb np o.o ob ok "
    "oo os p pl płk por pos post ppłk pow prof prok przewodn ps pt reż ryc rys s sen sp sędz sierż śp św "
    "tel tj tzn tzw ul ur wg woj wyd zob zw płd płn inż nt dot ws zast z-ca pseud tys mln mld bln".split()
)
# After these a capital letter starts a new sentence: "w 2019 r. Rząd", "o 5 proc. Minister".
MAYBE_LAST = frozenset("r w proc zł gr itd itp etc in n.e p.n.e km kg cm mm ha św.p red".split())
BOUNDARY = re.compile(r"(?P<stop>\.{3}|[.!?…]+)(?P<close>[\"”»’')\]]*)\s+(?=[\"„”«‘'(\[–—-]*\s*[\w@#])")
LAST_TOKEN = re.compile(r"[\w.\-]*$")
MARKDOWN = re.compile(r"[ \t]*(?:#{1,6}|>+|[-*+]|\d+[.)])[ \t]+")


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
        if _ends_sentence(text, start, boundary):
            sentences.append(_trimmed(text, start, boundary.end("close")))
            start = boundary.end()
    sentences.append(_trimmed(text, start, end))
    return [(first, last) for first, last in sentences if first < last]


def _ends_sentence(text: str, start: int, boundary: re.Match[str]) -> bool:
    opening = text[boundary.end() :].lstrip("\"„”«‘'([–—- ")[:1]
    if boundary["stop"] != ".":
        # "Dość!" mówił; "Czy… tak" goes on in lower case.
        return not opening.islower()
    if opening.islower():
        return False
    if boundary["close"]:
        return True
    token = LAST_TOKEN.search(text, start, boundary.start())
    word = token.group() if token else ""
    if word.casefold() in NEVER_LAST or _is_initial(word):
        return False
    if word.isdecimal():  # "1. FC Köln", "3. miejsce"; but "w 2019. Potem"
        return len(word) > 2 and opening.isupper()
    if word.casefold() in MAYBE_LAST:
        return opening.isupper() or not opening.isalnum()
    return True


def _is_initial(word: str) -> bool:
    """Say whether a word is an initial or a row of them: "J", "J.K"."""
    return bool(re.fullmatch(r"(?:\w\.)*[^\W\d_a-ząćęłńóśźż]", word))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
