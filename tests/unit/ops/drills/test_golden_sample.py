"""A drill asks a part of the golden set, of the project that is shipped in everything else."""

from dataclasses import fields
from pathlib import Path

from ops.drills.golden_sample import sampled_project
from slo.edge.project_file import load_project, shipped
from synthetic.edge.golden.sets import golden_set


def test_a_sample_of_the_golden_set_stands_in_a_project_that_is_else_the_shipped_one(
    tmp_path: Path,
) -> None:
    project = load_project(sampled_project(tmp_path))
    asked, whole = golden_set(project).cases, golden_set(shipped()).cases
    assert {case.id for case in asked} < {case.id for case in whole}
    assert len(whole) / 16 < len(asked) < len(whole) / 14
    for each in fields(project.paths):
        there = getattr(project.paths, each.name)
        if each.name not in {"golden", "build", "runs"} and there is not None:
            assert Path(there).resolve() == Path(getattr(shipped().paths, each.name))
