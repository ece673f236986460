"""An index names the hosts of its articles' pictures, however its articles came into it."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from index.article import Article
from index.build.image_hosts import MOST_HOSTS, ImageHosts
from index.build.rebuild import rebuild, update
from index.storage.builds import current_build


def write(path: Path, *images: str) -> Path:
    records = [
        {"id": str(number), "title": f"Bài {number}", "body": "Mưa.", "image": image}
        for number, image in enumerate(images)
    ]
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


def test_a_rebuild_names_them_and_an_update_adds_to_them(tmp_path: Path) -> None:
    one, other = "https://anh.bao.example", "http://127.0.0.1:8099"
    source = write(tmp_path / "a.jsonl", f"{one}/1.jpg", f"{one}/2.jpg", f"{other}/3.jpg", "")
    rebuild(tmp_path / "index", [source])
    assert current_build(tmp_path / "index").manifest.image_hosts == (one, other)
    write(source, f"{one}/1.jpg", f"{one}/2.jpg", "https://moi.example/3.jpg", "")
    update(tmp_path / "index", [source])
    hosts = current_build(tmp_path / "index").manifest.image_hosts
    assert set(hosts) == {one, other, "https://moi.example"}


@pytest.mark.parametrize(
    ("image", "hosts"),
    [
        ("https://ANH.bao.example/x.jpg", ("https://anh.bao.example",)),
        ("data:image/png;base64,AAAA", ()),
        ("//anh.bao.example/x.jpg", ()),
        ("https://a.example; script-src *", ()),
        ("https://ten@anh.bao.example/x.jpg", ()),
        ("https://[::1/x.jpg", ()),
        ("", ()),
    ],
)
def test_only_what_a_policy_can_name_is_a_host(image: str, hosts: tuple[str, ...]) -> None:
    found = ImageHosts()
    list(found.noted([Article(id="1", headline="A", body="B", image=image)]))
    assert found.most_named() == hosts


def test_of_many_hosts_those_of_most_articles_are_named() -> None:
    found = ImageHosts()
    found.add_known(f"https://a{number}.example" for number in range(2 * MOST_HOSTS))
    found.add_known(["https://nhieu.example"] * 2)
    assert len(found.most_named()) == MOST_HOSTS
    assert found.most_named()[0] == "https://nhieu.example"
