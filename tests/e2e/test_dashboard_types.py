"""The generated boards are what Grafana's own types of a dashboard and its panels say."""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.page_tools import installed
from tests.support.waiting import HANGS_S

pytestmark = pytest.mark.thorough
BOARDS: Final = sorted(Path("dashboards/generated").glob("*.json"))
TOOLS: Final = ("@grafana/schema@11.6.0", "typescript@5.8.3")
PANELS: Final = {
    "timeseries": "TimeSeries",
    "table": "Table",
    "stat": "Stat",
    "gauge": "Gauge",
    "heatmap": "Heatmap",
}
# JSON has the values of Grafana's enumerations and not their names, so Plain takes the values.
# Known noise, where Grafana reads more than its types of every source tell: an annotation's `expr`
# and how it is written, which are those of a Prometheus; an interval variable's `auto`.
HEAD: Final = """
import type * as board from "@grafana/schema/dist/esm/raw/dashboard/x/dashboard_types.gen";
type Plain<T> = unknown extends T ? T : T extends string ? `${T}`
  : T extends (infer One)[] ? Plain<One>[]
  : T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T;
type Mark = Plain<board.AnnotationQuery> & { expr?: string; step?: string; titleFormat?: string;
  textFormat?: string; tagKeys?: string; useValueForTime?: boolean };
type Choice = Plain<board.VariableModel> & { auto?: boolean; auto_count?: number;
  auto_min?: string };
type Whole = Omit<Plain<board.Dashboard>, "panels" | "annotations" | "templating"> & {
  annotations: { list: Mark[] }; templating: { list: Choice[] } };
type Fields = Plain<board.FieldConfigSource>;
type Shown<Options, Custom> = Omit<Plain<board.Panel>, "options" | "fieldConfig"> & {
  options: Partial<Plain<Options>>;
  fieldConfig: Omit<Fields, "defaults"> & {
    defaults: Omit<Fields["defaults"], "custom"> & { custom?: Partial<Plain<Custom>> } };
};
type Row = Plain<board.RowPanel>;
"""


def program(boards: dict[str, dict[str, Any]]) -> str:
    """Return a TypeScript program that is right where boards are what the types say."""
    lines = [HEAD]
    for kind, name in PANELS.items():
        place = (
            f"@grafana/schema/dist/esm/raw/composable/{kind}/panelcfg/x/{name}PanelCfg_types.gen"
        )
        lines.append(f'import type * as {kind} from "{place}";')
        custom = f"{kind}.FieldConfig" if kind in {"timeseries", "table", "heatmap"} else "object"
        lines.append(f"type {name} = Shown<{kind}.Options, {custom}>;")
    for number, found in enumerate(boards.values()):
        whole = {key: value for key, value in found.items() if key != "panels"}
        lines.append(f"export const b{number}: Whole = {json.dumps(whole)};")
        for panel in found["panels"]:
            kind = "Row" if panel["type"] == "row" else PANELS[panel["type"]]
            lines.append(f"export const b{number}p{panel['id']}: {kind} = {json.dumps(panel)};")
    return "\n".join(lines)


def troubles(boards: dict[str, dict[str, Any]], tmp_path: Path) -> list[str]:
    folder = installed("grafana-types", TOOLS)
    (tmp_path / "node_modules").symlink_to(folder / "node_modules")
    (tmp_path / "boards.ts").write_text(program(boards))
    told = subprocess.run(
        [folder / "node_modules/.bin/tsc", "--noEmit", "--strict", "--skipLibCheck",
         "--moduleResolution", "node", "boards.ts"],
        cwd=tmp_path, capture_output=True, text=True, timeout=HANGS_S, check=False,
    )  # fmt: skip
    return told.stdout.splitlines()


def read() -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in BOARDS}


def test_the_types_of_grafana_have_nothing_to_say_about_the_boards(tmp_path: Path) -> None:
    boards = read()
    assert len(boards) > 5
    assert {panel["type"] for one in boards.values() for panel in one["panels"]} == {*PANELS, "row"}
    assert troubles(boards, tmp_path) == []


WRONG: Final[tuple[tuple[str, tuple[str, ...], Any], ...]] = (
    ("stat", ("options", "colorMode"), "backgroud"),
    ("timeseries", ("fieldConfig", "defaults", "custom", "lineWidth"), "2"),
    ("heatmap", ("options", "yAxis", "unit"), 1),
    ("gauge", ("options", "showThresholdMarker"), True),
    ("table", ("gridPos", "w"), None),
    ("row", ("collapsed",), "no"),
)


def test_each_wrong_value_of_a_board_is_told_by_the_types(tmp_path: Path) -> None:
    boards = read()
    panels = [panel for one in boards.values() for panel in one["panels"]]
    for kind, path, value in WRONG:
        panel = next(one for one in panels if one["type"] == kind)
        *parents, last = path
        place: dict[str, Any] = panel
        for name in parents:
            place = place[name]
        place[last] = value
    boards["calendar-executive"]["graphTooltip"] = "1"
    boards["calendar-executive"]["templating"]["list"][0]["hide"] = "never"
    told = troubles(boards, tmp_path)
    assert len(told) == len(WRONG) + 2, told
