"""Training sentences told of other actors: what changes, what stays, and which an epoch shows."""

from collections import Counter

import numpy as np
import pytest
from tokenizers import Tokenizer

from data.actor_list import bundled_actors
from data.folder import BUNDLED
from data.labelled_files import read_sentences
from data.sentence import LabelledSentence
from data.substitution import known_actors
from data.variation import names_by_type, vary
from tests.conftest import sentence_of, small_corpus, train_tokenizer
from train.training_readings import TrainingReadings, training_readings


def sentences() -> list[LabelledSentence]:
    return read_sentences(BUNDLED / "dev.jsonl")[:150]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer()


def readings(of: list[LabelledSentence], tokenizer: Tokenizer, **changed: float) -> TrainingReadings:
    settings = {"varied_share": 0.5, "seed": 3} | changed
    return training_readings(
        of,
        tokenizer,
        target="span",
        max_tokens=256,
        varied_share=float(settings["varied_share"]),
        seed=int(settings["seed"]),
    )


def test_vary_keeps_places_and_labels_and_changes_names() -> None:
    known, names = known_actors(bundled_actors()), names_by_type(sentences(), bundled_actors())
    generator = np.random.default_rng(1)
    changed = 0
    for sentence in sentences():
        told = vary(sentence, names, known, generator)
        assert len(told.actors) == len(sentence.actors) and told.sentiment == sentence.sentiment
        assert Counter(actor.stance for actor in told.actors) == Counter(actor.stance for actor in sentence.actors)
        assert all(0 <= start < end <= len(told.text) for actor in told.actors for start, end in actor.mentions)
        places = [[mention for actor in of.actors for mention in actor.mentions] for of in (sentence, told)]
        assert len(places[0]) == len(places[1])
        changed += told.text != sentence.text
    assert changed > 75


def test_vary_gives_the_stance_of_the_place() -> None:
    """Whoever stands where somebody is thanked is favoured, whatever the name."""
    sentence = sentence_of(
        "a",
        "Sejm podziękował Ukrainie, a Rosji zarzucił kłamstwo.",
        ("Ukraina", "Ukrainie", "favor"),
        ("Rosja", "Rosji", "against"),
    )
    known, names = known_actors(bundled_actors()), names_by_type([sentence], bundled_actors())
    generator = np.random.default_rng(2)
    told = [vary(sentence, names, known, generator) for _ in range(40)]
    assert len({one.text for one in told}) > 20
    for one in told:
        thanked = min(one.actors, key=lambda actor: actor.mentions[0])
        assert thanked.stance == "favor"
        assert one.text[: thanked.mentions[0][0]] == "Sejm podziękował "


def test_names_are_drawn_from_the_sentences_and_the_list() -> None:
    names = names_by_type([sentence_of("a", "Jan Wierzbowski śpi.", ("Jan Wierzbowski", "Jan Wierzbowski", None))], [])
    assert names == {"person": ["Jan Wierzbowski"], "country": [], "party": [], "organisation": []}


def test_training_readings_of_an_epoch_hang_on_seed_and_epoch_alone(tokenizer: Tokenizer) -> None:
    first, again, other = (readings(sentences(), tokenizer, seed=seed) for seed in (3, 3, 4))

    def shown(of: TrainingReadings, epoch: int) -> list[list[int]]:
        of.set_epoch(epoch)
        return [of[index].reading.input_ids for index in range(len(of))]

    assert shown(first, 2) == shown(again, 2)
    assert shown(first, 2) != shown(first, 3)
    assert shown(first, 2) != shown(other, 2)


def test_training_readings_vary_the_share_that_is_asked_for(tokenizer: Tokenizer) -> None:
    plain = readings(sentences(), tokenizer, varied_share=0.0)
    for share in (0.0, 0.5, 1.0):
        varied = readings(sentences(), tokenizer, varied_share=share)
        assert varied.lengths() == plain.lengths()
        told = np.mean([varied[index] != plain[index] for index in range(len(plain))])
        assert share * 0.5 <= told <= share


def test_training_readings_of_names_that_nobody_knows_stay_as_they_are(tokenizer: Tokenizer) -> None:
    bare = [sentence_of("a", "Drogomex milczy.", ("Drogomex", "Drogomex", "neutral"))]
    of = readings(bare, tokenizer, varied_share=1.0)
    assert of[0] == readings(bare, tokenizer, varied_share=0.0)[0]


def test_training_readings_count_labels_once(tokenizer: Tokenizer) -> None:
    counts = readings(small_corpus(30), tokenizer).labels(np.ones(3, dtype=np.float32))
    assert counts.tolist() == [60, 30]
