"""What the tests of sources share: a newspaper's web server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.index.sources.web.newspaper import Newspaper, open_newspaper


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    with open_newspaper() as site:
        yield site
