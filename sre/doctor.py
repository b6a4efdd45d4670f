"""`sre doctor`: what this machine has of what the product needs."""

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console

from kit.pure.exits import Exit
from ops.doctor import Finding, examine
from sre.answer import Answer
from sre.screen import table_of


def doctor() -> Answer:
    """Say what this machine has of what the product needs, and what to do about the rest."""
    findings = examine()
    lacks = any(finding.required and not finding.found for finding in findings)
    data = {
        "schema": "calendar-sre/doctor/v1",
        "findings": [asdict(finding) for finding in findings],
    }
    return Answer(data, lambda out: _show(out, findings), Exit.UNREACHABLE if lacks else Exit.HOLDS)


def _show(out: Console, findings: Sequence[Finding]) -> None:
    table = table_of("", "part", "here", "needed for", "next step")
    for finding in findings:
        mark = "ok" if finding.found else ("MISSING" if finding.required else "absent")
        step = "" if finding.found else finding.next_step
        table.add_row(mark, finding.part, finding.detail, finding.needed_for, step)
    out.print(table)
