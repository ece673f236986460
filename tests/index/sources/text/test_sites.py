"""Folders of Hugo, Jekyll and Eleventy: what a reader of the site would see, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources import FetchRules
from tests.index.sources.reading import only_article, read_source, reasons, skips

TOML = """+++
title = "Mùa sen"
date = 2022-06-14T10:30:00+07:00
draft = false
categories = ["Đời sống", "Hồ"]
tags = [
  "sen",
]
[params]
author = "Lê Sen"
[cover]
image = "https://sen.example/1.jpg"
+++

Sen nở.

{{< figure src="/2.jpg" caption="Ao sen." >}}

{{% note %}}Hồ đầy.{{% /note %}}
"""

JSON = """{
  "title": "Mùa sen", "date": "2022-06-14T10:30:00+07:00", "draft": false,
  "categories": ["Đời sống"], "author": "Lê Sen", "image": "https://sen.example/1.jpg"
}

Sen nở.

<figure><figcaption>Ao sen.</figcaption></figure>

Hồ đầy.
"""

YAML = """---
title: Mùa sen
date: 2022-06-14 10:30:00 +0700
published: true
categories: [Đời sống, Hồ]
author: Lê Sen
image: {path: "https://sen.example/1.jpg"}
---
Sen nở.
{: .mo-dau }

{% include figure.html src="/2.jpg" caption="Ao sen." %}

{% comment %}Nhớ hỏi lại.{% endcomment %}
Hồ đầy.
"""


@pytest.mark.parametrize("text", [TOML, JSON, YAML], ids=["TOML", "JSON", "YAML"])
def test_front_matter_and_codes_are_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    article = only_article(tmp_path / "a.md")
    assert (article.headline, article.author, article.section) == ("Mùa sen", "Lê Sen", "Đời sống")
    assert article.body == "Sen nở.\nHồ đầy."
    assert article.captions == ("Ao sen.",)
    assert article.image == "https://sen.example/1.jpg"
    assert article.published is not None
    assert article.published.isoformat() == "2022-06-14T10:30:00+07:00"


@pytest.mark.parametrize(
    ("name", "front", "reason"),
    [
        ("a.md", "draft: true", "draft"),
        ("a.md", "published: false", "draft"),
        ("_drafts/a.md", "title: x", "draft"),
        ("a.md", "date: 2099-01-01", "scheduled"),
        ("a.md", "publishDate: 2099-01-01", "scheduled"),
        ("a.md", "expiryDate: 2020-01-01", "withdrawn"),
        ("a.md", "layout: page", "page"),
        ("_index.md", "draft: false", "page"),
    ],
)
def test_what_a_site_does_not_show_is_left_out(
    name: str, front: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(f"---\ntitle: Sen\n{front}\n---\nSen nở.\n", encoding="utf-8")
    assert skips(read_source(tmp_path, FetchRules())) == [reason]


def test_a_file_named_by_its_day_is_of_that_day(tmp_path: Path) -> None:
    path = tmp_path / "2022-06-14-sen.html"
    path.write_text("---\ntitle: Sen\n---\n<p>Một.</p>\n<p>Hai. {{ page.x }}</p>", "utf-8")
    article = only_article(path)
    assert article.body == "Một.\nHai."
    assert article.published is not None
    assert article.published.day == 14


def test_templates_and_settings_are_no_articles(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "single.html").write_text("<html><h1>{{ .Title }}</h1></html>")
    (tmp_path / "_config.yml").write_text("title: Báo")
    assert reasons(tmp_path) == ["not-an-article", "not-an-article"]


def test_html_in_markdown_is_read_and_its_secrets_are_not(tmp_path: Path) -> None:
    text = (
        "# Sen\n\nMột<br>hai.\n\n<script>var x;</script>\n\n<div>R&amp;D</div>\n\nA <!-- kín --> b."
    )
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert only_article(tmp_path / "a.md").body == "Một hai.\nR&D\nA b."
