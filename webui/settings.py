"""What the owner of a site can choose, as one frozen value passed to the application factory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The choices of one site.

    Attributes:
        notice: one sentence shown at the foot of every page, such as that the articles are made
            up; "" for none.
        max_body_bytes: a request with a larger body is refused with 413; nothing here reads one.
        trusted_proxies: how many reverse proxies in front of the server set ``X-Forwarded-*``;
            0 where the server is reached directly, so that nobody can forge those headers.
    """

    notice: str = ""
    max_body_bytes: int = 16_384
    trusted_proxies: int = 0
