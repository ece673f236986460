"""One node of OpenSearch for all tests of this folder, and the sample newsroom in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build.cluster.publishing import publish
from index.storage.opensearch.address import credentials, parse_address
from index.storage.opensearch.client import Cluster
from scripts.install.opensearch.cluster import LocalCluster, NoCluster
from search import SearchEngine


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """A running node; skips the test where there is no OpenSearch."""
    try:
        cluster = LocalCluster(tmp_path_factory.mktemp("opensearch"), heap_mb=300)
    except NoCluster as error:
        pytest.skip(str(error))
    with cluster:
        yield cluster


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory that belongs to an index in a cluster, empty."""
    monkeypatch.setenv("TIMBAO_OPENSEARCH_WORK", str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture(scope="session")
def local(newsroom_index: Path) -> Iterator[SearchEngine]:
    """The newsroom in a directory."""
    with SearchEngine.open(newsroom_index) as engine:
        yield engine


@pytest.fixture(scope="session", params=[1, 3], ids=["one shard", "three shards"])
def clustered(
    request: pytest.FixtureRequest,
    node: LocalCluster,
    newsroom_index: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SearchEngine]:
    """The same in a cluster."""
    address = f"opensearch://{node.hosts}/newsroom-{request.param}"
    cluster = Cluster(parse_address(address), credentials({}))
    publish(cluster, newsroom_index, keep=1, shards=request.param)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TIMBAO_OPENSEARCH_WORK", str(tmp_path_factory.mktemp("work")))
        with SearchEngine.open(address) as engine:
            yield engine
