"""The command that shows how text becomes terms."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.build.rebuild import rebuild
from scripts.analyse import main

SCRIPT = Path(__file__).parents[2] / "scripts" / "analyse.py"
FIELDS = {"input", "canonical", "folded", "typed_as", "repairs"}


def test_every_line_of_standard_input_gets_one_line_of_json() -> None:
    lines = ["Hòa Bình", "ddoois ngoaij", "", "Vieät Nam coäng hoøa", "COVID\\u201119", "\udcff"]
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--json"], input=data, capture_output=True, check=True
    )
    objects = [json.loads(line) for line in run.stdout.splitlines()]
    assert [set(fields) for fields in objects] == [FIELDS] * len(lines)
    assert [fields["canonical"] for fields in objects] == [
        "hoà bình",
        "đối ngoại",
        "",
        "việt nam cộng hoà",
        "covid19|covid 19",
        "",
    ]
    assert [fields["typed_as"] for fields in objects] == ["text", "telex", *["text"] * 4]
    assert objects[3]["repairs"] == [{"kind": "vni-windows", "places": 1, "changed": True}]


def test_texts_may_be_arguments() -> None:
    result = CliRunner().invoke(main, ["Covid-19", "ho\u0300a"])
    assert result.exit_code == 0
    assert "covid19|covid 19" in result.output
    assert "marks not composed" in result.output


def test_without_json_a_line_gives_terms_and_typing() -> None:
    result = CliRunner().invoke(main, input="Lý\nnguwowif\n")
    assert result.output.splitlines() == ["lí\tli\ttext", "người\tnguoi\ttelex"]


def test_a_text_is_shown_with_offsets_stacked_forms_sentences_and_how_it_was_read() -> None:
    lines = CliRunner().invoke(main, ["Khoong theer ddi Covid-19. Ddos."]).output.splitlines()
    assert lines == [
        "canonical  không thể đi covid19|covid 19 đó",
        "folded     khong the di covid19|covid 19 do",
        "typed as   telex",
        "read as    Không thể đi Covid-19. Đó.",
        "sentence      0   22  Không thể đi Covid-19.",
        "sentence     23   26  Đó.",
        "",
        "position  text      accent key  folded   from  to",
        "       0  Không     không       khong       0   5",
        "       1  thể       thể         the         6   9",
        "       2  đi        đi          di         10  12",
        "       3  Covid-19  covid19     covid19    13  21",
        "       3  Covid     covid       covid      13  18",
        "       4  19        19          19         19  21",
        "       5  Đó        đó          do         23  25",
    ]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analyse")
    article = {"title": "Công tác thông tin đối ngoại (TTĐN) ở huyện", "body": "Đội bóng thắng."}
    lines = [json.dumps({**article, "id": str(number)}) + "\n" for number in range(5)]
    (folder / "articles.jsonl").write_text("".join(lines), encoding="utf-8")
    rebuild(folder / "index", [folder / "articles.jsonl"])
    (folder / "index" / "aliases.txt").write_text("đội bóng = CLB\n", encoding="utf-8")
    return folder / "index"


def test_with_an_index_a_text_is_shown_with_counts_accents_and_other_names(index: Path) -> None:
    output = (
        CliRunner().invoke(main, ["--index", str(index), "thong tin doi ngoai doi bong"]).output
    )
    lines = [re.sub(r"0\.\d\d", "0.##", line) for line in output.splitlines()]
    assert lines[-11:] == [
        "position  accent key  in the index  under any accents  most likely  sure  or else",
        "       0  thong                  0                  5  thông        1.00",
        "       1  tin                    5                  5  tin          1.00",
        "       2  doi                    0                 10  đối          1.00",
        "       3  ngoai                  0                  5  ngoại        1.00",
        "       4  doi                    0                 10  đội          0.##  đối 0.##",
        "       5  bong                   0                  5  bóng         1.00",
        "",
        "accents    thông tin đối ngoại đội bóng  (sure 0.##)",
        "also       thong tin doi ngoai → TTĐN  (weight 0.##)",
        "also       doi bong → CLB  (weight 0.##)",
    ]


def test_with_an_index_json_has_further_keys(index: Path) -> None:
    output = CliRunner().invoke(main, ["--json", "--index", str(index), "doi ngoai"]).output
    fields = json.loads(output)
    assert set(fields) == {*FIELDS, "read_as", "tokens", "sentences", "words", "other_names"}
    assert [word["likely"][0]["key"] for word in fields["words"]] == ["đối", "ngoại"]
    assert fields["tokens"][1] == {
        "key": "ngoai",
        "folded": "ngoai",
        "position": 1,
        "start": 4,
        "end": 9,
    }


def test_an_aliases_file_that_cannot_be_read_is_told_by_line(index: Path) -> None:
    aliases = index / "aliases.txt"
    before = aliases.read_text(encoding="utf-8")
    aliases.write_text("CLB\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["--index", str(index), "x"])
    aliases.write_text(before, encoding="utf-8")
    assert result.exit_code == 1
    assert "aliases.txt, line 1: only one name" in result.output


def test_without_an_index_there_the_reason_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--index", str(tmp_path), "x"])
    assert result.exit_code == 1
    assert "there is no index here" in result.output


def test_a_wrong_option_is_wrong_usage() -> None:
    assert CliRunner().invoke(main, ["--nothing"]).exit_code == 2
