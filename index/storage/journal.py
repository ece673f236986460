"""The journal of an index: what was put and withdrawn, on the disk before anybody is told.

``journal.sqlite`` in an index directory is an SQLite database in WAL mode, each transaction forced
to the disk. Of every article that was ever put or withdrawn it holds the last word, so nothing is
lost by a rebuild, and whoever applies it twice does no harm. A change belongs to a task, and tasks
are numbered in the order in which they came; a build says in its manifest up to which task, and up
to which moment for articles with an embargo, the journal is in it (:class:`JournalState`).

It knows nothing of what an article's content says, and nothing of indexes.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from index.errors import JournalConflict, JournalDamaged, JournalFull, JournalOverrun
from index.storage.durable import sync

JOURNAL_NAME = "journal.sqlite"

MOST_PENDING = 5_000
"""Changes that may wait to be applied; who sends more is asked to come again later."""

TASKS_KEPT_SECONDS = 7 * 24 * 3600

_LAYOUT = 1
_WAIT_SECONDS = 30
_LONGEST_RETRY = 60

_SCHEMA = """
CREATE TABLE meta (id TEXT NOT NULL, applied INTEGER NOT NULL, rate REAL NOT NULL);
CREATE TABLE tasks (
    n INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, received REAL NOT NULL,
    finished REAL, build TEXT NOT NULL DEFAULT '', articles INTEGER NOT NULL,
    refused INTEGER NOT NULL, fates BLOB NOT NULL, repeat_key TEXT UNIQUE, digest BLOB
);
CREATE INDEX unfinished_tasks ON tasks (n) WHERE finished IS NULL;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, task INTEGER NOT NULL, content BLOB, due INTEGER NOT NULL,
    withdrawn REAL, reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX articles_by_task ON articles (task);
CREATE INDEX articles_by_due ON articles (due) WHERE due > 0;
CREATE TABLE held (id TEXT PRIMARY KEY, content BLOB NOT NULL, due INTEGER NOT NULL);
CREATE INDEX held_by_due ON held (due);
"""


class JournalState(NamedTuple):
    """How much of a journal is in a build.

    Attributes:
        journal: which journal: one that was begun anew has another name.
        task: the last task.
        moment: seconds since 1970 up to which articles with an embargo were let out.
    """

    journal: str
    task: int
    moment: int


class Change(NamedTuple):
    """The last word on one article.

    Attributes:
        content: the article as it is stored; None if it is withdrawn.
        due: seconds since 1970 before which it is shown nowhere; 0 if it may be shown at once.
        reason: why it is withdrawn, if somebody said so.
    """

    id: str
    content: bytes | None
    due: int = 0
    reason: str = ""


class TaskStatus(str, Enum):
    """How far a task is."""

    ENQUEUED = "enqueued"
    DONE = "done"
    FAILED = "failed"


class Task(NamedTuple):
    """One request to write.

    Attributes:
        number: tasks are numbered in the order of their arrival.
        kind: what was asked for, as the caller named it.
        received: seconds since 1970, as all moments.
        finished: when readers could see it; None until then.
        build: the first build that it was in, or "".
        articles: how many it is about.
        refused: how many of these are not taken.
        fates: of each article, as the caller wrote it.
    """

    number: int
    kind: str
    received: float
    finished: float | None
    build: str
    articles: int
    refused: int
    fates: bytes

    @property
    def status(self) -> TaskStatus:
        """How far it is; failed is what had nothing to take."""
        if self.refused == self.articles:
            return TaskStatus.FAILED
        return TaskStatus.ENQUEUED if self.finished is None else TaskStatus.DONE


class Request(NamedTuple):
    """What a caller wants the journal to take.

    Attributes:
        kind: one word.
        changes: in their order; of two about one article the later one counts.
        refused: how many articles of the request are not among them.
        fates: of all its articles, for the task.
        repeat_key: the caller's name for this very request, or "": a second one of this name is
            answered with the task of the first.
        digest: of the request, which must not differ under one name.
    """

    kind: str
    changes: Sequence[Change]
    refused: int
    fates: bytes
    repeat_key: str = ""
    digest: bytes = b""


class Withdrawal(NamedTuple):
    """An article that is to be nowhere: its id, when that was said, and why if that was said."""

    id: str
    when: float
    reason: str


class Pending(NamedTuple):
    """What a build lacks of a journal.

    Attributes:
        state: that of a build that has it.
        changes: one for each article.
    """

    state: JournalState
    changes: list[Change]


class Journal:
    """The journal of an index directory; each call is one transaction, for threads and processes.

    The file comes into being with the first change. Every method raises :class:`JournalError`
    where the file cannot be used.
    """

    def __init__(self, index_dir: Path) -> None:
        self.path = index_dir / JOURNAL_NAME

    def take(self, request: Request, *, most_pending: int = MOST_PENDING) -> Task:
        """Write down a request; when this returns, it is on the disk.

        Raises:
            JournalOverrun: too many changes are waiting already.
            JournalConflict: the name of the request was another's.
            JournalFull: it could not be written, and nothing of it was.
        """
        with self._writing() as database:
            if request.repeat_key and (earlier := self._repeated(database, request)):
                return earlier
            applied, rate = database.execute("SELECT applied, rate FROM meta").fetchone()
            pending = _count(database, "articles WHERE task > ?", applied)
            if pending and pending + len(request.changes) > most_pending:
                seconds = int(pending / rate) + 1 if rate else _LONGEST_RETRY
                raise JournalOverrun(pending, min(seconds, _LONGEST_RETRY))
            now = time.time()
            inserted = database.execute(
                "INSERT INTO tasks (kind, received, finished, articles, refused, fates, repeat_key,"
                " digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    request.kind,
                    now,
                    None if request.changes else now,
                    len(request.changes) + request.refused,
                    request.refused,
                    zlib.compress(request.fates, 1),
                    request.repeat_key or None,
                    request.digest,
                ),
            )
            number = int(inserted.lastrowid or 0)
            database.executemany(
                "REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        change.id,
                        number,
                        None if change.content is None else zlib.compress(change.content, 1),
                        change.due,
                        now if change.content is None else None,
                        change.reason,
                    )
                    for change in request.changes
                ],
            )
            return _one_task(database, "n = ?", number)

    def _repeated(self, database: sqlite3.Connection, request: Request) -> Task | None:
        row = database.execute(
            "SELECT n, digest FROM tasks WHERE repeat_key = ?", (request.repeat_key,)
        ).fetchone()
        if row is None:
            return None
        if row[1] != request.digest:
            raise JournalConflict(f"task {row[0]} had the same Idempotency-Key and said otherwise")
        return _one_task(database, "n = ?", row[0])

    def task(self, number: int) -> Task | None:
        """One task, or None where there is none of this number any more."""
        with self._reading() as database:
            return None if database is None else _task(database, "n = ?", number)

    def tasks(self, status: TaskStatus | None, *, before: int | None, limit: int) -> list[Task]:
        """Tasks of one status or any, the latest first; those below a number where one is given."""
        where = {
            None: "1",
            TaskStatus.ENQUEUED: "finished IS NULL",
            TaskStatus.DONE: "finished IS NOT NULL AND refused < articles",
            TaskStatus.FAILED: "refused = articles",
        }[status]
        with self._reading() as database:
            if database is None:
                return []
            return _tasks(
                database,
                f"{where} AND n < ? ORDER BY n DESC LIMIT ?",
                (1 << 62) if before is None else before,
                limit,
            )

    def last_word(self, article_id: str) -> Change | None:
        """What was said last of an article; None if nothing ever was."""
        with self._reading() as database:
            if database is None:
                return None
            row = database.execute(
                "SELECT id, content, due, reason FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
            return None if row is None else _change(*row)

    def withdrawn(self) -> list[Withdrawal]:
        """Everything that is withdrawn, the latest first."""
        with self._reading() as database:
            if database is None:
                return []
            rows = database.execute(
                "SELECT id, withdrawn, reason FROM articles WHERE content IS NULL"
                " ORDER BY withdrawn DESC, id"
            )
            return [Withdrawal(*row) for row in rows]

    def pending(self, state: JournalState | None) -> Pending | None:
        """What a build of this state lacks; None if that is nothing."""
        with self._reading() as database:
            if database is None:
                return None
            now = _state(database)
            if state is None or state.journal != now.journal:
                state = JournalState(now.journal, 0, 0)
            now = now._replace(moment=max(now.moment, state.moment))
            since = (state.moment, now.moment)
            rows = database.execute(
                "SELECT id, content, due, reason FROM articles WHERE task > ?"
                " UNION SELECT id, content, due, reason FROM articles WHERE due > ? AND due <= ?",
                (state.task, *since),
            ).fetchall()
            rows += database.execute(
                "SELECT id, content, 0, '' FROM held WHERE due > ? AND due <= ?"
                " AND id NOT IN (SELECT id FROM articles)",
                since,
            )
            changes = [_at(_change(*row), now.moment) for row in rows]
            return Pending(now, changes) if changes else None

    def outlook(self) -> tuple[str, int, int] | None:
        """What differs from before whenever a build may lack something; cheap to ask often.

        Returns:
            The name of the journal, its last task, and how many articles with an embargo are due.
        """
        with self._reading() as database:
            if database is None:
                return None
            state = _state(database)
            due = [
                _count(database, f"{table} WHERE due > 0 AND due <= ?", state.moment)
                for table in ("articles", "held")
            ]
            return state.journal, state.task, sum(due)

    def state(self) -> JournalState | None:
        """That of a build that has everything; None where there is no journal."""
        with self._reading() as database:
            return None if database is None else _state(database)

    def ids(self) -> dict[str, bool]:
        """Every article that something was said of, and whether that was to withdraw it."""
        with self._reading() as database:
            if database is None:
                return {}
            return dict(database.execute("SELECT id, content IS NULL FROM articles").fetchall())

    def contents(self, state: JournalState) -> Iterator[bytes]:
        """Every article that a build of a state shows, but for those changed since."""
        with self._reading() as database:
            if database is not None:
                for (content,) in database.execute(
                    "SELECT content FROM articles"
                    " WHERE content IS NOT NULL AND task <= ? AND due <= ?",
                    (state.task, state.moment),
                ):
                    yield zlib.decompress(content)

    def hold(self, held: Mapping[str, tuple[bytes, int]], *, all_of_them: bool) -> None:
        """Keep articles of sources until they may be shown.

        Args:
            held: content and moment by id.
            all_of_them: whether the sources have no others.
        """
        if not held and not self.path.exists():
            return
        with self._writing() as database:
            if all_of_them:
                database.execute("DELETE FROM held")
            database.executemany(
                "REPLACE INTO held VALUES (?, ?, ?)",
                [(name, zlib.compress(content), due) for name, (content, due) in held.items()],
            )

    def applied(self, state: JournalState, build: str, rate: float) -> None:
        """Note that readers see everything up to a state.

        Args:
            state: of the build that is served.
            build: its id.
            rate: how many changes a second were applied just now; 0 if that is not known.
        """
        now = time.time()
        with self._writing() as database:
            database.execute(
                "UPDATE tasks SET finished = ?, build = ? WHERE finished IS NULL AND n <= ?",
                (now, build, state.task),
            )
            database.execute(
                "UPDATE meta SET applied = max(applied, ?), rate = iif(? > 0, ?, rate)",
                (state.task, rate, rate),
            )
            database.execute(
                "DELETE FROM tasks WHERE finished IS NOT NULL AND received < ?",
                (now - TASKS_KEPT_SECONDS,),
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """One state of the database; None where there is no file yet."""
        if not self.path.exists():
            yield None
            return
        with self._told(), closing(self._connect()) as database:
            database.execute("BEGIN")
            # Until its maker is done with it, another process may see a file without tables.
            yield database if _version(database) else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        is_new = not self.path.exists()
        with self._told(), closing(self._connect()) as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                if not _version(database):
                    _create(database)
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise
            if is_new:
                sync(self.path.parent)

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of SQLite as errors that say what to do."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            raise JournalFull(
                f"{self.path}: cannot be read or written ({error}); see to the room on the disk and"
                " to the permissions, then send again what was not acknowledged"
            ) from error
        except (sqlite3.DatabaseError, zlib.error) as error:
            raise JournalDamaged(
                f"{self.path}: is damaged ({error}); stop the server and the indexer, move this "
                "file and those beside it that begin with its name somewhere else, save what can be"
                f" saved with “sqlite3 {self.path.name} .recover”, and start again: what is in"
                " the index stays, but withdraw again what was withdrawn before you rebuild it"
            ) from error


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _create(database: sqlite3.Connection) -> None:
    for statement in filter(str.strip, _SCHEMA.split(";")):
        database.execute(statement)
    database.execute("INSERT INTO meta VALUES (?, 0, 0)", (secrets.token_hex(8),))
    database.execute(f"PRAGMA user_version = {_LAYOUT}")


def _state(database: sqlite3.Connection) -> JournalState:
    (journal,) = database.execute("SELECT id FROM meta").fetchone()
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'tasks'").fetchone()
    return JournalState(journal, row[0] if row else 0, int(time.time()))


def _change(article_id: str, content: bytes | None, due: int, reason: str) -> Change:
    return Change(article_id, None if content is None else zlib.decompress(content), due, reason)


def _at(change: Change, moment: int) -> Change:
    """A change as it is to be applied at a moment: an article that is not due yet is nowhere."""
    return change._replace(content=None) if change.due > moment else change


def _count(database: sqlite3.Connection, what: str, *values: int) -> int:
    return int(database.execute(f"SELECT count(*) FROM {what}", values).fetchone()[0])  # noqa: S608


def _tasks(database: sqlite3.Connection, where: str, *values: int) -> list[Task]:
    rows: Iterable[tuple[int, str, float, float | None, str, int, int, bytes]] = database.execute(
        "SELECT n, kind, received, finished, build, articles, refused, fates FROM tasks"  # noqa: S608
        f" WHERE {where}",
        values,
    )
    return [Task(*row[:-1], zlib.decompress(row[-1])) for row in rows]


def _task(database: sqlite3.Connection, where: str, *values: int) -> Task | None:
    return next(iter(_tasks(database, where, *values)), None)


def _one_task(database: sqlite3.Connection, where: str, number: int) -> Task:
    return _tasks(database, where, number)[0]
