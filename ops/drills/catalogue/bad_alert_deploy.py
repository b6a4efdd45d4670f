"""Broken alert rules are deployed: each must be refused or rolled back, and the old ones stay."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from ops.drills.acting import sre
from ops.drills.drill import Action, Check, Drill
from ops.drills.polling import wait_until
from ops.drills.stack import Stack

_ARRIVES_WITHIN_S: Final = 30.0


def _unbalanced(rules: dict[str, Any]) -> None:
    """No PromQL at all: Prometheus would refuse to reload."""
    rules["groups"][0]["rules"][0]["expr"] += ")"


def _unknown(rules: dict[str, Any]) -> None:
    """A metric that nothing exposes: Prometheus would take it, and it would never fire."""
    alert = next(r for g in rules["groups"] for r in g["rules"] if r.get("alert") == "ServiceDown")
    alert["expr"] = "sum(upp) == 0"


def _ambiguous(rules: dict[str, Any]) -> None:
    """Many to many: accepted, and an error each time that it is evaluated."""
    alert = next(r for g in rules["groups"] for r in g["rules"] if r.get("alert") == "ServiceDown")
    alert["expr"] = "http_requests_total * on() http_requests_total > 0"


def _lost(rules: dict[str, Any]) -> None:
    """The page for a service that is down is left out."""
    for group in rules["groups"]:
        group["rules"] = [r for r in group["rules"] if r.get("alert") != "ServiceDown"]


_ATTEMPTS: Final[tuple[tuple[str, Callable[[dict[str, Any]], None]], ...]] = (
    ("a rule that is no PromQL", _unbalanced),
    ("a rule on a metric that nothing exposes", _unknown),
    ("a rule that fails when it is evaluated", _ambiguous),
    ("a set without its most important alert", _lost),
)


def _each_is_refused(stack: Stack) -> Iterator[Check]:
    before = stack.rule_names()
    for what, spoil in _ATTEMPTS:
        done = _deploy(stack, _spoilt(stack, spoil))
        same = stack.rule_names() == before
        said = f"exit {done.exit_code}, rules {'unchanged' if same else 'CHANGED'}: {done.said}"
        yield Check(f"refused: {what}", done.exit_code != 0 and same, said)
    yield _watchdog_arrives(stack)


def _watchdog_arrives(stack: Stack) -> Check:
    """Look whether the whole path from a rule to a receiver still works."""
    since_s = time.monotonic()
    arrival = wait_until(
        lambda: stack.pager.first("Watchdog", "firing", since_s), within_s=_ARRIVES_WITHIN_S
    )
    return Check("the Watchdog still arrives", arrival)


def _spoilt(stack: Stack, spoil: Callable[[dict[str, object]], None]) -> list[Path]:
    folder = stack.folder / f"spoilt{spoil.__name__}"
    folder.mkdir()
    files = []
    for path in sorted(stack.rules.glob("*.y*ml")):
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))
        spoil(rules)
        copy = folder / path.name
        copy.write_text(yaml.safe_dump(rules, sort_keys=False), encoding="utf-8")
        files.append(copy)
    return files


def _deploy(stack: Stack, files: Sequence[Path]) -> Action:
    rules = [word for path in files for word in ("--rules", str(path))]
    return sre(stack, "alerts", "deploy", str(stack.rules), *rules, "--patience", "10")


DRILL: Final = Drill(
    name="bad-alert-deploy",
    breaks="four broken sets of alert rules are deployed, one after the other",
    expects=(),
    about_s=70,
    # The rules that run, so that there is something to go back to.
    inject=lambda stack: [_deploy(stack, sorted(stack.rules.glob("*.y*ml")))],
    checks=_each_is_refused,
    most_failed_share=0.01,
)
