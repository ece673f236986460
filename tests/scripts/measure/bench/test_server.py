"""The load tool asks every query once and tells what it saw."""

from __future__ import annotations

import json
import socket
import sys
import threading
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from scripts.measure.bench import server as load_tool
from scripts.measure.bench.server import main

QUERIES = "qid\taccented\tbare\n1\tthông tin\tthong tin\n2\ttin\ttin\n3\tHà Nội\tha noi\n4\tx\n"


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    """A file of three queries in two spellings, one of them the same in both."""
    (tmp_path / "queries.tsv").write_text(QUERIES, "utf-8")
    return tmp_path / "queries.tsv"


def test_every_query_is_asked_once(newsroom_index: Path, queries: Path) -> None:
    arguments = ["--index", str(newsroom_index), "--queries", str(queries), "--connections", "2"]
    done = CliRunner().invoke(
        main, [*arguments, "--columns", "accented,bare", "--workers", "1", "--json"]
    )
    assert done.exit_code == 0, done.output
    load = json.loads(done.stdout)
    assert (load["workers"], load["requests"], load["refused"]) == (1, 6, 0)
    assert 0 < load["p50"] <= load["p95"] <= load["p99"]
    if sys.platform == "linux":
        assert len(load["memory"]) == 1
        assert load["memory"][0] > 10
        assert 0 <= load["processor"] < 1_000  # the system counts in hundredths of a second


def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_tool, "PATIENCE_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(click.ClickException, match="has not answered"):
            load_tool.request_all(address, ["/"], 1)


def test_a_connection_with_nothing_left_to_ask_may_be_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def respond_one_after_the_other() -> None:
            first, second = (server.accept()[0] for _ in range(2))
            for connection in (first, second):  # the first is closed before the second answers
                with connection:
                    connection.recv(1_000)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        thread = threading.Thread(target=respond_one_after_the_other)
        thread.start()
        responses = load_tool.request_all(f"127.0.0.1:{server.getsockname()[1]}", ["/", "/b"], 2)
        thread.join()
    assert [status for status, _ in responses] == [200, 200]


def test_a_column_that_is_not_there_is_named(newsroom_index: Path, queries: Path) -> None:
    done = CliRunner().invoke(
        main, ["--index", str(newsroom_index), "--queries", str(queries), "--columns", "vni"]
    )
    assert done.exit_code == 2
    assert "no column vni; there are qid, accented, bare" in done.output
