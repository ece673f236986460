"""What a finished build says of itself: ``manifest.json``, the last file written into a build.

A build without a manifest is unfinished, whatever else is in it. The manifest lists every other
file with its size and SHA-256, and carries a SHA-256 of itself, so that a torn or edited one is
noticed. It knows nothing of what the files hold.

The file is one JSON object::

    {"magic": "timbao-build", "format": 1, "analysis": "…", "created": "2026-01-31T08:00:00+00:00",
     "articles": 123, "unlearned": 0, "sources": ["…"], "image_hosts": ["https://anh.bao.example"],
     "files": {"name": {"bytes": 1, "sha256": "…"}}, "journal": ["…", 7, 1769821200],
     "root": "…", "number": 1, "sha256": "…"}

where ``journal``, in builds that have anything of one, is its name, the last task and the moment
(:mod:`index.storage.journal`), ``root`` is in builds that the indexer made, and the last ``sha256``
is that of the object without it, keys sorted, as compact UTF-8 JSON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import orjson

from index.errors import IndexDamaged, IndexIncompatible
from index.storage.journal import JournalState

MANIFEST_NAME = "manifest.json"
MAGIC = "timbao-build"
FORMAT_VERSION = 1
"""Changes whenever a reader of the old layout, schema or codec could not read the new one.

1: a Whoosh index with the fields of :mod:`index.schema`.
"""

_BLOCK = 1 << 20


class FileStamp(NamedTuple):
    """Size and checksum of one file of a build."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a build was made from and what it consists of.

    Attributes:
        analysis: the fingerprint of the text analysis that made the terms.
        created: when the build was finished, with time zone.
        articles: how many articles it holds.
        sources: what it was built from, as given.
        files: by path inside the build, with ``/``; all but the manifest.
        changed_since_derived: articles that updates have added, changed or deleted since what is
            derived from all articles (language model, acronyms) was last made.
        root: the id of the build that the indexer made this one of, through others of its own; ""
            where a rebuild or an update made it.
        journal: how much of the index's journal is in the build; None for nothing.
        image_hosts: where the articles' pictures are, as origins, those of most articles first.
        number: builds of an index in the order in which they were finished, whatever the clock
            said; 0 in builds made before there were numbers.
    """

    analysis: str
    created: datetime
    articles: int
    sources: tuple[str, ...]
    files: Mapping[str, FileStamp]
    changed_since_derived: int = 0
    journal: JournalState | None = None
    root: str = ""
    image_hosts: tuple[str, ...] = ()
    number: int = 0


def build_files(build: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a build but the manifest: its name inside the build and its path, sorted."""
    for path in sorted(build.rglob("*")):
        name = path.relative_to(build).as_posix()
        if path.is_file() and name != MANIFEST_NAME:
            yield name, path


def stamp(path: Path) -> FileStamp:
    """Read a whole file and return its size and checksum."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileStamp(size, digest.hexdigest())


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest as it stands in the file."""
    fields = {
        "magic": MAGIC,
        "format": FORMAT_VERSION,
        "analysis": manifest.analysis,
        "created": manifest.created.isoformat(),
        "articles": manifest.articles,
        "unlearned": manifest.changed_since_derived,
        "sources": list(manifest.sources),
        "image_hosts": list(manifest.image_hosts),
        "files": {name: file._asdict() for name, file in manifest.files.items()},
        **({"journal": list(manifest.journal)} if manifest.journal else {}),
        **({"root": manifest.root} if manifest.root else {}),
        "number": manifest.number,
    }
    return orjson.dumps({**fields, "sha256": _checksum(fields)}, option=orjson.OPT_INDENT_2)


def read_manifest(build: Path) -> Manifest:
    """Read the manifest of a build.

    Raises:
        IndexDamaged: it is missing, torn, edited or no manifest.
        IndexIncompatible: it was written by another format version.
    """
    path = build / MANIFEST_NAME
    try:
        fields = orjson.loads(path.read_bytes())
    except OSError as error:
        raise IndexDamaged(f"{path}: {error.strerror}; rebuild the index") from error
    except orjson.JSONDecodeError as error:
        raise IndexDamaged(f"{path}: is not readable; rebuild the index") from error
    if not isinstance(fields, dict) or fields.get("magic") != MAGIC:
        raise IndexDamaged(f"{path}: is not the manifest of an index; rebuild the index")
    if fields.get("format") != FORMAT_VERSION:
        raise IndexIncompatible(
            f"{path}: format {fields.get('format')}, this program reads format {FORMAT_VERSION}; "
            "rebuild the index"
        )
    if fields.pop("sha256", None) != _checksum(fields):
        raise IndexDamaged(f"{path}: its checksum is wrong; rebuild the index")
    return Manifest(
        analysis=fields["analysis"],
        created=datetime.fromisoformat(fields["created"]),
        articles=fields["articles"],
        sources=tuple(fields["sources"]),
        files={name: FileStamp(**file) for name, file in fields["files"].items()},
        changed_since_derived=fields.get("unlearned", 0),
        journal=JournalState(*fields["journal"]) if "journal" in fields else None,
        root=fields.get("root", ""),
        image_hosts=tuple(fields.get("image_hosts", ())),
        number=fields.get("number", 0),
    )


def _checksum(fields: Mapping[str, object]) -> str:
    return hashlib.sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()
