"""The measurement of "did you mean", over the newsroom."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from scripts.measure.did_you_mean import main


def measured(index: Path, queries: Path, *options: str) -> str:
    arguments = ["--index", str(index), "--queries", str(queries), *options]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_right_wrong_and_silent_proposals_are_counted(newsroom_index: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text(
        "qid\taccented\tbare\n"
        "1\tthông tin đối ngoại\tthong tin doi ngoai\n"  # proposed
        "2\tthông tin đổi ngoại\tthong tin doi ngoai\n"  # another is proposed
        "3\tdương\tduong\n"  # among the choices
        "4\tcovid\tcovid\n",  # nothing to propose
        "utf-8",
    )
    bare, wrong, accented, *rest = measured(newsroom_index, queries, "--show", "1").splitlines()
    assert "4 queries: proposes the accented query 1 (25.00%); proposes another 1 (25.00%)" in bare
    assert "offers choices with it 1 (25.00%); offers choices without it 0" in bare
    assert wrong == "  thong tin doi ngoai → thông tin đối ngoại (accents)"
    assert "proposes another 0 (0.00%); offers choices with it 0" in accented
    assert rest == []


def test_what_is_missing_is_named(newsroom_index: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text("qid\tbare\n1\ta\n", "utf-8")
    options = ["--index", str(newsroom_index), "--queries", str(queries)]
    assert "has no columns 'accented'" in CliRunner().invoke(main, options).output
    nowhere = ["--index", str(tmp_path), "--queries", str(queries)]
    assert "there is no index here" in CliRunner().invoke(main, nowhere).output
