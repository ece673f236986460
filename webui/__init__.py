"""The web side: pages and the JSON API. The only place that makes HTML.

``create_app(engine, settings)`` makes the whole site over one engine; importing does nothing. What
the web knows of articles it knows through :mod:`search`, never through the index.
"""

from __future__ import annotations

from webui.app import create_app
from webui.settings import Settings, SettingsError

__all__ = ["Settings", "SettingsError", "create_app"]
