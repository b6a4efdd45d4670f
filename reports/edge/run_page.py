"""The page of one load run, one golden run, or both."""

from collections.abc import Iterator, Sequence

from kit.charts import latency
from kit.charts.accuracy import calibration, shares
from kit.charts.confusion import confusion
from kit.charts.failures import failures
from kit.charts.record import RunRecord
from kit.charts.scaling import scaling
from kit.charts.throughput import throughput
from reports.edge.html_page import to_html
from reports.run import golden_sections
from reports.run.document import check_records, run_document
from slo.project.reports import GENERIC, Reports

_EXPRESSION = "expression:"


def run_report(
    load: RunRecord | None,
    golden: RunRecord | None,
    *,
    differences: Sequence[str] = (),
    words: Reports = GENERIC,
) -> str:
    """Return the page for the record of a load run, of a golden run, or of both.

    `differences` are lines of the load run's comparison with a baseline, `words` those of the
    service. The records follow their published schemas, or it is a BadInputError; the same records
    give the same page.
    """
    check_records(load, golden)
    charts = run_charts(load, golden)
    document = run_document(load, golden, differences=differences, charts=charts, words_of=words)
    return to_html(document, lambda chart: charts[chart.name])


def run_charts(load: RunRecord | None, golden: RunRecord | None) -> dict[str, str]:
    """Return the charts that can be drawn of these records, as SVG by name."""
    drawn = dict(_of_load(load) if load is not None else ())
    drawn |= _of_golden(golden) if golden is not None else ()
    return {name: svg for name, svg in drawn.items() if svg is not None}


def _of_load(record: RunRecord) -> Iterator[tuple[str, str | None]]:
    thresholds_s = sorted({r["threshold_s"] for r in record["rows"] if r["threshold_s"]})
    yield "distribution", latency.distribution(record)
    yield "overtime", latency.over_time(record, thresholds_s)
    yield "throughput", throughput(record)
    yield "heat", latency.heat_map(record)
    yield "failures", failures(record)
    yield "scaling", scaling(record)


def _of_golden(record: RunRecord) -> Iterator[tuple[str, str | None]]:
    target = next((row["target"] for row in record["rows"]), None)
    slices, titles = record["slices"], golden_sections.CHARTS
    kinds = {
        label.removeprefix(_EXPRESSION): share
        for label, share in slices.items()
        if label.startswith(_EXPRESSION)
    }
    others = {
        label.replace(":", " · "): share
        for label, share in slices.items()
        if not label.startswith(_EXPRESSION) and label != "all"
    }
    for name, found, line in (
        ("expressions", kinds, target),
        ("slices", others, target),
        ("fields", record["fields"], None),
    ):
        ordered = sorted(found.items(), key=lambda item: (item[1]["ratio"] or 0.0, item[0]))
        yield name, shares(ordered, target=line, name=name, title=titles[name])
    yield "calibration", calibration(record)
    for name, table in (("starts", "start"), ("rules", "recurrence")):
        yield name, confusion(record["confusion"][table], name=name, title=titles[name])
