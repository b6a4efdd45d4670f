"""Put the verbs together and turn every expected failure into one line and an exit code."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Final

import typer

from ops.cli.exits import EXIT_HELP, Exit, exit_of_error
from slo.errors import HarnessError

VERBS: Final = (
    "demo", "serve", "slo", "alerts", "dashboards", "load", "golden", "probe", "report", "doctor",
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
        build_app(options)(list(arguments), prog_name="sre")
    except SystemExit as err:
        return err.code if isinstance(err.code, int) else int(err.code is not None)
    except KeyboardInterrupt:  # while the verbs were still being put together
        return 130
    except OSError as err:
        if options.debug:
            raise
        sys.stderr.write(f"error: {err}\nhint: sre --debug shows what was being done\n")
        return Exit.UNREACHABLE
    except HarnessError as err:
        if options.debug:
            raise
        sys.stderr.write(f"error: {err}\n")
        if err.hint:
            sys.stderr.write(f"hint: {err.hint}\n")
        return exit_of_error(err)
    return 0


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


def _is_one_command(part: typer.Typer, verb: str) -> bool:
    """Tell `sre demo` from `sre alerts build`: the first has one function, named as the verb."""
    names = [command.callback.__name__ for command in part.registered_commands if command.callback]
    return names == [verb]
