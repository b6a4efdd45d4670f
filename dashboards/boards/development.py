"""The dashboard of those who change the service."""

from collections.abc import Iterator

from dashboards.boards.promql import ROUTE, TARGET, buckets, growth, quantile, rate
from dashboards.boards.traffic import IDLE
from dashboards.facts import Facts
from dashboards.panel import Board, Kind, Panel, Query, Row, Unit
from dashboards.thresholds import too_low, warn_above
from slo.objective import Measure


def development(facts: Facts) -> Board:
    """Return accuracy, components, errors and the use of features."""
    return Board(
        uid="calendar-development",
        title="Calendar: development",
        summary="What the last change did to accuracy, speed and errors, and what people use.",
        tags=("development",),
        since="now-24h",
        rows=(
            Row("Does the parser understand people?", tuple(_accuracy(facts))),
            Row("Which component is slow or fails?", tuple(_components())),
            Row("Where do errors come from?", tuple(_errors())),
            Row("What is used?", tuple(_usage())),
        ),
    )


def _accuracy(facts: Facts) -> Iterator[Panel]:
    accuracy = facts.objective(Measure.ACCURACY)
    yield Panel(
        title="Accuracy, and the weakest slices",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(
            Query(f'avg(parsing_accuracy_ratio{{{TARGET},slice="all"}})', "all"),
            Query(
                f'bottomk(6, avg by (slice) (parsing_accuracy_ratio{{{TARGET},slice!="all"}}))',
                "{{slice}}",
            ),
        ),
        good="every slice above the objective.",
        otherwise="run `sre golden run` and read the mistakes of the slice that fell.",
        steps=too_low(bad=facts.limit("accuracy_low"), warning=accuracy.target),
        alerts=(
            "AccuracyVeryLow",
            "AccuracyBelowObjective",
            "AccuracySliceDropped",
            "AccuracyUnknown",
        ),
        width=12,
        lowest=0,
        highest=1,
    )
    yield Panel(
        title="Confidence of the parser",
        kind=Kind.HEATMAP,
        unit=Unit.SHARE,
        queries=(Query(buckets("parsing_confidence"), "{{le}}"),),
        good="dark at the top.",
        otherwise="a band in the middle is a kind of sentence that it reads half right.",
        when_empty="No sentence was read in this time.",
    )
    yield Panel(
        title="Sentences by outcome",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(
            Query(
                f"{rate('parsing_requests_total', by='outcome, source')} > 0",
                "{{outcome}} {{source}}",
            ),
        ),
        good="mostly understood.",
        otherwise="uncertain ones land in the review queue; learn from them.",
        alerts=("ParsingFails",),
        when_empty="No sentence was read in this time.",
        width=16,
        stacked=True,
        lowest=0,
    )
    yield Panel(
        title="Waiting for review",
        kind=Kind.STAT,
        unit=Unit.COUNT,
        queries=(Query(f"max(review_queue_size{{{TARGET}}})", "decisions"),),
        good="a person can look at them within a day.",
        otherwise="GET /review lists them; add what they teach to the golden set.",
        steps=warn_above(facts.limit("review_queue")),
        alerts=("ReviewQueueLong",),
        width=8,
    )


def _components() -> Iterator[Panel]:
    yield Panel(
        title="Time in each component",
        kind=Kind.TIMESERIES,
        unit=Unit.SECONDS,
        queries=(
            Query(quantile(0.95, "component_latency_seconds", by="component"), "{{component}} p95"),
        ),
        good="the parser within a millisecond or two, the database within ten.",
        otherwise="profile the one that grew; `logs/performance-metrics.log` has each request.",
        when_empty="No component was at work in this time.",
        lowest=0,
    )
    yield Panel(
        title="Failures of components",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(
            Query(
                f"{rate('component_failures_total', by='component, reason')} > 0",
                "{{component}} {{reason}}",
            ),
        ),
        good="0.",
        otherwise="timeouts point at the other side, invalid answers at our reading of them.",
        alerts=("ComponentFailing",),
        when_empty="No component failed in this time.",
        stacked=True,
        lowest=0,
    )


def _errors() -> Iterator[Panel]:
    for title, digit, good, otherwise in (
        (
            "Failed requests by route",
            "5",
            "nothing.",
            "take the request id from a failed answer to `calendar-api-errors.log`.",
        ),
        (
            "Refused requests by route",
            "4",
            "steady, and mostly 404 and 409.",
            "a rise after a release is a change of the contract that clients do not know.",
        ),
    ):
        expr = rate("http_requests_total", f'{ROUTE},status=~"{digit}.."', by="route, status")
        yield Panel(
            title=title,
            kind=Kind.TIMESERIES,
            unit=Unit.PER_SECOND,
            queries=(Query(f"topk(10, {expr} > 0)", "{{status}} {{route}}"),),
            good=good,
            otherwise=otherwise,
            when_empty=f"No request was answered {digit}xx in this time.",
            stacked=True,
            lowest=0,
        )
    expr = rate("calendar_operations_total", f'{TARGET},outcome!="ok"', by="operation, outcome")
    yield Panel(
        title="Operations that were not carried out",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(Query(f"topk(10, {expr} > 0)", "{{operation}} {{outcome}}"),),
        good="only not_found, conflict and rejected, which are the caller's.",
        otherwise="unavailable is a store that does not answer, error is a fault of ours.",
        when_empty="Every operation was carried out in this time.",
        width=24,
        lowest=0,
    )


def _usage() -> Iterator[Panel]:
    yield Panel(
        title="Use of features",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(
            Query(f"topk(10, {rate('feature_usage_total', by='feature')} > 0)", "{{feature}}"),
        ),
        good="new features find users.",
        otherwise="what nobody uses can go.",
        when_empty=IDLE,
        stacked=True,
        lowest=0,
    )
    yield Panel(
        title="Features in this time",
        kind=Kind.TABLE,
        unit=Unit.COUNT,
        queries=(
            Query(
                f"sort_desc({growth('feature_usage_total', by='feature')})", "uses", instant=True
            ),
        ),
        good="read it before removing or rebuilding anything.",
        otherwise="a feature that falls to 0 after a deploy is broken or hidden.",
        labels=("feature",),
        width=6,
    )
    yield Panel(
        title="Versions running",
        kind=Kind.TABLE,
        unit=Unit.COUNT,
        queries=(
            Query(
                f"count by (version, revision) (service_build_info{{{TARGET}}})",
                "instances",
                instant=True,
            ),
        ),
        good="one version outside of a deploy.",
        otherwise="two for long is a deploy that stopped half way.",
        labels=("version", "revision"),
        width=6,
    )
