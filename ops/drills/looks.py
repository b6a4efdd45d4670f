"""What a drill file can look at while the fault lasts, or afterwards: each name under `look`."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

import yaml

from kit.pure.errors import NotEnoughDataError
from kit.pure.json_values import JsonMapping, JsonObject
from ops.drills.acting import sre, words_of
from ops.drills.deeds.watching import deploy
from ops.drills.drill import Check
from ops.drills.polling import wait_until
from ops.drills.stack import Stack, answers, ask
from traces.edge.files import read
from traces.slow import Finding, slow_of
from traces.telling import finding

_ARRIVES_WITHIN_S: Final = 30.0


def says_away(stack: Stack, dependency: str) -> Iterator[Check]:
    """Look whether /health says that a dependency is away."""
    state = str(ask(f"{stack.url}/health")["dependencies"][dependency])
    yield Check(f"/health says that {dependency} is away", state != "connected", state)


def is_answered(stack: Stack, path: str) -> Iterator[Check]:
    """Look whether a path is answered without an error."""
    yield Check(f"{path} still answers", answers(f"{stack.url}{path}"))


def sre_ends(stack: Stack, run: str, exit_code: int, what: str) -> Iterator[Check]:
    """Look whether `sre …` ends with an exit code; DRILL is the drill's own folder."""
    done = sre(stack, *words_of(run, stack.folder, SERVICE=stack.url))
    said = f"exit {done.exit_code} after {done.took_s:.0f} s: {done.said}"
    yield Check(what, done.exit_code == exit_code, said)


def trace_names(stack: Stack, part: str) -> Iterator[Check]:
    """Look whether the traces of slow and failed requests name a part as what took the time.

    That is what `sre trace slow` says first.
    """
    found: list[Finding] = []

    def named() -> bool:
        with suppress(NotEnoughDataError):  # there is no file before the first is kept
            found[:] = slow_of(read([stack.folder / "logs"]).traces, ()).findings[:1]
        return any(part.lower() in each.kind.lower() for each in found)

    holds = wait_until(named, within_s=_ARRIVES_WITHIN_S)
    said = finding(found[0]) if found else "no slow or failed request has left a trace"
    yield Check(f"the traces name {part}", holds, said)


def deploys_are_refused(stack: Stack) -> Iterator[Check]:
    """Deploy four broken sets of rules; look whether each is refused and the old ones stay."""
    before = stack.rule_names()
    for what, spoil in _ATTEMPTS:
        done = deploy(stack, _spoilt(stack, spoil))
        same = stack.rule_names() == before
        said = f"exit {done.exit_code}, rules {'unchanged' if same else 'CHANGED'}: {done.said}"
        yield Check(f"refused: {what}", done.exit_code != 0 and same, said)
    yield from watchdog_arrives(stack)


def watchdog_arrives(stack: Stack) -> Iterator[Check]:
    """Look whether the whole path from a rule to a receiver still works."""
    since_s = time.monotonic()
    arrival = wait_until(
        lambda: stack.pager.first("Watchdog", "firing", since_s), within_s=_ARRIVES_WITHIN_S
    )
    yield Check("the Watchdog still arrives", arrival)


def watchdog_stays_away(stack: Stack) -> Iterator[Check]:
    """Look whether the heartbeat stops: that is how whoever waits for it learns of it."""
    since_s = time.monotonic()
    arrival = wait_until(
        lambda: stack.pager.first("Watchdog", "firing", since_s), within_s=_ARRIVES_WITHIN_S / 2
    )
    yield Check("the Watchdog no longer arrives", not arrival)


LOOKS: Final[Mapping[str, Callable[..., Iterable[Check]]]] = MappingProxyType(
    {
        "says-away": says_away,
        "is-answered": is_answered,
        "sre": sre_ends,
        "trace-names": trace_names,
        "deploys-are-refused": deploys_are_refused,
        "watchdog-arrives": watchdog_arrives,
        "watchdog-stays-away": watchdog_stays_away,
    }
)


def looking(steps: Iterable[JsonMapping]) -> Callable[[Stack], Iterable[Check]]:
    """Return what looks at all of it, one after the other."""
    kept = [dict(step) for step in steps]

    def look(stack: Stack) -> Iterable[Check]:
        for step in kept:
            words = {name: value for name, value in step.items() if name != "look"}
            yield from LOOKS[step["look"]](stack, **words)

    return look


def _unbalanced(rules: JsonObject) -> None:
    """No PromQL at all: Prometheus would refuse to reload."""
    rules["groups"][0]["rules"][0]["expr"] += ")"


def _service_down(rules: JsonObject) -> JsonObject:
    every = (rule for group in rules["groups"] for rule in group["rules"])
    return next((rule for rule in every if rule.get("alert") == "ServiceDown"), {})


def _unknown(rules: JsonObject) -> None:
    """A metric that nothing exposes: Prometheus would take it, and it would never fire."""
    _service_down(rules)["expr"] = "sum(upp) == 0"


def _ambiguous(rules: JsonObject) -> None:
    """Many to many: accepted, and an error each time that it is evaluated."""
    _service_down(rules)["expr"] = "http_requests_total * on() http_requests_total > 0"


def _lost(rules: JsonObject) -> None:
    """The page for a service that is down is left out."""
    for group in rules["groups"]:
        group["rules"] = [r for r in group["rules"] if r.get("alert") != "ServiceDown"]


_ATTEMPTS: Final[tuple[tuple[str, Callable[[JsonObject], None]], ...]] = (
    ("a rule that is no PromQL", _unbalanced),
    ("a rule on a metric that nothing exposes", _unknown),
    ("a rule that fails when it is evaluated", _ambiguous),
    ("a set without its most important alert", _lost),
)


def _spoilt(stack: Stack, spoil: Callable[[dict[str, object]], None]) -> list[Path]:
    folder = stack.folder / f"spoilt{spoil.__name__}"
    folder.mkdir()
    files = []
    for path in sorted(stack.rules.glob("*.y*ml")):
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))
        if _service_down(rules):
            spoil(rules)
        copy = folder / path.name
        copy.write_text(yaml.safe_dump(rules, sort_keys=False), encoding="utf-8")
        files.append(copy)
    return files
