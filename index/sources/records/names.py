"""The names that records have for the fields of an article, in English and in Vietnamese.

A name is compared without case, accents and marks: ``Tiêu đề``, ``tieu_de`` and ``tieuDe`` are one.
Where it means nothing so, what tells only what kind of record it is in is left off (``post_title``,
``bai_viet.noi_dung``). It knows nothing of values but whether there are any.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from index.errors import Value

__all__ = [
    "ALIASES", "Record", "Value", "canonical", "field_of", "is_empty", "simplified", "sources_of",
]  # fmt: skip

Record: TypeAlias = Mapping[str, Value]

ALIASES: Mapping[str, tuple[str, ...]] = {
    field: (field, *names.split())
    for field, names in {
        "id": "ma mabai mabaiviet mabao idbai idbaiviet uuid docid documentid objectid nid guid pk",
        "url": "link href permalink canonicalurl canonical weburl pageurl originalurl loadedurl "
        "externallink shareurl uri loc duongdan duonglink lienket linkbai linkbaiviet urlbai "
        "urlbaiviet diachi",
        "headline": "title tieude tieudebai tieudebaiviet tenbai tenbaiviet tua tuade tuabai tit "
        "dautieude titlerendered headlinemain subject heading pagetitle h1 ogtitle metatitle "
        "seotitle name ten",
        "body": "text content noidung noidungbai noidungbaiviet noidungchitiet thanbai baiviet "
        "articlebody bodyvalue bodyprocessed bodyhtml bodytext fulltext fullcontent "
        "maintext maincontent contenthtml contenttext contentrendered contentencoded contentvalue "
        "contents cleanedtext cleantext html plaintext textcontent chitiet chitietbai detail "
        "details contentdetail story longtext paragraphs doanvan vanban rawtext rawcontent",
        "summary": "lead lede description sapo sapobai tomtat tomtatbai trichdan trichyeu mota "
        "motangan gioithieu loidan excerpt excerptrendered customexcerpt teaser abstract intro "
        "introtext introduction hometext standfirst dek deck chapeau shortdescription shortdesc "
        "descriptiontext desc brief snippet summarytext subheadline trailtext metadescription "
        "ogdescription",
        "captions": "caption imagecaptions imagecaption photocaption featuredimagecaption chuthich "
        "chuthichanh ghichuanh",
        "author": "authors tacgia tentacgia byline bylines creator dccreator writer writers "
        "authorname authornames authordisplayname authorsname reporter journalist nguoiviet "
        "phongvien butdanh bydanh kyten nguoidang by createdbyalias primaryauthor",
        "published": "date pubdate publishedat publisheddate publisheddatetime publishedon "
        "publishedtime publishat publishdate publishtime publishedtimestamp datepublished "
        "publicationdate webpublicationdate pubtime publtime publishup publishon "
        "firstpublishedat firstpublished articlepublishedtime datetime timestamp time posted "
        "postedat postedon posttime ngay ngaydang ngaydangbai ngaydangtin ngaygiodang ngayxuatban "
        "ngayphathanh ngaydangtai ngaygio ngayviet ngaybai thoigian thoigiandang "
        "thoigianxuatban thoidiemdang giodang releasedate displaydate created createdat "
        "createdon createddate createdtime createtime datecreated dateadded ngaytao",
        "section": "category categories chuyenmuc tenchuyenmuc danhmuc tendanhmuc categoryname "
        "categorynames categorytitle catname cattitle cat cate catename section sections "
        "sectionname articlesection primarycategory primarytag theloai tentheloai loaitin muc "
        "tenmuc chude linhvuc chuyentrang zone zonename topic topics channel",
        "source": "newspaper nguon nguontin tennguon toasoan bao tenbao publisher sitename site "
        "hostname domain website outlet publication sourcename sourcehostname trangbao",
        "image": "thumbnail thumbnailurl thumb thumburl imageurl imageurls imgurl imagesrc img "
        "images picture photo cover coverimage bannerimage topimage mainimage leadimage "
        "featuredimage featuredimageurl featureimage urltoimage ogimage homeimgfile "
        "jetpackfeaturedmediaurl anh hinh hinhanh anhdaidien hinhdaidien anhbia avatar",
    }.items()
}
"""The names under which a record may hold each field, as `simplified` gives them; the first that
holds anything counts."""

_FIELDS = {
    simple: (rank, field)
    for field, names in reversed([*ALIASES.items()])
    for rank, simple in enumerate(names)
}
_ENVELOPE = re.compile(
    r"^(?:_source|attributes|fields|node|data|item|doc)[./]|[./]0(?=[./]|$)", re.IGNORECASE
)
"""Parts of a path that flattening left in a name: ``_source.title``, ``author/0/name``."""

_RECORD_KINDS = re.compile(
    r"^(?:post|article|news|baiviet|baibao|tintuc|bantin|entry|item|story|node|tin|bai|page|web|txt|str)"
    r"(?=[a-z]{2})|(?:vi|vn|vie|vietnamese|raw|field)$"
)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


@lru_cache(4096)
def simplified(name: str) -> str:
    """A name without case, accents, spaces and marks (``Tiêu đề`` → ``tieude``)."""
    letters = unicodedata.normalize("NFD", _ENVELOPE.sub("", name).replace("Đ", "đ").lower())
    return _NOT_LETTERS.sub("", letters.replace("đ", "d"))


@lru_cache(4096)
def _place(name: str) -> tuple[int, str] | None:
    """The field of a name and how good a name it is for it, or None."""
    simple = simplified(name)
    place = _FIELDS.get(simple)
    if place is None and (rest := _RECORD_KINDS.sub("", simple)) != simple:
        place = _FIELDS.get(rest)
    return place


def field_of(name: str) -> str:
    """The field that a name stands for, or ""."""
    place = _place(name)
    return place[1] if place else ""


def is_empty(value: Value) -> bool:
    """Whether a value says nothing."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, (list, tuple, dict)) and not value)


def sources_of(record: Record, names: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Under which name the record holds each field that it holds.

    Args:
        record: names and values.
        names: what this source calls some fields (``{"headline": "tua_bai"}``).
    """
    chosen = {}
    for field, candidates in _candidates(tuple(record), tuple(names.items())):
        for name in candidates:
            if not is_empty(record[name]):
                chosen[field] = name
                break
    return chosen


@lru_cache(1024)
def _candidates(
    record: tuple[str, ...], names: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The fields that names may stand for, each with these names, the best first.

    Records of one source have the same names, so this is asked of each record and worked out once.
    """
    given = {simplified(name): field for field, name in names}
    found: dict[str, list[tuple[int, str]]] = {}
    for name in record:
        if (field := given.get(simplified(name))) is not None:
            found.setdefault(field, []).append((-1, name))
        elif (place := _place(name)) is not None:
            found.setdefault(place[1], []).append((place[0], name))
    return tuple(
        (field, tuple(name for _, name in sorted(places, key=lambda place: place[0])))
        for field, places in found.items()
    )


def canonical(record: Record, names: Mapping[str, str] = MappingProxyType({})) -> dict[str, Value]:
    """The record with every field under its own name and nothing else."""
    return {field: record[name] for field, name in sources_of(record, names).items()}
