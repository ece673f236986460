"""Clients that others' tools make of the description: checked strictly, and used."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.webui.embed.hosting import has_node, run

OPENAPI_PYTHON_CLIENT = "openapi-python-client==0.29.1"
OPENAPI_TYPESCRIPT, TYPESCRIPT = "openapi-typescript@7.10.1", "typescript@5.9.3"

USES = """
import type { paths } from "./api";

type Search = paths["/api/v1/search"]["get"];
type Found = Search["responses"]["200"]["content"]["application/json"];

export const firstHeadline = (found: Found): string => found.hits[0]?.headline ?? "";
export const parameters: NonNullable<Search["parameters"]["query"]> = {
  q: "thông tin đối ngoại",
  sort: "newest",
  section: ["Kinh tế"],
};
export const total = (found: Found): number => found.total + found.facets.section.length;
// @ts-expect-error: there is no such field
export const nothing = (found: Found): unknown => found.nothing;
"""

SCRIPT = """
import sys
from {package} import Client
from {package}.api.default import multi_search, search, suggest
from {package}.models import (
    MultiSearchAnswer, MultiSearchBody, MultiSearchBodySearchesItem, SearchAnswer
)

def main() -> None:
    with Client(base_url=sys.argv[1]) as client:
        found = search.sync(client=client, q="thông tin đối ngoại", per_page=2)
        assert isinstance(found, SearchAnswer)
        assert found.total == len(found.hits) + found.total - 2
        refused = search.sync(client=client, q="tin", page=20_000)
        assert refused is not None and not isinstance(refused, SearchAnswer)
        body = MultiSearchBody(searches=[MultiSearchBodySearchesItem(q="tin")])
        both = multi_search.sync(client=client, body=body)
        assert isinstance(both, MultiSearchAnswer)
        assert suggest.sync(client=client, q="thông t") is not None
        print(found.hits[0].headline)

main()
"""


@pytest.fixture
def described(client: FlaskClient, tmp_path: Path) -> Path:
    """The description of the API in a file."""
    path = tmp_path / "openapi.json"
    path.write_bytes(client.get("/api/v1/openapi.json").data)
    return path


@pytest.mark.skipif(not has_node(), reason="there is no Node.js from 20.19 on")
def test_typescript_is_made_of_it_and_every_field_is_there(described: Path) -> None:
    folder = described.parent
    tools = ("--package", OPENAPI_TYPESCRIPT, "--package", TYPESCRIPT)
    run(folder, "npx", "--yes", *tools, "openapi-typescript", described.name, "-o", "api.d.ts")
    (folder / "uses.ts").write_text(USES, "utf-8")
    strict = ("--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--noEmit")
    lib = ("--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler")
    run(folder, "npx", "--yes", *tools, "tsc", *strict, *lib, "uses.ts")


def test_a_python_client_is_made_of_it_that_mypy_accepts_and_that_searches(
    described: Path, site: str
) -> None:
    folder = described.parent
    # Apart, for it needs libraries that the site has in other versions.
    run(folder, sys.executable, "-m", "venv", "tools")
    python = folder / "tools" / "bin" / "python"
    run(folder, str(python), "-m", "pip", "install", "--quiet", OPENAPI_PYTHON_CLIENT)
    config = folder / "config.yml"
    config.write_text("project_name_override: bao\npackage_name_override: bao\n", "utf-8")
    told = run(
        folder,
        *(
            str(python.with_name("openapi-python-client")),
            "generate",
            "--path",
            described.name,
            "--config",
            config.name,
        ),
        *("--meta", "none", "--output-path", "bao"),
    )
    # It knows no JSON Lines, in which many articles may be sent.
    assert re.findall("WARNING parsing (.*)", told) in (
        [],
        ["POST /api/v1/articles within default."],
    )
    (folder / "uses.py").write_text(SCRIPT.format(package="bao"), "utf-8")
    strict = ("--strict", "--no-incremental", "--python-executable", str(python))
    run(folder, sys.executable, "-m", "mypy", *strict, "uses.py")
    assert run(folder, str(python), "uses.py", site).strip()
