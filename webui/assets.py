"""Style sheets and pictures with their content's digest in the address.

An address with the right digest always means the same bytes, so browsers may keep them for good;
any other address of the same file is checked again each time.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, request, url_for

_FOR_GOOD = "public, max-age=31536000, immutable"


class Assets:
    """The files of the ``static`` folder of one application."""

    def __init__(self, folder: Path) -> None:
        self._digests = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def url(self, name: str) -> str:
        """The address of a file, with its digest."""
        return url_for("static", filename=name, v=self._digests[name])

    def set_caching(self, response: Response) -> Response:
        """Let browsers keep what was asked for by the right digest."""
        if request.endpoint == "static" and response.status_code in {200, 304}:
            name = (request.view_args or {}).get("filename", "")
            if request.query_string == b"v=" + self._digests.get(name, "").encode():
                response.headers["Cache-Control"] = _FOR_GOOD
        return response


def assets_of(app: Flask) -> Assets:
    """The assets of ``app``, read once."""
    return Assets(Path(app.root_path) / "static")
