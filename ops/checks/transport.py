"""What travels in the open: is the way to the service and to its databases encrypted."""

import ipaddress
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from ops.checks.finding import Finding, State, info


def judge_service(target: str) -> Finding:
    """Return whether the service is asked in a way that nobody can overhear."""
    if target.startswith("https://"):
        return Finding("TLS of the service", State.PASS, "https")
    if is_local(target):
        return info("TLS of the service", "plain http on loopback")
    step = "ask it by https; keys travel in the open"
    return Finding("TLS of the service", State.FAIL, "plain http", limit="https", do_next=step)


def judge_databases(found: Mapping[str, str]) -> Iterator[Finding]:
    """Return of each address, by name, whether it is encrypted and wants a password."""
    for name, url in found.items():
        if not url:
            continue
        local, subject = is_local(url), f"way to {name}"
        lacking = [
            what
            for what, there in (("TLS", _is_encrypted(url)), ("a password", "@" in url))
            if not there
        ]
        variable = f"CALENDAR_{name.upper()}_URL"
        if name == "llm":
            lacking = [what for what in lacking if what == "TLS"]
        if lacking and not local:
            step = f"{variable}: tls=true, rediss:// or https://, and a user with a password"
            value = f"without {' and '.join(lacking)}"
            yield Finding(subject, State.FAIL, value, limit="TLS and a password", do_next=step)
        elif lacking:
            yield info(subject, f"without {' and '.join(lacking)}, on loopback")
        else:
            yield Finding(subject, State.PASS, "TLS and a password")


def _is_encrypted(url: str) -> bool:
    scheme, _, rest = url.lower().partition("://")
    if scheme in {"mongodb+srv", "rediss", "https", "unix"}:
        return "tls=false" not in rest
    return "tls=true" in rest or "ssl=true" in rest


def is_local(url: str) -> bool:
    """Say whether every host of a URL is this machine itself."""
    hosts = url.partition("://")[2].rpartition("@")[2].partition("/")[0].split(",")
    return url.startswith("unix://") or all(_is_loopback(f"//{host}") for host in hosts)


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(host).hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
