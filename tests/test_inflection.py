"""The paradigm of a name: by the dictionary, by rule, or none."""

import pytest

from data.actor_list import BUNDLED, read_actors
from data.inflection import CASES, Declension, decline
from data.morphology import generated, readings
from data.surname_rules import ruled_forms

PERSONS = [
    ("Donald Tusk", "gen", "Donalda Tuska"),
    ("Donald Tusk", "loc", "Donaldzie Tusku"),
    ("Donald Trump", "loc", "Donaldzie Trumpie"),
    ("Joe Biden", "inst", "Joem Bidenem"),
    ("Jarosław Kaczyński", "dat", "Jarosławowi Kaczyńskiemu"),
    ("Jarosław Kaczyński", "loc", "Jarosławie Kaczyńskim"),
    ("Wołodymyr Zełenski", "gen", "Wołodymyra Zełenskiego"),
    ("Viktor Orbán", "loc", "Viktorze Orbánie"),
    ("Emmanuel Macron", "loc", "Emmanuelu Macronie"),
    ("Jeremy Corbyn", "loc", "Jeremym Corbynie"),
    ("Szymon Hołownia", "acc", "Szymona Hołownię"),
    ("Szymon Hołownia", "dat", "Szymonowi Hołowni"),
    ("Andrzej Duda", "dat", "Andrzejowi Dudzie"),
    ("Zbigniew Ziobro", "gen", "Zbigniewa Ziobry"),
    ("Petro Poroszenko", "inst", "Petrem Poroszenką"),
    ("Mark Rutte", "gen", "Marka Ruttego"),
    ("Mario Draghi", "dat", "Mariowi Draghiemu"),
    ("Nigel Farage", "gen", "Nigela Farage’a"),
    ("J.D. Vance", "acc", "J.D. Vance’a"),
    ("Mark Carney", "inst", "Markiem Carneyem"),
    ("Wałerij Załużny", "gen", "Wałerija Załużnego"),
    ("Benjamin Netanjahu", "loc", "Benjaminie Netanjahu"),
    ("Władysław Kosiniak-Kamysz", "inst", "Władysławem Kosiniakiem-Kamyszem"),
    ("Jean-Luc Mélenchon", "gen", "Jean-Luca Mélenchona"),
    ("Zbigniew Boniek", "gen", "Zbigniewa Bońka"),
    ("Kim Dzong Un", "inst", "Kim Dzong Unem"),
    ("papież Leon XIV", "dat", "papieżowi Leonowi XIV"),
    ("Franciszek", "gen", "Franciszka"),
    ("Ursula von der Leyen", "gen", "Ursuli von der Leyen"),
    ("Ursula von der Leyen", "acc", "Ursulę von der Leyen"),
    ("Giorgia Meloni", "dat", "Giorgii Meloni"),
    ("Angela Merkel", "inst", "Angelą Merkel"),
    ("Beata Szydło", "gen", "Beaty Szydło"),
    ("Małgorzata Kidawa-Błońska", "loc", "Małgorzacie Kidawie-Błońskiej"),
    ("Maria Zacharowa", "gen", "Marii Zacharowej"),
    ("Zuzana Čaputová", "acc", "Zuzanę Čaputovą"),
    ("Barbara Nowacka", "dat", "Barbarze Nowackiej"),
    ("siostra Klara", "acc", "siostrę Klarę"),
]
OTHERS = [
    ("Rosja", "gen", "Rosji"),
    ("Polska", "loc", "Polsce"),
    ("Izrael", "acc", "Izrael"),
    ("Izrael", "gen", "Izraela"),
    ("Niemcy", "loc", "Niemczech"),
    ("Niemcy", "gen", "Niemiec"),
    ("Włochy", "loc", "Włoszech"),
    ("Węgry", "loc", "Węgrzech"),
    ("Węgry", "gen", "Węgier"),
    ("Chiny", "inst", "Chinami"),
    ("Stany Zjednoczone", "gen", "Stanów Zjednoczonych"),
    ("Zjednoczone Emiraty Arabskie", "loc", "Zjednoczonych Emiratach Arabskich"),
    ("Korea Północna", "inst", "Koreą Północną"),
    ("Bośnia i Hercegowina", "dat", "Bośni i Hercegowinie"),
    ("Wielka Brytania", "acc", "Wielką Brytanię"),
    ("Komisja Europejska", "acc", "Komisję Europejską"),
    ("Trybunał Konstytucyjny", "loc", "Trybunale Konstytucyjnym"),
    ("Prawo i Sprawiedliwość", "inst", "Prawem i Sprawiedliwością"),
    ("Rada Europy", "dat", "Radzie Europy"),
    ("Ministerstwo Finansów", "gen", "Ministerstwa Finansów"),
    ("Narodowy Bank Polski", "loc", "Narodowym Banku Polskim"),
    ("Polska Grupa Zbrojeniowa", "gen", "Polskiej Grupy Zbrojeniowej"),
    ("Rzecznik Praw Obywatelskich", "acc", "Rzecznika Praw Obywatelskich"),
    ("Polska 2050", "gen", "Polski 2050"),
    ("Nowoczesna", "loc", "Nowoczesnej"),
    ("Zieloni (Niemcy)", "gen", "Zielonych"),
    ("Talibowie", "acc", "Talibów"),
    ("Reporterzy bez Granic", "gen", "Reporterów bez Granic"),
    ("Kościół katolicki", "loc", "Kościele katolickim"),
    ("Biedronka", "dat", "Biedronce"),
    ("Tesla", "acc", "Teslę"),
    ("Orlen", "gen", "Orlenu"),
    ("Hamas", "inst", "Hamasem"),
    ("Wisła Kraków", "dat", "Wiśle Kraków"),
    ("Telewizja Republika", "gen", "Telewizji Republika"),
    ("PiS", "gen", "PiS"),
    ("NATO", "loc", "NATO"),
    ("G7", "inst", "G7"),
]


@pytest.mark.parametrize(("name", "case", "form"), PERSONS)
def test_inflection_of_persons(name: str, case: str, form: str) -> None:
    declined = decline(name, person=True)
    assert declined and declined.forms[case] == form


@pytest.mark.parametrize(("name", "case", "form"), OTHERS)
def test_inflection_of_countries_parties_and_organisations(name: str, case: str, form: str) -> None:
    declined = decline(name, person=False)
    assert declined and declined.forms[case] == form


@pytest.mark.parametrize(
    "name",
    ["Netflix", "Fidesz", "Washington Post", "Business Insider", "FC Barcelona", "Miasto Jest Nasze", "Bracia Włosi",
     "Huta Stalowa Wola", "Die Welt", "AstraZeneca", ""],
)  # fmt: skip
def test_inflection_of_an_unsure_organisation_is_none(name: str) -> None:
    assert decline(name, person=False) is None


@pytest.mark.parametrize("name", ["Nikola Grbić", "Robert Fico", "Shinzo Abe", "Tusk", "Kylian Mbappé"])
def test_inflection_of_an_unsure_person_is_none(name: str) -> None:
    assert decline(name, person=True) is None


def test_inflection_leaves_out_a_case_that_is_not_sure() -> None:
    vance = decline("J.D. Vance", person=True)
    assert vance and "loc" not in vance.forms


def test_inflection_of_a_surname_follows_the_gender() -> None:
    man, woman = (decline("Witek", person=True, gender=gender) for gender in ("m", "f"))
    assert man and man.forms["gen"] == "Witka"
    assert woman and set(woman.forms.values()) == {"Witek"}


@pytest.mark.parametrize(
    ("name", "number", "gender"),
    [("Niemcy", "pl", "n"), ("Rosja", "sg", "f"), ("Prawo i Sprawiedliwość", "sg", "n"), ("Zieloni", "pl", "m1")],
)
def test_inflection_knows_number_and_gender(name: str, number: str, gender: str) -> None:
    declined = decline(name, person=False)
    assert declined and (declined.number, declined.gender) == (number, gender)


def test_inflection_understands_a_form() -> None:
    russia = decline("Rosja", person=False)
    assert russia and russia.cases_of("Rosji") == {"gen", "dat", "loc"}
    assert russia.cases_of("Niemcy") == frozenset()


def test_inflection_understands_either_apostrophe() -> None:
    farage = decline("Farage", person=True, gender="m")
    assert farage and farage.cases_of("Farage'a") == farage.cases_of("Farage’a") == {"gen", "acc"}


def test_inflection_understands_the_capital_of_a_sentence() -> None:
    assert Declension({"nom": "talibowie"}, "pl", "m1").cases_of("Talibowie") == {"nom"}


def test_inflection_by_rule_agrees_with_the_dictionary() -> None:
    """The rules are for names that the dictionary lacks; on those that it knows, they must say the same."""
    same, all_forms, names = 0, 0, 0
    for surname, gender in _known_surnames().items():
        declined = decline(surname, person=True, gender=gender[0])
        ruled = ruled_forms(surname, gender, given=False)
        names += 1
        for case in set(ruled) & set(CASES):
            known = {declined.forms[case], *declined.variants[case]} if declined else set()
            all_forms += 1
            same += ruled[case] in known
    assert names > 200
    assert same / all_forms > 0.97  # 1.0 when written


def _known_surnames() -> dict[str, str]:
    """Return the bundled persons' surnames that the dictionary declines, with their gender."""
    known = {}
    for actor in read_actors(BUNDLED):
        surname = actor.name.split()[-1]
        declined = decline(actor.name, person=True) if actor.type == "person" else None
        for reading in readings(surname) if declined else ():
            right = declined and reading.gender == declined.gender and "nazwisko" in reading.names
            if right and reading.tag[1] == "sg" and "nom" in reading.tag[2].split("."):
                known[surname] = reading.gender
    return known


def test_morphology_generates_all_forms_of_an_entry() -> None:
    forms = {form.spelling for form in generated("Tusk:Sm1") if form.tag[1] == "sg"}
    assert forms == {"Tusk", "Tuska", "Tuskowi", "Tuskiem", "Tusku"}
    assert generated("Zażółcajko") == ()
