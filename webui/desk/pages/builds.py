"""The index: its builds, what is not yet indexed, room on the disk, and the way back."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from search import VIETNAM, SearchEngine
from search.serving.administration import (
    IndexingError,
    builds,
    free_bytes,
    indexer_runs,
    roll_back,
    verify,
)
from search.serving.publishing import Journal, JournalError, Task, TaskStatus
from webui.desk.access.log import Deed, DeskLog
from webui.desk.pages.entry import editor
from webui.rendering.languages import gettext

MOST_TASKS = 20
MOST_WAITING = 1_000
_log = logging.getLogger(__name__)


def add_builds(desk: Blueprint, engine: SearchEngine, log: DeskLog) -> None:
    """Put these pages on the desk."""
    directory = engine.directory

    def show(told: str = "", wrong: str = "") -> str:
        tasks: list[Task] = []
        waiting = 0
        try:
            journal = Journal(directory)
            tasks = journal.tasks(None, before=None, limit=MOST_TASKS)
            enqueued = journal.tasks(TaskStatus.ENQUEUED, before=None, limit=MOST_WAITING)
            waiting = sum(task.articles - task.refused for task in enqueued)
        except JournalError as error:
            wrong = wrong or str(error)
        free = None
        with suppress(OSError):
            free = free_bytes(directory)
        return render_template(
            "desk/builds.html",
            builds=builds(directory),
            answering=engine.build,
            tasks=tasks,
            waiting=waiting,
            indexer=indexer_runs(directory),
            free=free,
            told=told,
            wrong=wrong,
            moment=lambda seconds: datetime.fromtimestamp(seconds, VIETNAM),
            local=lambda moment: moment.astimezone(VIETNAM),
        )

    @desk.route("/builds")
    def builds_page() -> str:
        switched = request.args.get("switched", "")
        return show(gettext("Từ giờ bản trước trả lời.") if switched else "")

    @desk.post("/builds/check")
    def check() -> AnyResponse | str | tuple[str, int]:
        try:
            articles = verify(directory)
        except IndexingError as error:
            _log.error("%s", error)
            return show(wrong=str(error)), 409
        return show(
            gettext("Mọi byte của bản đang dùng còn nguyên; %(number)s bài.", number=articles)
        )

    @desk.post("/builds/roll-back")
    def switch_back() -> AnyResponse | tuple[str, int]:
        try:
            build = roll_back(directory)
        except IndexingError as error:
            _log.error("%s", error)
            return show(wrong=str(error)), 409
        log.write(editor().editor, Deed.SWITCHED, build)
        return redirect(url_for("desk.builds_page", switched=1), 303)
