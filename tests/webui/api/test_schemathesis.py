"""Random requests made from the API's own description: never a 5xx, never another shape.

Left out are two checks that no description of parameters can satisfy: that whatever the schemas
allow is accepted (``page × per_page`` and ``from`` ≤ ``to`` are rules between two), and that
whatever they do not allow is refused (an empty value is as good as none).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from index.build.rebuild import rebuild
from search import SearchEngine
from webui import create_app
from webui.api.operations import OPERATIONS, Operation
from webui.api.write_operations import WRITE_OPERATIONS, WriteOperation
from webui.http.keys.key_file import KEYS_NAME, Scope, make_key
from webui.parameters import API_PREFIX

CASES = int(os.environ.get("SCHEMATHESIS_CASES", "20"))
"""For each operation and mode; thousands by hand."""


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_whatever_is_asked_the_response_is_as_described(
    client: FlaskClient, operation: Operation, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{API_PREFIX}/openapi.json", client.application)
    described = schema[API_PREFIX + operation.path]["GET"]

    @settings(max_examples=CASES, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(described.as_strategy(generation_mode=mode))
        # What is left out of an answer is not there, whatever its type says.
        case.query = {name: value for name, value in case.query.items() if name != "fields"}
        case.call_and_validate(
            excluded_checks=[negative_data_rejection, positive_data_acceptance],
            headers={"Accept-Encoding": "identity"},  # Flask's client decompresses nothing
        )

    ask()


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """A site with an index of its own, and a key to write to it."""
    folder = tmp_path_factory.mktemp("writable")
    (folder / "a.jsonl").write_text('{"id": "a", "title": "Lúa chín", "body": "Lúa chín sớm."}')
    rebuild(folder / "index", [folder / "a.jsonl"])
    with SearchEngine.open(folder / "index") as engine:
        yield create_app(engine), make_key(folder / "index" / KEYS_NAME, "thử", [Scope.WRITE])


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", WRITE_OPERATIONS, ids=lambda operation: operation.name)
def test_whatever_is_written_the_response_is_as_described(
    writable: tuple[Flask, str], operation: WriteOperation, mode: GenerationMode
) -> None:
    app, key = writable
    schema = schemathesis.openapi.from_wsgi(f"{API_PREFIX}/openapi.json", app)
    described = schema[API_PREFIX + operation.path][operation.method.upper()]

    @settings(max_examples=CASES, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(described.as_strategy(generation_mode=mode))
        case.call_and_validate(
            excluded_checks=[negative_data_rejection, positive_data_acceptance],
            headers={"Accept-Encoding": "identity", "X-API-Key": key},
        )

    ask()
