"""Asking web servers for pages: politely, in bounded time and memory, and never the own network.

Polite is: what robots.txt forbids is not asked, requests to one host keep their distance, a server
that says "later" is asked later, and a page that has not changed is not sent again (ETag,
Last-Modified). Only http and https are asked. Every redirect is checked like a first request, and
the connection goes to the very address that was checked.

It knows nothing of what pages hold.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Mapping
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from index.errors import SourceError
from index.sources.origin import PORTS, FetchRules, joined
from index.sources.records.dates import parse_date
from index.sources.records.outcome import SkipReason
from index.sources.web.connection import Connections, Reply
from index.sources.web.page_cache import CachedPage, PageCache
from index.sources.web.public_addresses import PrivateAddressError
from index.sources.web.robots import Robots

PAGE_LIMIT = 16 << 20
LIST_LIMIT = 64 << 20
MOST_REDIRECTS = 5
_LONGEST_WAIT = 120.0
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PASSING = frozenset((429, 500, 502, 503, 504))


class NotFetchedError(SourceError):
    """A page could not be fetched.

    Attributes:
        reason: for the report.
    """

    def __init__(self, message: str, reason: SkipReason = SkipReason.NOT_FETCHED) -> None:
        super().__init__(message)
        self.reason = reason


class Page(NamedTuple):
    """A page of the web.

    Attributes:
        url: after redirects, without what lets in who has it.
        headers: names in lower case; none for a page that has not changed.
        charset: the encoding that the server says the page has, or "".
    """

    url: str
    status: int
    content: bytes
    headers: Mapping[str, str]
    charset: str

    def header(self, name: str) -> str:
        """A header, or ""."""
        return self.headers.get(name, "")


class _Host:
    """What is to be kept in mind of one host."""

    def __init__(self) -> None:
        self.robots: Robots | None = None
        self.next_request = 0.0
        self.pages = 0


class Fetcher:
    """Fetches pages, one after the other.

    Args:
        rules: how servers are asked.
        cache: pages fetched before.
    """

    def __init__(self, rules: FetchRules, cache: PageCache) -> None:
        self._rules = rules
        self._cache = cache
        self._connections = Connections(rules.timeout, allow_private=rules.allow_private)
        self._hosts: dict[str, _Host] = {}

    def close(self) -> None:
        """Let go of connections and of the cache."""
        self._connections.close()
        self._cache.close()

    def page(
        self,
        url: str,
        *,
        modified: str = "",
        is_list: bool = False,
        allowed: tuple[int, ...] = (),
    ) -> Page:
        """A page, from its server or as it was fetched before.

        Args:
            url: http or https.
            modified: when it last changed, as a list says, or "".
            is_list: whether it is one that must be current, and may be larger.
            allowed: statuses besides 200 that are an answer.

        Raises:
            NotFetchedError: there is none to be had; says why.
        """
        key = self._rules.public(url)
        cached = self._cache.get(key)
        if cached is not None and not is_list and self._is_current(cached, modified):
            return Page(cached.final, 200, cached.content, {}, cached.charset)
        place = url
        for _ in range(MOST_REDIRECTS + 1):
            parsed = _parsed(place, self._rules.public(place))
            host = self._host(parsed)
            if host.robots is not None and not host.robots.allows(place):
                message = f"robots.txt of {parsed.netloc} forbids {self._rules.public(place)}"
                raise NotFetchedError(message, SkipReason.REFUSED_BY_ROBOTS)
            host.pages += 1
            if host.pages > self._rules.most_pages:
                raise NotFetchedError(
                    f"{self._rules.most_pages} pages of {parsed.netloc} were asked for; the rest "
                    "comes with the next run (most_pages in [fetch] allows more)"
                )
            reply = self._ask(parsed, host, cached, LIST_LIMIT if is_list else PAGE_LIMIT)
            if reply.status in _REDIRECTS and (target := reply.headers.get("location")):
                place = joined(place, target)
                continue
            return self._accepted(key, self._rules.public(place), reply, cached, allowed)
        raise NotFetchedError(f"was redirected more than {MOST_REDIRECTS} times")

    def _accepted(
        self,
        url: str,
        place: str,
        reply: Reply,
        cached: CachedPage | None,
        allowed: tuple[int, ...],
    ) -> Page:
        if reply.status == 304 and cached is not None:
            self._cache.put(url, cached._replace(fetched=time.time()))
            return Page(cached.final, 200, cached.content, reply.headers, cached.charset)
        if reply.status != 200 and reply.status not in allowed:
            raise NotFetchedError(f"the server answers {reply.status}")
        charset = _charset(reply)
        if reply.status == 200:
            marks = (reply.headers.get("etag", ""), reply.headers.get("last-modified", ""))
            self._cache.put(url, CachedPage(place, time.time(), *marks, charset, reply.content))
        return Page(place, reply.status, reply.content, reply.headers, charset)

    def _is_current(self, cached: CachedPage, modified: str) -> bool:
        changed = parse_date(modified) if modified else None
        if changed is not None:
            return changed.timestamp() <= cached.fetched
        return time.time() - cached.fetched < self._rules.fresh

    def _host(self, place: Url) -> _Host:
        """The host of an address, its robots.txt read."""
        name = f"{place.scheme}://{place.netloc}"
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host()
            host.robots = self._read_robots(name, host)
        return host

    def _read_robots(self, name: str, host: _Host) -> Robots:
        place = f"{name}/robots.txt"
        for _ in range(MOST_REDIRECTS + 1):
            reply = self._ask(_parsed(place, place), host, None, LIST_LIMIT)
            if reply.status in _REDIRECTS and (target := reply.headers.get("location")):
                place = joined(place, target)
                continue
            if reply.status == 200:
                return Robots(reply.content[: Robots.LIMIT])
            if reply.status < 500:
                return Robots(b"")  # there is none, so nothing is forbidden (RFC 9309)
            break
        raise NotFetchedError(f"{place} cannot be read, so nothing may be asked of {name}")

    def _ask(self, place: Url, host: _Host, cached: CachedPage | None, limit: int) -> Reply:
        """One answer, after as many attempts as the rules allow."""
        headers = {**_conditions(cached), **self._login(place)}
        failure = ""
        for attempt in range(self._rules.retries + 1):
            self._wait(host)
            try:
                reply = self._connections.get(place, headers, limit)
            except PrivateAddressError as error:
                message = (
                    f"{place.host} is in the own network ({error}); it is asked only with "
                    "--allow-private"
                )
                raise NotFetchedError(message, SkipReason.REFUSED_ADDRESS) from error
            except (HTTPError, OSError) as error:
                failure = f"{place.netloc} cannot be reached ({_told(error)})"
            else:
                if reply.status not in _PASSING:
                    return reply
                failure = f"the server answers {reply.status}"
                if attempt == self._rules.retries:
                    return reply
                host.next_request = max(host.next_request, time.monotonic() + _asked_wait(reply))
            self._delay(host, attempt + 1)
        raise NotFetchedError(failure)

    def _login(self, place: Url) -> dict[str, str]:
        """The header that lets us in, for the one server that it is meant for."""
        login = self._rules.login
        scheme, host = place.scheme or "", (place.host or "").strip("[]")
        if login is None or login.server != f"{scheme}://{host}:{place.port or PORTS[scheme]}":
            return {}
        presented = b64encode(f"{login.name}:{login.password}".encode())  # in UTF-8: RFC 7617
        return {"Authorization": f"Basic {presented.decode()}"}

    def _wait(self, host: _Host) -> None:
        time.sleep(max(0.0, host.next_request - time.monotonic()))
        self._delay(host, 0)

    def _delay(self, host: _Host, failures: int) -> None:
        """Keep the next request at a distance, which doubles with every failure."""
        asked_for = host.robots.delay if host.robots is not None else 0.0
        distance = min(max(self._rules.delay, asked_for) * 2**failures, _LONGEST_WAIT)
        host.next_request = max(host.next_request, time.monotonic() + distance)


def _parsed(place: str, shown: str) -> Url:
    try:
        parsed = parse_url(place)
    except LocationParseError as error:
        message = f"{shown} is no address of the web"
        raise NotFetchedError(message, SkipReason.REFUSED_ADDRESS) from error
    if parsed.scheme not in PORTS or not parsed.host:
        message = f"{shown} is no address of the web; only http and https are fetched"
        raise NotFetchedError(message, SkipReason.REFUSED_ADDRESS)
    return parsed._replace(fragment=None, auth=None)


def _conditions(cached: CachedPage | None) -> dict[str, str]:
    """Headers by which a server need not send what has not changed."""
    if cached is None:
        return {}
    marks = {"If-None-Match": cached.etag, "If-Modified-Since": cached.modified}
    return {name: value for name, value in marks.items() if value}


def _asked_wait(reply: Reply) -> float:
    """How long a server asks to be left alone, in seconds, within reason."""
    written = reply.headers.get("retry-after", "")
    if written.isdecimal():
        return min(float(written), _LONGEST_WAIT)
    try:
        later = parsedate_to_datetime(written).timestamp() - time.time()
    except (ValueError, TypeError):
        return 0.0
    return min(max(later, 0.0), _LONGEST_WAIT)


def _charset(reply: Reply) -> str:
    described = Message()
    described["Content-Type"] = reply.headers.get("content-type", "")
    return described.get_content_charset("")


def _told(error: Exception) -> str:
    return str(error).partition("): ")[2] or str(error) or type(error).__name__
