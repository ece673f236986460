"""docs/serving.md and docs/api.md mention every option, parameter, address and error code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import default_exceptions

from scripts.serve import main
from search import RequestError
from webui.http.problems import problem_of
from webui.parameters import SEARCH_PARAMETERS, parse_search

DOCS = Path(__file__).parents[2] / "docs"
SERVING = (DOCS / "serving.md").read_text("utf-8")
API = (DOCS / "api.md").read_text("utf-8")


def test_every_option_of_serve_is_described() -> None:
    described = set(re.findall(r"^\| `(--[a-z-]+)", SERVING, re.MULTILINE))
    assert described == {option for param in main.params for option in param.opts}


def test_every_parameter_is_described_and_known() -> None:
    table = API.partition("| parameter | allowed |")[2].partition("\n\n")[0]
    described = re.findall(
        r"`([a-z_]+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))
    )
    assert sorted(described) == sorted(parameter.name for parameter in SEARCH_PARAMETERS)
    for name in described:
        with pytest.raises(RequestError, match=f"^{name}: "):
            parse_search(f"{name}={'x' * 2000}".encode())


def test_every_address_is_described(client: FlaskClient) -> None:
    described = {
        re.sub(r"<.*?>", "<>", address.partition("?")[0])
        for line in re.findall(r"^\| (`/.*?) \|", SERVING, re.MULTILINE)
        for address in re.findall(r"`(/.*?)`", line)
    }
    rules = client.application.url_map.iter_rules()
    served = {re.sub(r"<.*?>", "<>", rule.rule) for rule in rules if rule.endpoint != "static"}
    assert described == served


def test_the_error_shown_is_the_one_given(client: FlaskClient) -> None:
    shown = re.search(r'^\{"error".*\}$', API, re.MULTILINE)
    assert shown is not None
    response = client.get("/api/v1/search?page=0")
    assert response.data.decode().replace(" ", "") == shown[0].replace(" ", "")


def test_every_error_code_is_described() -> None:
    for code in (400, 401, 403, 404, 405, 413, 429, 500, 503):
        assert f"`{problem_of(default_exceptions[code]()).code}`" in API
