"""A cluster serves what the directory has, or what it served before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from index.build.cluster import publishing
from index.errors import BuildError, ClusterRefused, ClusterUnavailable, IndexMissing
from index.storage.opensearch.address import Credentials, parse_address
from index.storage.opensearch.builds import all_builds, served_build, served_index
from index.storage.opensearch.client import Cluster
from scripts.install.opensearch.cluster import LocalCluster, free_ports
from scripts.rebuild_index import main
from search import IndexUnavailable, SearchEngine, SearchRequest
from webui.app import create_app

ARTICLES = (
    ("1", "Sen Tây Hồ nở sớm", "Đầm sen phường Quảng An nở sớm mười ngày."),
    ("2", "Lúa chín ở cánh đồng Mường Thanh", "Bà con gặt lúa từ tinh mơ."),
    ("3", "Chợ nổi Cái Răng vắng ghe", "Ghe bán lúa gạo chuyển lên bờ."),
)


def write(path: Path, articles: Sequence[tuple[str, str, str]]) -> Path:
    lines = [
        orjson.dumps({"id": number, "title": title, "body": body})
        for number, title, body in articles
    ]
    path.write_bytes(b"\n".join(lines))
    return path


@pytest.fixture
def address(node: LocalCluster, work: Path, request: pytest.FixtureRequest) -> str:
    name = request.node.name.replace("_", "-").lower()[:60]
    return f"opensearch://{node.hosts}/{name}"


@pytest.fixture
def cluster(address: str) -> Cluster:
    return Cluster(parse_address(address), Credentials())


def run(address: str, *arguments: str | Path) -> str:
    """The command; what it complained of, or ""."""
    result = CliRunner().invoke(main, ["--index", address, "--quiet", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output if result.exit_code else ""


def found(address: str, query: str) -> list[str]:
    with SearchEngine.open(address) as engine:
        return sorted(hit.id for hit in engine.search(SearchRequest(query=query)).hits)


def test_updates_add_change_and_delete(address: str, tmp_path: Path) -> None:
    source = tmp_path / "bai.jsonl"
    assert not run(address, write(source, ARTICLES))
    assert found(address, "lúa") == ["2", "3"]
    changed = (*ARTICLES[:1], ("2", "Lúa chín muộn", "Rét kéo dài."), ("4", "Lúa mì", "Bột."))
    assert not run(address, "--update", write(source, changed))
    assert found(address, "lúa") == ["2", "4"]
    assert not run(address, "--add", write(tmp_path / "moi.jsonl", [("5", "Lúa nếp", "Xôi.")]))
    assert found(address, "lúa") == ["2", "4", "5"]
    assert not run(address, "--check")


def test_a_rollback_serves_the_build_before_and_updates_go_on_from_it(
    address: str, tmp_path: Path
) -> None:
    source = write(tmp_path / "bai.jsonl", ARTICLES)
    assert not run(address, source)
    assert not run(address, "--update", write(source, ARTICLES[:1]))
    assert not run(address, "--rollback")
    assert found(address, "lúa") == ["2", "3"]
    assert "no build before" in run(address, "--rollback")
    assert not run(address, "--add", write(tmp_path / "moi.jsonl", [("5", "Lúa nếp", "Xôi.")]))
    assert found(address, "lúa") == ["2", "3", "5"]


def test_so_many_builds_are_kept(address: str, cluster: Cluster, tmp_path: Path) -> None:
    source = write(tmp_path / "bai.jsonl", ARTICLES)
    for _ in range(3):
        assert not run(address, "--keep", "2", source)
    assert len(all_builds(cluster)) == 2


def test_a_build_that_is_not_right_is_never_served(
    address: str, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "bai.jsonl", ARTICLES)
    assert not run(address, source)
    before = served_index(cluster)
    with monkeypatch.context() as broken:
        # The last article is lost on the way.
        whole = publishing.operations
        broken.setattr(publishing, "operations", lambda *of: [*whole(*of)][:-1])
        assert "holds 2 articles and not 3" in run(address, source)
    assert served_index(cluster) == before
    assert len(all_builds(cluster)) == 2
    assert not run(address, "--update", source)  # what had failed is sent, what it left is gone
    assert served_index(cluster) != before
    assert all(build.articles == 3 for build in all_builds(cluster))


def test_an_update_from_elsewhere_is_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not run(address, write(tmp_path / "bai.jsonl", ARTICLES))
    monkeypatch.setenv("TIMBAO_OPENSEARCH_WORK", str(tmp_path / "elsewhere"))
    message = run(address, "--add", write(tmp_path / "moi.jsonl", ARTICLES[:1]))
    assert "is not where" in message
    assert "rebuild the whole index" in message


def test_a_switch_shows_in_an_open_engine(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.serving.cluster.LOOK_EVERY", -1.0)
    source = write(tmp_path / "bai.jsonl", ARTICLES)
    assert not run(address, source)
    with SearchEngine.open(address) as engine:
        first = engine.build
        assert not run(address, "--update", write(source, ARTICLES[:2]))
        assert engine.search(SearchRequest(query="lúa")).total == 1
        # Who has read a first page gets the second of the same build.
        asked = SearchRequest(query="lúa", page=2, per_page=1, build=first)
        assert engine.search(asked).total == 2


def test_a_mapping_of_somebody_else_is_named(address: str, cluster: Cluster) -> None:
    alias = cluster.address.alias
    cluster.send("PUT", f"/{alias}-x", {"aliases": {alias: {}}})
    with pytest.raises(IndexUnavailable, match="not made by this program"):
        SearchEngine.open(address)


def test_an_index_that_is_missing_is_named(address: str) -> None:
    with pytest.raises(IndexUnavailable, match="there is no index here"):
        SearchEngine.open(address)


def test_a_full_disk_is_named(address: str, cluster: Cluster, tmp_path: Path) -> None:
    source = write(tmp_path / "bai.jsonl", ARTICLES)
    assert not run(address, source)
    index = served_build(cluster).name
    block = {"index.blocks.read_only_allow_delete": True, "index.blocks.write": None}
    cluster.send("PUT", f"/{index}/_settings", block)
    with pytest.raises(BuildError, match="disk of the cluster is full"):
        publishing._send_batch(cluster, index, [b'{"delete":{"_id":"1"}}'])
    assert found(address, "lúa") == ["2", "3"]


def test_without_a_cluster_pages_and_api_answer_503(
    node: LocalCluster, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not run(address, write(tmp_path / "bai.jsonl", ARTICLES))
    with SearchEngine.open(address) as engine:
        client = create_app(engine).test_client()
        assert client.get("/readyz").status_code == 200
        [port] = free_ports(1)
        nowhere = f"http://127.0.0.1:{port}"
        for state in engine._builds._cluster.nodes:
            monkeypatch.setattr(state, "url", nowhere)
        monkeypatch.setattr("search.backends.opensearch.requests.DEADLINE", 0.1)
        monkeypatch.setattr("search.backends.opensearch.backend.DEADLINE", 0.1)
        for path in ("/?q=sen", "/api/v1/search?q=sen", "/readyz"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]


def test_errors_say_what_to_do() -> None:
    [port] = free_ports(1)
    nobody = Cluster(parse_address(f"opensearch://127.0.0.1:{port}/bao"), Credentials())
    with pytest.raises(ClusterUnavailable, match="see whether the cluster runs"):
        nobody.get("/", dict[str, object], deadline=0.1)


@pytest.mark.parametrize(
    "wrong", ["opensearch://", "opensearch:///bao", "opensearch://h:9200/", "opensearch://h/Báo"]
)
def test_wrong_addresses_are_named(wrong: str) -> None:
    with pytest.raises(IndexMissing, match="write it like"):
        parse_address(wrong)


def test_what_a_cluster_refuses_is_told(cluster: Cluster) -> None:
    with pytest.raises(ClusterRefused, match="index_not_found"):
        cluster.get("/there-is-none/_mapping", dict[str, object])
