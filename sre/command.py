"""The whole command as a lazy group: a verb's module is imported when that verb is asked for."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from kit.pure.errors import UnreachableError
from kit.pure.exits import EXIT_HELP
from sre.answer import Answer, show
from sre.table import GROUPS, VERBS

_JSON: Final = Annotated[
    bool, typer.Option("--json", help="Print one JSON object instead of the screen.")
]


class Verbs(Mapping[str, object]):
    """The commands that may follow `before`, in the table's order; each is made when taken."""

    def __init__(self, before: str) -> None:
        self._before = before
        after = (verb.removeprefix(before) for verb in VERBS if verb.startswith(before))
        self._words = tuple(dict.fromkeys(verb.split()[0] for verb in after))

    def __getitem__(self, word: str) -> Any:
        if word not in self._words:
            raise KeyError(word)
        name = f"{self._before}{word}"
        return _verb(name) if name in VERBS else _group(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


class LazyGroup(TyperGroup):
    """`sre`, or one of its groups of verbs; `before` is what stands before its words."""

    before = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = Verbs(self.before)  # type: ignore[assignment]  # it is only read

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 -- the framework's signature
        """Return the next words, in the table's order."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 -- the same
        """Write each word with all of the sentence about it, over as many lines as it takes."""
        with formatter.section("Commands"):
            formatter.write_dl([(word, _first(one)) for word, one in self.commands.items()])


def build() -> Any:
    """Return the whole command; nothing of a verb is imported yet."""
    app = typer.Typer(
        name="sre",
        cls=LazyGroup,
        help="Keep a service's objectives: state them once, measure, alert, gate and report.",
        epilog=EXIT_HELP,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_before_the_verb)
    return typer.main.get_command(app)


def _before_the_verb(
    *,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="SRE_DEBUG", help="Show the trace of an error.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=lambda wanted: _say_version() if wanted else None,
            help="Print the version.",
        ),
    ] = False,
) -> None: ...


def _first(command: Any) -> str:
    return " ".join(command.help.split("\n\n")[0].split())


def _say_version() -> None:
    typer.echo(f"sre {version('calendar-sre')}")
    raise typer.Exit


def _group(name: str) -> Any:
    group = type("Group", (LazyGroup,), {"before": f"{name} "})
    return group(
        name=name, help=GROUPS[name], epilog=EXIT_HELP, no_args_is_help=True, rich_markup_mode=None
    )


def _verb(name: str) -> Any:
    module, _, function = VERBS[name].partition(":")
    try:
        found = getattr(import_module(f"{__package__}.{module}"), function)
    except ModuleNotFoundError as err:
        raise UnreachableError(
            f"sre {name} needs the library {err.name}, which is not installed",
            hint="pip install 'calendar-sre[harness]', to run the calendar [harness,service]",
        ) from err
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command(name.rsplit(maxsplit=1)[-1], epilog=EXIT_HELP)(_shown(found))
    return typer.main.get_command(app)


def _shown(function: Callable[..., Answer]) -> Callable[..., int]:
    """Return a verb with `--json` among its options, which shows what the function answers."""

    @wraps(function)
    def verb(*, as_json: bool, **options: Any) -> int:
        return show(function(**options), as_json=as_json)

    asked = inspect.signature(function, eval_str=True)
    if "as_json" in asked.parameters:
        return function  # type: ignore[return-value]  # it still prints for itself
    json_option = inspect.Parameter(
        "as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=_JSON
    )
    parameters = [*asked.parameters.values(), json_option]
    verb.__signature__ = asked.replace(parameters=parameters)  # type: ignore[attr-defined]
    verb.__annotations__ = {one.name: one.annotation for one in parameters}
    return verb
