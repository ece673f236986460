"""A small made-up corpus for the tests of the language model, and a model of it."""

from __future__ import annotations

from pathlib import Path

from index.analysis import Analyser
from index.language.model.builder import LanguageModelBuilder
from index.language.model.model import LanguageModel

SENTENCES = (
    "con đường mới mở qua làng",
    "con đường cũ đã hỏng",
    "người dân đi trên con đường mới",
    "họ dương cờ trước đình làng",
    "cô ấy là con nhà họ dương",
    "công tác thông tin đối ngoại được chú trọng",
    "phòng thông tin đối ngoại của tỉnh",
    "đội bóng của tỉnh thắng đội bóng của huyện",
    "ngày 12 tháng 3 đội bóng tập lại",
    "ngày 4 tháng 11 trời đổi gió",
    "bà con đổi giống lúa mới",
    "ông ấy đợi xe ở bến",
)


def build_model(path: Path, texts: tuple[str, ...] = SENTENCES * 3) -> LanguageModel:
    """A model of the texts, written to ``path``."""
    analyser = Analyser()
    with LanguageModelBuilder(analyser.vocabulary, path.parent) as builder:
        for text in texts:
            builder.add(*analyser.encode(text))
        builder.write(path)
    return LanguageModel.open(path)
