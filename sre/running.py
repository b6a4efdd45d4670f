"""Run `sre` and turn every expected failure into one line and a documented exit code."""

import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError

from kit.edge.children import Ending
from kit.pure.errors import HarnessError
from kit.pure.exits import Exit, exit_of_error
from sre.answer import error_code, error_data, print_json
from sre.command import build

_INTERRUPTED: Final = 130
"""What shells give for a process that Ctrl-C ended: 128 and the signal's number."""


def leave(words: Sequence[str]) -> NoReturn:
    """Run a command line and leave; a signal lets every clean-up finish first."""
    ending = Ending()
    code = run(words)
    sys.exit(code if ending.exit_code is None else ending.exit_code)


def run(words: Sequence[str]) -> int:
    """Run one command line in this process and return its exit code."""
    try:
        code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough: `sre … | head` is no failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.HOLDS
    return code


def _run(words: Sequence[str]) -> int:
    try:
        code = build().main(list(words), prog_name="sre", standalone_mode=False)
    except SystemExit as err:
        return err.code if isinstance(err.code, int) else int(err.code is not None)
    except (KeyboardInterrupt, typer.Abort):  # also while the verbs were still being put together
        return _INTERRUPTED
    except ClickException as err:
        return _misused(err, words)
    except BrokenPipeError:
        raise
    except (OSError, HarnessError) as err:
        if "--debug" in words or os.environ.get("SRE_DEBUG"):
            raise
        return _failed(err, words)
    return code if isinstance(code, int) else 0


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
    sys.stderr.write(f"error: {message}\n")
    if hint:
        sys.stderr.write(f"hint: {hint}\n")
