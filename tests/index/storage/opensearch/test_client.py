"""A request finds a node that answers; what none answers is told with what to do."""

from __future__ import annotations

import base64
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.errors import ClusterRefused, ClusterUnavailable, IndexMissing
from index.storage.opensearch.address import (
    Credentials,
    credentials,
    is_cluster,
    parse_address,
    work_directory,
)
from index.storage.opensearch.client import Cluster

Answer = tuple[int, bytes]


@contextmanager
def node(answer: Answer, certificate: Path | None = None) -> Iterator[ThreadingHTTPServer]:
    """Something that answers every request so; what it was sent is in ``asked``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.headers.get("Authorization", ""))
            status, body = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def cluster_of(*nodes: ThreadingHTTPServer, who: Credentials | None = None) -> Cluster:
    hosts = ",".join(f"127.0.0.1:{each.server_port}" for each in nodes)
    return Cluster(parse_address(f"opensearch://{hosts}/bao"), who or Credentials())


OK = (200, b'{"count": 3}')


def test_a_node_that_does_not_answer_is_passed_over() -> None:
    with node(OK) as alive, node((503, b"")) as busy:
        cluster = cluster_of(busy, alive)
        for _ in range(4):
            assert cluster.get("/_count", dict[str, int]) == {"count": 3}
        # After its first failure it is the last to be asked.
        assert len(busy.asked) == 1
        assert [state.failures for state in cluster.nodes] == [1, 0]


def test_a_node_that_is_gone_is_passed_over() -> None:
    with node(OK) as alive:
        with node(OK) as gone:
            cluster = cluster_of(gone, alive)
        for _ in range(4):
            assert cluster.get("/_count", dict[str, int]) == {"count": 3}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, b"Unauthorized"), "TIMBAO_OPENSEARCH_PASSWORD_FILE"),
        ((503, b'{"error": {"type": "x", "reason": "no master"}}'), "x: no master"),
        ((200, b"<html>"), "is it one"),
    ],
)
def test_what_nobody_answers_is_told(answer: Answer, message: str) -> None:
    with node(answer) as only, pytest.raises(ClusterUnavailable, match=message):
        cluster_of(only).get("/_count", dict[str, int], deadline=0.2)


def test_a_refusal_is_not_sent_to_the_next_node() -> None:
    body = b'{"error": {"type": "t", "reason": "r", "root_cause": [{"type": "a", "reason": "b"}]}}'
    with node((400, body)) as first, node((400, body)) as second:
        with pytest.raises(ClusterRefused, match="400 a: b") as refused:
            cluster_of(first, second).get("/_count", dict[str, int])
        assert refused.value.status == 400
        assert len(first.asked) + len(second.asked) == 1


def test_a_full_disk_is_not_waited_for() -> None:
    body = b'{"error": {"type": "cluster_block_exception", "reason": "flood-stage watermark"}}'
    with node((429, body)) as full, pytest.raises(ClusterRefused, match="disk of the cluster"):
        cluster_of(full).get("/_count", dict[str, int])


def test_user_and_password_come_from_the_environment(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mật khẩu\n", "utf-8")
    who = credentials(
        {"TIMBAO_OPENSEARCH_USER": "bao", "TIMBAO_OPENSEARCH_PASSWORD_FILE": str(secret)}
    )
    with node(OK) as only:
        cluster_of(only, who=who).get("/_count", dict[str, int])
        scheme, _, encoded = only.asked[0].partition(" ")
    assert (scheme, base64.b64decode(encoded).decode()) == ("Basic", "bao:mật khẩu")
    with pytest.raises(IndexMissing, match="password cannot be read"):
        credentials({"TIMBAO_OPENSEARCH_PASSWORD_FILE": str(tmp_path / "none")})


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, signed by nobody else."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine, to make a certificate")
    file, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    names = ["-subj", "/CN=node", "-addext", "subjectAltName=IP:127.0.0.1"]
    making = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-out", file]
    subprocess.run([openssl, *making, "-keyout", key, *names], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


def test_a_certificate_must_be_trusted(certificate: Path) -> None:
    with node(OK, certificate) as secure:
        address = parse_address(f"opensearchs://127.0.0.1:{secure.server_port}/bao")
        trusting = Cluster(address, Credentials(certificates=str(certificate)))
        assert trusting.get("/_count", dict[str, int]) == {"count": 3}
        with pytest.raises(ClusterUnavailable, match="TIMBAO_OPENSEARCH_CA"):
            Cluster(address, Credentials()).get("/_count", dict[str, int])


def test_addresses_are_taken_apart(tmp_path: Path) -> None:
    address = parse_address("opensearchs://a:9201,b/bao-2")
    assert address.nodes == ("https://a:9201", "https://b:9200")
    assert parse_address(str(address)) == address
    assert not is_cluster("var/index")
    assert work_directory(address, {"TIMBAO_OPENSEARCH_WORK": str(tmp_path)}) == tmp_path
    cached = work_directory(address, {"XDG_CACHE_HOME": str(tmp_path)})
    assert cached.is_relative_to(tmp_path)
