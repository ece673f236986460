"""The npm package in projects of people who know nothing of this one: React, Vue, TypeScript."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scripts.install.npm_package import write_package
from tests.webui.browser.browsing import listen
from tests.webui.conftest import serving
from tests.webui.embed.hosting import ask, has_node, run

pytestmark = pytest.mark.skipif(not has_node(), reason="there is no Node.js from 20.19 on")

PINNED = {
    "react": {
        "@types/react": "19.2.2",
        "@types/react-dom": "19.2.2",
        "react": "19.2.0",
        "react-dom": "19.2.0",
    },
    "vue": {"vue": "3.5.22"},
}
TOOLS = {"typescript": "5.9.3", "vite": "7.1.12"}
STRICT = {
    "compilerOptions": {
        "strict": True,
        "noUncheckedIndexedAccess": True,
        "exactOptionalPropertyTypes": True,
        "module": "esnext",
        "moduleResolution": "bundler",
        "target": "es2022",
        "lib": ["es2022", "dom", "dom.iterable"],
        "jsx": "react-jsx",
        "noEmit": True,
        "types": [],
    },
    "include": ["src"],
}
CLIENT = """
import { TimBaoClient, TimBaoError, type SearchAnswer } from "timbao";

export const endpoint = new URLSearchParams(location.search).get("site") ?? "";
const client = new TimBaoClient({ endpoint });

/** Asks in every way that there is, and tells what came of it. */
export async function askEverything(): Promise<string> {
  const found: SearchAnswer = await client.search({ q: "thông tin đối ngoại", per_page: 2 });
  const first = found.hits[0];
  if (!first) return "nothing";
  const article = await client.article(first.id);
  const several = await client.articles([first.id, "không có"]);
  const related = await client.related(first.id, { limit: 1 });
  const completions = await client.suggest({ q: "thông tin đ", limit: 3 });
  const both = await client.multiSearch([
    { q: "thông tin đối ngoại", verbatim: true },
    { sort: "newest", section: ["Kinh tế"] },
  ]);
  const refused = await client.search({ page: 0 }).catch((error: unknown) => error);
  if (!(refused instanceof TimBaoError)) return "not refused";
  // @ts-expect-error: the answer of a search has no such field
  found.nothing;
  // @ts-expect-error: there is no such order
  void (() => client.search({ sort: "best" }));
  return [
    found.total,
    article.headline === first.headline,
    several.missing.join(),
    related.hits.length,
    completions.suggestions.length,
    both.answers.map(({ answer, error }) => answer?.total ?? error?.code).join("+"),
    refused.status,
    refused.code,
    refused.field,
  ].join(" ");
}
"""
MAIN = {
    "react": """
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { TimBao } from "timbao/react";
import { askEverything, endpoint } from "./client";

function Newspaper() {
  const [told, setTold] = useState("");
  const [shown, setShown] = useState(true);
  return (
    <main>
      {shown && (
        <TimBao
          endpoint={endpoint}
          per-page={3}
          clicks={false}
          onSearch={({ detail }) => setTold(`${detail.query}: ${detail.total}`)}
          onOpen={(event) => {
            event.preventDefault();
            setTold(`open ${event.detail.headline}`);
          }}
        />
      )}
      <p id="told">{told}</p>
      <button id="ask" onClick={() => void askEverything().then(setTold)}>Hỏi</button>
      <button id="toggle" onClick={() => setShown(!shown)}>Ẩn hiện</button>
    </main>
  );
}

createRoot(document.querySelector("#app")!).render(<Newspaper />);
""",
    "vue": """
import { createApp, defineComponent, h, ref } from "vue";
import { TimBao } from "timbao/vue";
import { askEverything, endpoint } from "./client";

const Newspaper = defineComponent(() => {
  const told = ref("");
  const shown = ref(true);
  return () =>
    h("main", [
      shown.value
        ? h(TimBao, {
            endpoint,
            "per-page": 3,
            clicks: false,
            onSearch: ({ detail }) => (told.value = `${detail.query}: ${detail.total}`),
            onOpen: (event) => {
              event.preventDefault();
              told.value = `open ${event.detail.headline}`;
            },
          })
        : null,
      h("p", { id: "told" }, told.value),
      h("button", { id: "ask", onClick: async () => (told.value = await askEverything()) }, "Hỏi"),
      h("button", { id: "toggle", onClick: () => (shown.value = !shown.value) }, "Ẩn hiện"),
    ]);
});

createApp(Newspaper).mount("#app");
""",
}


@pytest.fixture(scope="module")
def search_site(newsroom_index: Path) -> Iterator[str]:
    """The address of a search site that lets all pages call it."""
    with serving(newsroom_index, "--allow-origin", "*") as url:
        yield url


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it would be published."""
    folder = tmp_path_factory.mktemp("package")
    write_package(folder)
    run(folder, "npm", "pack")
    (archive,) = folder.glob("timbao-*.tgz")
    return archive


def make_project(folder: Path, framework: str, packed: Path) -> Path:
    """A built project: its `dist` folder."""
    kind = "tsx" if framework == "react" else "ts"
    files: dict[str, Any] = {
        "package.json": {
            "private": True,
            "type": "module",
            "dependencies": {"timbao": f"file:{packed}"} | PINNED[framework] | TOOLS,
        },
        "tsconfig.json": STRICT,
        "index.html": '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<title>Báo</title><link rel="icon" href="data:,"></head><body><div id="app"></div>'
        f'<script type="module" src="/src/main.{kind}"></script></body></html>',
        "src/client.ts": CLIENT,
        f"src/main.{kind}": MAIN[framework],
    }
    (folder / "src").mkdir(parents=True)
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_text(text, "utf-8")
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline")
    run(folder, "npx", "tsc")
    run(folder, "npx", "vite", "build")
    return folder / "dist"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder of files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.browser
@pytest.mark.parametrize("framework", ["react", "vue"])
def test_a_project_searches_with_the_packed_package(
    page: Page, search_site: str, packed: Path, tmp_path: Path, framework: str
) -> None:
    said = listen(page)
    with served(make_project(tmp_path / framework, framework, packed)) as pages:
        page.goto(f"{pages}/?site={search_site}")
        told = page.locator("#told")
        ask(page, "thong tin doi ngoai")
        expect(told).to_have_text(re.compile(r"thong tin doi ngoai: \d+"))
        hits = page.locator("tim-bao li a")
        expect(hits).to_have_count(3)
        headline = hits.first.inner_text()
        hits.first.click()
        expect(told).to_have_text(f"open {headline}")
        assert page.url.startswith(pages)
        page.locator("#toggle").click()
        expect(page.locator("tim-bao")).to_have_count(0)
        page.locator("#toggle").click()
        ask(page, "tin")
        expect(told).to_have_text(re.compile(r"tin: \d+"))
        page.locator("#ask").click()
        expect(told).to_have_text(
            re.compile(r"\d+ true không có 1 [1-3] \d+\+\d+ 400 invalid_parameter page")
        )
    assert [line for line in said if "400" not in line] == []


def test_a_server_may_render_pages_with_it(packed: Path, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(
        json.dumps({"private": True, "dependencies": {"timbao": f"file:{packed}"}})
    )
    run(tmp_path, "npm", "install", "--no-audit", "--no-fund", "--omit=peer")
    told = run(
        tmp_path,
        "node",
        "--input-type=module",
        "--eval",
        'import "timbao/element"; import { TimBaoClient } from "timbao"; '
        'console.log(typeof new TimBaoClient({ endpoint: "https://x.example" }).search)',
    )
    assert told == "function\n"
