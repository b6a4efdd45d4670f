"""A golden run as JUnit XML, as CI systems read it."""

from xml.etree.ElementTree import Element, SubElement, tostring

from kit.pure.json_values import JsonMapping


def junit(record: JsonMapping) -> str:
    """Return one suite for the gate and one for the cases.

    The gate decides: a wrong case that was wrong before is a test that is skipped with its
    reason, so that the file is red exactly when the gate is. Without a baseline a wrong case is
    a failure only if the gate fails. Follows the schema of Jenkins' xUnit plug-in.
    """
    root = Element("testsuites")
    gate = record["gate"]
    _gate_suite(root, record, gate)
    lost = {change["id"] for change in gate["changes"] if change["was_right"]}
    cases = SubElement(root, "testsuite", _counts("golden cases", record, record["cases"]))
    failures = skipped = errors = 0
    for result in record["results"]:
        case = SubElement(cases, "testcase", {"classname": "golden", "name": result["id"]})
        if result["right"]:
            continue
        text = _difference(result)
        if gate["verdict"] == "FAIL" and result["id"] in lost:
            kind = "failure"
            failures += 1
        elif result["problem"] is not None and gate["verdict"] == "NO DATA":
            kind = "error"
            errors += 1
        else:
            kind = "skipped"
            skipped += 1
        attributes = {"message": text} | ({} if kind == "skipped" else {"type": kind})
        SubElement(case, kind, attributes)
    for name, number in (("failures", failures), ("errors", errors), ("skipped", skipped)):
        cases.set(name, str(number))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _gate_suite(root: Element, record: JsonMapping, gate: JsonMapping) -> None:
    suite = SubElement(root, "testsuite", _counts("golden gate", record, 1))
    case = SubElement(suite, "testcase", {"classname": "golden", "name": "gate"})
    if gate["verdict"] == "FAIL":
        suite.set("failures", "1")
        failure = SubElement(case, "failure", {"message": gate["headline"], "type": "failure"})
        failure.text = "\n".join(gate["reasons"])
    elif gate["verdict"] != "PASS":
        suite.set("errors", "1")
        SubElement(case, "error", {"message": gate["headline"], "type": gate["verdict"]})


def _counts(name: str, record: JsonMapping, tests: int) -> dict[str, str]:
    return {
        "name": name,
        "tests": str(tests),
        "failures": "0",
        "errors": "0",
        "skipped": "0",
        "time": f"{record['wall_s']:.3f}",
        "timestamp": record["started_at"][:19],
    }


def _difference(result: JsonMapping) -> str:
    """Return what was expected and what came, in one line."""
    if result["answered"] is None:
        return f"{result['text']!r}: {result['problem']}"
    parts = (
        f"{name}: expected {result['expected'][name]!r}, got {result['answered'].get(name)!r}"
        for name in result["wrong_fields"]
    )
    return f"{result['text']!r}: " + "; ".join(parts)
