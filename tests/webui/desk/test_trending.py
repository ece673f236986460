"""What is searched much is on the home page, where the owner wants it and nobody is told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient
from lxml import html

from search import SearchEngine
from webui import Settings, create_app
from webui.desk.counts import writing
from webui.desk.file import DeskFile
from webui.rendering.dates import now


def site_with(engine: SearchEngine, path: Path, *, trending: bool) -> FlaskClient:
    """A site whose desk has counted a week."""
    today = now().date()
    events: list[writing.Event] = []
    for query, days, times, nothing in (
        ("giá lúa", 2, 3, False),
        ("lũ Hà Tĩnh", 3, 4, False),
        ("<b>lớn</b>", 2, 3, False),
        ("chỉ một ngày", 1, 9, False),
        ("ít quá", 2, 2, False),
        ("không ra gì", 2, 9, True),
    ):
        for ago in range(days):
            day = (today - timedelta(ago)).isoformat()
            events += [writing.Search(day, query, nothing, False, 4.0)] * times
    last_month = (today - timedelta(30)).isoformat()
    events += [writing.Search(last_month, "chuyện cũ", False, False, 4.0)] * 9
    with DeskFile(path).open() as database:
        writing.write(database, events)
    settings = Settings(desk=path)
    settings = replace(settings, site=replace(settings.site, trending=trending))
    return create_app(engine, settings).test_client()


def test_what_many_asked_on_several_days_is_shown_the_commonest_first(
    engine: SearchEngine, tmp_path: Path
) -> None:
    client = site_with(engine, tmp_path / "desk.db", trending=True)
    home = html.fromstring(client.get("/").text)
    links = home.cssselect(".trending a")
    assert [link.text_content() for link in links] == ["lũ hà tĩnh", "<b>lớn</b>", "giá lúa"]
    assert client.get(links[0].get("href")).status_code == 200


def test_nothing_is_shown_unless_the_owner_says_so(engine: SearchEngine, tmp_path: Path) -> None:
    client = site_with(engine, tmp_path / "desk.db", trending=False)
    assert not html.fromstring(client.get("/").text).cssselect(".trending")
