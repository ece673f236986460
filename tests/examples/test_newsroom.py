"""The sample newsroom is what its README says, read from the raw files without the index.

Other tests lean on these claims: how many articles there are, which file is in which encoding,
which articles tell the same story.
"""

from __future__ import annotations

import gzip
import html
import json
import lzma
import re
import unicodedata
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
import zstandard

NEWSROOM = Path(__file__).parents[2] / "examples" / "newsroom"
README = (NEWSROOM / "README.md").read_text("utf-8")
FILES = sorted(
    path for path in NEWSROOM.rglob("*") if path.is_file() and not path.name.startswith("README")
)
# The names under which a JSONL file of some newspaper may state the same thing.
FIELDS = {
    "headline": ("title", "headline"),
    "summary": ("summary", "lead", "description"),
    "body": ("body", "text", "content"),
    "published": ("published", "date"),
    "section": ("section", "category"),
}
PAPERS = {
    "Báo Sông Hồng",
    "Nhật báo Cửu Long",
    "Tin Gió Lào",
    "Báo Cao Nguyên Đỏ",
    "Thời báo Bến Trăng",
    "Tạp chí Năm Châu Bốn Biển",
    "Trang tin Mây Núi",
}
SECTIONS = {
    "Thời sự",
    "Đối ngoại",
    "Kinh tế",
    "Giáo dục",
    "Y tế",
    "Văn hóa",
    "Thể thao",
    "Khoa học – Công nghệ",
    "Du lịch",
    "Pháp luật",
    "Môi trường",
    "Đời sống",
}


def plain_bytes(path: Path) -> bytes:
    """The bytes of a file, decompressed where its name says that it is compressed."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".xz":
        return lzma.decompress(data)
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return data


def json_records() -> list[dict[str, str]]:
    """The records of all JSONL files under one set of names; captions joined by newlines."""
    records = []
    for path in FILES:
        if path.parent.name != "jsonl":
            continue
        for line in plain_bytes(path).decode("utf-8").splitlines():
            given = json.loads(line)
            record = {k: "\n".join(v) if isinstance(v, list) else v for k, v in given.items()}
            for name, spellings in FIELDS.items():
                [spelling] = [spelling for spelling in spellings if spelling in given]
                record[name] = given[spelling]
            records.append(record)
    return records


def front_matter(path: Path) -> dict[str, str]:
    """The `key: value` lines at the top of a Markdown file."""
    _, head, _ = path.read_text("utf-8-sig").split("---\n", 2)
    return dict(line.split(": ", 1) for line in head.splitlines())


RECORDS = json_records()
IN_FILES = [path for path in FILES if path.parent.name != "jsonl"]
MARKDOWN = [path for path in FILES if path.parent.name == "markdown"]
PAGES = [path for path in FILES if path.parent.name == "html"]
SAVED_PAGES = [path for path in FILES if path.parent.name == "saved-pages"]
UNICODE_FILES = [path for path in FILES if path.parent.name != "legacy"]


def story(name: str) -> str:
    """The text of an article by JSONL id, or by path inside the newsroom."""
    if "/" not in name:
        [record] = [record for record in RECORDS if record["id"] == name]
        return "\n".join((record["headline"], record["summary"], record["body"]))
    text = (NEWSROOM / name).read_text("utf-8-sig")
    if name.endswith(".html"):
        text = html.unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", text, flags=re.DOTALL))
    return unicodedata.normalize("NFC", text)


def triples(text: str) -> set[tuple[str, ...]]:
    """All runs of three words."""
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def shared(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """The share of the shorter text's runs that the longer one has too."""
    return len(one & other) / min(len(one), len(other))


def test_readme_counts_the_articles() -> None:
    count = len(RECORDS) + len(IN_FILES)
    assert count >= 75
    assert f"{count} bài" in README
    assert f"{count} articles" in README


@pytest.mark.parametrize(
    ("row", "count"),
    [
        (f"`{path.relative_to(NEWSROOM)}`", len(plain_bytes(path).splitlines()))
        for path in FILES
        if path.parent.name == "jsonl"
    ]
    + [
        (f"`{folder}/`", sum(path.parent.name == folder for path in IN_FILES))
        for folder in sorted({path.parent.name for path in IN_FILES})
    ],
)
def test_readme_counts_each_kind(row: str, count: int) -> None:
    assert f"| {row} | {count} |" in README


def test_readme_says_made_up_in_vietnamese_first() -> None:
    vietnamese = README.index("Mọi bài báo trong thư mục này đều là hư cấu")
    english = README.index("Every article in this folder is made up")
    assert vietnamese < english
    assert "MIT" in README


def test_readme_names_only_files_and_ids_that_exist() -> None:
    ids = {record["id"] for record in RECORDS}
    named = set(re.findall(r"`((?:jsonl|markdown|text|html|legacy|saved-pages)/[^`]+)`", README))
    assert named
    assert [name for name in named if not (NEWSROOM / name).is_file()] == []
    named_ids = set(re.findall(r"`((?:sh|cl|gl|cnd)-[\d-]+)`", README))
    assert named_ids - ids == set()


def test_ids_and_addresses_are_unique() -> None:
    ids = [record["id"] for record in RECORDS]
    assert len(set(ids)) == len(ids)
    urls = [record["url"] for record in RECORDS] + [front_matter(path)["url"] for path in MARKDOWN]
    assert len(set(urls)) == len(urls)


@pytest.mark.parametrize(
    "stated",
    [pytest.param(record, id=record["id"]) for record in RECORDS]
    + [pytest.param(front_matter(path), id=path.name) for path in MARKDOWN],
)
def test_every_article_states_where_it_comes_from(stated: dict[str, str]) -> None:
    assert all(stated.get(name) for name in ("url", "author", "summary"))
    assert stated["source"] in PAPERS
    # One newspaper writes its sections in the old tone style.
    assert stated["section"].replace("hoá", "hóa") in SECTIONS
    published = datetime.fromisoformat(stated.get("published") or stated["date"])
    assert published.utcoffset() == timedelta(hours=7)
    assert 2018 <= published.year <= 2026


def test_all_sections_are_filled() -> None:
    assert SECTIONS - {record["section"] for record in RECORDS} == set()


def test_every_address_is_an_example() -> None:
    vocabularies = {"schema.org", "ogp.me"}  # named by JSON-LD and OpenGraph themselves
    for path in UNICODE_FILES:
        hosts = set(re.findall(r"https?://([^/\"\s]+)", plain_bytes(path).decode("utf-8")))
        assert [host for host in hosts - vocabularies if not host.endswith(".example")] == []


@pytest.mark.parametrize("path", UNICODE_FILES, ids=lambda path: path.name)
def test_one_file_is_decomposed_and_all_others_are_composed(path: Path) -> None:
    text = plain_bytes(path).decode("utf-8")
    decomposed = path.name == "phien-cho-bien-gioi.txt"
    assert unicodedata.is_normalized("NFD", text) == decomposed
    assert unicodedata.is_normalized("NFC", text) != decomposed


def test_one_file_has_windows_line_ends() -> None:
    names = [path.name for path in FILES if b"\r" in plain_bytes(path)]
    assert names == ["suong-muoi-tren-dong-cai.txt"]
    data = (NEWSROOM / "text" / names[0]).read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")


def test_one_file_starts_with_a_byte_order_mark() -> None:
    names = [path.name for path in FILES if path.read_bytes().startswith(b"\xef\xbb\xbf")]
    assert names == ["duong-day-nong-luc-nua-dem.md"]


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        # Làng chiếu cũ học nghề mới
        ("lang-chieu-cu.tcvn3.txt", b"L\xb5ng chi\xd5u c\xf2 h\xe4c ngh\xd2 m\xedi"),
        # Người giữ đèn biển ba mươi năm
        (
            "nguoi-giu-den-bien.vni.txt",
            b"Ng\xf6\xf4\xf8i gi\xf6\xf5 \xf1e\xf8n bie\xe5n ba m\xf6\xf4i na\xeam",
        ),
        # Nghệ nhân làm trống và tiếng vang của da trâu
        (
            "nghe-nhan-lam-trong.cp1258.txt",
            b"Ngh\xea\xf2 nh\xe2n l\xe0m tr\xf4\xecng v\xe0 ti\xea\xecng vang cu\xd2a da tr\xe2u",
        ),
    ],
)
def test_legacy_files_are_in_their_encoding(name: str, headline: bytes) -> None:
    data = (NEWSROOM / "legacy" / name).read_bytes()
    assert data.startswith(headline)
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_one_newspaper_keeps_the_old_tone_style() -> None:
    old = re.compile(r"\b\w*(?:o[àáảãạèéẻẽẹ]|(?<![qQ])u[ỳýỷỹỵ])\b")
    new = re.compile(r"\b\w*(?:[òóỏõọ][ae]|[ùúủũụ]y)\b")
    mine = [r for r in RECORDS if r["source"] == "Báo Cao Nguyên Đỏ"]
    others = [r for r in RECORDS if r["source"] != "Báo Cao Nguyên Đỏ"]
    assert sum(len(old.findall(story(record["id"]))) for record in mine) >= 20
    assert [record["id"] for record in mine if new.search(story(record["id"]))] == []
    assert [record["id"] for record in others if old.search(story(record["id"]))] == []


def test_one_record_needs_repair() -> None:
    text = story("sh-021")
    for junk in ("Ð", "ВОТ", "\u200b", "\u00ad", "\u00a0"):
        assert junk in text
        assert [r["id"] for r in RECORDS if junk in story(r["id"])] == ["sh-021"]


@pytest.mark.parametrize(
    "words", ["thông tin đối ngoại", "thông tin đổi ngoại", "thông tin đội ngoại"]
)
def test_phrases_that_differ_only_in_accents_are_there(words: str) -> None:
    texts = [story(record["id"]) for record in RECORDS]
    texts += [story(f"markdown/{path.name}") for path in MARKDOWN]
    assert any(words in text for text in texts)


def test_foreign_policy_information_stands_in_headlines_and_in_capitals() -> None:
    headlines = [record["headline"] for record in RECORDS]
    headlines += [front_matter(path)["title"] for path in MARKDOWN]
    assert sum("thông tin đối ngoại" in headline.lower() for headline in headlines) >= 4
    assert "thông tin đối ngoại (TTĐN)" in story("sh-001")
    assert any("THÔNG TIN ĐỐI NGOẠI" in path.read_text("utf-8") for path in SAVED_PAGES)


@pytest.mark.parametrize("path", SAVED_PAGES, ids=lambda path: path.name)
def test_saved_pages_repeat_headlines_as_browsers_do(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if line]
    pictures = sum("(Ảnh: " in line for line in lines)
    assert lines.count(lines[0]) == 1 + pictures
    assert any(line.startswith("Theo dõi ") for line in lines[2:5])
    assert "Đọc thêm" in lines
    assert lines[-1] == "Phiên bản di động"
    after = lines[lines.index("Đọc thêm") + 1 : -1]
    assert after[0::3] == after[1::3]
    assert len(after) % 3 == 0


@pytest.mark.parametrize(
    ("marker", "count"),
    [("application/ld+json", 4), ('property="og:title"', 3), ("<figcaption>", 6), ("<table", 1)],
)
def test_pages_carry_the_metadata_that_the_readme_lists(marker: str, count: int) -> None:
    assert sum(marker in path.read_text("utf-8") for path in PAGES) == count


def test_one_page_carries_no_metadata() -> None:
    plain = [
        path for path in PAGES if not re.search(r"ld\+json|<meta (?!charset)", path.read_text())
    ]
    assert [path.name for path in plain] == ["thu-vien-tren-xe-ba-gac.html"]


def test_the_listed_stories_and_no_others_repeat_each_other() -> None:
    table = README.split("## One story in several newspapers")[1].split("\n## ")[0]
    groups = [re.findall(r"`([^`]+)`", row) for row in table.splitlines()[4:]]
    groups = [group for group in groups if group]
    assert len(groups) >= 5
    assert all(2 <= len(group) <= 4 for group in groups)
    listed = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    names = [record["id"] for record in RECORDS]
    names += [str(path.relative_to(NEWSROOM)) for path in IN_FILES if path.parent.name != "legacy"]
    runs = {name: triples(story(name)) for name in names}
    # Measured: 0.31 and more within a group, 0.14 at most outside (page furniture of one paper).
    alike = {
        frozenset(pair)
        for pair in combinations(names, 2)
        if shared(runs[pair[0]], runs[pair[1]]) > 0.2
    }
    assert alike == listed
