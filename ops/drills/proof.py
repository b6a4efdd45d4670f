"""Which drill proved which alert, from the records that are kept in `drills/records`.

`python -m ops.drills.proof [RUNS]` first keeps the newest record of each drill that passed below
RUNS (`runs/drill`), then writes the table in docs/alerts.md anew.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from alerts.edge.shipped import HOME as ALERTS
from kit.edge.record_schemas import problems
from kit.pure.errors import BadInputError
from kit.pure.fields import SAFE_LOADER
from kit.pure.json_values import JsonMapping, JsonObject, from_json
from ops.drills.files import HOME, shipped_drills
from slo.recorded import SLO_LABEL
from slo.verdict import Verdict

RECORDS: Final = HOME / "records"
UNPROVEN: Final = RECORDS / "unproven.yaml"
PAGE: Final = HOME.parent / "docs" / "alerts.md"
BEGIN: Final = "<!-- written by python -m ops.drills.proof -->"
END: Final = "<!-- until here -->"


@dataclass(frozen=True, slots=True)
class Proof:
    """An alert that a drill proved: when it arrived in the drill, and at most as shipped."""

    alert: str
    drill: str
    breaks: str
    told_after_s: float | None
    as_shipped_s: float | None
    date: str


def alert_names() -> dict[str, bool]:
    """Return every alert that is shipped, in the order of the rules; True: it is of an objective.

    An objective that is added brings alerts that no drill is about, and that promtool plays.
    """
    generated = ALERTS / "generated"
    texts = [generated / "calendar.yaml", generated / "routing" / "escalation.yaml"]
    return {
        rule["alert"]: SLO_LABEL in rule["labels"]
        for path in texts
        for group in yaml.load(path.read_text(encoding="utf-8"), SAFE_LOADER)["groups"]  # noqa: S506 -- a safe one
        for rule in group["rules"]
        if "alert" in rule
    }


def proofs_of(record: JsonMapping) -> Iterator[Proof]:
    """Yield what a record proves: nothing unless it passed."""
    if record["verdict"] != Verdict.PASS:
        return
    config, date = record["config"], record["started_at"][:10]
    for each in record["alerts"]:
        if each["told_after_s"] is not None:
            yield Proof(each["alert"], config["drill"], config["breaks"], each["told_after_s"],
                        each["told_after_as_shipped_s"], date)  # fmt: skip
    for alert in config.get("proves", ()):
        yield Proof(alert, config["drill"], config["breaks"], None, None, date)


def kept_records() -> list[JsonObject]:
    """Return the records that are kept; raises BadInputError for one that is none."""
    found = []
    for path in sorted(RECORDS.glob("*.json")):
        record = from_json(path.read_text(encoding="utf-8"))
        if wrong := problems(record):
            raise BadInputError(f"{path}: {wrong[0]}", hint="run the drill again")
        found.append(record)
    return found


def reasons(proofs: Sequence[Proof]) -> dict[str, str]:
    """Return why an alert is proved by no drill, by its name.

    One of which a drill has no record yet has that reason; for the others it is written down.
    """
    proved = {proof.alert for proof in proofs}
    without = {
        expected.alert: f"not yet: `sre drill run {drill.name}` has no record here"
        for drill in shipped_drills().values()
        for expected in drill.expects
        if expected.alert not in proved
    }
    return without | dict(yaml.safe_load(UNPROVEN.read_text(encoding="utf-8")))


def table(names: Mapping[str, bool], proofs: Sequence[Proof], why_not: Mapping[str, str]) -> str:
    """Return the table of alerts as Markdown, without those of objectives that no drill is about.

    Raises BadInputError for another without proof and without reason, and for one with both.
    """
    rows, proved = [], 0
    for name, is_of_objective in names.items():
        of_it = [proof for proof in proofs if proof.alert == name]
        if is_of_objective and not of_it and name not in why_not:
            continue
        if bool(of_it) == (name in why_not):
            fault = "has a proof, and a reason why there is none" if of_it else "has neither"
            raise BadInputError(f"{name} {fault}", hint=f"see {UNPROVEN} and {RECORDS}")
        proved += bool(of_it)
        rows.append(f"| {name} | {_drills(of_it)} | {_after(of_it) or why_not[name]} |")
    head = f"{proved} of {len(rows)} alerts are proved by a drill.\n\n"
    return head + "| alert | proved by | arrived, or why not |\n|---|---|---|\n" + "\n".join(rows)


def _drills(proofs: Sequence[Proof]) -> str:
    return ", ".join(
        f"[{proof.drill}](../drills/records/{proof.drill}.json)" for proof in proofs
    ) or "no drill"  # fmt: skip


def _after(proofs: Sequence[Proof]) -> str:
    if not proofs:
        return ""
    first = proofs[0]
    if first.told_after_s is None:
        return f"by staying away, {first.date}"
    return (
        f"after {first.told_after_s:.0f} s, as shipped at most {first.as_shipped_s} s; {first.date}"
    )


def with_table(page: str, written: str) -> str:
    """Return the page with the table between its marks; raises BadInputError without them."""
    before, mark, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (mark and end):
        raise BadInputError(f"{PAGE} has no place for the table", hint=f"put {BEGIN} and {END} in")
    return f"{before}{BEGIN}\n{written}\n{END}{after}"


def keep(runs: Path) -> None:
    """Keep the newest record below a folder of each drill that passed."""
    RECORDS.mkdir(exist_ok=True)
    for path in sorted(runs.glob("*.json")):
        record = from_json(path.read_text(encoding="utf-8"))
        if record["verdict"] == Verdict.PASS and not problems(record):
            shutil.copyfile(path, RECORDS / f"{record['config']['drill']}.json")


def written_page() -> str:
    """Return docs/alerts.md with the table as it must be."""
    proofs = [proof for record in kept_records() for proof in proofs_of(record)]
    return with_table(
        PAGE.read_text(encoding="utf-8"), table(alert_names(), proofs, reasons(proofs))
    )


def main(words: Sequence[str]) -> int:
    """Keep records where a folder of them is named, then write the table."""
    if words:
        keep(Path(words[0]))
    PAGE.write_text(written_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
