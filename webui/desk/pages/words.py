"""Words: other names and chat spellings edited, tried and undone; acronyms mined and refused."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from search import RequestError
from search.serving.words import ALIASES, CHAT, AliasError, mined_acronyms
from webui.desk.access.log import Deed, DeskLog
from webui.desk.pages.entry import editor
from webui.desk.words import LONGEST, Gain, SiteWords, WordsChanged, digest
from webui.http.problems import Refusal
from webui.rendering.languages import gettext

FILES = (ALIASES, CHAT)
MOST_ACRONYMS = 200


class Edited(NamedTuple):
    """A file in its form.

    Attributes:
        seen: the digest of what the file said when the form was shown first.
        wrong: why the text cannot be kept, or "".
        gains: what it would find, where that was asked; else None.
    """

    name: str
    text: str
    seen: str
    wrong: str = ""
    gains: tuple[Gain, ...] | None = None


def add_words(desk: Blueprint, words: SiteWords, log: DeskLog) -> None:
    """Put this page on the desk."""

    def as_it_is(name: str) -> Edited:
        try:
            text = words.read(name)
        except (AliasError, OSError) as error:
            return Edited(name, "", "", str(error))
        return Edited(name, text, digest(text))

    def show(edited: Edited | None = None, *, kept: bool = False) -> Response:
        files = [edited if edited and edited.name == name else as_it_is(name) for name in FILES]
        refused = set(_refused(files[0].text))
        acronyms = mined_acronyms(words.directory)
        page = render_template(
            "desk/words.html",
            files=files,
            chat=CHAT,
            former={name: words.former(name) for name in FILES},
            acronyms=[(row, row.acronym in refused) for row in acronyms[:MOST_ACRONYMS]],
            refused=sorted(refused),
            kept=kept,
            longest=LONGEST,
        )
        return make_response(page, 400 if edited and edited.wrong else 200)

    def keep(edited: Edited, deed: Deed, subject: str) -> AnyResponse:
        try:
            words.change(edited.name, edited.text, edited.seen, editor().editor)
        except WordsChanged:
            told = gettext("Có người vừa sửa tệp này; hãy tải lại trang rồi sửa tiếp.")
            return show(edited._replace(wrong=told))
        except AliasError as error:
            return show(edited._replace(wrong=str(error)))
        except OSError as error:
            raise Refusal(507, "not_kept", f"{edited.name}: {error.strerror}") from error
        log.write(editor().editor, deed, subject)
        return redirect(url_for("desk.words_page", kept=1), 303)

    @desk.get("/words")
    def words_page() -> AnyResponse:
        return show(kept="kept" in request.args)

    @desk.post("/words")
    def change_words() -> AnyResponse:
        name, seen = request.form.get("name", ""), request.form.get("seen", "")
        text = request.form.get("text", "").replace("\r\n", "\n")
        if name not in FILES:
            raise RequestError("name", f"one of {', '.join(FILES)}")
        edited = Edited(name, text, seen)
        if len(text) > LONGEST:
            told = gettext("Dài nhất %(most)s ký tự.", most=LONGEST)
            return show(edited._replace(wrong=told))
        if "try" in request.form:
            try:
                return show(edited._replace(gains=words.gains(text)))
            except AliasError as error:
                return show(edited._replace(wrong=str(error)))
        return keep(edited, Deed.WORDS, name)

    @desk.post("/words/undo")
    def undo_words() -> AnyResponse:
        number = request.form.get("number", "")
        every = [former for name in FILES for former in words.former(name)]
        former = next((one for one in every if str(one.number) == number), None)
        if former is None:
            raise RequestError("number", "of a former text that is kept")
        seen = as_it_is(former.name).seen
        when = former.at.strftime("%d/%m/%Y %H:%M")
        return keep(
            Edited(former.name, former.content, seen), Deed.UNDID_WORDS, f"{former.name} {when}"
        )

    @desk.post("/words/acronym")
    def refuse_acronym() -> AnyResponse:
        """Refuse what an acronym was mined to mean, or take it back: a line of the aliases."""
        acronym = request.form.get("acronym", "").strip()
        now = as_it_is(ALIASES)
        if acronym in _refused(now.text):
            lines = [line for line in now.text.splitlines() if _refused(line) != (acronym,)]
        else:
            lines = [*now.text.splitlines(), f"- {acronym}"]
        text = "\n".join(lines) + "\n" if lines else ""
        return keep(now._replace(text=text), Deed.WORDS, f"{ALIASES}: {acronym}")


def _refused(text: str) -> tuple[str, ...]:
    """The names that lines take back."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line[2:].strip() for line in lines if line.startswith("- ") and "=" not in line)
