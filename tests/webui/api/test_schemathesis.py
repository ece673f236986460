"""Random requests made from the API's own description: never a 5xx, never another shape.

Left out are two checks that no description of parameters can satisfy: that whatever the schemas
allow is accepted (``page × per_page`` and ``from`` ≤ ``to`` are rules between two), and that
whatever they do not allow is refused (an empty value is as good as none).
"""

from __future__ import annotations

import os

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from webui.api.operations import OPERATIONS, Operation
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
        case.call_and_validate(
            excluded_checks=[negative_data_rejection, positive_data_acceptance],
            headers={"Accept-Encoding": "identity"},  # Flask's client decompresses nothing
        )

    ask()
