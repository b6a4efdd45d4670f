"""Carry out a step of ours as a process of its own, and take down what it found."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from math import isfinite
from typing import Final

from kit.pure.exits import Exit
from kit.pure.json_values import JsonMapping, JsonObject, from_json
from ops.incidents.response.incident import Phase, Step

_AT_ONCE: Final = 4
_TIMED_OUT: Final = 3
_MOST_FIGURES: Final = 40
_LONGEST: Final = 300


def carry_out(
    phase: Phase,
    commands: Mapping[str, Sequence[str]],
    on_done: Callable[[Step], object],
    *,
    by: str,
    timeout_s: float,
) -> list[Step]:
    """Return what came of some commands of ours, by their names, a few at a time.

    `on_done` gets each as soon as it has ended.
    """

    def one(named: tuple[str, Sequence[str]]) -> Step:
        step = _one(phase, *named, by=by, timeout_s=timeout_s)
        on_done(step)
        return step

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(one, commands.items()))


def _one(phase: Phase, name: str, command: Sequence[str], *, by: str, timeout_s: float) -> Step:
    at, began = datetime.now(UTC), time.monotonic()
    words = [sys.executable, "-m", *command, "--json"]
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=timeout_s, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        code, answer = done.returncode, _loaded(done.stdout)
        said = _said(answer, done.stderr)
    except subprocess.TimeoutExpired:
        code, answer, said = _TIMED_OUT, {}, f"not done within {timeout_s:g} s"
    found = list(_findings(answer))
    figures = {
        str(one["subject"]): float(one["measured"])
        for one in found[:_MOST_FIGURES]
        if isinstance(one.get("measured"), int | float) and isfinite(one["measured"])
    }
    bad = [str(one["subject"]) for one in found if one.get("state") in {"FAIL", "WARN"}]
    bad += [name] if code == Exit.BAD and not found else []
    took_s = round(time.monotonic() - began, 2)
    return Step(phase, name, " ".join(command), at, by, took_s, code, said[:_LONGEST],
                figures or None, tuple(bad))  # fmt: skip


def _loaded(text: str) -> JsonObject:
    try:
        found = from_json(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _findings(answer: JsonMapping) -> Iterator[JsonMapping]:
    for part in (answer, *answer.get("parts", ())):
        for one in part.get("findings", ()) if isinstance(part, dict) else ():
            if isinstance(one, dict) and "subject" in one:
                yield one


def _said(answer: JsonMapping, trouble: str) -> str:
    """Return the verdict of an answer in one line, with what decides it."""
    if error := answer.get("error"):
        return str(error.get("message", "it failed"))
    verdict = answer.get("verdict")
    if verdict is None:
        lines = [line for line in trouble.splitlines() if line.strip()]
        return "done" if answer else (lines[-1] if lines else "it said nothing")
    worst = next((one for one in _findings(answer) if one.get("state") == verdict), None)
    about = f": {worst['subject']} {worst['value']}" if worst and verdict != "PASS" else ""
    return f"{verdict}{about}"
