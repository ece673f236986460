"""The command: exit statuses, the report, the summary in two languages, and no traceback ever."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from index.build.report.words import PHRASES, WORDS, Language
from index.sources import KIND_NAMES, Gap, Repair, SkipReason
from index.storage.builds import current_build

SCRIPT = Path(__file__).parents[2] / "scripts" / "rebuild_index.py"


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "LANG": "vi_VN.UTF-8", "LC_ALL": "", **environment},
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "bai.jsonl"
    path.write_bytes(
        b"".join(
            orjson.dumps(record) + b"\n"
            for record in (
                {"id": "1", "title": "Mùa sen", "body": "Sen nở."},
                {"id": "2", "title": "Mùa gặt", "body": "Lúa chín.", "date": "hôm qua"},
                {"id": "3", "title": "Không có nội dung"},
            )
        )
    )
    return path


def test_a_rebuild_makes_an_index_and_sums_up_in_vietnamese(source: Path, tmp_path: Path) -> None:
    done = run("--index", tmp_path / "index", source)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Đã lập chỉ mục 2 bài")
    assert f"{source}:3" in done.stdout
    assert "no-body" in done.stdout
    assert current_build(tmp_path / "index").manifest.articles == 2


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [(["--lang", "en"], {}), ([], {"LANG": "en_US.UTF-8"}), ([], {"LC_ALL": "en_GB.UTF-8"})],
)
def test_the_summary_is_english_where_asked(
    arguments: list[str], environment: dict[str, str], source: Path, tmp_path: Path
) -> None:
    done = run("--index", tmp_path / "index", *arguments, source, **environment)
    assert done.stdout.startswith("Indexed 2 articles")
    assert "give it as body or text or content" in done.stdout


def test_a_report_holds_counts_reasons_and_examples(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    run("--index", tmp_path / "index", "--report", file, source)
    report = orjson.loads(file.read_bytes())
    assert report["build"] == current_build(tmp_path / "index").id
    assert (report["read"], report["indexed"], report["files"]) == (3, 2, 1)
    assert report["bytes"] == source.stat().st_size
    assert report["skipped"]["total"] == 1
    assert report["skipped"]["reasons"]["no-body"]["count"] == 1
    assert report["skipped"]["reasons"]["no-body"]["examples"][0]["where"] == f"{source}:3"
    assert report["incomplete"]["reasons"]["unreadable-date"]["count"] == 1
    assert report["repaired"] == {"total": 0, "reasons": {}}
    assert report["seconds"] > 0


def test_quiet_says_nothing_but_errors(source: Path, tmp_path: Path) -> None:
    done = run("--index", tmp_path / "index", "--quiet", source)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (tmp_path / "bad.jsonl").write_bytes(b"{\n")
    done = run("--index", tmp_path / "index", "--quiet", tmp_path / "bad.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: no article was found")


def test_nothing_to_index_fails_and_the_report_says_why(source: Path, tmp_path: Path) -> None:
    run("--index", tmp_path / "index", source)
    before = current_build(tmp_path / "index")
    (tmp_path / "bad.jsonl").write_bytes(b"{\n")
    file = tmp_path / "report.json"
    done = run("--index", tmp_path / "index", tmp_path / "bad.jsonl", "--report", file)
    assert done.returncode == 1
    assert "Không có bài nào" in done.stdout
    assert orjson.loads(file.read_bytes())["skipped"]["reasons"]["broken-json"]["count"] == 1
    assert orjson.loads(file.read_bytes())["build"] is None
    assert current_build(tmp_path / "index") == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--index", "x"],
        ["--index", "x", "missing.jsonl"],
        ["--index", "x", "--kind", "other", "."],
        ["--index", "x", "--limit", "0", "."],
        ["--index", "x", "--keep", "0", "."],
    ],
)
def test_wrong_usage_has_its_own_status(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_kind_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "bai.dat").write_text("Mùa sen\n\nSen nở.")
    assert run("--index", tmp_path / "index", tmp_path / "bai.dat").returncode == 1
    assert (
        run("--index", tmp_path / "index", "--kind", "text", tmp_path / "bai.dat").returncode == 0
    )


def test_an_index_that_cannot_be_made_is_told_without_a_traceback(
    source: Path, tmp_path: Path
) -> None:
    done = run("--index", source / "index", source)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    done = run("--index", tmp_path / "index", "--report", tmp_path / "no" / "r.json", source)
    assert done.returncode == 1
    assert "the report cannot be written" in done.stderr


def test_a_terminal_shows_a_bar(source: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), "--index", str(tmp_path / "index"), str(source)],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "LANG": "vi_VN.UTF-8", "LC_ALL": "", "TERM": "xterm", "COLUMNS": "160"},
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:
        pass  # how a terminal says that its other end is closed
    finally:
        os.close(ours)
    assert process.wait() == 0
    assert "bài/giây".encode() in shown


def test_every_code_has_words_in_both_languages() -> None:
    codes = {code.value for codes in (SkipReason, Repair, Gap) for code in codes}
    for language in Language:
        assert set(PHRASES[language]) == codes
        assert language in WORDS


def test_the_names_of_kinds_are_different() -> None:
    assert len(set(KIND_NAMES)) == len(KIND_NAMES)
