"""What a deploy of alert rules needs from this machine: files, who, which commit, promtool."""

import getpass
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from alerts.edge.deploy import Request
from alerts.edge.generated import built_paths
from alerts.edge.promtool_check import promtool_check
from alerts.edge.rule_checks import read_rule_file
from alerts.edge.server import Server
from kit.edge import records
from kit.edge.prometheus import prometheus_headers, prometheus_url
from kit.pure.errors import BadInputError
from slo.project.project import Project


def rule_texts(project: Project, paths: Sequence[Path] = ()) -> dict[str, str]:
    """Return the text of rule files by name; those that are generated when none is given."""
    chosen = paths or built_paths(project)[:2]
    texts = {path.name: read_rule_file(path) for path in chosen}
    if len(texts) != len(chosen):
        raise BadInputError("two rule files have the same name", hint="rename one")
    return texts


def request(
    project: Project,
    files: Mapping[str, str],
    *,
    patience_s: float = 180,
    allow_removals: bool = False,
    most_series: int = 1000,
) -> Request:
    """Return the request of the person who runs this, from the commit of the project's file."""
    return Request(
        files=files,
        who=os.environ.get("SRE_USER") or getpass.getuser(),
        commit=records.commit(Path(project.source).resolve().parent),
        known=frozenset(project.series() or ()),
        check=check_with_promtool,
        patience_s=patience_s,
        allow_removals=allow_removals,
        most_series=most_series,
    )


def server(project: Project, url: str | None) -> Server:
    """Return the Prometheus that is named, else by the environment, else by the project."""
    found = prometheus_url(url) or project.places.prometheus
    if found is None:
        raise BadInputError("no Prometheus is named", hint="give --prometheus http://host:9090")
    return Server(found, headers=prometheus_headers())


def check_with_promtool(files: Mapping[str, str]) -> None:
    """Raise BadInputError with promtool's reason when it does not accept the files."""
    with tempfile.TemporaryDirectory(prefix="sre-deploy-") as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            verdict = promtool_check(path)
            if not verdict["ok"]:
                raise BadInputError(f"{name}: promtool: {verdict['says']}", hint="fix the rule")
