"""Put the verbs together and turn every expected failure into one line and an exit code."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Final

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError

from ops.cli.exits import EXIT_HELP, Exit, exit_of_error
from slo.errors import HarnessError

VERBS: Final = (
    "demo", "serve", "slo", "alerts", "dashboards", "load", "golden", "probe", "report", "doctor",
    "check", "backup", "maintain", "drill", "incident",
)  # fmt: skip
"""Each is a module of this package with a typer `app`; heavy imports stay inside its functions."""


def main() -> None:
    """Run `sre` and leave with a documented exit code; a signal lets every clean-up finish."""
    from ops.children import Ending

    ending = Ending()
    code = run(sys.argv[1:])
    sys.exit(code if ending.exit_code is None else ending.exit_code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line in this process and return its exit code."""
    options = Options()
    try:
        command = typer.main.get_command(build_app(options))
        code = command.main(list(arguments), prog_name="sre", standalone_mode=False)
    except SystemExit as err:
        return err.code if isinstance(err.code, int) else int(err.code is not None)
    except (KeyboardInterrupt, typer.Abort):  # also while the verbs were still being put together
        return 130
    except ClickException as err:
        return _misused(err)
    except (OSError, HarnessError) as err:
        if options.debug:
            raise
        return _failed(err)
    return code if isinstance(code, int) else 0


def _misused(err: ClickException) -> int:
    if isinstance(err, NoArgsIsHelpError):
        err.show()
        return Exit.USAGE
    context = err.ctx if isinstance(err, UsageError) else None
    _tell(
        " ".join(err.format_message().split()),
        f"{'sre' if context is None else context.command_path} --help says what it takes",
    )
    return Exit.USAGE


def _failed(err: OSError | HarnessError) -> int:
    if isinstance(err, OSError):
        _tell(str(err), "sre --debug shows what was being done")
        return Exit.UNREACHABLE
    _tell(str(err), err.hint)
    return exit_of_error(err)


def _tell(error: str, hint: str | None) -> None:
    from slo.urls import masked

    sys.stderr.write(f"error: {masked(error)}\n")
    if hint:
        sys.stderr.write(f"hint: {masked(hint)}\n")


@dataclass(slots=True)
class Options:
    """What is said before the verb."""

    debug: bool = False


def build_app(options: Options) -> typer.Typer:
    """Return the whole command, which notes in `options` what is said before the verb."""
    app = typer.Typer(
        name="sre",
        help="Keep a service's promises: state them once, measure, alert, gate and report.",
        epilog=EXIT_HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def before_the_verb(
        debug: Annotated[
            bool, typer.Option("--debug", envvar="SRE_DEBUG", help="Show the trace of an error.")
        ] = False,
        version: Annotated[  # noqa: ARG001 -- its callback does it
            bool,
            typer.Option(
                "--version", is_eager=True, callback=_say_version, help="Print the version."
            ),
        ] = False,
    ) -> None:
        options.debug = debug

    for verb in VERBS:
        part: typer.Typer = import_module(f"ops.cli.{verb}").app
        for command in part.registered_commands:
            command.epilog = EXIT_HELP
        if _is_one_command(part, verb):
            app.add_typer(part)
        else:
            app.add_typer(part, name=verb, no_args_is_help=True, epilog=EXIT_HELP)
    return app


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"sre {version('calendar-sre')}")
        raise typer.Exit


def _is_one_command(part: typer.Typer, verb: str) -> bool:
    """Tell `sre demo` from `sre alerts build`: the first has one function, named as the verb."""
    names = [command.callback.__name__ for command in part.registered_commands if command.callback]
    return names == [verb]
