"""Texts of a record that was read in the wrong encoding before it became one."""

from __future__ import annotations

import pytest

from index.sources.records.fields import article_from_record
from index.sources.records.outcome import Found, Repair

HEADLINE = "Hội đồng nhân dân xã họp bàn sửa cầu"
BODY = "Sáng nay, hội đồng nhân dân xã họp, quyết định sửa cây cầu gỗ bắc qua suối."


def misread(text: str) -> str:
    """UTF-8 read as windows-1252; where that has no character, as browsers read it."""
    return "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8")
    )


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        (misread(HEADLINE), misread(BODY)),
        (HEADLINE, misread(BODY)),
        (misread(HEADLINE), BODY),
        (HEADLINE, "Saùng nay, hoäi ñoàng nhaân daân xaõ hoïp.\n" + BODY),
    ],
)
def test_texts_of_a_record_are_read_anew_and_that_is_told(headline: str, body: str) -> None:
    outcome = article_from_record({"title": headline, "body": body}, "a.jsonl, line 1")
    assert isinstance(outcome, Found)
    assert outcome.article.headline == HEADLINE
    assert outcome.article.body.endswith(BODY)
    assert "Ã" not in outcome.article.body
    assert "ñ" not in outcome.article.body
    assert {remark.code for remark in outcome.remarks} == {Repair.LEGACY_ENCODING}


def test_captions_and_names_are_read_anew_too() -> None:
    record = {
        "title": HEADLINE,
        "body": BODY,
        "captions": [misread("Cây cầu gỗ qua suối")],
        "author": misread("Nguyễn Thị Hòa"),
    }
    outcome = article_from_record(record, "a.jsonl, line 1")
    assert isinstance(outcome, Found)
    assert outcome.article.captions == ("Cây cầu gỗ qua suối",)
    assert outcome.article.author == "Nguyễn Thị Hòa"


@pytest.mark.parametrize(
    "body", [BODY, "Müller gặp Citroën ở Besançon.", "50 µg/m³ ở 30 °C", BODY.upper()]
)
def test_a_record_that_was_read_well_stays(body: str) -> None:
    outcome = article_from_record({"title": HEADLINE, "body": body}, "a.jsonl, line 1")
    assert isinstance(outcome, Found)
    assert outcome.article.body == body
    assert outcome.remarks == ()
