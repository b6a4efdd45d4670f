"""`sre load ab`: two targets asked in turns within one run, and judged against each other."""

from pathlib import Path
from typing import Annotated, Any

import typer

from kit.edge.access import access
from kit.edge.outputs import check_writable
from kit.edge.target import normalised
from kit.edge.writing import write_wanted
from kit.pure.errors import BadInputError
from reports.run.changes_markdown import changes_markdown
from slo.edge.project_file import load_project
from slo.verdict import Verdict
from sre.answer import Answer
from sre.exits import exit_of_verdict
from sre.load_screen import show_pairs
from sre.options import CaFile, Project
from sre.run_screen import load_progress
from sre.screen import console
from synthetic.edge.load.catalogue import read_profile_named
from synthetic.edge.load.json_views import pairs_data
from synthetic.edge.load.one_run import LoadInterrupted
from synthetic.edge.load.running import run_in_turns
from synthetic.load.pairs import FEWEST_ROUNDS, Pairs, judge_pairs
from synthetic.load.run_value import LoadRun
from synthetic.load.shape import Kind, Model, Profile
from synthetic.load.turns import ORDER

_METHOD = (
    "each round of A B B A gives one difference; trimmed mean of them (Yuen 1974), or their plain "
    "mean where that is surely worse, 95 % interval by Student's t"
)


def ab(
    target_a: Annotated[str, typer.Argument(help="What it was, such as main.")],
    target_b: Annotated[str, typer.Argument(help="What it is now, such as a branch.")],
    profile: Annotated[str, typer.Option(help="One of the project's profiles, or a file.")],
    duration: Annotated[float, typer.Option(min=1, help="Seconds of both together.")] = 360,
    rate: Annotated[float | None, typer.Option(help="Highest rate per second.")] = None,
    turn: Annotated[float, typer.Option(min=0.05, max=60, help="Seconds of one turn.")] = 0.25,
    percentile: Annotated[float, typer.Option(min=1, max=99.9, help="Which to compare.")] = 95,
    markdown: Annotated[Path | None, typer.Option(help="Also write Markdown to this file.")] = None,
    ca_file: CaFile = None,
    project: Project = None,
) -> Answer:
    """Ask two targets in turns (A B B A) and say whether B is slower or fails more than A.

    What disturbs the machine falls on both alike, so that a tenth is found where two runs one after
    the other would tell nothing. Exits 0 when B is not worse, 1 when it is, 5 when undecided.
    """
    wanted = read_profile_named(profile, load_project(project))
    wanted = _fit(wanted if rate is None else wanted.at_rate(rate), duration, turn)
    check_writable(markdown)
    with load_progress(console(to_stderr=True)) as bar:
        try:
            run = run_in_turns(
                wanted,
                (target_a, target_b),
                turn_s=turn,
                access=access(ca_file),
                on_progress=bar,
            )
        except LoadInterrupted as err:
            raise KeyboardInterrupt from err
    found = judge_pairs(
        run.samples, run.routes, turn_s=turn, duration_s=duration, percentile=percentile / 100
    )
    urls = normalised(target_a), normalised(target_b)
    data = _data(run, found, urls)
    table = changes_markdown(
        f"A {urls[0]}", f"B {urls[1]}", data["verdict"], data["differences"], f"{_METHOD}."
    )
    write_wanted((markdown, lambda: table))
    return Answer(
        data,
        lambda out: show_pairs(out, found, run.void_reason),
        exit_of_verdict(Verdict(data["verdict"])),
    )


def _data(run: LoadRun, found: Pairs, urls: tuple[str, str]) -> dict[str, Any]:
    return {
        "schema": "calendar-sre/load-ab/v1",
        "targets": list(urls),
        "profile": run.profile.name,
        "void_reason": run.void_reason,
        "lag_p99_ms": run.generator.lag_p99_ms,
        "retried": run.account.retried,
        "cleaning_problem": run.cleaning_problem,
        "method": _METHOD,
        **pairs_data(found, void=run.void_reason is not None),
    }


def _fit(profile: Profile, duration_s: float, turn_s: float) -> Profile:
    """Return the profile over that time; raises BadInputError where turns make no sense of it."""
    if profile.model is Model.CLOSED or profile.kind is not Kind.RUN:
        raise BadInputError(
            f"profile {profile.name!r} is no open run of one shape",
            hint="turns need kind: run and model: open",
        )
    if duration_s < FEWEST_ROUNDS * len(ORDER) * turn_s:
        raise BadInputError(
            f"--duration {duration_s:g} holds fewer than {FEWEST_ROUNDS} rounds of four turns",
            hint=f"give {FEWEST_ROUNDS * len(ORDER) * turn_s:g} s at least, or shorter turns",
        )
    return profile.lasting(duration_s)
