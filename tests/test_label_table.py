"""A CSV of labels."""

from pathlib import Path

import pytest

from data.labelled_files import read_sentences
from data.problems import UserError


def write_csv(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_label_table_finds_actors_in_any_case(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "labels.csv",
        "text,actor,stance,sentiment\n"
        "Rutte skrytykował Rosję i Putina.,Rosja,against,negative\n"
        "Rutte skrytykował Rosję i Putina.,Władimir Putin,against,negative\n"
        "Rutte skrytykował Rosję i Putina.,Rutte,neutral,negative\n",
    )
    with pytest.raises(UserError, match=r"labels\.csv:3: actor 'Władimir Putin' is not in the text"):
        read_sentences(path)
    path.write_text(path.read_text(encoding="utf-8").replace("Władimir Putin", "Putin"), encoding="utf-8")
    (sentence,) = read_sentences(path)
    named = {actor.actor: [sentence.text[start:end] for start, end in actor.mentions] for actor in sentence.actors}
    assert named == {"Rosja": ["Rosję"], "Putin": ["Putina"], "Rutte": ["Rutte"]}
    assert sentence.id == "labels-0001"
    assert sentence.sentiment == "negative"


def test_label_table_takes_offsets(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        "id,text,actor,stance,start,end,holder\n"
        "x,Kreml kłamie.,Rosja,against,0,5,Sikorski\n"
        'y,"Kreml, czyli Moskwa.",Rosja,neutral,0,5,\n'
        'y,"Kreml, czyli Moskwa.",Rosja,neutral,13,19,\n',
    )
    first, second = read_sentences(path)
    assert first.actors[0].holder == "Sikorski"
    assert second.actors[0].mentions == ((0, 5), (13, 19))


def test_label_table_needs_its_columns(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "sentence,actor\nRosja milczy.,Rosja\n")
    with pytest.raises(UserError, match=r"expected the columns text, actor, stance .* add text, stance"):
        read_sentences(path)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("x,Rosja milczy.,Rosja,loud,,\n", "a.csv:2: .*found 'loud'"),
        ("x,Rosja milczy.,Rosja,neutral,0,50\n", "lies outside the text"),
        ("x,Rosja milczy.,Rosja,neutral,1,5\n", "cuts a word"),
        ("x,Rosja milczy.,Rosja,neutral,one,5\n", "expected start and end as whole numbers"),
        (
            "x,Rosja milczy.,Rosja,neutral,,\nx,Rosja mówi.,Rosja,neutral,,\n",
            "a.csv:3: text differs from that of line 2",
        ),
        ("x,Rosja milczy.,Rosja,neutral,,\nx,Rosja milczy.,Rosja,favor,,\n", "a.csv:3: actor 'Rosja' stands twice"),
        ("x,,Rosja,neutral,,\n", "found an empty cell"),
        ("x,Rosja milczy.\n", "as many fields as there are columns"),
    ],
)
def test_label_table_names_what_is_wrong(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_sentences(write_csv(tmp_path / "a.csv", "id,text,actor,stance,start,end\n" + rows))


def test_label_table_counts_lines_past_quoted_line_breaks(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", 'text,actor,stance\n"Rosja\nmilczy.",Rosja,neutral\nNic tu.,Rosja,neutral\n')
    with pytest.raises(UserError, match=r"a\.csv:4: actor 'Rosja' is not in the text"):
        read_sentences(path)


def test_label_table_empty_stance_is_a_missing_label(tmp_path: Path) -> None:
    (sentence,) = read_sentences(write_csv(tmp_path / "a.csv", "text,actor,stance\nRosja milczy.,Rosja,\n"))
    assert sentence.actors[0].stance is None
