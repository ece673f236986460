"""Which addresses of the network a fetcher may connect to: those of the public Internet.

A name is resolved once and the connection goes to what was checked, so that a name server cannot
answer differently the second time. It knows nothing of HTTP.
"""

from __future__ import annotations

import ipaddress
import socket

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PrivateAddressError(Exception):
    """A host is on the own machine or network; its argument is the address."""


def resolve(host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
    """The addresses of a host, all of them public unless private ones are allowed.

    Raises:
        PrivateAddressError: one of them is not public.
        OSError: the name cannot be resolved.
    """
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host!r} is no name of a host") from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))
    for address in addresses:
        if not allow_private and not is_public(address):
            raise PrivateAddressError(address)
    return addresses


def is_public(address: str) -> bool:
    """Whether an address in numbers belongs to the public Internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None and ip.teredo is not None:
            inner = ip.teredo[1]
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast
