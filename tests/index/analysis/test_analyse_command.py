"""The command that shows how text becomes terms."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from scripts.analyse import main

SCRIPT = Path(__file__).parents[3] / "scripts" / "analyse.py"
FIELDS = {"input", "canonical", "folded", "typed_as", "repairs"}


def test_every_line_of_standard_input_gets_one_line_of_json() -> None:
    lines = ["Hòa Bình", "ddoois ngoaij", "", "Vieät Nam coäng hoøa", "COVID\\u201119", "\udcff"]
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--json"], input=data, capture_output=True, check=True
    )
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [set(answer) for answer in answers] == [FIELDS] * len(lines)
    assert [answer["canonical"] for answer in answers] == [
        "hoà bình",
        "đối ngoại",
        "",
        "việt nam cộng hoà",
        "covid19|covid 19",
        "",
    ]
    assert [answer["typed_as"] for answer in answers] == ["text", "telex", *["text"] * 4]
    assert answers[3]["repairs"] == [{"kind": "vni-windows", "places": 1, "changed": True}]


def test_texts_may_be_arguments() -> None:
    result = CliRunner().invoke(main, ["Covid-19", "ho\u0300a"])
    assert result.exit_code == 0
    assert "covid19|covid 19" in result.output
    assert "marks not composed" in result.output


def test_without_json_a_line_gives_terms_and_typing() -> None:
    result = CliRunner().invoke(main, input="Lý\nnguwowif\n")
    assert result.output.splitlines() == ["lí\tli\ttext", "người\tnguoi\ttelex"]


def test_a_wrong_option_is_wrong_usage() -> None:
    assert CliRunner().invoke(main, ["--nothing"]).exit_code == 2
