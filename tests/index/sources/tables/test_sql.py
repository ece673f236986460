"""Databases: the rows of a query become articles, on SQLite and on a real PostgreSQL.

On a real MariaDB too, where there is one and PyMySQL.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from index.errors import RecordError
from index.sources import Fetcher, FetchRules, Found, Meter, Origin, origin_of, read_sources
from index.sources.records.outcome import Outcome
from index.sources.web.page_cache import PageCache

DAY = datetime(2024, 5, 1, 8, 30, tzinfo=timezone.utc)
ROWS = [
    {
        "ma": 1,
        "tua": "Giá muối &amp; đường",
        "bai": "<p>Muối lên.</p><p>Đường xuống.</p>",
        "luc": DAY,
    },
    {"ma": 2, "tua": "Mùa sen", "bai": "Sen nở.\nHồ đầy.", "luc": None},
    {"ma": 3, "tua": "", "bai": "Không tựa.", "luc": None},
]
QUERY = "SELECT ma AS id, tua AS title, bai AS body, luc AS published FROM bai ORDER BY ma"


def server_program(name: str) -> str | None:
    found = shutil.which(name)
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return found or (str(installed[-1]) if installed else None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def someone_else() -> str | None:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    return next(
        name for name in ("postgres", "nobody") if name in {p.pw_name for p in pwd.getpwall()}
    )


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of its own."""
    initdb, postgres = server_program("initdb"), server_program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("no PostgreSQL on this machine (install postgresql)")
    user, port = someone_else(), free_port()
    folder = Path(tempfile.mkdtemp())
    if user:
        shutil.chown(folder, user)
    data = str(folder / "data")
    subprocess.run(
        [initdb, "-D", data, "-U", "bao", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        check=True,
        capture_output=True,
        user=user,
        cwd=folder,
    )
    command = [postgres, "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stderr=log, stdout=log, user=user, cwd=folder)
    address = f"postgresql+psycopg://bao@127.0.0.1:{port}/postgres"
    try:
        wait_until_it_answers(address, server)
        yield address
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    engine = create_engine(address)
    try:
        while not answers(engine):
            assert server.poll() is None, "the server has ended"
            threading.Event().wait(0.05)
    finally:
        engine.dispose()


def answers(engine: Engine) -> bool:
    try:
        engine.connect().close()
    except OperationalError:
        return False
    return True


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    """The address of a MariaDB server of its own, which asks nobody for a name."""
    user, port = someone_else(), free_port()
    folder = Path(tempfile.mkdtemp())
    if user:
        shutil.chown(folder, user)
    command = [
        str(MARIADB), "--no-defaults", f"--datadir={folder}", "--skip-grant-tables",
        "--skip-networking=0", "--bind-address=127.0.0.1", f"--port={port}",
        f"--socket={folder}/socket", f"--pid-file={folder}/pid",
    ]  # fmt: skip
    address = f"mysql+pymysql://bao@127.0.0.1:{port}/"
    try:
        with subprocess.Popen(
            command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, user=user, cwd=folder
        ) as server:
            try:
                wait_until_it_answers(address, server)
                yield address
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder)


MARIADB = shutil.which("mariadbd", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
HAS_MARIADB = MARIADB is not None and find_spec("pymysql") is not None


@pytest.fixture(params=["sqlite", "postgresql", *(["mariadb"] if HAS_MARIADB else [])])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with a table of articles."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'bao.db'}"
    else:
        address = str(request.getfixturevalue(request.param))
    if request.param == "mariadb":
        engine = create_engine(address)
        with engine.begin() as connection:
            connection.execute(text("CREATE OR REPLACE DATABASE bao CHARACTER SET utf8mb4"))
        engine.dispose()
        address += "bao"
    engine = create_engine(address)
    try:
        fill(engine)
        yield address.replace("+psycopg", "").replace("+pymysql", "")  # as people write it
    finally:
        engine.dispose()


def fill(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bai"))
        moment = {"postgresql": "TIMESTAMPTZ", "mysql": "DATETIME"}.get(engine.name, "TEXT")
        connection.execute(text(f"CREATE TABLE bai (ma NUMERIC, tua TEXT, bai TEXT, luc {moment})"))
        for row in ROWS:
            value = luc = row["luc"]
            if isinstance(luc, datetime) and moment == "TEXT":
                value = luc.isoformat()
            elif isinstance(luc, datetime) and moment == "DATETIME":
                value = luc.astimezone(timezone(timedelta(hours=7))).replace(tzinfo=None)
            connection.execute(
                text("INSERT INTO bai VALUES (:ma, :tua, :bai, :luc)"), {**row, "luc": value}
            )


def read(origin: Origin) -> list[Outcome]:
    return list(read_sources([origin], Meter(), lambda rules: Fetcher(rules, PageCache(None))))


def test_rows_become_articles(database: str) -> None:
    outcomes = read(origin_of(database, query=QUERY))
    found = [outcome.article for outcome in outcomes if isinstance(outcome, Found)]
    assert [(article.id, article.headline, article.body) for article in found] == [
        ("1", "Giá muối & đường", "Muối lên.\nĐường xuống."),
        ("2", "Mùa sen", "Sen nở.\nHồ đầy."),
    ]
    assert found[0].published == DAY
    assert [o.reason for o in outcomes if isinstance(o, RecordError)] == ["no-headline"]


def test_a_description_holds_query_and_names(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAO_URL", database)
    (tmp_path / "bao.toml").write_text(
        'source = "env:BAO_URL"\nquery = "SELECT * FROM bai"\n'
        '[fields]\nid = "ma"\nheadline = "tua"\nbody = "bai"\npublished = "luc"\n',
        encoding="utf-8",
    )
    outcomes = read(origin_of(tmp_path / "bao.toml"))
    assert [o.article.id for o in outcomes if isinstance(o, Found)] == ["1", "2"]


@pytest.mark.parametrize(
    ("query", "told"), [("SELECT * FROM khong_co", "khong_co"), ("", "needs a query")]
)
def test_what_the_database_refuses_is_told(query: str, told: str, database: str) -> None:
    (outcome,) = read(origin_of(database, "sql", query=query))
    assert isinstance(outcome, RecordError)
    assert outcome.reason == "unreadable"
    assert told in outcome.message


@pytest.mark.parametrize(
    "address", ["mysql://bao@127.0.0.1/x", "khongco://a/b", "postgresql://bao:mat@127.0.0.1:1/x"]
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(address: str) -> None:
    (outcome,) = read(origin_of(address, rules=FetchRules(), query="SELECT 1"))
    assert isinstance(outcome, RecordError)
    assert outcome.reason == "unreadable"
    assert ":mat@" not in outcome.where + outcome.message
