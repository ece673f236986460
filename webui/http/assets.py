"""Style sheets, scripts and pictures, with a digest of all of them in the address.

The digest stands in the path, so that a script that imports its neighbour by a relative address
gets the neighbour it was written with. An address with the right digest always means the same
bytes, so browsers may keep them for good; with any other digest there is nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory, url_for

FOR_GOOD = "public, max-age=31536000, immutable"
"""The caching of what has a digest of itself in its address."""


class Assets:
    """The files of a folder, as they were when this was made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
                digest.update(content)
        self.digest = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file."""
        return url_for("static", digest=self.digest, filename=name)

    def serve(self, digest: str, filename: str) -> Response:
        """A file, to be kept for good."""
        if digest != self.digest:
            abort(404)
        response = send_from_directory(self._folder, filename)
        response.headers["Cache-Control"] = FOR_GOOD
        return response


def register_assets(app: Flask) -> Assets:
    """Serve the ``static`` folder of ``app``, which must have no static route of its own."""
    assets = Assets(Path(app.root_path) / "static")
    app.add_url_rule("/static/<digest>/<path:filename>", "static", assets.serve)
    return assets
