"""The table of addresses: public hosts, and nothing that is near this machine."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.read.addresses import is_public

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.0.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0"]


def test_private_addresses_are_not_public_in_any_disguise() -> None:
    for text in PRIVATE:
        number = int(IPv4Address(text))
        disguises = [
            text,
            f"::ffff:{text}",
            str(IPv6Address((0xFFFF << 32) + number)),
            f"::{text}",
            str(IPv6Address((0x64FF9B << 96) + number)),
            str(IPv6Address((0x2002 << 112) + (number << 80))),
        ]
        for disguise in disguises:
            assert not is_public(disguise), disguise


def test_public_addresses_are_public_in_the_same_disguises() -> None:
    for text in PUBLIC:
        assert is_public(text)
        assert is_public(f"::ffff:{text}")
        assert is_public(str(IPv6Address((0x64FF9B << 96) + int(IPv4Address(text)))))


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "100::1",
        "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "64:ff9b:1::1",
        "4000::1",
    ],
)
def test_addresses_of_ipv6_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["2606:4700:4700::1111", "2a00:1450:4001:830::200e"])
def test_addresses_of_ipv6_that_are(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_nothing_is_public_that_the_standard_library_calls_private(
    address: IPv4Address | IPv6Address,
) -> None:
    if is_public(str(address)):
        carried = getattr(address, "ipv4_mapped", None) or address
        inner = ip_address(str(carried))
        assert not inner.is_private
        assert not inner.is_multicast
        assert not inner.is_loopback
        assert not inner.is_link_local
        assert not inner.is_unspecified


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "2130706433"])
def test_names_are_no_addresses(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        is_public(text)
