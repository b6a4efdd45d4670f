"""A history as a picture: a lane for each client, a bar for each request, the faults behind."""

from collections.abc import Mapping
from html import escape
from typing import Final

from ops.histories.operation import History, Operation, Outcome, Phase, Violation

_WIDTH: Final = 960
_LEFT: Final = 64
_LANE: Final = 30
_BAR: Final = 12
_TOP: Final = 34
_NARROWEST: Final = 3.0
_RIGHT: Final = 0.75
"""Words beyond that share of the width end at their bar rather than begin there."""
_LABELS: Final = 40
"""With more requests than that the bars have no words beside them; a pointer shows them."""
COLOURS: Final[Mapping[Outcome, str]] = {
    Outcome.DONE: "var(--done)",
    Outcome.REFUSED: "var(--refused)",
    Outcome.UNKNOWN: "var(--unknown)",
}


def drawn(history: History, violation: Violation | None = None) -> str:
    """Return the history as SVG; what proves a violation has a frame."""
    shown = [o for o in history.operations if o.phase is Phase.FAULTY or _proves(o, violation)]
    lanes = list(dict.fromkeys(o.client for o in sorted(shown, key=lambda o: o.client)))
    begin_s = min((o.begin_s for o in shown), default=0.0)
    length_s = max((o.end_s for o in shown), default=1.0) - begin_s or 1.0
    scale = _Scale(begin_s, (_WIDTH - _LEFT - 12) / length_s)
    height = _TOP + _LANE * len(lanes) + 8
    parts = [*_bands(history, scale, height), *_axis(length_s, scale, height)]
    for index, lane in enumerate(lanes):
        y = _TOP + index * _LANE
        parts.append(f'<text class="lane" x="4" y="{y + _BAR}">{escape(lane)}</text>')
        parts += [
            _bar(each, scale, y, proves=_proves(each, violation), labelled=len(shown) <= _LABELS)
            for each in shown
            if each.client == lane
        ]
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(_alternative(history, violation), quote=True)}">'
        + "".join(parts) + "</svg>"
    )  # fmt: skip


class _Scale:
    """From seconds to places."""

    def __init__(self, begin_s: float, per_s: float) -> None:
        self.begin_s, self.per_s = begin_s, per_s

    def x(self, at_s: float) -> float:
        """Return the place of a moment, within the picture."""
        return min(max(_LEFT + (at_s - self.begin_s) * self.per_s, _LEFT), _WIDTH - 12)


def _proves(operation: Operation, violation: Violation | None) -> bool:
    return violation is not None and operation.number in violation.proof


def _bands(history: History, scale: _Scale, height: float) -> list[str]:
    found = []
    for trouble in history.troubles:
        begins, ends = scale.x(trouble.begin_s), scale.x(trouble.end_s)
        found.append(
            f'<rect class="fault" x="{begins:.1f}" y="16" width="{max(ends - begins, 1):.1f}" '
            f'height="{height - 20:.1f}"/><text class="fault" x="{begins + 2:.1f}" y="12">'
            f"{escape(trouble.name)}</text>"
        )
    return found


def _axis(length_s: float, scale: _Scale, height: float) -> list[str]:
    step_s = next((s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 30) if length_s / s <= 10), 60)  # noqa: PLR2004
    marks = [n * step_s for n in range(int(length_s / step_s) + 1)]
    return [
        f'<line class="tick" x1="{(x := scale.x(scale.begin_s + mark)):.1f}" x2="{x:.1f}" y1="20" '
        f'y2="{height}"/><text class="tick" x="{x + 2:.1f}" y="28">{mark:g} s</text>'
        for mark in marks
    ]


def _bar(each: Operation, scale: _Scale, y: float, *, proves: bool, labelled: bool) -> str:
    x = scale.x(each.begin_s)
    width = max((each.end_s - each.begin_s) * scale.per_s, _NARROWEST)
    frame = ' class="proof"' if proves else ""
    bar = (
        f'<rect{frame} x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2" '
        f'style="fill:{COLOURS[each.outcome]}"><title>{escape(said(each))}</title></rect>'
    )
    if not labelled:
        return bar
    anchor = ' text-anchor="end"' if x > _WIDTH * _RIGHT else ""
    place = f'class="label" x="{x:.1f}" y="{y + _BAR + 10}"{anchor}'
    return f"{bar}<text {place}>{escape(_short(each))}</text>"


def said(each: Operation) -> str:
    """Return a request and its answer in words."""
    asked = [f"{each.number}.", each.kind.value, each.word or f"{len(each.words) or ''}"]
    if each.event:
        asked.append(f"of {each.event[:8]}")
    if each.expected is not None:
        asked.append(f"if version {each.expected}")
    told = f"{each.outcome.value} ({each.status or 'no answer'})"
    if each.version is not None:
        told += f", version {each.version}"
    if len(each.seen) == 1:
        told += f", {each.seen[0].word!r} of version {each.seen[0].version}"
    elif each.seen:
        told += f", {len(each.seen)} events"
    return " ".join(word for word in asked if word) + f": {told}"


def _short(each: Operation) -> str:
    version = f" v{each.version}" if each.version is not None else ""
    wanted = f" if v{each.expected}" if each.expected is not None else ""
    seen = f" v{each.seen[0].version}" if len(each.seen) == 1 else ""
    return f"{each.number} {each.kind.value}{wanted}{version or seen}"


def _alternative(history: History, violation: Violation | None) -> str:
    what = f"{len(history.operations)} requests under {history.fault}, seed {history.seed}"
    return what if violation is None else f"{what}: {violation.what}"
