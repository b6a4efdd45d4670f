"""Put the verbs together and turn every expected failure into one line and an exit code."""

import os
import sys
from importlib import import_module

import click
import typer

from ops.cli.exits import EXIT_HELP, Exit, exit_of_error
from slo.errors import HarnessError

VERBS = ("demo", "serve", "slo", "load", "golden", "probe", "alerts", "doctor")
"""Each is a module of this package with a typer `app`; heavy imports stay inside its functions."""


def build_app() -> typer.Typer:
    """Return the whole command."""
    app = typer.Typer(
        name="sre",
        help="Keep a service's promises: state them once, measure, alert, gate and report.",
        epilog=EXIT_HELP,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for verb in VERBS:
        module = import_module(f"ops.cli.{verb}")
        single = len(module.app.registered_commands) == 1 and not module.app.registered_groups
        if single and module.app.registered_commands[0].name in {None, verb}:
            app.add_typer(module.app)
        else:
            app.add_typer(module.app, name=verb, no_args_is_help=True, epilog=EXIT_HELP)
    return app


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with a documented exit code."""
    try:
        code = build_app()(arguments, standalone_mode=False)
    except HarnessError as err:
        if os.environ.get("SRE_DEBUG"):
            raise
        _say(str(err), err.hint)
        code = exit_of_error(err)
    except click.exceptions.Exit as err:
        code = err.exit_code
    except click.ClickException as err:
        err.show()
        code = Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted", "")
        code = 130
    sys.exit(int(code or 0))


def _say(message: str, hint: str) -> None:
    sys.stderr.write(f"error: {message}\n")
    if hint:
        sys.stderr.write(f"hint: {hint}\n")
