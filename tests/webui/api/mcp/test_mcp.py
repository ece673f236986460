"""Assistants ask over the Model Context Protocol, with the client of its own SDK."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import urllib3
from mcp import Client, StdioServerParameters

from tests.webui.conftest import serving

ROOT = Path(__file__).parents[4]
TOOLS = {"search", "newest", "facets", "article", "related"}


async def ask(client: Client, tool: str, **arguments: object) -> Any:
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, answer.content
    return answer.structured_content


async def ask_everything(client: Client) -> None:
    assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
    found = await ask(client, "search", query="thong tin doi ngoai", limit=3)
    assert found["about"]
    assert found["total"] >= 3
    assert len(found["results"]) == 3
    first = found["results"][0]
    assert "thông tin đối ngoại" in (first["headline"] + first["passage"]).casefold()
    assert first["address"]
    assert first["published"]
    article = await ask(client, "article", article_id=first["id"])
    assert article["headline"] == first["headline"]
    assert len(article["body"]) > len(first["passage"])
    related = (await ask(client, "related", article_id=first["id"], limit=2))["result"]
    assert first["id"] not in {each["id"] for each in related}
    newest = await ask(client, "newest", limit=5)
    times = [each["published"] for each in newest["results"]]
    assert times == sorted(times, reverse=True)
    counts = await ask(client, "facets", query="thong tin doi ngoai")
    assert counts["total"] == found["total"]
    assert sum(year["count"] for year in counts["year"]) <= counts["total"]
    section = counts["section"][0]
    within = await ask(
        client,
        "search",
        query="thông tin đối ngoại",
        sections=[section["value"]],
        newest_first=True,
    )
    assert within["total"] == section["count"]


async def ask_wrongly(client: Client) -> None:
    nowhere = await client.call_tool("article", {"article_id": "khong-co"})
    assert nowhere.is_error
    assert "no article has the id 'khong-co'" in nowhere.content[0].text
    for arguments in (
        {"query": "x" * 5_000},
        {"query": "tin", "limit": 1_000},
        {"query": "tin", "page": 9_999_999},
        {"query": "tin", "published_from": "hôm qua"},
        {"query": "tin", "published_from": "2022-02-02", "published_to": "2022-01-01"},
    ):
        assert (await client.call_tool("search", arguments)).is_error, arguments


def with_client(server: Any, talk: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Client(server) as client:
            await talk(client)

    # Not in this thread, in which Playwright may have a loop of its own.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, run()).result()


@pytest.mark.parametrize("talk", [ask_everything, ask_wrongly])
def test_an_assistant_asks_over_stdin_and_stdout(
    newsroom_index: Path, talk: Callable[[Client], Awaitable[None]]
) -> None:
    command = ["-m", "scripts.timbao", "mcp", "--index", str(newsroom_index)]
    with_client(StdioServerParameters(command=sys.executable, args=command, cwd=str(ROOT)), talk)


@pytest.mark.parametrize("talk", [ask_everything, ask_wrongly])
def test_an_assistant_asks_over_http(
    newsroom_index: Path, talk: Callable[[Client], Awaitable[None]]
) -> None:
    with serving(newsroom_index, "--mcp") as site:
        with_client(f"{site}/mcp", talk)
        assert urllib3.request("GET", f"{site}/mcp").status == 405


def test_there_is_no_such_address_unless_its_owner_says_so(site: str) -> None:
    assert list_tools(site) == 404


def list_tools(site: str, **headers: str) -> int:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"Accept": "application/json, text/event-stream"}
    return urllib3.request("POST", f"{site}/mcp", json=call, headers=accepted | headers).status


def test_limits_and_keys_are_those_of_the_api(newsroom_index: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.txt"
    keys.write_text("khoa-cua-toa-soan\n", "utf-8")
    with serving(newsroom_index, "--mcp", "--api-keys", str(keys), "--require-key") as site:
        assert list_tools(site) == 401
        assert list_tools(site, Authorization="Bearer khoa-cua-toa-soan") == 200
    with serving(newsroom_index, "--mcp", "--rate-limit", "2/hour") as site:
        assert [list_tools(site) for _ in range(3)] == [200, 200, 429]
