"""Run `sre` and turn every expected failure into one line and a documented exit code."""

import io
import os
import sys
import traceback
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, Final, NoReturn, TextIO

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError

from kit.edge.children import Ending
from kit.pure.errors import HarnessError
from kit.pure.exits import INTERRUPTED, Exit, exit_of_error
from sre.answer import error_code, error_data, print_json, say_error
from sre.command import build

_YES: Final = frozenset({"1", "true", "t", "yes", "y", "on"})
"""What the option's own variable takes for true."""


def leave(words: Sequence[str]) -> NoReturn:
    """Run a command line and leave; a signal lets every clean-up finish first."""
    ending = Ending()
    sys.stdout, sys.stderr = _unbreakable(sys.stdout), _unbreakable(sys.stderr)
    code = run(words)
    sys.exit(code if ending.exit_code is None else ending.exit_code)


class _Unbreakable(io.FileIO):
    """A stream whose reader may leave: what is written from then on is said to nobody."""

    def write(self, data: Any, /) -> int:
        """Write what somebody still reads."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            return memoryview(data).nbytes


def _unbreakable(stream: TextIO | None) -> TextIO:
    """Return a stream in place of one that may break, or that was closed before we began.

    So `sre … | head` leaves with the code of what was found, and not with that of a fault.
    """
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    raw = _Unbreakable(stream.fileno(), "w", closefd=False)
    is_live = stream.isatty() or stream is sys.stderr
    return io.TextIOWrapper(
        io.BufferedWriter(raw), stream.encoding, stream.errors, line_buffering=is_live
    )


def run(words: Sequence[str]) -> int:
    """Run one command line in this process and return its exit code."""
    code = _run(words)
    try:
        sys.stdout.flush()
    except OSError as err:  # no space is left where the output goes
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        if code == Exit.HOLDS:
            hint = "make room there, or send it elsewhere"
            say_error(f"cannot write the answer: {err.strerror or err}", hint)
        return code or Exit.UNREACHABLE
    return code


def _run(words: Sequence[str]) -> int:
    try:
        code = build().main(list(words), prog_name="sre", standalone_mode=False)
    except SystemExit as err:
        if isinstance(err.__context__, BrokenPipeError):  # of a child or a server: typer hides it
            return _failed(err.__context__, words)
        return err.code if isinstance(err.code, int) else int(err.code is not None)
    except (KeyboardInterrupt, typer.Abort):  # also while the verbs were still being put together
        return INTERRUPTED
    except ClickException as err:
        return _misused(err, words)
    except (OSError, HarnessError) as err:
        if _is_debugging(words):
            traceback.print_exception(err)
        return _failed(err, words)
    return code if isinstance(code, int) else 0


def _is_debugging(words: Sequence[str]) -> bool:
    text = os.environ.get("SRE_DEBUG", "").strip().lower()
    before_the_verb = takewhile(lambda word: word.startswith("-"), words)
    return text in _YES or "--debug" in before_the_verb


def _misused(err: ClickException, words: Sequence[str]) -> int:
    if isinstance(err, NoArgsIsHelpError):
        err.show()
        return Exit.USAGE
    context = err.ctx if isinstance(err, UsageError) else None
    hint = f"{'sre' if context is None else context.command_path} --help says what it takes"
    _tell("usage", " ".join(err.format_message().split()), hint, words)
    return Exit.USAGE


def _failed(err: OSError | HarnessError, words: Sequence[str]) -> int:
    if isinstance(err, HarnessError):
        _tell(error_code(err), str(err), err.hint, words)
        return exit_of_error(err)
    _tell(error_code(err), str(err), "sre --debug shows what was being done", words)
    return Exit.UNREACHABLE


def _tell(code: str, message: str, hint: str, words: Sequence[str]) -> None:
    if "--json" in words:
        print_json(error_data(code, message, hint))
    say_error(message, hint)
