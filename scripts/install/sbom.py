"""What a site runs, as an SBOM in CycloneDX: every library of a lock, with hashes and licence.

It reads the locks in ``requirements/`` and the tables of ``docs/licences.md`` and asks nobody, so
that the same commit gives the same inventory. It knows nothing of what is installed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypedDict

import click
import orjson

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("runtime", "dev", "build", "whoosh-reloaded")
_PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\\n]*?))? \\\n"
    r"(?P<hashes>(?:    --hash=\S+(?: \\)?\n)+)",
    re.MULTILINE,
)
_HASH = re.compile(r"sha256:([0-9a-f]{64})")
_LICENCE = re.compile(r"^\| ([a-z0-9._-]+) \| ([^|]+) \|$", re.MULTILINE)
_SIMPLE = re.compile(r"[A-Za-z0-9.-]+")


class Pinned(NamedTuple):
    """A library of a lock.

    Attributes:
        marker: where it is needed (``python_full_version < '3.11'``), or "" for everywhere.
        hashes: SHA-256 of each file that pip may install, as hexadecimal digits.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


class Property(TypedDict):
    """A named remark of CycloneDX."""

    name: str
    value: str


def pinned(lock: str) -> Iterator[Pinned]:
    """The libraries of a lock, such as "runtime"."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    for entry in _PINNED.finditer(text):
        hashes = tuple(_HASH.findall(entry["hashes"]))
        yield Pinned(entry["name"], entry["version"], (entry["marker"] or "").strip(), hashes)


def licences() -> dict[str, str]:
    """The licence of each library as an SPDX expression."""
    return dict(_LICENCE.findall((ROOT / "docs" / "licences.md").read_text("utf-8")))


def inventory(lock: str) -> dict[str, object]:
    """The SBOM of a lock."""
    known = licences()
    project = {"type": "application", "name": "timbao", "bom-ref": "timbao"}
    components = [_component(library, known[library.name]) for library in pinned(lock)]
    own = {**project, "licenses": [{"license": {"id": "MIT"}}]}
    content = orjson.dumps(components)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # Of the same libraries the same number.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content.hex())}",
        "version": 1,
        "metadata": {"component": own},
        "components": components,
        "dependencies": [
            {"ref": "timbao", "dependsOn": [str(each["bom-ref"]) for each in components]}
        ],
    }


def _component(library: Pinned, licence: str) -> dict[str, object]:
    purl = f"pkg:pypi/{library.name}@{library.version}"
    is_simple = _SIMPLE.fullmatch(licence) is not None
    properties: list[Property] = [
        {"name": "timbao:file:sha256", "value": digest} for digest in library.hashes
    ]
    if library.marker:
        properties.append({"name": "timbao:marker", "value": library.marker})
    return {
        "type": "library",
        "bom-ref": purl,
        "name": library.name,
        "version": library.version,
        "purl": purl,
        "licenses": [{"license": {"id": licence}} if is_simple else {"expression": licence}],
        "properties": properties,
    }


@click.command()
@click.option(
    "--lock",
    type=click.Choice(LOCKS),
    default="runtime",
    show_default=True,
    help="Which file of requirements/.",
)
def main(lock: str) -> None:
    """Write an SBOM of the libraries to standard output."""
    click.echo(orjson.dumps(inventory(lock), option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()
