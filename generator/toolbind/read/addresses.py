"""Which addresses may be connected to: public ones, however they are written.

A table of networks and a pure function; what a name means is looked up elsewhere. Imports the
standard library only.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_NOT_PUBLIC: Final = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' own
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "100::/64",  # discarded
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which leads to the IPv4 address in it
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)
_GLOBAL_UNICAST: Final = ip_network("2000::/3")
_CARRIERS_OF_IPV4: Final = (
    ip_network("::ffff:0:0/96"),  # mapped: another spelling
    ip_network("64:ff9b::/96"),  # NAT64: the only road to IPv4 on some networks
)
"""IPv6 networks whose addresses end in an IPv4 address, which is the one that counts."""


def is_public(address: str) -> bool:
    """Whether an address, as a socket names it, belongs to a host on the public internet.

    Raises ValueError for what is no address.
    """
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        carried = _carried(parsed)
        if carried is not None:
            return is_public(str(carried))
        if parsed not in _GLOBAL_UNICAST:
            return False
    return not any(parsed in network for network in _NOT_PUBLIC)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if any(address in network for network in _CARRIERS_OF_IPV4):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
