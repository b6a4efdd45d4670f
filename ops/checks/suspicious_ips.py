"""Which addresses try keys or search for ways in, and what would shut them out.

The log names the address of what was refused and of what found no page, never the path. An
address that guessed too often gets no further line until the service's window is over: what is
counted here is the least that it tried.
"""

import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kit.pure.json_values import JsonObject
from ops.checks.finding import Finding, State, info, no_data

_MOST_ADDRESSES: Final = 50_000
_REMEMBERED: Final = 20_000
_GUESSES: Final = frozenset({"wrong", "unknown", "malformed", "revoked", "blocked"})
MANY_ROUTES: Final = 5
"""Refused on so many different routes, an address is looking for one that is open."""
_MOST_ROUTES: Final = 50
NO_PAGE: Final = "no such page"
_SHOWN: Final = 20
Line = Mapping[str, object]


@dataclass(slots=True)
class Address:
    """What one address was refused: by reason, on which routes, from `first` to `last`."""

    address: str
    first: datetime
    last: datetime
    reasons: Counter[str] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)

    @property
    def guesses(self) -> int:
        """Return how often it came with a key that is none."""
        return sum(count for reason, count in self.reasons.items() if reason in _GUESSES)

    @property
    def total(self) -> int:
        """Return how often it was refused."""
        return self.reasons.total()


@dataclass(slots=True)
class Refusals:
    """Everybody who was refused; `take` the lines of the log in their order.

    A refusal names the address and the request; the request's own line, a moment later, names the
    route. Of many addresses the least recent are forgotten.
    """

    lines: int = 0
    _found: OrderedDict[str, Address] = field(default_factory=OrderedDict)
    _asked: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def take(self, moment: datetime, line: Line) -> None:
        """Count one line."""
        self.lines += 1
        event, request = line.get("event"), str(line.get("request_id", ""))
        if event in {"unauthorized", "unmatched"}:
            address = str(line.get("address") or "unknown")
            self._refused(moment, address, str(line.get("reason") or NO_PAGE))
            self._remember(request, address)
        elif event == "request" and request in self._asked:
            self._went(self._asked.pop(request), str(line.get("route")))

    def _refused(self, moment: datetime, address: str, reason: str) -> None:
        found = self._found.get(address)
        if found is None:
            found = self._found[address] = Address(address, moment, moment)
        found.first, found.last = min(found.first, moment), max(found.last, moment)
        found.reasons[reason] += 1
        self._found.move_to_end(address)
        if len(self._found) > _MOST_ADDRESSES:
            self._found.popitem(last=False)

    def _remember(self, request: str, address: str) -> None:
        self._asked[request] = address
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)

    def _went(self, address: str, route: str) -> None:
        found = self._found.get(address)
        if found is not None and len(found.routes) < _MOST_ROUTES:
            found.routes.add(route)

    def addresses(self) -> list[Address]:
        """Return those who were refused, the most often refused first."""
        return sorted(self._found.values(), key=lambda one: (-one.total, one.address))


def suspicious(one: Address, fewest: int) -> str:
    """Return what is suspicious about an address, "" for nothing.

    `fewest` guesses of keys are no slip of a person any more.
    """
    found = []
    if one.guesses >= fewest:
        found.append("tries keys")
    if len(one.routes) >= MANY_ROUTES:
        found.append("searches routes")
    if one.reasons[NO_PAGE] >= fewest:
        found.append("searches pages")
    if not found and one.total >= fewest:
        found.append("keeps coming without a key")
    return " and ".join(found)


def judge(found: Refusals, fewest: int) -> tuple[Finding, ...]:
    """Return every suspicious address, with how to shut out each."""
    if not found.lines:
        return (no_data("addresses", "no line in this time", "does the service write here?"),)
    return tuple(_findings(found, fewest))


def _findings(found: Refusals, fewest: int) -> Iterator[Finding]:
    everybody = found.addresses()
    bad = [one for one in everybody if suspicious(one, fewest)]
    refused = sum(one.total for one in everybody)
    value = f"{len(bad)} suspicious of {len(everybody)} that were refused, {refused:,} times in all"
    limit = f"fewer than {fewest} guesses or {MANY_ROUTES} routes"
    if not bad:
        yield Finding("addresses", State.PASS, value, limit)
        return
    step = "sre check suspicious-ips --block FILE writes a NetworkPolicy; kubectl apply -f FILE"
    state = State.WARN if all(is_inside(one.address) for one in bad) else State.FAIL
    yield Finding(
        "addresses", state, value, limit, since=min(one.first for one in bad), do_next=step,
        measured=len(bad),
    )  # fmt: skip
    for one in bad[:_SHOWN]:
        yield _one(one, fewest)
    if len(bad) > _SHOWN:
        yield info("others", f"{len(bad) - _SHOWN} more; --block FILE takes all")


def _one(one: Address, fewest: int) -> Finding:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in one.reasons.most_common())
    value = f"{suspicious(one, fewest)}: {reasons}; {len(one.routes)} routes"
    value += f"; last {one.last:%m-%d %H:%M:%S}"
    step = nft_line([one.address]) or "no address that a firewall knows"
    if is_inside(one.address):
        step = "an address of your own network: a proxy, or one of yours? look before you block it"
    return Finding(
        one.address, State.WARN, value, since=one.first, do_next=step, measured=one.total
    )


def is_inside(address: str) -> bool:
    """Say whether an address is of a private network or of this machine, as a proxy's is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return found.is_private or found.is_loopback or found.is_link_local


def to_block(found: Refusals, fewest: int) -> list[str]:
    """Return the suspicious addresses outside, in order; those inside may be a proxy of all."""
    chosen = [one.address for one in found.addresses() if suspicious(one, fewest)]
    return sorted(one for one in chosen if _version(one) and not is_inside(one))


def nft_line(addresses: list[str]) -> str:
    """Return the nft commands that drop what comes from these addresses; "" for none."""
    lines = []
    for version, word in ((4, "ip"), (6, "ip6")):
        chosen = [one for one in addresses if _version(one) == version]
        if chosen:
            lines.append(
                f"nft insert rule inet filter input {word} saddr {{ {', '.join(chosen)} }} drop"
            )
    return " && ".join(lines)


def network_policy(addresses: list[str], *, app: str, port: int) -> JsonObject:  # a manifest
    """Return a NetworkPolicy that lets everybody but these in to the pods of an app.

    `app` is the value of their label `app`, or another label as KEY=VALUE.
    A policy can only allow, so it allows all addresses except these.
    """
    key, is_other, value = app.partition("=")
    blocks = []
    for version, everything, length in ((4, "0.0.0.0/0", 32), (6, "::/0", 128)):
        left_out = [f"{one}/{length}" for one in addresses if _version(one) == version]
        block: dict[str, object] = {"cidr": everything}
        if left_out:
            block["except"] = left_out
        blocks.append({"ipBlock": block})
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "block-suspicious-ips"},
        "spec": {
            "podSelector": {"matchLabels": {key: value} if is_other else {"app": app}},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": blocks, "ports": [{"protocol": "TCP", "port": port}]}],
        },
    }


def _version(address: str) -> int:
    try:
        return ipaddress.ip_address(address).version
    except ValueError:
        return 0
