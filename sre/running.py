"""Run `sre` and turn every expected failure into one line and a documented exit code."""

import contextlib
import os
import select
import sys
from collections.abc import Sequence
from typing import NoReturn

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError

from kit.edge.children import Ending
from kit.pure.errors import HarnessError
from kit.pure.exits import INTERRUPTED, Exit, exit_of_error
from sre.answer import error_code, error_data, print_json, say_error
from sre.command import build


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
        _write_no_more()
        return Exit.HOLDS
    except OSError as err:
        if _wants_trace(words):
            raise
        _write_no_more()
        hint = "make room there, or send it elsewhere"
        say_error(f"cannot write the answer: {err.strerror or err}", hint)
        return Exit.UNREACHABLE
    return code


def _nobody_reads() -> bool:
    """Return whether standard output is a pipe that nobody reads any more.

    Another pipe or connection that broke, to a child or a server, is a failure.
    """
    with contextlib.suppress(OSError, ValueError):  # not every stream is a file
        asked = select.poll()
        asked.register(sys.stdout.fileno(), 0)
        return bool(asked.poll(0))
    return False


def _write_no_more() -> None:
    """Let what is still to be written go nowhere: the interpreter tries once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: Sequence[str]) -> int:
    try:
        code = build().main(list(words), prog_name="sre", standalone_mode=False)
    except SystemExit as err:
        if isinstance(err.__context__, BrokenPipeError):  # typer makes this of it
            return _failed(err.__context__, words)
        return err.code if isinstance(err.code, int) else int(err.code is not None)
    except (KeyboardInterrupt, typer.Abort):  # also while the verbs were still being put together
        return INTERRUPTED
    except ClickException as err:
        return _misused(err, words)
    except (OSError, HarnessError) as err:
        return _failed(err, words)
    return code if isinstance(code, int) else 0


def _wants_trace(words: Sequence[str]) -> bool:
    return "--debug" in words or bool(os.environ.get("SRE_DEBUG"))


def _misused(err: ClickException, words: Sequence[str]) -> int:
    if isinstance(err, NoArgsIsHelpError):
        err.show()
        return Exit.USAGE
    context = err.ctx if isinstance(err, UsageError) else None
    hint = f"{'sre' if context is None else context.command_path} --help says what it takes"
    _tell("usage", " ".join(err.format_message().split()), hint, words)
    return Exit.USAGE


def _failed(err: OSError | HarnessError, words: Sequence[str]) -> int:
    if _wants_trace(words) or (isinstance(err, BrokenPipeError) and _nobody_reads()):
        raise err
    if isinstance(err, HarnessError):
        _tell(error_code(err), str(err), err.hint, words)
        return exit_of_error(err)
    _tell(error_code(err), str(err), "sre --debug shows what was being done", words)
    return Exit.UNREACHABLE


def _tell(code: str, message: str, hint: str, words: Sequence[str]) -> None:
    if "--json" in words:
        print_json(error_data(code, message, hint))
    say_error(message, hint)
