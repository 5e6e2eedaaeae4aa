"""Train, dev and test from one set; near-duplicates."""

import dataclasses
import random

from data.similarity import near_duplicates
from data.splits import UNSEEN, make_splits
from tests.conftest import sentence_of


def corpus() -> list:  # type: ignore[type-arg]
    sentences = []
    draw = random.Random(0)
    for number in range(100):
        name = f"Osoba{number}" if number % 4 == 0 else "Rosja"
        text = f"{name} " + " ".join("".join(draw.choices("aeioubcdfgłmnprst", k=7)) for _ in range(6))
        sentence = sentence_of(f"s{number}", text, (name, name, "neutral"))
        sentences.append(dataclasses.replace(sentence, article=f"article-{number // 2}" if number % 4 else sentence.id))
    return sentences


def test_splits_hold_every_sentence_once_in_the_shares_asked_for() -> None:
    splits = make_splits(corpus(), seed=1)
    names = [sentence.id for split in splits.values() for sentence in split]
    assert sorted(names) == sorted(sentence.id for sentence in corpus())
    assert abs(len(splits["test"]) - 15) <= 3
    assert abs(len(splits["dev"]) - 15) <= 3


def test_splits_keep_articles_and_near_duplicates_together() -> None:
    splits = make_splits(corpus(), seed=2)
    where = {sentence.id: name for name, split in splits.items() for sentence in split}
    articles: dict[str, set[str]] = {}
    for sentence in corpus():
        articles.setdefault(sentence.article, set()).add(where[sentence.id])
    assert all(len(names) == 1 for names in articles.values())
    texts = corpus()
    for left, right, _ in near_duplicates([sentence.text for sentence in texts]):
        assert where[texts[left].id] == where[texts[right].id]


def test_splits_mark_test_sentences_whose_actors_train_never_names() -> None:
    splits = make_splits(corpus(), seed=3)
    known = {actor.actor for sentence in splits["train"] for actor in sentence.actors}
    marked = [sentence for sentence in splits["test"] if UNSEEN in sentence.tags]
    assert marked
    for sentence in splits["test"]:
        assert (UNSEEN in sentence.tags) == all(actor.actor not in known for actor in sentence.actors)


def test_splits_take_the_mark_off_what_was_test_before() -> None:
    marked = [dataclasses.replace(sentence, tags=(UNSEEN,)) for sentence in corpus()]
    assert make_splits(marked, seed=3) == make_splits(corpus(), seed=3)


def test_splits_hang_on_the_seed_alone() -> None:
    assert make_splits(corpus(), seed=4) == make_splits(corpus(), seed=4)
    assert make_splits(corpus(), seed=4) != make_splits(corpus(), seed=5)


def test_similarity_finds_pairs_that_share_over_half_of_their_grams() -> None:
    texts = ["Sejm przyjął ustawę o lasach.", "Ala ma kota i psa.", "Sejm przyjął ustawę o lasach i rzekach."]
    ((left, right, share),) = near_duplicates(texts)
    assert (left, right) == (0, 2)
    assert 0.5 < share <= 1


def test_splits_keep_what_was_split_before_and_draw_the_new_into_the_same_shares() -> None:
    old = make_splits(corpus(), seed=1)
    kept = {sentence.id: name for name, split in old.items() for sentence in split}
    draw = random.Random(1)
    new = [
        sentence_of(
            f"n{number}",
            f"Rosja {' '.join(''.join(draw.choices('aeiouskłmt', k=8)) for _ in range(6))}",
            ("Rosja", "Rosja", "favor"),
        )
        for number in range(100)
    ]
    splits = make_splits([*corpus(), *new], seed=9, kept=kept)
    where = {sentence.id: name for name, split in splits.items() for sentence in split}
    assert all(where[identity] == name for identity, name in kept.items())
    assert [len(splits[name]) for name in ("dev", "test")] == [30, 30]


def test_splits_put_what_belongs_to_two_kept_splits_into_the_one_that_is_learnt_from() -> None:
    first, second, both = (
        sentence_of(name, f"{name} Rosja milczy o sprawie.", ("Rosja", "Rosja", "neutral")) for name in "abc"
    )
    alike = [dataclasses.replace(sentence, article="one") for sentence in (first, second, both)]
    splits = make_splits([*alike, *corpus()], seed=1, kept={"a": "test", "b": "train"})
    assert {"a", "b", "c"} <= {sentence.id for sentence in splits["train"]}
