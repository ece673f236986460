"""A site with a desk over the sample newsroom, and an editor who is logged in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search import SearchEngine
from webui import Settings, create_app
from webui.http.keys.key_file import Scope, make_key


class Newsroom(NamedTuple):
    """A site with a desk.

    Attributes:
        file: of the desk.
        key: that opens it.
    """

    reader: FlaskClient
    file: Path
    keys: Path
    key: str

    def enter(self) -> Editor:
        """An editor at the desk."""
        client = self.reader.application.test_client()
        assert client.post("/desk/login", data={"key": self.key}).status_code == 303
        return Editor(client)


class Editor:
    """Somebody at the desk."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.csrf = word_of(client.get("/desk").text)

    def send(self, path: str, **fields: str) -> TestResponse:
        """A form, with the word of the session."""
        return self.client.post(path, data={"csrf": self.csrf, **fields})


def word_of(page: str) -> str:
    """The word that the forms of a page carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def newsroom(engine: SearchEngine, tmp_path: Path) -> Newsroom:
    """A site with a desk of its own, without a server."""
    keys = tmp_path / "keys.json"
    key = make_key(keys, "tòa soạn", (Scope.ADMIN,))
    settings = Settings(desk=tmp_path / "desk.db", key_file=keys)
    app = create_app(engine, settings)
    return Newsroom(app.test_client(), tmp_path / "desk.db", keys, key)


@pytest.fixture
def editor(newsroom: Newsroom) -> Iterator[Editor]:
    """An editor at the desk of the newsroom."""
    return newsroom.enter()
