"""Command lines, parsed as `sre` would parse them, without doing what they say."""

from collections.abc import Sequence
from typing import Any

from typer._click.exceptions import UsageError

from sre.command import build
from sre.table import VERBS


def parsed(words: Sequence[str]) -> Any:
    """Return the context of a command (`words` without the `sre`); raises what it complains of."""
    command, context, rest, path = build(), None, list(words), "sre"
    while hasattr(command, "list_commands"):
        if not rest:
            raise UsageError(f"{path}: no command is named")
        found = command.get_command(context, rest[0])
        if found is None:
            raise UsageError(f"No such command {rest[0]!r}")
        command, path, rest = found, f"{path} {rest[0]}", rest[1:]
    return command.make_context(path, rest)


def options_of(verb: str) -> set[str]:
    """Return every option that a verb takes, `"load run"` for instance."""
    command = build()
    for word in verb.split():
        command = command.get_command(None, word)
    return {name for one in command.params for name in one.opts}


def verbs_of(group: str) -> list[str]:
    """Return the verbs of a group, as they are typed after it."""
    return [verb.removeprefix(f"{group} ") for verb in VERBS if verb.startswith(f"{group} ")]
