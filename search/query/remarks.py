"""What looked like more than words in a query, and was searched as words."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class RemarkReason(str, Enum):
    """Why a piece of a query was taken as words.

    ``NO_DATE``: names no days ("ngay:hôm"). ``NO_VALUE``: the field has no such value ("dau:phay").
    ``SPACE``: a field word stands apart from what follows it ("nguồn: báo"). ``TOO_MANY``: more
    beginnings and near spellings than are looked for at once.
    """

    NO_DATE = "no_date"
    NO_VALUE = "no_value"
    SPACE = "space"
    TOO_MANY = "too_many"


class Remark(NamedTuple):
    """A piece of a query, as typed, that was searched as words, and why."""

    text: str
    reason: RemarkReason
