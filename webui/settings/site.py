"""The paper's own site: what ``site.toml`` says of its name, looks and ways.

A :class:`Site` that exists is valid: :func:`read_site` raises :class:`SiteError` otherwise, naming
the file, the key and what would be possible. Whatever the file leaves out is as Tìm Báo has it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NamedTuple, TypeAlias

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from webui.settings import colours

SITE_FILE = "site.toml"
"""Its name beside an index."""

LONGEST_NAME = 60
LARGEST_LOGO = 200_000

_PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_HOME = re.compile(r"https?://[^\s\"<>@/?#]+(?:[/?#][^\s\"<>]*)?")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")

_Toml: TypeAlias = "str | int | float | bool | list[_Toml] | Mapping[str, _Toml]"


class SiteError(ValueError):
    """A ``site.toml`` that cannot be followed; the message says what would be possible."""


class Results(str, Enum):
    """Where a headline leads."""

    STORED = "stored"
    ORIGINAL = "original"


class Picture(NamedTuple):
    """A picture of the site's own."""

    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """How the site calls itself and looks.

    Attributes:
        name: in titles, feeds and everywhere.
        logo: on light pages; None for that of Tìm Báo.
        logo_dark: on dark pages; None for the same as on light ones.
        accent: the colour of buttons and sections, as ``#rrggbb``; "" for that of Tìm Báo.
        home: the address of the paper's own home page; "" for none.
        foot: a sentence for the foot of every page.
        email: where the paper can be written to; in feeds, at the foot and in OpenSearch.
        language: of readers whose browser asks for none of ours: ``vi`` or ``en``.
        sections: those that stand first, in this order.
        results: whether a headline leads to the paper's page or to the stored copy; to that in any
            case where an article has no address.
        image_hosts: origins of pictures, besides those that the index names.
        robots: whether search engines may list the site.
        trending: whether the home page shows what is searched much; needs a desk, which counts it.
        hub: the address of a WebSub hub that tells readers of feeds what is new; "" for none.
    """

    name: str = "Tìm Báo"
    logo: Picture | None = None
    logo_dark: Picture | None = None
    accent: str = ""
    home: str = ""
    foot: str = ""
    email: str = ""
    language: str = "vi"
    sections: tuple[str, ...] = ()
    results: Results = Results.STORED
    image_hosts: tuple[str, ...] = field(default=())
    robots: bool = True
    hub: str = ""
    trending: bool = False


def read_site(path: Path) -> Site:
    """The site that a file describes.

    Raises:
        SiteError: it cannot be read, or says what is not possible.
    """
    try:
        table: Mapping[str, _Toml] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SiteError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SiteError(f"{path}: is no TOML: {error}") from error
    return _SiteReader(path, table).read()


class _SiteReader:
    """Reads the keys of one file."""

    def __init__(self, path: Path, table: Mapping[str, _Toml]) -> None:
        self._path = path
        self._table = table

    def read(self) -> Site:
        unknown = sorted(self._table.keys() - set(Site.__dataclass_fields__))
        if unknown:
            known = ", ".join(Site.__dataclass_fields__)
            raise self._error(unknown[0], f"is no key; there are {known}")
        return Site(
            name=self._name(),
            logo=self._picture("logo"),
            logo_dark=self._picture("logo_dark"),
            accent=self._accent(),
            home=self._matching("home", _HOME, "an address like https://bao.example"),
            foot=self._text("foot"),
            email=self._matching("email", _EMAIL, "an address like toasoan@bao.example"),
            language=self._one_of("language", ("vi", "en")),
            sections=self._texts("sections"),
            results=Results(self._one_of("results", tuple(way.value for way in Results))),
            image_hosts=self._image_hosts(),
            robots=self._one_of("robots", ("index", "noindex")) == "index",
            trending=self._switch("trending"),
            hub=self._matching("hub", _HOME, "an address like https://hub.bao.example"),
        )

    def _error(self, key: str, message: str) -> SiteError:
        return SiteError(f"{self._path}: {key}: {message}")

    def _text(self, key: str) -> str:
        value = self._table.get(key, "")
        if not isinstance(value, str):
            raise self._error(key, "must be text")
        return " ".join(value.split())

    def _switch(self, key: str) -> bool:
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            raise self._error(key, "is true or false")
        return value

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._table.get(key, [])
        if not isinstance(value, list):
            raise self._error(key, 'must be a list of texts like ["Thời sự", "Kinh tế"]')
        texts = tuple(item for item in value if isinstance(item, str))
        if len(texts) < len(value):
            raise self._error(key, 'must be a list of texts like ["Thời sự", "Kinh tế"]')
        return texts

    def _matching(self, key: str, pattern: re.Pattern[str], wanted: str) -> str:
        text = self._text(key)
        if text and not pattern.fullmatch(text):
            shown = (
                "that" if "://" in text and "@" in text else repr(text)
            )  # it may hold a password
            raise self._error(key, f"{shown} is not {wanted}")
        return text

    def _one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of some words; where the file has none, the one that Tìm Báo has."""
        text = self._text(key)
        default = "stored" if key == "results" else allowed[0]
        if text and text not in allowed:
            raise self._error(key, f"{text!r} is not one of {', '.join(allowed)}")
        return text or default

    def _name(self) -> str:
        name = self._text("name")
        if not name:
            raise self._error("name", 'is missing; write it like name = "Báo Sông Trăng"')
        if len(name) > LONGEST_NAME:
            raise self._error("name", f"at most {LONGEST_NAME} characters, not {len(name)}")
        return name

    def _accent(self) -> str:
        colour = self._text("accent").lower()
        if not colour:
            return ""
        if not colours.is_colour(colour):
            raise self._error("accent", f"{colour!r} is no colour; write it like #0b5d4e")
        found = colours.contrast(colour, colours.PAPER)
        if found < colours.LEAST_CONTRAST:
            nearest = colours.readable(colour, colours.PAPER)
            raise self._error(
                "accent",
                f"{colour} has a contrast of {found:.1f} on the page; text needs "
                f"{colours.LEAST_CONTRAST}, as {nearest} has",
            )
        return colour

    def _picture(self, key: str) -> Picture | None:
        name = self._text(key)
        if not name:
            return None
        path = self._path.parent / name
        kind = _PICTURES.get(path.suffix.lower())
        if kind is None:
            raise self._error(key, f"{name!r} is none of {', '.join(_PICTURES)}")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise self._error(key, f"{path}: {error.strerror or error}") from error
        if len(content) > LARGEST_LOGO:
            raise self._error(key, f"{path}: at most {LARGEST_LOGO:,} bytes, not {len(content):,}")
        return Picture(content, kind)

    def _image_hosts(self) -> tuple[str, ...]:
        hosts = self._texts("image_hosts")
        for host in hosts:
            if not _ORIGIN.fullmatch(host):
                raise self._error(
                    "image_hosts", f"{host!r} is no origin; write it like https://anh.bao.example"
                )
        return hosts
