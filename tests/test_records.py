"""One labelled sentence as a JSON object."""

import unicodedata
from typing import Any

import pytest

from data.records import mention_problem, record_from_sentence, sentence_from_record

RECORD: dict[str, Any] = {
    "id": "gaz-1",
    "article": "gaz",
    "text": "Bruksela pochwaliła Warszawę, a Moskwie zarzuciła szantaż.",
    "sentiment": "negative",
    "actors": [
        {"actor": "Polska", "mentions": [[20, 28]], "stance": "favor", "holder": "UE"},
        {"actor": "Rosja", "mentions": [[32, 39]], "stance": "against", "holder": "UE"},
        {"actor": "UE", "mentions": [[0, 8]], "stance": "neutral"},
    ],
    "tags": ["opposite"],
}


def test_records_round_trip() -> None:
    sentence, problems = sentence_from_record(RECORD)
    assert problems == []
    assert sentence is not None
    assert record_from_sentence(sentence) == RECORD


def test_records_missing_labels_stay_missing() -> None:
    record = {"id": "a", "text": "Rosja milczy.", "actors": [{"actor": "Rosja", "mentions": [[0, 5]]}]}
    sentence, problems = sentence_from_record(record)
    assert problems == []
    assert sentence is not None
    assert (sentence.sentiment, sentence.actors[0].stance, sentence.actors[0].holder) == (None, None, None)
    assert sentence.article == "a"
    assert record_from_sentence(sentence) == {**record, "article": "a"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ""}, "expected 'id' to be text"),
        ({"text": 7}, "expected 'text' to be text"),
        ({"sentiment": "sad"}, "expected sentiment negative, neutral or positive, found 'sad'"),
        ({"sentimet": "negative", "sentiment": None}, None),
        ({"actors": {}}, "expected 'actors' to be a list"),
        ({"actors": [{"actor": "UE", "mentions": []}]}, "expected its mentions as"),
        ({"actors": [{"actor": "UE", "mentions": [[0, 8]], "stance": "hostile"}]}, "expected stance against, neutral"),
        ({"actors": [{"actor": "UE", "mentions": [[0, 80]]}]}, r"lies outside the text of 58 characters"),
        ({"actors": [{"actor": "UE", "mentions": [[2, 8]]}]}, "cuts a word: 'uksela'"),
        ({"actors": [{"actor": "UE", "mentions": [[8, 9]]}]}, "holds only blanks"),
        ({"actors": [{"actor": "UE", "mentions": [[0, 8], [0, 8]]}]}, "mentions overlap"),
        ({"actors": [{"actor": "UE", "mentions": [[0, 8]]}] * 2}, "stands twice"),
        ({"actors": [{"actor": "UE", "mentions": [[0, 8]], "stanse": "favor"}]}, "did you mean 'stance'"),
        ({"tags": "irony"}, "expected 'tags' to be a list"),
    ],
)
def test_records_name_what_is_wrong(change: dict[str, Any], message: str | None) -> None:
    sentence, problems = sentence_from_record({**RECORD, **change})
    if message is None:  # a key beside the right one is somebody's own
        assert sentence is not None
        return
    assert sentence is None
    assert any(message in problem for problem in problems), problems


def test_records_misspelt_key_is_not_passed_over() -> None:
    record = {key: value for key, value in RECORD.items() if key != "sentiment"}
    _, problems = sentence_from_record({**record, "sentimet": "negative"})
    assert problems == ["unknown key 'sentimet'; did you mean 'sentiment'?"]


def test_records_move_offsets_with_the_text_to_nfc() -> None:
    text = unicodedata.normalize("NFD", "Żółć i Łódź chwalą Świątek.")
    start = text.index("S")
    record = {"id": "a", "text": text, "actors": [{"actor": "Iga Świątek", "mentions": [[start, len(text) - 1]]}]}
    sentence, problems = sentence_from_record(record)
    assert problems == []
    assert sentence is not None
    (first, last) = sentence.actors[0].mentions[0]
    assert sentence.text[first:last] == "Świątek"


def test_records_mention_may_end_at_a_hyphen_or_apostrophe() -> None:
    assert mention_problem([0, 3], "PiS-u nie ma") is None
    assert mention_problem([0, 6], "Farage’a nie ma") is None
