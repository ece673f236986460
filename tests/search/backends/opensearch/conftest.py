"""One node of OpenSearch for all tests of this folder, and the sample newsroom in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.install.opensearch.cluster import LocalCluster, NoCluster
from search import SearchEngine


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """A running node; skips the test where there is no OpenSearch."""
    folder = tmp_path_factory.mktemp("opensearch")
    try:
        node = LocalCluster(folder, heap_mb=300, settings=[f"path.repo={folder / 'snapshots'}"])
    except NoCluster as error:
        pytest.skip(str(error))
    with node:
        yield node


@pytest.fixture(scope="session")
def local(newsroom_index: Path) -> Iterator[SearchEngine]:
    """The newsroom in a directory."""
    with SearchEngine.open(newsroom_index) as engine:
        yield engine
