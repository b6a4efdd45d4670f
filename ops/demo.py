"""From nothing to a verdict: serve, load, ask the golden set, judge, report."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ops import records
from ops.embedded import EmbeddedService, embedded_service
from ops.objectives import load_objectives
from reports import run_report
from slo.objective import Objective
from slo.verdict import Verdict, overall
from synthetic import golden, load
from synthetic.golden.run import OnAnswer
from synthetic.load import Access, OnProgress

Record = Mapping[str, Any]
PROFILE = "smoke"


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demonstration leaves: two run records, the page about them and the time it took."""

    load: Record
    golden: Record
    report: Path
    seconds: float

    @property
    def rows(self) -> list[Record]:
        """Return a judgement for each objective; the report also has those of each part."""
        every = [*self.load["rows"], *self.golden["rows"]]
        return [row for row in every if row["part"] is None]

    @property
    def verdict(self) -> Verdict:
        """Return the one verdict of both runs."""
        return overall(Verdict(record["verdict"]) for record in (self.load, self.golden))


def demonstrate(
    *,
    duration_s: float | None,
    on_serving: Callable[[EmbeddedService], None],
    watch_load: AbstractContextManager[OnProgress],
    watch_golden: AbstractContextManager[OnAnswer],
) -> Demo:
    """Run the whole chain against a service of its own and return what it showed.

    What watches a part is entered when that part begins and left when it ends. Raises
    HarnessError where a part cannot do its work; no process, port or temporary folder is
    left behind, whatever ends it.
    """
    began = time.monotonic()
    objectives = load_objectives()
    cases = golden.load_cases()
    profile = load.read_profile_named(PROFILE)
    with embedded_service() as service:
        on_serving(service)
        with watch_load as on_load:
            run = load.run(profile, service.url, duration_s=duration_s, on_progress=on_load)
        with watch_golden as on_answer:
            asked = _ask_golden(service.url, cases, objectives, on_answer)
    judged = load.judge_run(run, objectives)
    loaded = load.to_record(run, judged, commit=records.commit(), machine=records.machine())
    records.save("load", loaded)
    records.save("golden", asked)
    report = records.runs_dir() / "demo" / f"{run.id}.html"
    records.write_whole(report, run_report(loaded, asked))
    return Demo(loaded, asked, report, time.monotonic() - began)


def _ask_golden(
    url: str,
    cases: tuple[golden.Case, ...],
    objectives: tuple[Objective, ...],
    on_answer: OnAnswer,
) -> dict[str, Any]:
    started_at = datetime.now(UTC)
    with golden.over_http(url, access=Access()) as ask:
        result = golden.run(cases, ask, on_answer=on_answer)
    return golden.to_record(
        result,
        golden.judge(result, objectives),
        identifier=f"{started_at:%Y%m%dT%H%M%S}-golden",
        started_at=started_at,
        commit=records.commit(),
        machine=records.machine(),
        config={"target": url, "set": "shipped"},
    )
