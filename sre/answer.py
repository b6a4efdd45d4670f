"""What a verb has to say: one value, shown as a screen or as JSON in this one place."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console

from kit.pure.errors import HarnessError
from kit.pure.exits import Exit, exit_of_error
from kit.pure.urls import masked
from sre.screen import console

ERROR_SCHEMA: Final = "calendar-sre/error/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verb found.

    `data` is the JSON object, which names its `schema`; `screen` prints the same for people.
    `exit` is the documented code that the command leaves with. `trouble` is what could not be done
    once the answer was known (a file not written): it is shown beside the answer, and its code
    is the one to leave with.
    """

    data: Mapping[str, object]
    screen: Callable[[Console], None]
    exit: int = Exit.HOLDS
    trouble: HarnessError | None = None


def show(answer: Answer, *, as_json: bool) -> int:
    """Print an answer and return its exit code."""
    trouble = answer.trouble
    if as_json:
        print_json(answer.data if trouble is None else {**answer.data, "trouble": _error(trouble)})
    else:
        answer.screen(console())
    if trouble is None:
        return answer.exit
    say_error(str(trouble), trouble.hint)
    return exit_of_error(trouble)


def say_error(message: str, hint: str) -> None:
    """Say on standard error what went wrong, and the next step where there is one."""
    said = f"error: {masked(message)}\n" + (f"hint: {masked(hint)}\n" if hint else "")
    sys.stderr.write(said)


def print_json(data: Mapping[str, object]) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def error_data(code: str, message: str, hint: str | None) -> dict[str, object]:
    """Return what `--json` prints when a verb fails; `code` is a stable word."""
    error = {"code": code, "message": masked(message), "hint": masked(hint or "")}
    return {"schema": ERROR_SCHEMA, "error": error}


def error_code(error: OSError | HarnessError) -> str:
    """Return the stable word for an error: its class, `bad-input` for BadInputError."""
    if isinstance(error, OSError):
        return "system"
    name = type(error).__name__.removesuffix("Error")
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).strip("-")


def _error(trouble: HarnessError) -> Any:
    return error_data(error_code(trouble), str(trouble), trouble.hint)["error"]
