"""A load run's verdict as Markdown, for a merge request's comment or a CI summary."""

from kit.charts.record import RunRecord
from reports.run.load_words import (
    capacity_words,
    failure_words,
    health_words,
    measured_words,
    more_words,
    percentiles,
    plan_words,
    row_name,
    sender_words,
    target_words,
    unmeasurable_words,
)
from slo.verdict import Verdict


def load_markdown(record: RunRecord, differences: tuple[str, ...] = ()) -> str:
    """Return the text; `differences` are lines of a comparison with a baseline."""
    config, account = record["config"], record["account"]
    lines = [
        f"## Load test {config['profile']['name']}: {record['verdict']}",
        "",
        *_notes(record),
        (
            f"{account['sent']:,} requests sent, {record['overall']['failed']:,} failed, "
            f"{record['rate_per_s']:.1f}/s; revision `{record['commit']}`, run `{record['id']}`."
        ),
        "",
        "| Objective | Target | Measured | Verdict |",
        "|---|---:|---|---|",
    ]
    rows = [row for row in record["rows"] if row["part"] is None or row["verdict"] == Verdict.FAIL]
    for row in rows:
        more, why = more_words(row), unmeasurable_words(row)
        verdict = f"**{row['verdict']}**" + (f": {more}" if more else "")
        measured = "-" if why else measured_words(row)
        cells = (row_name(row), target_words(row), measured, why or verdict)
        lines.append(_table_row(*cells))
    lines += ["", *_routes(record)]
    if differences:
        lines += ["", "Against the baseline:", "", *(f"- {_plain(one)}" for one in differences)]
    return "\n".join(lines) + "\n"


def _notes(record: RunRecord) -> list[str]:
    notes = []
    if record["void_reason"]:
        notes.append(f"**Void:** {_plain(record['void_reason'])}.")
    if record["interrupted"]:
        notes.append("**Interrupted: a partial run.**")
    if record.get("status", "whole") != "whole":
        notes.append(f"Plan: {plan_words(record.get('plan'))}.")
    if record.get("stopped_early"):
        notes.append(f"Stopped early: {_plain(record['stopped_early'])}.")
    if failures := failure_words(record):
        notes.append(f"Failed: {', '.join(failures)}.")
    check = record.get("cross_check")
    if check and check["differing"]:
        routes = ", ".join(f"`{name}`" for name in check["differing"])
        notes.append(f"The service's own counts differ on {routes}.")
    notes += sender_words(record)
    if missing := health_words(record.get("health")):
        notes.append(f"The service said of itself: {_plain(missing)}.")
    if record.get("capacity"):
        notes += [f"Capacity: {_plain(line)}." for line in capacity_words(record["capacity"])]
    return [line for note in notes for line in (note, "")]


def _routes(record: RunRecord) -> list[str]:
    lines = ["| Route | Requests | Failed | p50 | p95 | p99 |", "|---|---:|---:|---:|---:|---:|"]
    for name, one in record["routes"].items():
        if one["requests"]:
            counts = (f"{one['requests']:,}", f"{one['failed']:,}")
            lines.append(_table_row(f"`{name}`", *counts, *percentiles(one)))
    return lines


def _table_row(*cells: str) -> str:
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"


def _plain(text: str) -> str:
    """Return text that cannot break out of a table or a line."""
    return " ".join(text.split()).replace("|", "\\|")
