"""Who reaches the pods and what they reach, by all NetworkPolicies together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.pure.errors import UnreachableError
from kit.pure.words import counted
from ops.checks.finding import DETAIL, Finding, State, info, no_data
from ops.incidents.isolation.cluster import live_policies
from ops.incidents.isolation.connections import partners
from ops.incidents.isolation.manifests import Workload, read_all_files
from ops.incidents.isolation.policies import Pod, Policy
from ops.incidents.isolation.rules import INGRESS
from ops.incidents.isolation.union import Opening, reach

_STEP = "hold both directions of it by a policy; the chart in deployment/helm has such policies"


@dataclass(frozen=True, slots=True)
class Source:
    """Whose policies: of the files of a folder where one is named, else the cluster's."""

    workload: Workload
    files: Path | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """All policies, the pods of the workload, and every pod that may be a partner."""

    workload: Workload
    policies: Sequence[Policy]
    pods: Sequence[Pod]
    others: Sequence[Pod] = ()


def see(source: Source) -> Reached | str:
    """Return what there is, or why the cluster does not say.

    Raises BadInputError for files that are no manifests.
    """
    if source.files is not None:
        return Reached(source.workload, *read_all_files(source.files, source.workload))
    try:
        return Reached(source.workload, *live_policies(source.workload))
    except UnreachableError as err:
        return str(err)


def judge(found: Reached | str | None) -> Iterator[Finding]:
    """Yield a finding for each direction, and a line for each opening.

    Everybody on every port, or a direction that no policy holds, is bad coming in and a warning
    going out; everybody on some ports is a warning where it comes in.
    """
    if found is None:
        how = "give --policies FILES, or --namespace for those of the cluster"
        yield info("network policies", f"not looked at: {how}")
        return
    if isinstance(found, str):
        yield no_data("network policies", found, "give --policies FILES of manifests")
        return
    if not found.pods:
        yield no_data(
            "network policies",
            f"the namespace {found.workload.namespace} has no pod {'='.join(found.workload.label)}",
            "give --namespace and --deployment",
        )
        return
    every = {one.shown: one for pod in found.pods for one in reach(found.policies, pod)}
    coming = [one for one in every.values() if one.direction == INGRESS]
    yield from _direction("who reaches it", coming, found.others, State.FAIL)
    going = [one for one in every.values() if one.direction != INGRESS]
    yield from _direction("what it reaches", going, found.others, State.WARN)


def _direction(
    subject: str, openings: Sequence[Opening], others: Sequence[Pod], worst: State
) -> Iterator[Finding]:
    held = [one for one in openings if one.by]
    loose = [one for one in openings if not one.by]
    wide = [one for one in held if one.is_everybody]
    if loose:
        yield Finding(subject, worst, loose[0].shown, limit="held by a policy", do_next=_STEP)
    elif any(one.is_every_port for one in wide):
        yield Finding(subject, worst, wide[0].shown, limit="named partners", do_next=_STEP)
    elif wide and worst is State.FAIL:
        step = "right for a service that clients reach themselves; else name who may"
        yield Finding(subject, State.WARN, wide[0].shown, limit="named partners", do_next=step)
    else:
        value = counted(len(held), "opening") if held else "nothing but its own node"
        yield Finding(subject, State.PASS, value, limit="named partners")
    for one in held:
        known = partners(one, others)
        names = f": {', '.join(known)}" if known else ""
        yield info(f"{DETAIL}{' and '.join(one.by)}", f"{one.what}{names}")
