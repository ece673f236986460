"""Sessions of editors: begun with an admin key, known by a cookie, ended by time or by hand.

The browser has 256 random bits and the file a digest of them, so neither the file nor a backup of
it opens anything. A session ends when its key is revoked. Every form carries a word of its session,
which no other site can know. Who fails too often is told to wait.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import NamedTuple

from webui.desk.file import DeskFile
from webui.http.keys.key_file import KeyRing, KnownKey, Scope

LONGEST_SECONDS = 12 * 3600
IDLE_SECONDS = 2 * 3600
MOST_FAILURES = 5
FAILURES_SECONDS = 15 * 60

_USED_EVERY = 60
"""Seconds between two notes that a session goes on: a page is no reason to write."""


class Session(NamedTuple):
    """An editor at the desk.

    Attributes:
        editor: the name of the key.
        csrf: the word that each form has to carry.
    """

    editor: str
    csrf: str


class Sessions:
    """The sessions in a file.

    Args:
        file: of the desk.
        ring: the keys that are known now.
    """

    def __init__(self, file: DeskFile, ring: KeyRing) -> None:
        self._file, self._ring = file, ring

    def begin(self, key: KnownKey) -> str:
        """A new session of an admin key; returns what its browser is to send."""
        token, moment = secrets.token_urlsafe(32), time.time()
        row = (_digest(token), key.name, key.sha256, secrets.token_urlsafe(32), moment, moment)
        with self._file.open() as database:
            database.execute(
                "DELETE FROM sessions WHERE made < ? OR used < ?",
                (moment - LONGEST_SECONDS, moment - IDLE_SECONDS),
            )
            database.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", row)
        return token

    def find(self, token: str) -> Session | None:
        """The session that a browser sent, if it has not ended."""
        if not token:
            return None
        moment = time.time()
        with self._file.open() as database:
            row = database.execute(
                "SELECT editor, key_digest, csrf, used FROM sessions WHERE digest = ? AND made > ? "
                "AND used > ?",
                (_digest(token), moment - LONGEST_SECONDS, moment - IDLE_SECONDS),
            ).fetchone()
            if row is None:
                return None
            editor, key_digest, csrf, used = row
            if not self._ring.has(key_digest, Scope.ADMIN):
                return None
            if moment - used > _USED_EVERY:
                database.execute(
                    "UPDATE sessions SET used = ? WHERE digest = ?", (moment, _digest(token))
                )
        return Session(editor, csrf)

    def end(self, token: str) -> None:
        """End the session that a browser sent, if there is one."""
        with self._file.open() as database:
            database.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),))


class Attempts:
    """How often each client has failed of late; clients are kept as digests, for minutes."""

    def __init__(self, file: DeskFile) -> None:
        self._file = file

    def seconds_to_wait(self, client: str) -> int:
        """Until this client may try again; 0 where it may now."""
        moment = time.time()
        with self._file.open() as database:
            database.execute("DELETE FROM attempts WHERE at < ?", (moment - FAILURES_SECONDS,))
            times = database.execute(
                "SELECT at FROM attempts WHERE client = ? ORDER BY at DESC LIMIT 1 OFFSET ?",
                (_digest(client), MOST_FAILURES - 1),
            ).fetchone()
        return 0 if times is None else max(1, int(times[0] + FAILURES_SECONDS - moment))

    def failed(self, client: str) -> None:
        """Note that a client sent no key that opens the desk."""
        with self._file.open() as database:
            database.execute("INSERT INTO attempts VALUES (?, ?)", (_digest(client), time.time()))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
