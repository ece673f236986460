"""From what a program sends to changes in the journal: named, repaired and refused as of a source.

The fate of each article is told at once and again in the task. An article that cannot be taken
costs nothing but itself. It knows nothing of HTTP.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import orjson

from index.article import Article
from index.errors import RecordError
from index.sources.records.fields import article_from_record
from index.sources.records.names import Record, Value, canonical, field_of
from index.sources.records.outcome import Found, SkipReason
from index.storage.journal import Change, Journal, Request, Task, TaskStatus
from index.stored import due, dump_article, load_article

ACCEPTED, SCHEDULED, WITHDRAWN, REFUSED = "accepted", "scheduled", "withdrawn", "refused"

Served = Callable[[str], "Article | None"]
"""Finds the article of an id in the index being served."""


class Remark(msgspec.Struct, frozen=True):
    """One thing to tell about an article that was taken all the same; its code as in a report."""

    code: str
    message: str


class Fate(msgspec.Struct, frozen=True):
    """What became of one article of a request.

    Attributes:
        index: its place in the request, from 0.
        id: its id; "" where it is refused and gave none.
        fate: accepted, scheduled (accepted, and not shown yet), withdrawn or refused.
        reason: why it is refused, as in a rebuild's report; "" otherwise.
        message: the same as a sentence.
        remarks: what was repaired or left out.
    """

    index: int
    id: str
    fate: str
    reason: str = ""
    message: str = ""
    remarks: tuple[Remark, ...] = ()


class Repeat(NamedTuple):
    """How a request is known again.

    Attributes:
        key: the name that its sender gave it, or "".
        content: what it said.
    """

    key: str = ""
    content: bytes = b""


class Receipt(NamedTuple):
    """A task and the fate of each of its articles."""

    task: Task
    fates: tuple[Fate, ...]


class Publisher:
    """Takes what is put and withdrawn into the journal of an index; for threads and processes.

    Every method raises :class:`JournalError` where the journal cannot be used; what is returned is
    on the disk.
    """

    def __init__(self, index_dir: Path, served: Served) -> None:
        self._journal = Journal(index_dir)
        self._served = served

    def put(self, records: Sequence[Value], repeat: Repeat) -> Receipt:
        """Put articles, each in place of the one that has its id."""
        fates: list[Fate] = []
        changes: list[Change] = []
        for number, record in enumerate(records):
            self._put(number, record, changes, fates)
        return self._take("put", changes, fates, repeat)

    def change(self, article_id: str, fields: Record, repeat: Repeat) -> Receipt | None:
        """Change some fields of an article; returns None where there is none of this id.

        Args:
            article_id: as in an address.
            fields: the new values by the names of a source; null empties a field.
            repeat: of the request.
        """
        article_id = usable_id(article_id)
        word = self._journal.last_word(article_id)
        if word is None:
            article = self._served(article_id)
        else:
            article = load_article(word.content) if word.content is not None else None
        if article is None:
            return None
        record: dict[str, Value] = {**orjson.loads(dump_article(article))}
        given = canonical(fields)
        for field in filter(None, map(field_of, fields)):
            record[field] = given.get(field)
        fates: list[Fate] = []
        changes: list[Change] = []
        self._put(0, {**record, "id": article_id}, changes, fates)
        return self._take("change", changes, fates, repeat)

    def withdraw(self, ids: Sequence[str], reason: str, repeat: Repeat) -> Receipt:
        """Withdraw articles until they are put again, whether the index has them or not."""
        names = [usable_id(article_id) for article_id in ids]
        changes = [Change(name, None, 0, reason) for name in names]
        fates = [Fate(number, name, WITHDRAWN) for number, name in enumerate(names)]
        return self._take("withdraw", changes, fates, repeat)

    def put_back(self, content: bytes) -> Receipt:
        """Put an article as :meth:`stored` gave it, nothing of it read anew."""
        change = _change(load_article(content))
        fates = [Fate(0, change.id, SCHEDULED if change.due else ACCEPTED)]
        return self._take("put", [change], fates, Repeat())

    def stored(self, article_id: str) -> bytes | None:
        """The article that readers find, whole; None where there is none of this id."""
        article = self._served(article_id)
        return None if article is None else dump_article(article)

    def task(self, number: int) -> Receipt | None:
        """A task by its number; None where there is none, or none any more."""
        task = self._journal.task(number)
        return None if task is None else _receipt(task)

    def tasks(self, status: TaskStatus | None, *, before: int | None, limit: int) -> list[Task]:
        """The latest tasks, of one status or any; those before a number where one is given."""
        return self._journal.tasks(status, before=before, limit=limit)

    def _put(self, number: int, record: Value, changes: list[Change], fates: list[Fate]) -> None:
        where = f"article {number}"
        if not isinstance(record, Mapping):
            told = "is no object; an article is one, { … }"
            fates.append(Fate(number, "", REFUSED, SkipReason.NOT_AN_OBJECT.value, told))
            return
        outcome = article_from_record(record, where)
        if isinstance(outcome, RecordError):
            given = record.get("id")
            name = given if isinstance(given, str) else ""
            fates.append(Fate(number, name, REFUSED, outcome.reason, outcome.message))
            return
        changes.append(_change(outcome.article))
        fate = SCHEDULED if changes[-1].due else ACCEPTED
        fates.append(Fate(number, outcome.article.id, fate, remarks=_remarks(outcome)))

    def _take(
        self, kind: str, changes: Sequence[Change], fates: Sequence[Fate], repeat: Repeat
    ) -> Receipt:
        request = Request(
            kind,
            changes,
            len(fates) - len(changes),
            msgspec.json.encode(fates),
            repeat.key,
            hashlib.sha256(kind.encode() + b"\0" + repeat.content).digest(),
        )
        return _receipt(self._journal.take(request))


def usable_id(given: str) -> str:
    """The id that an article has which came with this one."""
    outcome = article_from_record({"id": given, "headline": "-", "body": "-"}, "")
    return outcome.article.id if isinstance(outcome, Found) else given


def _change(article: Article) -> Change:
    later = article.published is not None and article.published.timestamp() > time.time()
    moment = due(article.published) if article.published is not None and later else 0
    return Change(article.id, dump_article(article), moment)


def _remarks(found: Found) -> tuple[Remark, ...]:
    return tuple(Remark(remark.code.value, remark.message) for remark in found.remarks)


def _receipt(task: Task) -> Receipt:
    return Receipt(task, msgspec.json.decode(task.fates, type=tuple[Fate, ...]))
