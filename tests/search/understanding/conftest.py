"""An engine over made-up articles in which accents and neighbours can be told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build.rebuild import rebuild
from search import SearchEngine

SENTENCES = {
    "Việt Nam đón thêm nhiều khách mới": 60,
    "Đường sắt đô thị chạy thử chuyến đầu": 40,
    "Người dân không được dùng điện thoại khi lái xe": 40,
    "Bệnh viện K có thêm khoa mới": 30,
    "Kỳ nghỉ lễ 30/4 bắt đầu từ sáng mai": 40,
    "Ông Nguyễn Xuân Phúc gặp các bác sĩ": 30,
    "Nước Pháp đương kim vô địch": 30,
    "Bà con nghĩ nhiều về chuyện mưa nắng": 30,
    "Hà Nội vào thu": 40,
    "Chuyên cơ hạ cánh ở Washington DC": 20,
    "Khí CO2 tăng nhanh": 12,
    "Cả nhà có 2 con mèo": 30,
    "Ban Chấp hành TW họp sáng nay": 3,
    "Lễ hội của người K'Ho": 3,
    "Sử thi M'Nông được ghi danh": 3,
    "Kho lạnh giữ trái cây": 20,
    "Hồ thủy lợi cạn nước, nông dân khó khăn": 20,
    "Nhà đầu tư chờ giá lên": 60,
}
"""So many articles have each: those that mean something else by the same letters among them."""


@pytest.fixture(scope="session")
def sentences_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index in which every sentence is an article, so many times."""
    directory = tmp_path_factory.mktemp("sentences")
    source = directory / "articles.jsonl"
    articles = (
        {
            "id": f"{number}-{time}",
            "headline": f"{sentence} {number} {time}",
            "body": f"{sentence}.",
        }
        for number, (sentence, times) in enumerate(SENTENCES.items())
        for time in range(times)
    )
    source.write_text("\n".join(map(json.dumps, articles)), "utf-8")
    rebuild(directory / "index", [source])
    return directory / "index"


@pytest.fixture
def sentences(sentences_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(sentences_index) as engine:
        yield engine
    (sentences_index / "chat.txt").unlink(missing_ok=True)
