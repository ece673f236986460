"""What the owner of a site can choose, as one frozen value passed to the application factory.

:class:`Settings` that exist are valid: construction raises :class:`SettingsError` otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from limits import parse_many
from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from webui.settings.site import Site

ANY_ORIGIN = "*"

_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?")

_NEVER_SENT = re.compile(r"http://.*:80|https://.*:443")
"""Origins with the port that goes without saying: browsers leave it out."""

_ADDRESS = re.compile(_ORIGIN.pattern + r"(/[A-Za-z0-9._~/-]*)?")


class SettingsError(ValueError):
    """A setting is not possible; the message says which, and what would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The choices of one site.

    Attributes:
        notice: one sentence shown at the foot of every page, such as that the articles are made
            up; "" for none.
        max_body_bytes: a request with a larger body is refused with 413; nothing here reads one.
        public_url: where readers find the site, such as ``https://tim.bao.example``: what absolute
            addresses in responses begin with. "" takes it from each request, where that names this
            machine or comes through a trusted proxy that names the site.
        trusted_proxies: how many reverse proxies in front of the server set ``X-Forwarded-*``;
            0 where the server is reached directly, so that nobody can forge those headers.
        allowed_origins: sites whose pages may call the API, such as ``https://bao.example``, or
            ``*`` for all; nothing here means only pages of this site.
        frame_ancestors: sites whose pages may show ``/embed`` in a frame, or ``*`` for all.
        rate_limit: how often one client may search, as in ``120/minute`` or ``5/second;
            1000/day``; "" for no limit.
        rate_limit_storage: where requests are counted: ``memory://``, for each worker by itself,
            or the address of a Redis that all workers share.
        api_keys: who sends one of these is not limited.
        key_file: of more keys, each with what it is for; None for ``keys.json`` beside the index.
        desk: the file of the editor's desk, which counts what readers search, without anybody's
            data; None for no desk and no counts.
        keys_required: whether the API answers only those, and the pages of this site.
        recency_half_life_days: lift new articles among equally relevant ones; one so much older
            than another counts half as new. None ranks by relevance alone.
        mcp: whether assistants may ask at ``/mcp``; needs the extra ``mcp``.
        site: how the site calls itself and looks.

    Raises:
        SettingsError: naming the setting and what is allowed.
    """

    notice: str = ""
    max_body_bytes: int = 16_384
    public_url: str = ""
    trusted_proxies: int = 0
    allowed_origins: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    rate_limit: str = ""
    rate_limit_storage: str = "memory://"
    api_keys: tuple[str, ...] = ()
    key_file: Path | None = None
    keys_required: bool = False
    desk: Path | None = None
    recency_half_life_days: float | None = None
    mcp: bool = False
    site: Site = field(default_factory=Site)

    def __post_init__(self) -> None:
        for name, origins in (
            ("allowed_origins", self.allowed_origins),
            ("frame_ancestors", self.frame_ancestors),
        ):
            for origin in origins:
                if _NEVER_SENT.fullmatch(origin):
                    without = origin.rpartition(":")[0]
                    raise SettingsError(
                        f"{name}: browsers never send {origin!r}, with the port that goes without "
                        f"saying; write it as they do: {without}"
                    )
                if origin != ANY_ORIGIN and not _ORIGIN.fullmatch(origin):
                    raise SettingsError(
                        f"{name}: {origin!r} is no origin; write it as browsers do, like "
                        f"https://bao.example or http://localhost:8080, or {ANY_ORIGIN} for all"
                    )
        if self.mcp and find_spec("mcp") is None:
            raise SettingsError("mcp: needs a library; pip install 'timbao[mcp]'")
        if self.public_url and not _ADDRESS.fullmatch(self.public_url):
            raise SettingsError(
                f"public_url: {self.public_url!r} is no address of a site; write it like "
                "https://tim.bao.example or https://bao.example/tim"
            )
        if self.rate_limit:
            try:
                parse_many(self.rate_limit)
            except ValueError as error:
                raise SettingsError(
                    f"rate_limit: {self.rate_limit!r} is no limit; write it like 120/minute or "
                    "5/second;1000/day"
                ) from error
            try:
                storage_from_string(self.rate_limit_storage)
            except (ConfigurationError, ValueError) as error:
                raise SettingsError(
                    f"rate_limit_storage: {error}; write it like memory:// or redis://HOST:PORT"
                ) from error
        if self.recency_half_life_days is not None and not self.recency_half_life_days > 0:
            raise SettingsError("recency_half_life_days: a half-life is above 0 days")
        if self.keys_required and not self.api_keys and self.key_file is None:
            raise SettingsError("keys_required: there are no api_keys, so nobody could ask")
        if any(not key.isascii() or not key.isprintable() or " " in key for key in self.api_keys):
            raise SettingsError("api_keys: keys are of visible ASCII characters, without spaces")
