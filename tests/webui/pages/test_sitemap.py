"""The sitemap names every stored article that readers may see, once, and no more than a search."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree

from index.build.rebuild import rebuild
from search import SearchEngine
from webui import Settings, create_app

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MANY = 2_345


@pytest.fixture(scope="module")
def engine_of_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """The engine over more articles of a month than a file lists."""
    folder = tmp_path_factory.mktemp("many")
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(MANY):
            month, day = (3, number % 28 + 1) if number % 40 else (1, 5)
            article = {
                "id": f"bài/{number}",
                "headline": f"Tin số {number}",
                "body": f"Bài thứ {number} kể một chuyện khác.",
                "published": f"2024-{month:02}-{day:02}T08:00:00+07:00",
            }
            file.write(json.dumps(article, ensure_ascii=False) + "\n")
    rebuild(folder / "index", [folder / "articles.jsonl"])
    with SearchEngine.open(folder / "index") as opened:
        yield opened


def addresses(client: FlaskClient, url: str) -> list[str]:
    response = client.get(url)
    assert response.status_code == 200
    assert response.content_type == "application/xml; charset=utf-8"
    root = etree.fromstring(response.data)
    return [str(loc.text) for loc in root.iter(f"{NAMESPACE}loc")]


def articles_in(client: FlaskClient) -> Counter[str]:
    files = addresses(client, "/sitemap.xml")
    assert len(set(files)) == len(files)
    return Counter(name for file in files for name in addresses(client, file))


def test_every_article_of_many_is_named_once(engine_of_many: SearchEngine) -> None:
    client = create_app(engine_of_many).test_client()
    assert len(addresses(client, "/sitemap.xml")) == 4
    found = articles_in(client)
    assert len(found) == MANY
    assert set(found.values()) == {1}
    assert client.get(next(iter(found))).status_code == 200


def test_articles_without_a_date_and_of_all_sources_have_their_page(client: FlaskClient) -> None:
    found = articles_in(client)
    assert len(found) > 50
    assert set(found.values()) == {1}


@pytest.mark.parametrize(
    "window", ["2024-13", "2024-02-30", "0000-01", "9999-01", "x", "2024", "2024-01-05-01"]
)
def test_what_is_no_month_or_day_is_not_found(client: FlaskClient, window: str) -> None:
    assert client.get(f"/sitemap/{window}/1.xml").status_code == 404


@pytest.mark.parametrize("number", [0, 99, 10**9])
def test_a_file_beyond_the_last_is_not_found(engine_of_many: SearchEngine, number: int) -> None:
    client = create_app(engine_of_many).test_client()
    assert client.get(f"/sitemap/2024-03/{number}.xml").status_code == 404


def test_a_day_has_all_of_its_articles(engine_of_many: SearchEngine) -> None:
    client = create_app(engine_of_many).test_client()
    days = [f"/sitemap/2024-03-{day:02}/1.xml" for day in range(1, 29)]
    of_days = Counter(name for day in days for name in addresses(client, day))
    of_months = [name for n in (1, 2, 3) for name in addresses(client, f"/sitemap/2024-03/{n}.xml")]
    assert of_days == Counter(of_months)


def test_a_site_that_is_not_to_be_listed_has_none(engine: SearchEngine) -> None:
    settings = Settings()
    hidden = replace(settings, site=replace(settings.site, robots=False))
    assert create_app(engine, hidden).test_client().get("/sitemap.xml").status_code == 404


def test_a_sitemap_is_what_the_protocol_says(client: FlaskClient, tmp_path: Path) -> None:
    root = etree.fromstring(client.get(addresses(client, "/sitemap.xml")[0]).data)
    assert root.tag == f"{NAMESPACE}urlset"
    for url in root:
        assert [child.tag for child in url][:1] == [f"{NAMESPACE}loc"]
        assert str(url[0].text).startswith("http://localhost/article/")
