"""The file of API keys: names, scopes and digests, never a key itself.

A key is 256 random bits, so its SHA-256 tells nothing of it, and nobody need slow down the hash.
The file is JSON that only its owner may read::

    {"keys": [{"name": "wordpress", "scopes": ["write"], "sha256": "…", "made": "2026-01-31T…"}]}

A server reads it again when it changes, so a key that is revoked opens nothing from then on.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import threading
from collections.abc import Iterable
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path

import msgspec

_log = logging.getLogger(__name__)

KEYS_NAME = "keys.json"
_PREFIX = "tb_"


class Scope(str, Enum):
    """What a key is for; ``admin`` is for everything."""

    SEARCH = "search"
    WRITE = "write"
    ADMIN = "admin"


class KeyFileError(Exception):
    """The file of keys cannot be used; the message says why and what to do."""


class KnownKey(msgspec.Struct, frozen=True):
    """A key as the file knows it.

    Attributes:
        name: who has it.
        scopes: what it is for.
        sha256: of the key, hexadecimal.
        made: when, in ISO 8601.
    """

    name: str
    scopes: tuple[Scope, ...]
    sha256: str
    made: str = ""

    def may(self, scope: Scope) -> bool:
        """Whether it is for that."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


class _Keys(msgspec.Struct):
    keys: tuple[KnownKey, ...]


def plain_key(key: str) -> KnownKey:
    """A key of a list of plain ones, which are for searches."""
    return KnownKey("", (Scope.SEARCH,), _digest(key))


def read_keys(path: Path) -> tuple[KnownKey, ...]:
    """The keys of a file; none where there is no file.

    Raises:
        KeyFileError: it cannot be read, or is no such file.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Keys).keys
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise KeyFileError(f"{path}: cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise KeyFileError(
            f"{path}: is no file of keys ({error}); move it away and make keys anew"
        ) from error


def make_key(path: Path, name: str, scopes: Iterable[Scope]) -> str:
    """Make a key and write down its digest; returns the key, which nobody can read again.

    Raises:
        KeyFileError: there is a key of this name, or the file cannot be used.
    """
    keys = read_keys(path)
    if any(key.name == name for key in keys):
        raise KeyFileError(f"{path}: there is a key named {name}; revoke it, or take another name")
    made = _PREFIX + secrets.token_urlsafe(32)
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    _write(path, (*keys, KnownKey(name, tuple(dict.fromkeys(scopes)), _digest(made), now)))
    return made


def revoke_key(path: Path, name: str) -> None:
    """Forget a key.

    Raises:
        KeyFileError: there is none of this name, or the file cannot be used.
    """
    keys = read_keys(path)
    left = tuple(key for key in keys if key.name != name)
    if len(left) == len(keys):
        raise KeyFileError(f"{path}: there is no key named {name}")
    _write(path, left)


class KeyRing:
    """The keys that a server knows: those of its settings, and those of a file as it is now.

    Args:
        plain: keys for searches, as they are.
        path: of the file, which need not be there; None for none.
    """

    def __init__(self, plain: Iterable[str], path: Path | None) -> None:
        self._plain = tuple(map(plain_key, plain))
        self._path = path
        self._reading = threading.Lock()
        self._state: tuple[int, int, int] | None = None
        self._keys = self._plain

    def __bool__(self) -> bool:
        return bool(self._current())

    def find(self, sent: str) -> KnownKey | None:
        """The key that was sent, if it is known; takes as long whichever it is."""
        digest = _digest(sent)
        found = None
        for key in self._current():
            if hmac.compare_digest(key.sha256, digest):
                found = key
        return found

    def has(self, sha256: str, scope: Scope) -> bool:
        """Whether a key of this digest is known, and for that."""
        return any(key.sha256 == sha256 and key.may(scope) for key in self._current())

    def _current(self) -> tuple[KnownKey, ...]:
        if self._path is None:
            return self._plain
        try:
            status = os.stat(self._path)  # noqa: PTH116 - a path object doubles the time
            state = (status.st_ino, status.st_mtime_ns, status.st_size)
        except OSError:
            state = None
        if state != self._state:
            with self._reading:
                try:
                    self._keys = (*self._plain, *read_keys(self._path))
                except KeyFileError as error:
                    _log.error("the keys known before go on to be used: %s", error)
                self._state = state
        return self._keys


def _write(path: Path, keys: tuple[KnownKey, ...]) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    text = msgspec.json.format(msgspec.json.encode(_Keys(keys)), indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise KeyFileError(f"{path}: cannot be written: {error.strerror}") from error


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
