"""What promtool says of rule files, all of them asked about in one run."""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from alerts.checks.promql_parse import needs_version_3
from alerts.checks.run import Read
from alerts.checks.subject import Subject
from alerts.checks.tree import OLD_FUNCTIONS
from kit.edge.tools import tool_command
from kit.pure.errors import BadInputError
from kit.pure.fields import SAFE_LOADER

_PATIENCE_S: Final = 300
_NO_REASON: Final = ("Checking ", "FAILED:", "SUCCESS:")
_OF_GROUPS: Final = frozenset({"name", "interval", "limit"})
"""Fields of a group that every promtool knows."""
_NEWER: Final = re.compile(r"^[ -]*[\"']?(query_offset|partial_response_strategy)\b", re.MULTILINE)
"""Fields of groups that only newer ones know, or only those who store what Prometheus measures."""
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def refusals(read: Read) -> dict[str, str]:
    """Return by file why Prometheus would refuse it; UnreachableError without promtool.

    A PrometheusRule, and each document of several, is shown as the rule file that it stands for.
    Rules that only one version of Prometheus takes are left out: which one promtool is of nobody
    knows, and the parser here takes both.
    """
    with tempfile.TemporaryDirectory() as folder:
        names: dict[str, str] = {}
        for number, (file, text) in enumerate(read.texts):
            rules = [each for each in read.rules if each.file == file]
            for part, shown in enumerate(_documents(text, rules)):
                path = Path(folder).resolve() / f"{number}-{part}.yaml"
                path.write_text(shown, encoding="utf-8")
                names[str(path)] = file
        return _said(folder, names) if names else {}


def promtool_check(path: Path) -> dict[str, Any]:
    """Return {file, ok, says} of `promtool check rules`; UnreachableError without promtool."""
    if not path.is_file():
        raise BadInputError(f"no rule file {path}", hint="run `sre alerts build`, or name a file")
    file = path.resolve()
    done = _run(file.parent, [str(file)])
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
    reasons = dict.fromkeys(line.removeprefix(f"{file}: ") for line in lines)
    says = "; ".join(line for line in reasons if line and not line.startswith(_NO_REASON))
    return {"file": str(path), "ok": done.returncode == 0, "says": says}


def _run(folder: Path, files: Iterable[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*tool_command("promtool", [folder]), "check", "rules", "--lint=none", *files],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )


def _documents(text: str, rules: list[Subject]) -> list[str]:
    """Return the rule files that a text stands for: itself, where it is one."""
    of_one = {each.expr for each in rules if _is_of_one_version(each)}
    of_others = any(each.group.of_kubernetes or each.group.labelled for each in rules)
    single = not of_others and not _NEWER.search(text) and "\n---" not in text
    if single and not of_one:
        return [text]
    try:
        documents = list(yaml.load_all(text, SAFE_LOADER))
    except (yaml.YAMLError, ValueError):
        return [text]
    return [
        yaml.dump({"groups": _taken(groups, of_one)}, Dumper=_DUMPER, sort_keys=False)
        for document in documents
        for groups in _lists(document)
    ]


def _lists(document: Any) -> list[Any]:
    if not isinstance(document, Mapping):
        return []
    if "kind" not in document:
        return [document["groups"]] if "groups" in document else []
    items = document.get("items") or [document]
    specs = [item.get("spec") for item in items if isinstance(item, Mapping)]
    return [spec["groups"] for spec in specs if isinstance(spec, Mapping) and "groups" in spec]


def _taken(groups: Any, of_one: set[str]) -> Any:
    if not isinstance(groups, list):
        return groups
    return [
        {**{key: each for key, each in group.items() if key in _OF_GROUPS}, "rules": [
            rule for rule in group.get("rules") or ()
            if not isinstance(rule, dict) or str(rule.get("expr") or "") not in of_one
        ]}
        for group in groups if isinstance(group, dict)
    ]  # fmt: skip


def _is_of_one_version(subject: Subject) -> bool:
    old = any(f"{name}(" in subject.expr for names in OLD_FUNCTIONS.items() for name in names)
    return old or needs_version_3(subject)


def _said(folder: str, names: Mapping[str, str]) -> dict[str, str]:
    done = _run(Path(folder).resolve(), names)
    if done.returncode == 0:
        return {}
    found: dict[str, dict[str, None]] = {}
    file = ""
    for line in done.stderr.splitlines():
        path, _, rest = line.strip().partition(": ")
        file, said = (names[path], rest) if path in names else (file, line.strip())
        if file and said and not said.startswith(_NO_REASON):
            found.setdefault(file, {})[said] = None
    if not found:
        return dict.fromkeys(set(names.values()), " ".join(done.stderr.split()))
    return {file: "; ".join(said) for file, said in found.items()}
