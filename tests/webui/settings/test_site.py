"""What ``site.toml`` can say, what it cannot, and that the whole site follows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html

from scripts.terminal.site import main
from search import SearchEngine
from webui import Settings, create_app
from webui.settings import Results, Site, SiteError, colours, read_site

EXAMPLE = Path(__file__).parents[3] / "examples" / "newspaper" / "site.toml"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('accent = "#0b5d4e"', "name: is missing"),
        ('name = "A"\ncolour = "red"', "colour: is no key"),
        ('name = "A"\naccent = "red"', "accent: 'red' is no colour"),
        ('name = "A"\naccent = "#ffcc00"', "accent: #ffcc00 has a contrast of 1.4"),
        ('name = "A"\nlogo = "khong-co.svg"', "logo: "),
        ('name = "A"\nlogo = "logo.exe"', "logo: 'logo.exe' is none of .svg"),
        ('name = "A"\nresults = "both"', "results: 'both' is not one of stored, original"),
        ('name = "A"\nimage_hosts = ["anh.example"]', "image_hosts: 'anh.example' is no origin"),
        ('name = "A"\nsections = "Xe"', "sections: must be a list"),
        ('name = "A"\nhome = "javascript:alert(1)"', "home: "),
        ("name = ", "is no TOML"),
    ],
)
def test_what_is_not_possible_is_refused_with_what_would_be(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SiteError) as refused:
        read_site(path)
    assert str(refused.value).startswith(str(path))
    assert told in str(refused.value)
    checked = CliRunner().invoke(main, ["--check", str(path)])
    assert checked.exit_code == 1
    assert told in checked.output


def test_the_example_says_all_that_can_be_said() -> None:
    site = read_site(EXAMPLE)
    assert site.name == "Báo Sông Trăng"
    text = EXAMPLE.read_text("utf-8")
    assert [key for key in Site.__dataclass_fields__ if f"\n{key} = " not in text] == []
    assert CliRunner().invoke(main, ["--check", str(EXAMPLE)]).exit_code == 0


@pytest.mark.parametrize("colour", ["#0b5d4e", "#b3261e", "#000000", "#1f3a93"])
def test_an_accent_can_be_read_on_light_and_dark_pages(colour: str) -> None:
    shades = colours.accent(colour)
    for text, paper in (
        (shades.light, colours.PAPER),
        (shades.on_light, shades.light),
        (shades.dark, colours.DARK_PAPER),
        (shades.on_dark, shades.dark),
    ):
        assert colours.contrast(text, paper) >= colours.LEAST_CONTRAST


def test_a_named_site_is_called_so_everywhere(engine: SearchEngine) -> None:
    client = create_app(engine, Settings(site=read_site(EXAMPLE))).test_client()
    for url in (
        *("/", "/search?q=tin", "/article/sh-014", "/about", "/khong-co", "/embed", "/api/v1/docs"),
        *("/search.atom?q=tin", "/opensearch.xml", "/manifest.webmanifest"),
        "/api/v1/openapi.json",
    ):
        said = client.get(url).get_data(as_text=True)
        assert "Tìm Báo" not in said, url
    page = html.document_fromstring(client.get("/").get_data(as_text=True))
    for address in page.xpath(
        "//link[@rel='stylesheet' or @rel='icon']/@href | //header//img/@src"
    ):
        with client.get(address) as response:
            assert response.status_code == 200
            assert "immutable" in response.headers["Cache-Control"]
    assert page.cssselect("nav .chip")[0].text_content().startswith("Đối ngoại")
    assert client.get("/robots.txt").get_data(as_text=True).endswith("Disallow: /\n")


def test_headlines_lead_to_the_paper_where_it_wants_that(engine: SearchEngine) -> None:
    site = Site(name="A", results=Results.ORIGINAL)
    client = create_app(engine, Settings(site=site)).test_client()
    page = html.document_fromstring(client.get("/search?q=tin&per_page=50").get_data(as_text=True))
    addresses = page.xpath("//article//h3/a/@href")
    assert any(address.startswith("https://") for address in addresses)


def test_pictures_come_from_hosts_that_articles_or_the_owner_name(engine: SearchEngine) -> None:
    site = Site(name="A", image_hosts=("https://anh.bao.example",))
    client = create_app(engine, Settings(site=site)).test_client()
    response = client.get("/search?q=tin&per_page=50")
    policy = response.headers["Content-Security-Policy"]
    assert "img-src 'self' https://anh.bao.example https://" in policy
    page = html.document_fromstring(response.get_data(as_text=True))
    for address in page.xpath("//article//img/@src"):
        assert any(address.startswith(f"{host}/") for host in engine.image_hosts)
