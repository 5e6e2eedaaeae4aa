"""Sentences rewritten with other names, in the right case or not at all."""

import pytest

from data.actor_list import Actor
from data.sentence import LabelledActor, LabelledSentence, Mention
from data.slots import slot_of
from data.substitution import known_actors, substitute, swap, type_of

KNOWN = known_actors(
    [
        *(Actor(name, "country") for name in "Francja Hiszpania Iran Litwa Łotwa Polska Szwecja Ukraina".split()),
        Actor("Chiny", "country", ("Pekin",)),
        Actor("Niemcy", "country", ("Berlin",)),
        Actor("Rosja", "country", ("Moskwa", "Kreml")),
        Actor("USA", "country", ("Stany Zjednoczone",)),
        Actor("PiS", "party", ("Prawo i Sprawiedliwość",)),
        Actor("Koalicja Obywatelska", "party", ("KO",)),
        *(Actor(name, "party") for name in ("Lewica", "Konfederacja")),
        Actor("NATO", "organisation"),
        Actor("Komisja Europejska", "organisation"),
        *(Actor(name, "organisation") for name in ("Orlen", "Lotos")),
        *(Actor(name, "person") for name in ("Donald Tusk", "Szymon Hołownia", "Beata Szydło", "Giorgia Meloni")),
        *(Actor(name, "person") for name in ("Władimir Putin", "Joe Biden", "Donald Trump", "Wołodymyr Zełenski")),
    ]
)


def sentence(text: str, *actors: tuple[str, str]) -> LabelledSentence:
    """Label the actors, given with their mentions' words, parted by "|": the first is against, the next favor."""
    labelled = []
    for (name, words), stance in zip(actors, ("against", "favor"), strict=False):
        mentions: list[Mention] = []
        for word in words.split("|"):
            start = text.index(word, mentions[-1][1] if mentions else 0)
            mentions.append((start, start + len(word)))
        labelled.append(LabelledActor(name, tuple(mentions), stance))
    return LabelledSentence("s", "s", text, tuple(labelled))


def mentioned(sentence: LabelledSentence) -> list[list[str]]:
    return [[sentence.text[slice(*mention)] for mention in actor.mentions] for actor in sentence.actors]


@pytest.mark.parametrize(
    ("text", "first", "second", "expected"),
    [
        ("Rosja grozi Polsce.", ("Rosja", "Rosja"), ("Polska", "Polsce"), "Polska grozi Rosji."),
        ("Trump wyśmiał Zełenskiego.", ("Donald Trump", "Trump"), ("Wołodymyr Zełenski", "Zełenskiego"),
         "Zełenski wyśmiał Trumpa."),
        ("Spokój we Francji, kłótnia z Rosją.", ("Francja", "Francji"), ("Rosja", "Rosją"),
         "Spokój w Rosji, kłótnia z Francją."),
        ("Kłótnia ze Szwecją, zgoda z Francją.", ("Szwecja", "Szwecją"), ("Francja", "Francją"),
         "Kłótnia z Francją, zgoda ze Szwecją."),
        ("Donald Tusk skrytykował Kreml.", ("Donald Tusk", "Donald Tusk"), ("Rosja", "Kreml"),
         "Kreml skrytykował Donalda Tuska."),
        ("Lewica drwi z Konfederacji.", ("Lewica", "Lewica"), ("Konfederacja", "Konfederacji"),
         "Konfederacja drwi z Lewicy."),
        ("Mówiono o Trumpie i o Joem Bidenie.", ("Donald Trump", "Trumpie"), ("Joe Biden", "Joem Bidenie"),
         "Mówiono o Joem Bidenie i o Trumpie."),
        ("Rosja ściga Ukrainę, ale Rosja traci.", ("Rosja", "Rosja|Rosja"), ("Ukraina", "Ukrainę"),
         "Ukraina ściga Rosję, ale Ukraina traci."),
    ],
)  # fmt: skip
def test_substitution_swaps(text: str, first: tuple[str, str], second: tuple[str, str], expected: str) -> None:
    swapped = swap(sentence(text, first, second), 0, 1, KNOWN)
    assert swapped and swapped.text == expected


def test_substitution_swap_exchanges_places_and_labels() -> None:
    swapped = swap(sentence("Rosja grozi Polsce.", ("Rosja", "Rosja"), ("Polska", "Polsce")), 0, 1, KNOWN)
    assert swapped and [(actor.actor, actor.stance) for actor in swapped.actors] == [
        ("Rosja", "favor"),
        ("Polska", "against"),
    ]
    assert mentioned(swapped) == [["Rosji"], ["Polska"]]


def test_substitution_swap_moves_others_and_exchanges_holders() -> None:
    text = "Tusk mówi, że Rosja jest gorsza od Ukrainy, a Litwa słucha."
    places = {word: (text.index(word), text.index(word) + len(word)) for word in ("Rosja", "Ukrainy", "Litwa")}
    actors = (
        LabelledActor("Rosja", (places["Rosja"],), "against", "Ukraina"),
        LabelledActor("Ukraina", (places["Ukrainy"],), "favor"),
        LabelledActor("Litwa", (places["Litwa"],), "neutral", "Rosja"),
    )
    swapped = swap(LabelledSentence("s", "s", text, actors), 0, 1, KNOWN)
    assert swapped and swapped.text == "Tusk mówi, że Ukraina jest gorsza od Rosji, a Litwa słucha."
    assert mentioned(swapped) == [["Rosji"], ["Ukraina"], ["Litwa"]]
    assert [actor.holder for actor in swapped.actors] == [None, "Rosja", "Ukraina"]


def test_substitution_swap_twice_gives_the_sentence_again() -> None:
    before = sentence("Ukraina ostrzega Francję.", ("Ukraina", "Ukraina"), ("Francja", "Francję"))
    swapped = swap(before, 0, 1, KNOWN)
    assert swapped and swap(swapped, 0, 1, KNOWN) == before


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        # the verb would not agree
        ("Rosja przegrała z Niemcami.", ("Rosja", "Rosja"), ("Niemcy", "Niemcami")),
        ("Beata Szydło skrytykowała Berlin.", ("Beata Szydło", "Beata Szydło"), ("PiS", "Berlin")),
        # a title needs a person
        ("Premier Donald Tusk chwali Pekin.", ("Donald Tusk", "Donald Tusk"), ("Chiny", "Pekin")),
        # an actor that is not understood
        ("Rosja drwi z Netfliksa.", ("Rosja", "Rosja"), ("Netflix", "Netfliksa")),
        # a person is no place
        ("Rozmawiano w Rosji o Beacie Szydło.", ("Rosja", "Rosji"), ("Beata Szydło", "Beacie Szydło")),
    ],
)
def test_substitution_swap_is_none_where_unsure(text: str, first: tuple[str, str], second: tuple[str, str]) -> None:
    assert swap(sentence(text, first, second), 0, 1, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "actor", "name", "expected"),
    [
        ("Rosja zagroziła światu.", ("Rosja", "Rosja"), "Francja", "Francja zagroziła światu."),
        ("Nie ma zgody z Rosją.", ("Rosja", "Rosją"), "USA", "Nie ma zgody z USA."),
        ("Nie ma zgody z Rosją.", ("Rosja", "Rosją"), "Szwecja", "Nie ma zgody ze Szwecją."),
        ("W Rosji trwa zima.", ("Rosja", "Rosji"), "Francja", "We Francji trwa zima."),
        ("We Francji trwa zima.", ("Francja", "Francji"), "Rosja", "W Rosji trwa zima."),
        ("Na Litwie trwa zima.", ("Litwa", "Litwie"), "Łotwa", "Na Łotwie trwa zima."),
        ("Prezydenta Putina nikt nie lubi.", ("Władimir Putin", "Putina"), "Joe Biden",
         "Prezydenta Bidena nikt nie lubi."),
        ("Poseł krytykuje Rosję, której nie ufa.", ("Rosja", "Rosję"), "Hiszpania",
         "Poseł krytykuje Hiszpanię, której nie ufa."),
        ("Lider PiS odszedł.", ("PiS", "PiS"), "Koalicja Obywatelska", "Lider Koalicji Obywatelskiej odszedł."),
        ("Poseł zarzucił PiS-owi kłamstwo.", ("PiS", "PiS-owi"), "Lewica", "Poseł zarzucił Lewicy kłamstwo."),
        ("Donald Tusk przyjechał. Tuska witano.", ("Donald Tusk", "Donald Tusk|Tuska"), "Szymon Hołownia",
         "Szymon Hołownia przyjechał. Hołownię witano."),
        ("Meloni krytykuje Brukselę.", ("Giorgia Meloni", "Meloni"), "Beata Szydło", "Szydło krytykuje Brukselę."),
        ("Spółka Orlen płaci.", ("Orlen", "Orlen"), "Lotos", "Spółka Lotos płaci."),
        ("Nie ufa Kremlowi.", ("Rosja", "Kremlowi"), "Iran", "Nie ufa Iranowi."),
    ],
)  # fmt: skip
def test_substitution_gives_another_name(text: str, actor: tuple[str, str], name: str, expected: str) -> None:
    rewritten = substitute(sentence(text, actor), 0, name, KNOWN)
    assert rewritten and rewritten.text == expected
    assert (rewritten.actors[0].actor, rewritten.actors[0].stance) == (name, "against")


def test_substitution_moves_the_other_mentions() -> None:
    before = sentence("Z Rosją i Ukrainą rozmawia Polska.", ("Rosja", "Rosją"), ("Polska", "Polska"))
    rewritten = substitute(before, 0, "Szwecja", KNOWN)
    assert rewritten and rewritten.text == "Ze Szwecją i Ukrainą rozmawia Polska."
    assert mentioned(rewritten) == [["Szwecją"], ["Polska"]]


@pytest.mark.parametrize(
    ("text", "actor", "name"),
    [
        ("Rosja zagroziła światu.", ("Rosja", "Rosja"), "Iran"),  # gender
        ("Rosja grozi światu.", ("Rosja", "Rosja"), "Niemcy"),  # number
        ("Poseł krytykuje Rosję, której nie ufa.", ("Rosja", "Rosję"), "Chiny"),  # "której"
        ("Wolą NATO.", ("NATO", "NATO"), "Komisja Europejska"),  # which case?
        ("Poseł chwali Rosję przed Ukrainą.", ("Rosja", "Rosję"), "Ukraina"),  # stands there already
        ("Donald Tusk przyjechał.", ("Donald Tusk", "Donald Tusk"), "Rosja"),  # another type
        ("Donald Tusk przyjechał.", ("Donald Tusk", "Donald Tusk"), "Beata Szydło"),
        ("Na Litwie trwa zima.", ("Litwa", "Litwie"), "Rosja"),  # "na", but "w Rosji"
        ("W Rosji trwa zima.", ("Rosja", "Rosji"), "Litwa"),
        ("NATO-wski szczyt trwa.", ("NATO", "NATO-wski"), "Komisja Europejska"),
        ("Netflix płaci.", ("Netflix", "Netflix"), "Orlen"),  # a type that nobody knows
    ],
)
def test_substitution_is_none_where_unsure(text: str, actor: tuple[str, str], name: str) -> None:
    assert substitute(sentence(text, actor), 0, name, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "word", "name", "cases"),
    [
        ("Mówiono o Rosji.", "Rosji", "Rosja", {"loc"}),
        ("Umowa do Rosji.", "Rosji", "Rosja", {"gen"}),
        ("Prezydent Rosji wyjechał.", "Rosji", "Rosja", {"gen"}),
        ("Dziękuje Rosji za gaz.", "Rosji", "Rosja", {"dat"}),
        ("Gardzi lekkomyślną Rosją.", "Rosją", "Rosja", {"inst"}),
        ("Niemcy przegrały mecz.", "Niemcy", "Niemcy", {"nom"}),
        ("Rząd oskarża Niemcy.", "Niemcy", "Niemcy", {"acc"}),
        ("Ustawa o PiS-ie.", "PiS-ie", "PiS", {"loc"}),
        ("Wpływy Niemiec i Rosji rosną.", "Rosji", "Rosja", {"gen"}),
    ],
)
def test_slots_narrow_the_case(text: str, word: str, name: str, cases: set[str]) -> None:
    start = text.index(word)
    slot = slot_of(text, (start, start + len(word)), name, person=False)
    assert slot and slot.cases == cases


def test_slots_take_what_is_quoted_for_a_clause_of_its_own() -> None:
    text = "Zdaniem profesora „NATO zawiodło sąsiadów”."
    slot = slot_of(text, (19, 23), "NATO", person=False)
    assert slot and slot.cases == {"nom"} and slot.agrees == {"number", "gender"}


def test_slots_see_a_surname_alone_and_its_title() -> None:
    slot = slot_of("Minął gabinet prezydenta Putina.", (25, 31), "Władimir Putin", person=True)
    assert slot and slot.short and slot.apposed and slot.agrees == {"number", "gender"}


def test_slots_leave_a_word_that_is_no_form_of_the_name() -> None:
    assert slot_of("PiS-owski plan upadł.", (0, 9), "PiS", person=False) is None
    assert slot_of("Chwalą Igora Bojkę.", (13, 18), "Igor Bojko", person=True) is None


@pytest.mark.parametrize(
    ("name", "kind"), [("Jan Nowak", "person"), ("Muriel Bowser", "person"), ("Bank Beskid", None), ("Wagmet", None)]
)
def test_substitution_guesses_a_person(name: str, kind: str | None) -> None:
    assert type_of(name) == kind
