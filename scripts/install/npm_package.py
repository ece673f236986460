#!/usr/bin/env python3
"""Makes the npm package ``timbao`` out of the files of the site, ready for ``npm pack``.

    python -m scripts.install.npm_package FOLDER

What is written by hand is in ``webui/embed/package``; the element is what ``/embed.js`` is, and the
types are made from those that the API's answers have and the parameters that it reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from webui.api.multi_search import MultiSearchAnswer
from webui.api.operations import OPERATIONS, SEARCH, SUGGEST, Operation
from webui.embed.element import read_widget

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = ROOT / "webui" / "embed" / "package"

_VERSION = re.compile(r'^version = "(.+)"$', re.MULTILINE)

_NAMES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}


def write_package(folder: Path) -> None:
    """Write all files of the package into a folder, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    version = _VERSION.findall((ROOT / "pyproject.toml").read_text("utf-8"))[0]
    for path in WRITTEN.iterdir():
        text = path.read_text("utf-8").replace("{{version}}", version)
        (folder / path.name).write_text(text, "utf-8")
    (folder / "element.js").write_text(_element(), "utf-8")
    for name, lines in (("answers.d.ts", _answers()), ("parameters.d.ts", _parameters())):
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")


def _element() -> str:
    """The element as a module that may be imported on a server, too, where there is no page."""
    loader = read_widget().loader.decode()
    return f'if (typeof customElements !== "undefined") {{\n{loader}}}\nexport {{}};\n'


def _answers() -> Iterator[str]:
    """The types of all answers that need no key."""
    answers = [*(operation.response for operation in OPERATIONS), MultiSearchAnswer]
    _, schemas = msgspec.json.schema_components(answers, ref_template="{name}")
    for name, schema in schemas.items():
        yield from _comment(schema, "")
        if "properties" not in schema:
            yield f"export type {name} = {_type(schema)};"
            continue
        yield f"export interface {name} {{"
        for field, kind in schema["properties"].items():
            yield from _comment(kind, "  ")
            yield f"  {field}: {_type(kind)};"
        yield "}"


def _parameters() -> Iterator[str]:
    yield from _interface("SearchParameters", SEARCH)
    yield from _interface("SuggestParameters", SUGGEST)


def _interface(name: str, operation: Operation) -> Iterator[str]:
    """The parameters of an operation, without ``fields``, which typed answers do not go with."""
    yield f"export interface {name} {{"
    for parameter in operation.parameters:
        yield from _comment({"description": parameter.about}, "  ")
        schema: Any = parameter.schema
        yield f"  {parameter.name}?: {_switch_or(schema)};"
    yield "}"


def _switch_or(schema: Mapping[str, Any]) -> str:
    if "true" in schema.get("enum", ()):
        return "boolean"
    kind = _type(schema)
    return f"string | {kind}" if schema["type"] == "array" else kind


def _comment(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    if text := schema.get("description"):
        yield f"{indent}/** {text.replace('*/', '* /')} */"


def _type(schema: Mapping[str, Any]) -> str:
    """What a JSON Schema says, in TypeScript."""
    if "$ref" in schema:
        return str(schema["$ref"])
    if "anyOf" in schema:
        return _either(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return _either(map(json.dumps, schema["enum"]))
    if schema.get("type") == "array":
        return f"({_type(schema['items'])})[]"
    return _NAMES.get(schema.get("type", ""), "null" if schema.get("type") == "null" else "unknown")


def _either(kinds: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(kinds))


@click.command("npm_package")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def main(folder: Path) -> None:
    """Make the npm package in FOLDER."""
    write_package(folder)
    click.echo(f"{folder}: cd there and run npm pack")


if __name__ == "__main__":
    main()
