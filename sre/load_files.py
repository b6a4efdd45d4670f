"""The files that a load run is asked to write beside its record."""

from dataclasses import replace
from pathlib import Path

from kit.edge.writing import write_wanted
from kit.pure.errors import HarnessError
from reports.run.load_junit import load_junit
from reports.run.load_markdown import load_markdown
from synthetic.edge.load.outcome import Outcome


def with_files(
    done: Outcome, *, html: Path | None, junit: Path | None, markdown: Path | None
) -> Outcome:
    """Write what is asked for; the outcome's `trouble` says why where it cannot be."""
    changes = () if done.comparison is None else done.comparison.differences
    lines = tuple(f"p{one.percentile * 100:g} of {one.route}: {one}" for one in changes)
    try:
        write_wanted(
            (junit, lambda: load_junit(done.record)),
            (markdown, lambda: load_markdown(done.record, lines)),
            (html, lambda: _page(done, lines)),
        )
    except HarnessError as err:
        return replace(done, trouble=done.trouble or err)
    return done


def _page(done: Outcome, differences: tuple[str, ...]) -> str:
    from reports.edge.run_page import run_report  # noqa: PLC0415 -- half a second of processor

    return run_report(done.record, None, differences=differences)
