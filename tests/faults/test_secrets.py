"""Passwords and keys are used and never written: by rebuild, update, server and keys."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from index.storage.builds import current_build
from tests.index.sources.web.newspaper import Answer, Newspaper, Request, open_newspaper
from tests.index.sources.web.test_page import feed, item, page
from tests.webui.conftest import RunningSite
from webui.http.keys.key_file import KEYS_NAME, Scope, make_key

SCRIPTS = Path(__file__).parents[2] / "scripts"
WEB = "MatKhauTrang-51"
TOKEN = "the-rieng-92"
DATABASE = "MatKhauKho-63"
RECORD = "MatKhauBai-74"
PLAIN = "khoa-tim-kiem-85"
REDIS = "MatKhauRedis-96"
HOME = "MatKhauNha-17"
SENT = "khoa-sai-28"


def behind_login(body: str) -> object:
    wanted = base64.b64encode(f"bao:{WEB}".encode()).decode()

    def answer(request: Request) -> Answer:
        if request.headers.get("Authorization") != f"Basic {wanted}":
            return Answer(b"", 401)
        return Answer(body.encode())

    return answer


def run(*arguments: str | Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, SCRIPTS / "rebuild_index.py", "--lang", "en", "--progress", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )
    return done.stdout


def asked(url: str, key: str = "", method: str = "GET", body: object = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **({"X-API-Key": key} if key else {})}
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return f"{answer.headers}{answer.read().decode()}"
    except urllib.error.HTTPError as error:
        return f"{error.headers}{error.read().decode()}"


def indexed(newspaper: Newspaper, out: Path, sources: Path) -> str:
    """What rebuilds and updates say over sources with a secret each."""
    newspaper.put("/robots.txt", "", 404)
    newspaper.answers[f"/tin?token={TOKEN}"] = behind_login(feed(item("/1.html")))  # type: ignore[assignment]
    newspaper.answers["/1.html"] = behind_login(page("Lũ về sớm hơn mọi năm"))  # type: ignore[assignment]
    site = f"http://bao:{WEB}@127.0.0.1:{newspaper.port}/tin?token={TOKEN}"
    record = {"title": "Lũ rút", "body": "Nước rút.", "url": f"https://a:{RECORD}@bao.example/2"}
    (sources / "a.jsonl").write_text(json.dumps(record))
    (sources / "kho.toml").write_text('source = "env:KHO"\nquery = "SELECT 1"\n')
    kho = f"postgresql://bao:{DATABASE}@127.0.0.1:1/kho?connect_timeout=1"
    arguments = ("--index", out / "index", "--report", out / "report.json", "--allow-private")
    said = run(*arguments, site, sources / "a.jsonl", sources / "kho.toml", KHO=kho)
    assert current_build(out / "index").manifest.articles == 2, said
    (sources / "a.jsonl").write_text(json.dumps({**record, "body": "Nước rút hẳn."}))
    return said + run(*arguments, "--update", site, sources / "a.jsonl", kho, "--query", "SELECT 1")


def served(index_dir: Path, folder: Path, admin: str) -> str:
    """What a server says, to everybody and into its log."""
    (folder / "keys.txt").write_text(f"{PLAIN}\n")
    site = RunningSite(
        *("--index", str(index_dir), "--port", "0", "--workers", "1", "--require-key"),
        *("--api-keys", str(folder / "keys.txt"), "--rate-limit", "100/minute"),
        *("--rate-limit-storage", f"redis://:{REDIS}@127.0.0.1:1/0"),
    )
    try:
        paths = ("/search?q=lu", "/metrics", "/api/v1/openapi.json", "/feed?q=lu", "/help")
        said = [asked(site.url + path) for path in paths]
        for key in (PLAIN, admin, SENT):
            said.append(asked(f"{site.url}/api/v1/search?q=l%C5%A9", key))
            said.append(asked(f"{site.url}/api/v1/search?q=l%C5%A9&page=x", key))
            body = {"headline": "Tin mới", "body": "Mưa."}
            said.append(asked(f"{site.url}/api/v1/articles/moi", key, "PUT", body))
            said.append(asked(f"{site.url}/api/v1/articles/moi", key, "DELETE"))
        assert "Lũ rút" in said[5]
        assert "key_required" in said[-1] or "key" in said[-1]
        said.append(asked(f"{site.url}/metrics"))
    finally:
        errors = site.end()
    return "".join(said) + site.said + errors


def test_nothing_that_runs_leaves_a_secret_behind(tmp_path: Path) -> None:
    out, sources = tmp_path / "out", tmp_path / "sources"
    out.mkdir()
    sources.mkdir()
    with open_newspaper() as newspaper:
        said = indexed(newspaper, out, sources)
    admin = make_key(out / "index" / KEYS_NAME, "bao", [Scope.ADMIN])
    said += served(out / "index", sources, admin)
    (out / "index" / "site.toml").write_text(f'name = "Báo"\nhome = "https://a:{HOME}@b.example"\n')
    refused = subprocess.run(
        [sys.executable, SCRIPTS / "serve.py", "--index", out / "index", "--port", "0"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert refused.returncode == 2
    assert "home" in refused.stderr
    (out / "index" / "site.toml").unlink()  # the owner's own words
    left = {"what was said": (said + refused.stderr).encode()}
    left |= {str(path): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert len(left) > 10
    for secret in (WEB, TOKEN, DATABASE, RECORD, PLAIN, admin, REDIS, HOME, SENT):
        encoded = base64.b64encode(f"bao:{secret}".encode())
        where = [
            name
            for name, content in left.items()
            if secret.encode() in content or encoded in content
        ]
        assert where == [], secret
