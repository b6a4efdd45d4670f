"""The address of a client is what trusted proxies say, and nobody else's word."""

import pytest

from service.networks import networks_of
from service.observe.proxies import TrustedProxies

OURS = "10.0.0.0/8, 2001:db8:1::/48,192.0.2.1"


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("10.1.2.3", ["203.0.113.5"], "203.0.113.5"),
        ("10.1.2.3", ["203.0.113.5:4711"], "203.0.113.5"),
        ("10.1.2.3", ["198.51.100.7, 203.0.113.5"], "203.0.113.5"),
        ("10.1.2.3", ["198.51.100.7", "203.0.113.5, 10.9.9.9"], "203.0.113.5"),
        ("192.0.2.1", ["[2001:db8:2::7]:443"], "2001:db8:2::7"),
        ("2001:db8:1::1", ["2001:DB8:2:0::7"], "2001:db8:2::7"),
        ("10.1.2.3", ["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", [""], "10.1.2.3"),
        ("10.1.2.3", ['203.0.113.5, unknown", "'], "10.1.2.3"),
        ("203.0.113.9", ["10.1.1.1"], "203.0.113.9"),
        ("", ["203.0.113.5"], ""),
    ],
)
def test_the_first_from_the_right_that_is_no_proxy_of_ours_is_the_client(
    peer: str, said: list[str], client: str
) -> None:
    headers = [(b"x-forwarded-for", value.encode()) for value in said]
    assert TrustedProxies(networks_of(OURS)).client_of(peer, headers) == client


def test_nobody_is_trusted_unless_it_is_said() -> None:
    assert not TrustedProxies(networks_of(""))


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.0/33", "10.0.0.1/8"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text.split("/", maxsplit=1)[0]):
        networks_of(text)
