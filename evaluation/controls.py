"""What a label can be guessed from without reading for it: the most frequent label, the name, the words."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from data.labels import MISSING, SENTIMENTS, STANCES
from data.probabilities import Probabilities
from data.sentence import LabelledSentence
from evaluation.metrics import IntArray
from evaluation.report import sentiment_labels, stance_labels


def stance_controls(train: Sequence[LabelledSentence], test: Sequence[LabelledSentence]) -> dict[str, Probabilities]:
    """Return, for each control fitted on train, the probabilities of each actor of test (actors, 3).

    `majority` always says the most frequent stance, `name_only` sees the actor's name alone, `tfidf` the
    sentence and the name; both are TF-IDF of character 2- to 5-grams with logistic regression.
    """
    labels = stance_labels(train)
    seen, asked = _actors(train), _actors(test)
    return {
        "majority": _majority(labels, len(asked), len(STANCES)),
        "name_only": _from_words([name for _, name in seen], labels, [name for _, name in asked], len(STANCES)),
        "tfidf": _from_words([" @ ".join(pair) for pair in seen], labels, [" @ ".join(p) for p in asked], len(STANCES)),
    }


def sentiment_controls(train: Sequence[LabelledSentence], test: Sequence[LabelledSentence]) -> dict[str, Probabilities]:
    """Return the same for the sentiment of each sentence of test (sentences, 3): `majority` and `tfidf`."""
    labels = sentiment_labels(train)
    seen, asked = ([sentence.text for sentence in part] for part in (train, test))
    return {
        "majority": _majority(labels, len(asked), len(SENTIMENTS)),
        "tfidf": _from_words(seen, labels, asked, len(SENTIMENTS)),
    }


def _actors(sentences: Sequence[LabelledSentence]) -> list[tuple[str, str]]:
    return [(sentence.text, actor.actor) for sentence in sentences for actor in sentence.actors]


def _majority(labels: IntArray, asked: int, answers: int) -> Probabilities:
    counts = np.bincount(labels[labels != MISSING], minlength=answers)
    return np.tile(counts / max(1, counts.sum()), (asked, 1))


def _from_words(seen: Sequence[str], labels: IntArray, asked: Sequence[str], answers: int) -> Probabilities:
    known = np.flatnonzero(labels != MISSING)
    if len(set(labels[known].tolist())) < 2 or not asked:  # one label: nothing to tell apart
        return _majority(labels, len(asked), answers)
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32),
        # newton-cg: it converges, in a third of the default solver's time
        LogisticRegression(C=5, max_iter=500, class_weight="balanced", solver="newton-cg"),
    ).fit([seen[int(item)] for item in known], labels[known])
    probabilities = np.zeros((len(asked), answers))
    probabilities[:, model.classes_] = model.predict_proba(asked)
    return probabilities
