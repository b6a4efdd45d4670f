"""A load run's verdict as JUnit XML: one test an objective, and one an objective and route."""

from xml.etree import ElementTree as ET

from kit.charts.record import RunRecord
from reports.run.load_words import (
    measured_words,
    more_words,
    plan_words,
    row_name,
    target_words,
    unmeasurable_words,
)
from slo.verdict import Verdict


def load_junit(record: RunRecord) -> str:
    """Return the XML.

    A missed objective is a failure; what is not decided is an error, since it must not pass, but
    for a single route it is only skipped. So is what a load run cannot measure.
    """
    suite = ET.Element(
        "testsuite",
        name=f"load.{record['config']['profile']['name']}",
        timestamp=str(record["started_at"]),
        time=f"{record['wall_s']:.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    for name in ("id", "commit", "verdict"):
        ET.SubElement(properties, "property", name=name, value=str(record[name]))
    tags = [_case(suite, row, record) for row in record["rows"]]
    suite.set("tests", str(len(tags)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(tags.count(tag)))
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, row: RunRecord, record: RunRecord) -> str | None:
    """Add a test case; return the tag of what went wrong with it."""
    case = ET.SubElement(
        suite, "testcase", classname=suite.get("name", ""), name=row_name(row), time="0"
    )
    if why := unmeasurable_words(row):
        ET.SubElement(case, "skipped", message=why)
        return "skipped"
    verdict = Verdict(row["verdict"])
    if verdict is Verdict.PASS:
        return None
    tag = "failure" if verdict is Verdict.FAIL else "error" if row["part"] is None else "skipped"
    why = f"{measured_words(row)}, the objective is {target_words(row)}"
    if record["void_reason"]:
        why = f"void: {record['void_reason']}"
    elif record.get("status") == "partial":
        why += f"; a partial run: {plan_words(record.get('plan'))}"
    elif more := more_words(row):
        why += f"; {more}"
    ET.SubElement(case, tag, message=f"{verdict}: {why}")
    return tag
