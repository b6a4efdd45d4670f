"""The page of a run: the counts, and the history that tells most, drawn."""

from collections.abc import Sequence
from html import escape
from typing import Final

from ops.histories.drawing import drawn, said
from ops.histories.faults import FAULTS
from ops.histories.operation import History, Outcome, Violation
from ops.histories.promises import PROMISES
from ops.histories.run import Counted, HistoryRun, Judged, counted

_CSS: Final = """
:root{color-scheme:light dark;--done:#1a7f4b;--refused:#8a8f98;--unknown:#c77700;--bad:#c5221f;
--ink:#1b1f24;--paper:#fff;--soft:#eef0f3;--line:#d0d5dc}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#15181c;--soft:#23272d;--line:#3a4048;
--done:#4cc38a;--unknown:#f0a93b;--bad:#ff7b72}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:62rem;
margin:0 auto;padding:1rem}
h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .4rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;white-space:normal;min-width:11rem}
.means{display:block;font-size:.85rem;opacity:.75}
.verdict{font-weight:600}.FAIL{color:var(--bad)}.PASS{color:var(--done)}
svg{min-width:40rem;width:100%;background:var(--soft);border-radius:6px}
svg text{font:11px system-ui,sans-serif;fill:var(--ink)}svg .lane{font-weight:600}
svg .label{font-size:9px}svg .tick{stroke:none;font-size:9px;opacity:.7}
svg line.tick{stroke:var(--line)}svg rect.fault{fill:var(--unknown);opacity:.14}
svg text.fault{font-size:9px}svg .proof{stroke:var(--bad);stroke-width:2.5}
.key span{display:inline-block;margin-right:1rem}.key i{display:inline-block;width:.8rem;
height:.8rem;border-radius:2px;margin-right:.3rem;vertical-align:-.1rem}
ol.steps{padding-left:0;list-style:none}ol.steps li{padding:.15rem 0;overflow-wrap:anywhere}
@media print{body{max-width:none}svg{background:none;min-width:0}.wide{overflow:visible}
table{font-size:.8rem}}
"""
_KEY: Final = (
    '<p class="key"><span><i style="background:var(--done)"></i>acknowledged</span>'
    '<span><i style="background:var(--refused)"></i>refused, so not done</span>'
    '<span><i style="background:var(--unknown)"></i>unknown: no answer, or an error</span></p>'
)


def page_of(run: HistoryRun, *, drawing: Judged | None = None) -> str:
    """Return the page as HTML that needs nothing from elsewhere; `drawing` is also drawn."""
    writes = sum(each.history.acknowledged for each in run.judged)
    head = (
        f"{len(run.judged):,} histories, {writes:,} acknowledged writes, "
        f"{run.violations:,} violations"
    )
    title = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Histories {escape(run.identity)}</title><style>{_CSS}</style></head><body>"
        f'<h1>Histories under faults</h1><p><span class="verdict {run.verdict}">{run.verdict}'
        f"</span> · {head} · {escape(run.identity)}</p>"
    )
    parts = [
        title,
        _table(counted(run.judged)),
        *(_violations(each) for each in run.judged if each.violations),
    ]
    if drawing is not None:
        parts.append(_drawing(drawing.history, None))
    parts.append(_promises())
    if run.void:
        void = "".join(f"<li>{escape(f'{f}, seed {s}: {why}')}</li>" for f, s, why in run.void)
        parts.append(f"<h2>Could not be played</h2><ul>{void}</ul>")
    return "".join([*parts, "</body></html>\n"])


def telling_most(judged: Sequence[Judged]) -> Judged | None:
    """Return the history whose clients were left in doubt most often."""
    return max(judged, key=lambda each: sum(
        o.outcome is Outcome.UNKNOWN for o in each.history.operations), default=None)  # fmt: skip


def _table(rows: Sequence[Counted]) -> str:
    names = ("histories", "requests", "acknowledged", "refused", "unknown", "violations")
    head = "".join(f"<th>{name}</th>" for name in ("fault", *names))
    body = "".join(
        f"<tr><td>{escape(row.fault)}<span class='means'>{escape(_means(row.fault))}</span></td>"
        + "".join(f"<td>{getattr(row, name):,}</td>" for name in names) + "</tr>"
        for row in rows
    )  # fmt: skip
    return (f'<h2>By fault</h2><div class="wide"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")  # fmt: skip


def _means(fault: str) -> str:
    return FAULTS[fault].means if fault in FAULTS else "two kinds at once, chosen by the seed"


def _violations(judged: Judged) -> str:
    first = judged.violations[0]
    listed = "".join(f"<li><b>{escape(v.promise)}</b>: {escape(v.what)}</li>"
                     for v in judged.violations)  # fmt: skip
    where = f"{judged.history.fault}, seed {judged.history.seed}"
    short = judged.shortest or judged.history
    return (f"<h2>Broken under {escape(where)}</h2><ul>{listed}</ul>"
            + _drawing(short, first) + _steps(short))  # fmt: skip


def _drawing(history: History, violation: Violation | None) -> str:
    what = "The shortest history that proves it" if violation else "One of them"
    return (f"<h2>{what}: {escape(history.fault)}, seed {history.seed}</h2>{_KEY}"
            f'<div class="wide">{drawn(history, violation)}</div>')  # fmt: skip


def _steps(history: History) -> str:
    steps = "".join(
        f"<li>{each.begin_s:.3f} s <b>{escape(each.client)}</b> {escape(said(each))}</li>"
        for each in history.operations
    )
    return f'<ol class="steps">{steps}</ol>'


def _promises() -> str:
    listed = "".join(f"<li><b>{escape(name)}</b>: {escape(means)}</li>"
                     for name, (means, _) in PROMISES.items())  # fmt: skip
    return f"<h2>What is promised</h2><ul>{listed}</ul>"
