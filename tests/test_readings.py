"""How a sentence and its actors become tokens."""

import dataclasses

import pytest
from tokenizers import Tokenizer, processors

from data.problems import UserError
from data.sentence import LabelledActor, LabelledSentence
from models.readings import make_readings
from tests.conftest import sentence_of, train_tokenizer


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    made = train_tokenizer()
    made.post_processor = processors.BertProcessing(("</s>", 2), ("<s>", 0))
    return made


def words_of(tokenizer: Tokenizer, ids: list[int]) -> str:
    return "".join(str(tokenizer.id_to_token(token)) for token in ids).replace("</w>", " ")


def test_readings_span_points_at_the_tokens_of_each_mention(tokenizer: Tokenizer) -> None:
    text = "Nowak skrytykował Kowala w Sejmie, a Kowal Nowaka."
    sentence = LabelledSentence(
        "a", "a", text, (LabelledActor("Piotr Kowal", ((18, 24), (37, 42))), LabelledActor("Jan Nowak", ((0, 5),)))
    )
    (reading,) = make_readings([sentence], tokenizer, target="span", max_tokens=64)
    seen = [words_of(tokenizer, [reading.input_ids[token] for token in tokens]) for tokens in reading.tokens]
    assert seen == ["Kowala Kowal ", "Nowak "]
    assert reading.actors == [0, 1]
    assert reading.gives_sentiment


def test_readings_pair_reads_once_for_each_actor_with_its_name(tokenizer: Tokenizer) -> None:
    sentence = sentence_of("a", "Nowak chwali Kowala.", ("Jan Nowak", "Nowak", None), ("Piotr Kowal", "Kowala", None))
    first, second = make_readings([sentence], tokenizer, target="pair", max_tokens=64)
    assert words_of(tokenizer, second.input_ids).endswith("</s>Piotr Kowal </s>")
    assert (first.actors, second.actors) == ([0], [1])
    assert (first.gives_sentiment, second.gives_sentiment) == (True, False)
    assert set(second.type_ids) == {0, 1}


def test_readings_none_shows_no_actor(tokenizer: Tokenizer) -> None:
    sentence = sentence_of("a", "Nowak chwali Kowala.", ("Jan Nowak", "Nowak", None), ("Piotr Kowal", "Kowala", None))
    (reading,) = make_readings([sentence], tokenizer, target="none", max_tokens=64)
    assert reading.actors == [0, 1]
    assert reading.tokens == [[0], [0]]


@pytest.mark.parametrize("target", ["span", "pair", "none"])
def test_readings_sentence_without_actors_is_read_once(tokenizer: Tokenizer, target: str) -> None:
    sentence = LabelledSentence("a", "a", "Nic się nie stało.")
    (reading,) = make_readings([sentence], tokenizer, target=target, max_tokens=64)
    assert reading.actors == []
    assert reading.gives_sentiment


@pytest.mark.parametrize("target", ["span", "pair"])
def test_readings_move_actors_past_the_limit_into_view(tokenizer: Tokenizer, target: str) -> None:
    text = "Nowak " + "chwali w Sejmie i w Gdańsku " * 20 + "Kowala."
    sentence = sentence_of("a", text, ("Jan Nowak", "Nowak", None), ("Piotr Kowal", "Kowala", None))
    readings = make_readings([sentence], tokenizer, target=target, max_tokens=24)
    assert sorted(actor for reading in readings for actor in reading.actors) == [0, 1]
    assert [reading.gives_sentiment for reading in readings] == [True, False]
    assert all(len(reading.input_ids) <= 24 for reading in readings)
    last = readings[-1]
    assert "Kowala" in words_of(tokenizer, last.input_ids)
    if target == "span":
        assert words_of(tokenizer, [last.input_ids[token] for token in last.tokens[0]]) == "Kowala "


def test_readings_many_far_actors_share_a_window(tokenizer: Tokenizer) -> None:
    text = "chwali w Sejmie i w Gdańsku " * 10 + "Nowak i Kowala."
    sentence = sentence_of("a", text, ("Jan Nowak", "Nowak", None), ("Piotr Kowal", "Kowala", None))
    first, second = make_readings([sentence], tokenizer, target="span", max_tokens=24)
    assert (first.actors, second.actors) == ([], [0, 1])


def test_readings_mention_longer_than_the_limit_is_an_error(tokenizer: Tokenizer) -> None:
    text = "Wtedy " + "Nowak " * 40 + "wyszli."
    sentence = LabelledSentence("long", "long", text, (LabelledActor("Nowakowie", ((6, 6 + 6 * 40 - 1),)),))
    with pytest.raises(UserError, match="'long': the mention of 'Nowakowie' is longer than the 24 tokens"):
        make_readings([sentence], tokenizer, target="span", max_tokens=24)


def test_readings_mention_that_the_tokenizer_drops_is_an_error(tokenizer: Tokenizer) -> None:
    sentence = LabelledSentence("odd", "odd", "Nowak \u0001 milczy.", (LabelledActor("Znak", ((6, 7),)),))
    with pytest.raises(UserError, match="sees nothing in the mention of 'Znak'"):
        make_readings([sentence], tokenizer, target="span", max_tokens=24)


def test_readings_do_not_look_at_labels(tokenizer: Tokenizer) -> None:
    labelled = sentence_of("a", "Nowak chwali.", ("Jan Nowak", "Nowak", "favor"), sentiment="positive")
    bare = dataclasses.replace(labelled, sentiment=None, actors=(LabelledActor("Jan Nowak", ((0, 5),)),))
    made = [make_readings([sentence], tokenizer, target="span", max_tokens=24) for sentence in (labelled, bare)]
    assert made[0] == made[1]
