"""One source as a person names it: a path, an address, or a TOML file that describes either.

::

    source = "https://bao.example/feed.xml"     # or a path, counted from the TOML file; or an
    kind = "feed"                               # environment variable: "env:DATABASE_URL"
    query = "SELECT * FROM bai WHERE duyet"     # of a database

    [fields]                                    # what the source calls a field
    headline = "tieu_de"

    [defaults]                                  # for articles that do not say
    source = "Báo Sông Hồng"

    [fetch]                                     # as in `FetchRules`
    delay = 2.0

It knows nothing of how sources are read.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import NamedTuple, TypeAlias
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from index.errors import SourceError
from index.sources.records.names import ALIASES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?://|memory:)")
_KEYS = frozenset({"source", "kind", "query", "fields", "defaults", "fetch"})
NOT_IN_FILES = frozenset({"allow_private", "login", "hidden"})
"""Rules that no description may give: a person allows it, an address holds them."""

_DEFAULTED = frozenset({"author", "section", "source"})
_ENVIRONMENT = "env:"
PORTS = {"http": 80, "https": 443}
"""Schemes of the web, and where a server is asked if the address does not say."""

_WEB = tuple(PORTS)
_SECRET = re.compile(
    r"(?:^|[^a-z])(?:(?:api|access|app|auth|private|secret)?[_-]?(?:key|token)|pass(?:word|wd)?|pwd"
    r"|secret|auth|sig(?:nature)?|credentials?)$",
    re.IGNORECASE,
)
"""The name of a part of a query that lets in who has it."""

_SHORTEST_SECRET = 3  # one that is shorter stands in every other word

_Toml: TypeAlias = "str | int | float | bool | Sequence[_Toml] | Mapping[str, _Toml] | None"


class Login(NamedTuple):
    """With what to present oneself to one server, and to no other.

    Attributes:
        server: scheme, host and port (``https://bao.example:8443``).
    """

    server: str
    name: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """How servers are asked.

    Attributes:
        delay: seconds between two requests to one host, at least; robots.txt may ask for more.
        retries: how often a request is repeated that failed for a reason that may pass.
        timeout: seconds without a byte until a request has failed.
        most_pages: pages of one host, at most.
        fresh: seconds for which a page fetched before is not asked for again.
        allow_private: whether addresses of the own machine and network may be asked.
        login: from the address that a person gave; it stands nowhere else.
        hidden: parts of the query of that address (``token=…``) that nobody is to see.
    """

    delay: float = 1.0
    retries: int = 3
    timeout: float = 30.0
    most_pages: int = 10_000
    fresh: float = 3_600.0
    allow_private: bool = False
    login: Login | None = field(default=None, repr=False)
    hidden: frozenset[str] = field(default=frozenset(), repr=False)

    def public(self, address: str) -> str:
        """An address of the web as it may be shown and kept: without user, password and keys."""
        address = _without_userinfo(address)
        before, mark, query = address.partition("?")
        if not self.hidden or not mark:
            return address
        query, hash_mark, fragment = query.partition("#")
        kept = "&".join(pair for pair in query.split("&") if pair not in self.hidden)
        return f"{before}{mark if kept else ''}{kept}{hash_mark}{fragment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One source.

    Attributes:
        place: a path, or an address with a scheme; one of the web without user and password.
        kind: the name of a kind, or "" to recognise it.
        query: for a database or its file, else "".
        names: what its records call the fields.
        defaults: author, section or source of articles that do not say.
        rules: how its server is asked.
        includes_pages: whether what it calls pages ("About us") is read too.
    """

    place: str = field(repr=False)
    kind: str = ""
    query: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    rules: FetchRules = FetchRules()
    includes_pages: bool = False

    @property
    def scheme(self) -> str:
        """Of an address, in lower case; "" for a path."""
        return self.place.partition(":")[0].lower() if is_address(self.place) else ""

    @property
    def shown(self) -> str:
        """The place as it may be shown and kept: without user, password and keys.

        Of a database nothing of the query stays, since every driver has names of its own.
        """
        if not self.scheme or self.scheme in _WEB:
            return self.rules.public(self.place) if self.scheme else self.place
        return _without_userinfo(self.place).partition("?")[0]

    def scrubbed(self, text: str) -> str:
        """A message without the secrets of this source, whoever put them there."""
        for secret in self._secrets():
            text = text.replace(secret, "***")
        return text

    def _secrets(self) -> list[str]:
        """What stands in the address for nobody to see, as it is written and as it is meant."""
        if not self.scheme:
            return []
        name, _, password = _userinfo(self.place).partition(":")
        if login := self.rules.login:
            name, password = login.name, login.password
        pairs = self.rules.hidden or _secret_pairs(self.place)
        written = {password, *(pair.partition("=")[2] for pair in pairs)}
        both = {form for secret in written for form in (secret, unquote(secret), quote(secret))}
        hidden = [secret for secret in both if len(secret) >= _SHORTEST_SECRET]
        # A driver quotes the name of a user; unquoted it may be any word.
        quoted = [f"{mark}{name}{mark}" for mark in "\"'" if name]
        return [*quoted, *sorted(hidden, key=len, reverse=True)]


def is_address(text: str) -> bool:
    """Whether a source is an address and not a path."""
    return _ADDRESS.match(text) is not None


def _without_userinfo(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    userinfo = _userinfo(address)
    return f"{scheme}{separator}{rest[len(userinfo) + 1 :]}" if userinfo else address


def _userinfo(address: str) -> str:
    """What stands before the host."""
    scheme, _, rest = address.partition("://")
    # The password of a database is often written as it is, with any sign in it.
    is_web = scheme.lower() in _WEB
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0] if is_web else rest.partition("?")[0]
    return authority.rpartition("@")[0]


def _secret_pairs(address: str) -> frozenset[str]:
    pairs = address.partition("?")[2].partition("#")[0].split("&")
    return frozenset(pair for pair in pairs if _SECRET.search(pair.partition("=")[0]))


def joined(base: str, link: str) -> str:
    """The address that a link stands for; one that cannot be read as a link stays as it is."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def origin_of(
    source: Path | str,
    kind: str = "",
    rules: FetchRules | None = None,
    *,
    query: str = "",
    includes_pages: bool = False,
) -> Origin:
    """The source that a person named.

    Args:
        source: a path, an address or a TOML file.
        kind: what to take it for, instead of what the file says; "" to leave that.
        rules: for addresses, unless the file says otherwise; allowing private ones is never left to
            the file.
        query: for a database that is named by its address or its file.
        includes_pages: whether what the source calls pages is read too.

    Raises:
        SourceError: there is no such file, or the description is not understood.
    """
    rules = FetchRules() if rules is None else rules
    place = str(source)
    if is_address(place):
        is_web = place.partition(":")[0].lower() in _WEB
        origin = Origin(place=place, kind=kind, rules=rules, query="" if is_web else query)
        origin = _logging_in(origin)
    elif not os.path.lexists(source):
        raise SourceError(f"{place}: there is no such file or folder")
    elif not place.lower().endswith(".toml") or not Path(source).is_file():
        origin = Origin(place=place, kind=kind, rules=rules, query=query)
    else:
        described = _logging_in(_described(Path(source), rules))
        origin = replace(described, kind=kind) if kind else described
    return replace(origin, includes_pages=includes_pages)


def _logging_in(origin: Origin) -> Origin:
    """The source with user and password taken out of an address of the web."""
    if origin.scheme not in _WEB:
        return origin
    try:
        parts = urlsplit(origin.place)
        port = parts.port
    except ValueError as error:
        raise SourceError(f"{origin.shown}: is no address of the web ({error})") from error
    hidden = _secret_pairs(origin.place)
    if parts.username is None:
        return replace(origin, rules=replace(origin.rules, hidden=hidden)) if hidden else origin
    server = f"{parts.scheme}://{parts.hostname}:{port or PORTS[parts.scheme]}"
    login = Login(server, unquote(parts.username), unquote(parts.password or ""))
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return replace(origin, place=bare, rules=replace(origin.rules, login=login, hidden=hidden))


def _described(file: Path, rules: FetchRules) -> Origin:
    try:
        table: Mapping[str, _Toml] = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{file}: cannot be read as TOML: {error}") from error
    if unknown := sorted(set(table) - _KEYS):
        raise SourceError(
            f"{file}: {unknown[0]} means nothing here; use {', '.join(sorted(_KEYS))}"
        )
    names = _strings(file, table, "fields", frozenset(ALIASES))
    defaults = _strings(file, table, "defaults", _DEFAULTED)
    return Origin(
        place=_place(file, _string(file, table, "source")),
        kind=_string(file, table, "kind"),
        query=_string(file, table, "query"),
        names=names,
        defaults=defaults,
        rules=_rules(file, table.get("fetch"), rules),
    )


def _place(file: Path, written: str) -> str:
    if written.startswith(_ENVIRONMENT):
        name = written.removeprefix(_ENVIRONMENT)
        written = os.environ.get(name, "")
        if not written:
            raise SourceError(f"{file}: the environment variable {name} is not set")
    if not written:
        raise SourceError(f'{file}: names no source; add a line such as source = "bai.csv"')
    if is_address(written):
        return written
    path = file.parent / written
    if not os.path.lexists(path):
        raise SourceError(f"{file}: its source {path} does not exist")
    return str(path)


def _string(file: Path, table: Mapping[str, _Toml], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise SourceError(f"{file}: {key} must be text")
    return value


def _strings(
    file: Path, table: Mapping[str, _Toml], key: str, known: frozenset[str]
) -> dict[str, str]:
    values = table.get(key, {})
    if not isinstance(values, Mapping):
        raise SourceError(f"{file}: [{key}] must be a table")
    strings = {name: value for name, value in values.items() if isinstance(value, str)}
    if wrong := sorted((set(values) - known) | (set(values) - set(strings))):
        raise SourceError(
            f"{file}: [{key}] cannot have {wrong[0]}; it takes text for {', '.join(sorted(known))}"
        )
    return strings


def _rules(file: Path, written: _Toml, rules: FetchRules) -> FetchRules:
    if written is None:
        return rules
    known = {rule.name for rule in fields(FetchRules)} - NOT_IN_FILES
    if not isinstance(written, Mapping) or (wrong := sorted(set(written) - known)):
        name = wrong[0] if isinstance(written, Mapping) else "that"
        raise SourceError(
            f"{file}: [fetch] cannot have {name}; it takes {', '.join(sorted(known))}"
        )
    numbers: dict[str, float] = {}
    for name, value in written.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise SourceError(f"{file}: {name} in [fetch] must be a number, 0 or more")
        numbers[name] = value
    return FetchRules(
        delay=numbers.get("delay", rules.delay),
        retries=int(numbers.get("retries", rules.retries)),
        timeout=numbers.get("timeout", rules.timeout),
        most_pages=int(numbers.get("most_pages", rules.most_pages)),
        fresh=numbers.get("fresh", rules.fresh),
        allow_private=rules.allow_private,
    )
