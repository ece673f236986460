"""The address of an index in a cluster: ``opensearch://host:9200,host2/timbao``.

``opensearchs://`` is the same over TLS. Who may do what is not for command lines, which every user
of a machine can read: ``TIMBAO_OPENSEARCH_USER`` and ``TIMBAO_OPENSEARCH_PASSWORD`` (or
``TIMBAO_OPENSEARCH_PASSWORD_FILE``) name them, ``TIMBAO_OPENSEARCH_CA`` a file of certificates.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from index.errors import IndexMissing

PLAIN, SECURE = "opensearch://", "opensearchs://"
DEFAULT_PORT = 9200

SERVED_NAME = "served"
"""In the work directory: the files of builds that are served from the cluster."""

_ALIAS = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")


class Credentials(NamedTuple):
    """Who asks, "" where nobody need say, and the file of certificates, "" for the system's."""

    user: str = ""
    password: str = ""
    certificates: str = ""


class ClusterAddress(NamedTuple):
    """Where an index is.

    Attributes:
        nodes: as URLs without a path.
        alias: the name under which the build that is served is found.
    """

    nodes: tuple[str, ...]
    alias: str

    def __str__(self) -> str:
        scheme = SECURE if self.nodes[0].startswith("https") else PLAIN
        return f"{scheme}{','.join(node.partition('//')[2] for node in self.nodes)}/{self.alias}"


def is_cluster(address: str) -> bool:
    """Whether an index is named that is in a cluster, and no directory."""
    return address.startswith((PLAIN, SECURE))


def parse_address(address: str) -> ClusterAddress:
    """Take an address apart.

    Raises:
        IndexMissing: it is none.
    """
    scheme, _, rest = address.partition("://")
    hosts, _, alias = rest.partition("/")
    matches = [_HOST.fullmatch(host) for host in hosts.split(",")]
    if not _ALIAS.fullmatch(alias) or not all(matches) or not is_cluster(address):
        raise IndexMissing(
            f"{address}: is no address of an index in a cluster; write it like "
            "opensearch://host:9200,host2:9200/timbao, the name in small letters, and users and "
            "passwords in TIMBAO_OPENSEARCH_USER and TIMBAO_OPENSEARCH_PASSWORD_FILE"
        )
    protocol = "https" if f"{scheme}://" == SECURE else "http"
    nodes = [f"{protocol}://{m[1]}:{m[2] or DEFAULT_PORT}" for m in matches if m is not None]
    return ClusterAddress(tuple(dict.fromkeys(nodes)), alias)


def credentials(environment: Mapping[str, str] = os.environ) -> Credentials:
    """Who asks, by the environment.

    Raises:
        IndexMissing: the file of the password cannot be read.
    """
    password = environment.get("TIMBAO_OPENSEARCH_PASSWORD", "")
    file = environment.get("TIMBAO_OPENSEARCH_PASSWORD_FILE", "")
    if file:
        try:
            password = Path(file).read_text("utf-8").strip()
        except OSError as error:
            raise IndexMissing(
                f"{file}: the password cannot be read: {error.strerror}; see to "
                "TIMBAO_OPENSEARCH_PASSWORD_FILE"
            ) from error
    return Credentials(
        environment.get("TIMBAO_OPENSEARCH_USER", ""),
        password,
        environment.get("TIMBAO_OPENSEARCH_CA", ""),
    )


def work_directory(address: ClusterAddress, environment: Mapping[str, str] = os.environ) -> Path:
    """The directory that belongs to an index in a cluster, on this machine.

    An index is made in it before it is sent, and web servers keep in it what was learned of the
    articles; a site's own files of names and words lie in it as in any directory of an index.
    """
    named = environment.get("TIMBAO_OPENSEARCH_WORK", "")
    if named:
        return Path(named)
    cache = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = sha256(",".join(sorted(address.nodes)).encode()).hexdigest()[:12]
    return cache / "timbao" / "clusters" / f"{address.alias}-{digest}"
