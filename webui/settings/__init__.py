"""What the owner of a site can choose: how it serves, and how it looks (``site.toml``)."""

from __future__ import annotations

from webui.settings.choices import ANY_ORIGIN, Settings, SettingsError
from webui.settings.site import SITE_FILE, Picture, Results, Site, SiteError, read_site

__all__ = [
    "ANY_ORIGIN",
    "SITE_FILE",
    "Picture",
    "Results",
    "Settings",
    "SettingsError",
    "Site",
    "SiteError",
    "read_site",
]
