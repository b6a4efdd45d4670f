"""`sre drill`: rehearse failures on a private stack, and prove that alerting and recovery work."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.edge import records
from kit.edge.containers.session import engine_session
from kit.edge.outputs import check_records
from kit.pure.errors import BadInputError, HarnessError, RefusedError
from kit.pure.exits import INTERRUPTED
from kit.pure.fields import closest
from ops.drills.drill import Drill, with_patience
from ops.drills.files import read_drill, shipped_drills
from ops.drills.record import to_record
from ops.drills.rehearse import rehearse_all
from ops.drills.rules import rule_texts
from slo.verdict import Verdict, overall
from sre.answer import Answer
from sre.drill_screen import print_drills, print_outcomes, telling
from sre.exits import exit_of_verdict

Kept = tuple[dict[str, Any], Path | None]
_TARGET = typer.Option(help="Another system; refused: a drill breaks only what it started itself.")


def list_drills() -> Answer:
    """List the drills: what each breaks, which alert must arrive, how long it takes."""
    found = tuple(shipped_drills().values())
    data = {"schema": "calendar-sre/drills/v1", "drills": [_entry(drill) for drill in found]}
    return Answer(data, lambda out: print_drills(out, found))


def run(
    name: Annotated[
        list[str], typer.Argument(help="Drills of `sre drill list`, `all`, or drill files (.yaml).")
    ],
    rules: Annotated[
        list[Path] | None, typer.Option(help="Rule files to rehearse, instead of the shipped ones.")
    ] = None,
    target: Annotated[str | None, _TARGET] = None,
    patience: Annotated[
        float, typer.Option(min=1, max=20, help="Times the limits of time, on a busy machine.")
    ] = 1.0,
) -> Answer:
    """Break a private stack, see which alerts arrive, mend it, and see what is lost.

    PASS exits 0, FAIL 1; 5 when the stack did not come up or was not well before the fault. Waits
    are shortened, which the record in runs/drill says. Drills that want the same stack share one.
    Needs a container engine. Leaves nothing running, whatever ends it.
    """
    _refuse(target)
    drills = [with_patience(drill, patience) for drill in _named(name)]
    texts = rule_texts(rules or ())
    check_records("drill")
    found: list[Kept] = []
    trouble = None
    with telling() as tell, engine_session(tell):
        for outcome in rehearse_all(drills, texts, tell):
            record = to_record(outcome, commit=records.commit(), machine=records.machine())
            path = None
            try:
                path = records.save("drill", record)
            except HarnessError as err:
                trouble = err  # the verdict stands all the same
            tell(f"drill {outcome.drill.name}: {record['verdict']}, record {path or 'not kept'}")
            found.append((record, path))
    return answer_of(found, trouble)


def answer_of(found: Sequence[Kept], trouble: HarnessError | None = None) -> Answer:
    """Return what drills showed, by their records and where these are kept."""
    verdict = overall(Verdict(record["verdict"]) for record, _ in found)
    data = {
        "schema": "calendar-sre/drills-run/v1",
        "verdict": verdict,
        "drills": [record for record, _ in found],
    }
    interrupted = any(record["interrupted"] for record, _ in found)
    code = INTERRUPTED if interrupted else exit_of_verdict(verdict)
    return Answer(data, lambda out: print_outcomes(out, found), code, trouble)


def _named(names: Sequence[str]) -> list[Drill]:
    drills = shipped_drills()
    found: list[Drill] = []
    for name in names:
        if Path(name).suffix in {".yaml", ".yml"}:
            found.append(read_drill(Path(name)))
        elif name == "all":
            found += drills.values()
        elif name in drills:
            found.append(drills[name])
        else:
            raise BadInputError(
                f"no drill is called {name!r}", hint=closest(name, [*drills, "all"])
            )
    return list({drill.name: drill for drill in found}.values())


def _refuse(target: str | None) -> None:
    if target is not None:
        raise RefusedError(
            f"{target} is not a stack that a drill has started, and would be broken for real",
            hint="leave --target out: a drill starts a stack of its own",
        )


def _entry(drill: Drill) -> dict[str, Any]:
    return {
        "name": drill.name,
        "breaks": drill.breaks,
        "expects": [
            {"alert": e.alert, "priority": e.priority, "receiver": e.receiver}
            for e in drill.expects
        ],
        "about_s": drill.about_s,
        "most_failed_share": drill.most_failed_share,
    }
