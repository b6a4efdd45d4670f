"""The files that a load run is asked to write beside its record."""

from dataclasses import replace
from pathlib import Path

from kit.edge.writing import write_whole
from kit.pure.errors import HarnessError
from reports.edge.run_page import run_report
from reports.run.load_junit import load_junit
from reports.run.load_markdown import load_markdown
from synthetic.edge.load.outcome import Outcome


def with_files(
    done: Outcome, *, html: Path | None, junit: Path | None, markdown: Path | None
) -> Outcome:
    """Write what is asked for; the outcome's `trouble` says why where it cannot be."""
    try:
        _write(done, html=html, junit=junit, markdown=markdown)
    except HarnessError as err:
        return replace(done, trouble=done.trouble or err)
    return done


def _write(done: Outcome, *, html: Path | None, junit: Path | None, markdown: Path | None) -> None:
    changes = () if done.comparison is None else done.comparison.differences
    lines = tuple(f"p{one.percentile * 100:g} of {one.route}: {one}" for one in changes)
    if junit is not None:
        write_whole(junit, load_junit(done.record))
    if markdown is not None:
        write_whole(markdown, load_markdown(done.record, lines))
    if html is not None:
        write_whole(html, run_report(done.record, None, differences=lines))
