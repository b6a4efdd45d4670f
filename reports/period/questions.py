"""What is asked of the metrics that play a role, in PromQL; an unbound role asks nothing."""

from collections.abc import Iterable, Iterator
from typing import Final

from slo.project.project import Project
from slo.project.roles import Roles, Saturation
from slo.series import selectors

PART: Final = "part"
"""The label that separates what one query asks together."""
PROCESSOR: Final = "process_cpu_seconds_total"
"""Processor time, as the client libraries of Prometheus call it in every language."""
MEMORY: Final = "memory"
"""The name of the saturation that is a process's memory."""

Asked = Iterator[tuple[str, str]]
"""What a question is called, and its text; {w} stands for the length of a slot."""


def slotted(project: Project) -> Asked:
    """Yield what is asked for every slot of the window and of the one before."""
    roles, failures = project.roles, project.reports.failures
    if one := roles.latency:
        buckets = f"{one.histogram}_bucket{{{project.users(one.route)}}}[{{w}}]"
        yield "latency", f"sum {_by(one.route, 'le')}(increase({buckets}))"
    if two := roles.accuracy:
        yield "accuracy", f"avg {_by(two.slice)}(avg_over_time({two.gauge}[{{w}}]))"
    if three := roles.cache:
        sides = {
            name: f"sum {_by(three.label)}(increase({counter}{{{project.target}}}[{{w}}]))"
            for name, counter in (("hits", three.hits), ("misses", three.misses))
        }
        yield "cache", together(**sides)
    if failures:
        counter = f"{failures.counter}{{{project.target}}}[{{w}}]"
        yield "failures", f"sum {_by(failures.part, failures.reason)}(increase({counter}))"


def own(project: Project) -> Asked:
    """Yield what is asked for every slot of the window itself only."""
    if found := counted(project):
        series, route = found
        parts = {"all": f"sum {_by(route)}(increase({series}[{{w}}]))"}
        if failing := failed(project):
            parts["failed"] = f"sum(increase({failing}[{{w}}]))"
        yield "requests", together(**parts)
    if users := project.reports.active_users:
        yield "active_users", f"max(max_over_time({users}{{{project.target}}}[{{w}}]))"
    used = {}
    if memory := memory_of(project.roles):
        resident = of_job(memory.used, project)
        used["memory"] = f"avg by (instance) (avg_over_time({resident}[{{w}}]))"
    if has_processor(project):
        used["cpu"] = f"sum by (instance) (rate({PROCESSOR}{{{project.target}}}[{{w}}]))"
    if used:
        yield "used", together(**used)


def fine(project: Project) -> Asked:
    """Yield what is asked every few minutes of the window itself."""
    roles = project.roles
    if roles.dependency:
        up = {
            name: f"avg(avg_over_time({selector}[{{w}}]))"
            for name, selector in dependencies(project)
        }
        yield "dependencies", _labelled("dependency", up.items())
    processes = {}
    if roles.started:
        started = f"{roles.started}{{{project.target}}}[{{w}}]"
        processes["starts"] = f"max by (instance) (max_over_time({started}))"
    if one := roles.version:
        info = f"{one.info}{{{project.target}}}[{{w}}]"
        processes["builds"] = f"max {_by(one.label)}(max_over_time({info}))"
    if processes:
        yield "processes", together(**processes)


def coverage(project: Project) -> Asked:
    """Yield what is asked every two minutes of the window: scrapes, and alerts that fire."""
    nobody = "|" if project.reports.unlabelled_alerts else ""
    firing = f'ALERTS{{alertstate="firing",service=~"{nobody}{project.name}"}}'
    # Instances come and go: the best scraped one says whether Prometheus scraped.
    yield "scrapes", "max by (job) (count_over_time(up[{w}]))"
    yield "alerts", f"max by (alertname, severity, priority) (max_over_time({firing}[{{w}}]))"


def answering(project: Project) -> str:
    """Return what asks whether any instance answered its scrape."""
    return f"max(max_over_time(up{{{project.target}}}[{{w}}]))"


def totals(project: Project) -> dict[str, str]:
    """Return what of a window as a whole is counted, by name: requests, seconds, failed."""
    found = {}
    if counter := counted(project):
        found["requests"] = f"sum(increase({counter[0]}[{{w}}]))"
    if one := project.roles.latency:
        spent = f"sum(increase({one.histogram}_sum{{{project.users(one.route)}}}[{{w}}]))"
        found["seconds"] = spent if one.second == 1 else f"{spent} / {one.second:g}"
    if failing := failed(project):
        found["failed"] = f"sum(increase({failing}[{{w}}]))"
    return found


def memory_limit(project: Project) -> str | None:
    """Return what asks for the smallest memory limit, None where nobody knows of one."""
    memory = memory_of(project.roles)
    if memory is None:
        return None
    if isinstance(memory.limit, float):
        return f"vector({memory.limit:.17g})"
    return f"min({of_job(memory.limit, project)} > 0)"


def counted(project: Project) -> tuple[str, str | None] | None:
    """Return the selector of the counter of users' requests, and the label of its routes.

    The count of the timed ones has no series for each status, so there is less to read.
    """
    requests, latency = project.roles.requests, project.roles.latency
    if latency and latency.times_all:
        return f"{latency.histogram}_count{{{project.users(latency.route)}}}", latency.route
    if requests:
        return f"{requests.counter}{{{project.users(requests.route)}}}", requests.route
    return None


def failed(project: Project) -> str | None:
    """Return the selector of the users' requests that the service failed."""
    one = project.roles.requests
    if one is None or one.status is None:
        return None
    return f'{one.counter}{{{project.users(one.route)},{one.status}=~"{one.failed}"}}'


def dependencies(project: Project) -> Iterator[tuple[str, str]]:
    """Yield each dependency's name and selector; one matcher alone says how a service calls it."""
    for one in project.roles.dependency:
        (selector,) = selectors(one.up)
        named = [value for _, op, value in selector.matchers if op == "="]
        yield named[0] if len(named) == 1 else one.name, of_job(one.up, project)


def memory_of(roles: Roles) -> Saturation | None:
    """Return the saturation that is the processes' memory."""
    return next((one for one in roles.saturation if one.name == MEMORY), None)


def has_processor(project: Project) -> bool:
    """Say whether processor time may be asked for: nobody wrote that there is none."""
    series = project.series()
    return series is None or PROCESSOR in series


def metric_of(selector: str) -> str:
    """Return the name of the metric that a selector reads."""
    return selectors(selector)[0].metric


def of_job(selector: str, project: Project) -> str:
    """Return a selector of the service's own job, unless it names one itself."""
    (one,) = selectors(selector)
    matchers = [f'{label}{op}"{_quoted(value)}"' for label, op, value in one.matchers]
    if not any(label == "job" for label, _, _ in one.matchers):
        matchers.append(project.target)
    return f"{one.metric}{{{','.join(matchers)}}}"


def _quoted(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"")


def together(**parts: str) -> str:
    """Return one expression for several; each series gets a label with its part's name."""
    return _labelled(PART, parts.items())


def _labelled(label: str, parts: Iterable[tuple[str, str]]) -> str:
    return " or ".join(
        f'label_replace({text}, "{label}", "{name}", "", "")' for name, text in parts
    )


def _by(*labels: str | None) -> str:
    known = [label for label in labels if label is not None]
    return f"by ({', '.join(known)}) " if known else ""
