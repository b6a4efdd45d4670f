"""A trace as one page that opens anywhere: no script, nothing from another host."""

from html import escape
from typing import Final

from kit.pure.words import milliseconds, percent
from traces.owntime import own_ms
from traces.span import Span, Trace
from traces.telling import began, depths, in_order, kinds

_STYLE: Final = """
:root{--ink:#1b1b1f;--muted:#5b5b66;--line:#d9d9e0;--paper:#fff;--bar:#2f6fb0;--own:#e07a1f;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#ececf1;--muted:#a9a9b5;--line:#3a3a44;
--paper:#17171b;--bar:#6ea8de;--own:#f0a35a;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1rem;background:var(--paper);color:var(--ink);
font:16px/1.45 system-ui,sans-serif}
h1{font-size:1.3rem;margin:0 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:1.6rem 0 .4rem}
p{margin:.2rem 0;color:var(--muted);overflow-wrap:anywhere}
ol,dl{list-style:none;margin:0;padding:0}
li{display:grid;grid-template-columns:minmax(9rem,2fr) 5.5rem 3fr;gap:.6rem;align-items:center;
border-top:1px solid var(--line);padding:.25rem 0}
.name{overflow-wrap:anywhere}
.took{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.lane{position:relative;height:.9rem;background:var(--line)}
.lane i{position:absolute;top:0;bottom:0;min-width:2px;background:var(--bar);
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bad .name,.bad .took{color:var(--bad)}.bad .lane i{background:var(--bad)}
.more{color:var(--muted);font-size:.85rem;grid-column:1/-1}
.kind .lane i{background:var(--own)}
@media (max-width:36rem){li{grid-template-columns:1fr auto}.lane{grid-column:1/-1}}
@media print{body{max-width:none;font-size:11px}li{break-inside:avoid}}
"""


def page(trace: Trace) -> str:
    """Return the page of one trace, in HTML."""
    root, deep, own = trace.root, depths(trace), own_ms(trace)
    title = f"{trace.route} {trace.status}".strip()
    why = f", kept because it was {escape(trace.why)}" if trace.why else ""
    request = f" · request {escape(trace.request_id)}" if trace.request_id else ""
    dropped = root.text("sre.spans_dropped")
    lost = f"<p>{escape(dropped)} spans more, of which only their number is known.</p>"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}: trace {escape(trace.id)}</title>\n<style>{_STYLE}</style>\n"
        f"</head>\n<body>\n<h1>{escape(title)} in {milliseconds(root.ms)}</h1>\n"
        f"<p>{began(trace)}{why}</p>\n<p>trace {escape(trace.id)}{request}</p>\n"
        f"<p>{escape(root.service)} {escape(root.version)} on {escape(root.instance)}</p>\n"
        f"<h2>What ran, inside what, and when</h2>\n<ol>\n"
        + "\n".join(_row(span, trace, deep[span.span_id], own[span.span_id])
                    for span in in_order(trace))
        + f"\n</ol>\n{lost if dropped else ''}<h2>Where the time went</h2>\n<ol>\n"
        + "\n".join(_kind(name, ms, root.ms) for name, ms in kinds(trace))
        + "\n</ol>\n</body>\n</html>\n"
    )  # fmt: skip


def _row(span: Span, trace: Trace, depth: int, own: float) -> str:
    whole = max(trace.root.end_ns - trace.root.start_ns, 1)
    first = min(max((span.start_ns - trace.root.start_ns) / whole, 0.0), 1.0)
    last = min(max((span.end_ns - trace.root.start_ns) / whole, first), 1.0)
    more = [f"{escape(name)} {escape(span.text(name))}" for name in sorted(span.attributes)]
    return (
        f"<li{' class=bad' if span.is_error else ''}>"
        f'<span class="name" style="padding-left:{min(depth, 8) * 0.9:.1f}rem">'
        f"{escape(span.name)}</span>"
        f'<span class="took">{milliseconds(span.ms)}</span>'
        f'<span class="lane"><i style="left:{first * 100:.2f}%;'
        f'width:{(last - first) * 100:.2f}%"></i></span>'
        f'<span class="more">own {milliseconds(own)}{" · " if more else ""}{" · ".join(more)}'
        "</span></li>"
    )


def _kind(name: str, ms: float, whole_ms: float) -> str:
    part = ms / whole_ms if whole_ms else 0.0
    return (
        f'<li class="kind"><span class="name">{escape(name)}</span>'
        f'<span class="took">{milliseconds(ms)}</span>'
        f'<span class="lane"><i style="left:0;width:{part * 100:.2f}%"></i></span>'
        f'<span class="more">{percent(part, 0)}</span></li>'
    )
