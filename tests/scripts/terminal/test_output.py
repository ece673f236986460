"""Whatever becomes of the output of a command, nobody ever sees a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from index.build.rebuild import rebuild

SCRIPTS = Path(__file__).parents[3] / "scripts"
URL = f"https://bao.example/{'mua-sen-no-som-' * 8}1.html"


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sen")
    article = {"id": "1", "url": URL, "title": "Mùa sen nở sớm", "body": "Sen đầy hồ. " * 30}
    (folder / "bai.jsonl").write_bytes(orjson.dumps(article))
    rebuild(folder / "index", [folder / "bai.jsonl"])
    return folder / "index"


def run(
    script: str, *arguments: str | Path, shell: str = "", **environment: str
) -> tuple[str, ...]:
    """Exit status, standard output and errors of a script, behind redirections of a shell."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {shell}', "sh", sys.executable, SCRIPTS / script, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        input="Hoà Bình\n" * 3_000,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment},
    )
    return str(done.returncode), done.stdout, done.stderr


def commands(index_dir: Path) -> list[tuple[str, ...]]:
    return [
        ("search.py", "--index", str(index_dir), "sen"),
        ("search.py", "--index", str(index_dir), "--json", "sen"),
        ("analyse.py", "sen"),
        ("analyse.py", "--json"),
        ("analyse.py",),
        ("rebuild_index.py", "--index", str(index_dir), str(index_dir.parent / "bai.jsonl")),
    ]


def test_a_full_disk_is_told_in_one_line(index_dir: Path) -> None:
    for script, *arguments in commands(index_dir):
        told = run(script, *arguments, shell="> /dev/full")
        assert told == ("1", "", "Error: input or output failed: No space left on device\n"), script


def test_a_closed_output_is_no_fault(index_dir: Path) -> None:
    for script, *arguments in commands(index_dir):
        assert run(script, *arguments, shell=">&-") == ("0", "", ""), script
        assert run(script, *arguments, shell="<&- >&- 2>&-") == ("0", "", ""), script


def test_a_reader_that_ends_early_is_no_fault(index_dir: Path) -> None:
    for script, *arguments in commands(index_dir):
        assert run(script, *arguments, shell="| head -c 1 | wc -c") == ("0", "1\n", ""), script


def test_an_output_that_cannot_show_vietnamese_is_no_fault(index_dir: Path) -> None:
    for script, *arguments in commands(index_dir):
        status, shown, errors = run(script, *arguments, PYTHONIOENCODING="ascii")
        assert (status, errors) == ("0", ""), script
        assert shown, script


def test_any_bytes_can_be_analysed() -> None:
    data = bytes(range(256)) * 40
    for arguments in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, SCRIPTS / "analyse.py", *arguments],
            input=data,
            capture_output=True,
            check=True,
        )
        assert len(done.stdout.splitlines()) >= 40
        assert done.stderr == b""


def test_square_brackets_in_a_query_are_text(index_dir: Path) -> None:
    status, shown, errors = run("search.py", "--index", index_dir, "[/x] thoong tin ddoois ngoaij")
    assert (status, errors) == ("0", "")
    assert "đã hiểu là: [/x] thông tin đối ngoại" in shown


def test_long_lines_stay_whole_in_a_pipe(index_dir: Path) -> None:
    assert f"{URL}\n" in run("search.py", "--index", index_dir, "sen")[1]
    words = " ".join(map(str, range(60)))
    assert run("analyse.py", words)[1].splitlines()[0] == f"canonical  {words}"


@pytest.mark.parametrize("script", ["search.py", "analyse.py", "rebuild_index.py"])
def test_an_unknown_option_is_wrong_usage(script: str) -> None:
    status, shown, errors = run(script, "--nothing")
    assert (status, shown) == ("2", "")
    assert "No such option" in errors


def test_a_directory_without_an_index_is_told_with_what_to_do(tmp_path: Path) -> None:
    status, shown, errors = run("search.py", "--index", tmp_path, "sen")
    assert (status, shown) == ("1", "")
    assert "make one with" in errors


@pytest.mark.parametrize("shell", ["> /dev/full", ">&-", "| true"])
def test_a_server_that_can_tell_nobody_where_it_is_serves_on(shell: str) -> None:
    program = (
        "from scripts.serve import announce\n"
        "from webui.server.processes import Address\n"
        "from webui.settings import Site\n"
        "announce(Address('127.0.0.1', 8000), Site())\n"
    )
    done = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f'{{ "$@" && echo served >&2; }} {shell}',
            "sh",
            sys.executable,
            "-c",
            program,
        ],
        cwd=SCRIPTS.parent,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == "served\n"
