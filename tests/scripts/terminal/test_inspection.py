"""``timbao inspect``: what a source would give, where it comes from, and its description."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from index.sources import origin_of
from scripts.terminal.inspection import main
from scripts.timbao import main as timbao


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_articles_are_shown_with_the_names_they_were_taken_from(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        "Tiêu đề,noi_dung,luot_xem,trang_thai",
        "Mùa sen,Sen nở.,5,đã đăng",
        "Mùa cốm,Cốm về.,6,nháp",
    )
    shown = CliRunner().invoke(timbao, ["inspect", str(path), "--lang", "en"])
    assert shown.exit_code == 0
    assert "headline    Mùa sen  ← Tiêu đề" in shown.output
    assert "body        Sen nở. (1 paragraphs)  ← noi_dung" in shown.output
    assert "Mùa cốm" not in shown.output
    assert "(draft)" in shown.output
    assert "luot_xem (1)" in shown.output


def test_the_description_that_it_writes_reads_the_source(tmp_path: Path) -> None:
    long = "Sen nở kín hồ từ đầu tháng. " * 10
    write(
        tmp_path / "a.jsonl",
        f'{{"dau_bai": "Mùa sen nở sớm", "ruot": "{long}", "xb_luc": "14/6/2022"}}',
        f'{{"dau_bai": "Mùa cốm về muộn", "ruot": "{long}", "xb_luc": "15/6/2022"}}',
    )
    written = tmp_path / "bao.toml"
    arguments = [str(tmp_path / "a.jsonl"), "--toml", str(written)]
    assert CliRunner().invoke(main, arguments).exit_code == 1  # no article, as things stand
    assert dict(origin_of(written).names) == {
        "headline": "dau_bai",
        "body": "ruot",
        "published": "xb_luc",
    }
    again = CliRunner().invoke(main, [str(written), "--lang", "vi"])
    assert again.exit_code == 0
    assert "Mùa sen nở sớm  ← dau_bai" in again.output
    assert "2022-06-14" in again.output


def test_what_is_no_source_is_told_without_a_traceback(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, [str(tmp_path / "nowhere")])
    assert shown.exit_code == 1
    assert "error: " in shown.output
