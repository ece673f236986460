"""How common a word is: counts from an index where there is one, and what can be said without.

Invariant: shares are above 0, so that their logarithms exist, and tend to the counts as these grow.

Knows nothing of where counts come from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from index.analysis.english import ENGLISH_THAT_IS_TELEX
from index.analysis.keys import accent_key
from index.analysis.syllables import Tone, bare_syllables, parse_syllable

_PRIOR_TOKENS = 100_000
_COMMON_KEY = 1e-3
_LEVEL_KEY = 1e-4
_OTHER_KEY = 3e-5
_BARE_SYLLABLE = 3e-4
_ENGLISH = 1e-4
_ENGLISH_ELSEWHERE = 1e-6
_UNKNOWN = 1e-7
_ENGLISH_IN_VIETNAMESE = frozenset(
    (
        "air",
        "box",
        "bus",
        "host",
        "is",
        "max",
        "mix",
        "moon",
        "sex",
        "sos",
        "taxi",
        "test",
        "us",
        "usa",
        "visa",
    )
)
_REAL_DOUBLE_O = frozenset(("boong", "goong", "xoong", "mooc", "sooc"))
_COMMON_WORDS = """
và của các là có được cho trong một người không với những này để khi đã đến từ ra vào năm ngày ở
về cũng trên nhiều bị phải đó tại thì còn sau như nhà hơn làm việc đồng hai nước thành công trường
anh chị ông bà em con cháu mẹ bố vợ chồng quốc gia thế giới thể sẽ đi mà nhưng nếu vì do nên rất
lại hay chỉ mới trước đang cùng theo qua lên xuống biết nói thấy muốn cần đường xe máy điện tiền
giá tăng giảm đầu cuối lớn nhỏ mạnh tốt xấu cao thấp dài ngắn tỉnh huyện xã phường phố quận hà nội
sài gòn đà nẵng huế việt nam trung mỹ nga pháp đức nhật bản hàn triều thái lào lê nguyễn trần phạm
hoàng vũ võ đặng bùi đỗ hồ ngô dương lý sĩ bác sĩ nghệ ca diễn viên phim nhạc sách báo chí tin tức
thời sự kinh tế chính trị văn hoá xã hội giáo dục khoa học công nghệ thể thao bóng đá đội cầu thủ
trận đấu giải vô địch huấn luyện án toà tội phạm bắt giữ điều tra công an cảnh sát quân chiến tranh
hoà bình biển đảo sông núi rừng đất trời mưa bão lũ lụt gió nắng nóng lạnh dịch bệnh viện thuốc
khám chữa tử vong cứu nạn tai cháy nổ hàng hoá thị chợ mua bán doanh nghiệp ngân vốn đầu tư cổ phiếu
lãi suất thuế luật nghị định quyết chủ tịch thủ tướng bộ trưởng quyền lợi phát triển bên cả mãi tên
đi đâu quên môn chưa tôi ta họ mình đều mọi từng vẫn nữa rồi thôi đây kia ấy nào gì sao ai cái chiếc
bài sóng mười số mặt tay chân mắt lòng đời sống chết yêu thương ghét vui buồn đẹp
"""
_COMMON = frozenset(map(accent_key, _COMMON_WORDS.split()))


class Lexicon(Protocol):
    """Counts of the words of an index."""

    @property
    def total(self) -> int:
        """How many words were counted."""

    def key_count(self, key: str) -> int:
        """How often an accent key occurs; 0 if never."""

    def folded_count(self, folded: str) -> int:
        """How often a folded term occurs; 0 if never."""


class SpellingOnly:
    """The lexicon where there is no index: it has counted nothing, so that only spelling speaks."""

    total = 0

    def key_count(self, key: str) -> int:  # noqa: ARG002 - the protocol's signature
        """Return 0: nothing was counted."""
        return 0

    def folded_count(self, folded: str) -> int:  # noqa: ARG002 - the protocol's signature
        """Return 0: nothing was counted."""
        return 0


def has_double_o(folded: str) -> bool:
    """Whether a word ends in oong or ooc: rare rimes, but Telex for ông and ôc."""
    return folded.endswith(("oong", "ooc"))


@lru_cache(maxsize=65_536)
def _key_prior(key: str) -> float:
    if key in _COMMON:
        return _COMMON_KEY
    syllable = parse_syllable(key)
    if syllable is None:
        return _UNKNOWN
    return _LEVEL_KEY if syllable.tone == Tone.LEVEL else _OTHER_KEY


@lru_cache(maxsize=65_536)
def _folded_prior(folded: str) -> float:
    if folded in ENGLISH_THAT_IS_TELEX:
        return _ENGLISH if folded in _ENGLISH_IN_VIETNAMESE else _ENGLISH_ELSEWHERE
    if has_double_o(folded):
        return _OTHER_KEY if folded in _REAL_DOUBLE_O else _UNKNOWN
    return _BARE_SYLLABLE if folded in bare_syllables() else _UNKNOWN


def key_share(lexicon: Lexicon, key: str) -> float:
    """Share of an accent key among all words: its count, smoothed by what its spelling says."""
    count = lexicon.key_count(key) + _PRIOR_TOKENS * _key_prior(key)
    return count / (lexicon.total + _PRIOR_TOKENS)


def folded_share(lexicon: Lexicon, folded: str) -> float:
    """Share of a word typed without accents, whether Vietnamese or foreign, smoothed likewise."""
    count = lexicon.folded_count(folded) + _PRIOR_TOKENS * _folded_prior(folded)
    return count / (lexicon.total + _PRIOR_TOKENS)


def english_share(folded: str) -> float:
    """Share of a word in English, as far as it matters: 0 for words that spell nothing in Telex."""
    return _ENGLISH if folded in ENGLISH_THAT_IS_TELEX else 0.0
