(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const make = (name, attributes, parent) => {
    const found = name === "g" || name === "rect" || name === "polyline" || name === "circle" || name === "text"
      ? document.createElementNS(NS, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
    if (parent) parent.append(found);
    return found;
  };
  const explore = (svg) => {
    const data = JSON.parse(svg.dataset.points);
    const [left, top, right, bottom] = data.box;
    const off = new Set();
    let span = [left, right], at = -1, from = null, over = null;
    const box = svg.closest("figure") || svg.parentElement;
    box.classList.add("explored");
    svg.setAttribute("tabindex", "0");
    const tip = make("output", { class: "tip", hidden: "" }, box);
    const dot = make("circle", { r: "4", class: "dot", visibility: "hidden" }, svg);
    const chosen = make("rect", { class: "chosen", visibility: "hidden", y: top, height: bottom - top }, svg);
    const shift = (x) => left + (x - span[0]) * (right - left) / (span[1] - span[0]);
    const shown = () => data.points.map((one, index) => [one, index])
      .filter(([one]) => !off.has(one[2]) && one[0] >= span[0] - 0.5 && one[0] <= span[1] + 0.5);
    const place = (event) => {
      const matrix = svg.getScreenCTM().inverse();
      return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    };
    const hide = () => { at = -1; tip.hidden = true; dot.setAttribute("visibility", "hidden"); };
    const show = (index) => {
      at = index;
      const [x, y, series, label] = data.points[index];
      dot.setAttribute("cx", shift(x));
      dot.setAttribute("cy", y);
      dot.setAttribute("visibility", "visible");
      const name = data.series.length > 1 ? `${data.series[series]}: ` : "";
      tip.textContent = name + label;
      tip.hidden = false;
    };
    const draw = () => {
      if (over) over.remove();
      over = null;
      const whole = span[0] === left && span[1] === right;
      for (const part of svg.querySelectorAll(".plot, .axis-x")) part.style.display = whole ? "" : "none";
      again.hidden = whole;
      if (whole) return;
      over = make("g", { class: "zoomed" });
      svg.insertBefore(over, dot);
      data.series.forEach((_, series) => {
        if (off.has(series)) return;
        const mine = shown().map(([one]) => one).filter((one) => one[2] === series);
        const corners = mine.map((one) => `${shift(one[0])},${one[1]}`).join(" ");
        const colour = `stroke: ${data.colours[series]}; fill: none`;
        if (data.bars) {
          const width = Math.max(2, 0.6 * (right - left) / Math.max(1, mine.length));
          for (const one of mine) {
            make("rect", { x: shift(one[0]) - width / 2, y: one[1], width, height: Math.max(0, bottom - one[1]),
              style: `fill: ${data.colours[series]}` }, over);
          }
        } else make("polyline", { points: corners, style: colour, "stroke-width": 1.6 }, over);
      });
      const ends = shown();
      for (const [side, entry] of [["start", ends[0]], ["end", ends[ends.length - 1]]]) {
        if (!entry) continue;
        const words = make("text", { x: side === "start" ? left : right, y: bottom + 14, "text-anchor": side,
          class: "end" }, over);
        words.textContent = entry[0][3].split(": ")[0];
      }
    };
    const zoom = (one, other) => {
      const low = Math.max(left, Math.min(one, other)), high = Math.min(right, Math.max(one, other));
      if (high - low > 0.5) { span = [low, high]; hide(); draw(); }
    };
    const reset = () => { span = [left, right]; hide(); draw(); };
    const tools = make("p", { class: "tools" }, null);
    svg.after(tools);
    const again = make("button", { type: "button", hidden: "" }, tools);
    again.textContent = "Show all of it";
    again.addEventListener("click", reset);
    if (data.series.length > 1) data.series.forEach((name, series) => {
      const button = make("button", { type: "button", "aria-pressed": "true" }, tools);
      make("i", { style: `background: ${data.colours[series]}` }, button);
      button.append(name);
      button.addEventListener("click", () => {
        const is = off.has(series);
        if (is) off.delete(series); else off.add(series);
        button.setAttribute("aria-pressed", String(is));
        for (const part of svg.querySelectorAll(`.series-${series}`)) part.style.display = is ? "" : "none";
        hide();
        draw();
      });
    });
    const back = (x) => span[0] + (x - left) * (span[1] - span[0]) / (right - left);
    svg.addEventListener("pointermove", (event) => {
      const here = place(event);
      if (from !== null) {
        chosen.setAttribute("x", Math.min(from, here.x));
        chosen.setAttribute("width", Math.abs(here.x - from));
        chosen.setAttribute("visibility", "visible");
      }
      let best = -1, near = Infinity;
      for (const [one, index] of shown()) {
        const far = Math.hypot(shift(one[0]) - here.x, (one[1] - here.y) * (data.cells ? 1 : 0.3));
        if (far < near) { near = far; best = index; }
      }
      if (best >= 0) show(best);
    });
    svg.addEventListener("pointerleave", () => { if (from === null) hide(); });
    svg.addEventListener("pointerdown", (event) => { if (!data.cells) from = place(event).x; });
    window.addEventListener("pointerup", (event) => {
      if (from === null) return;
      const end = place(event).x, begin = from;
      from = null;
      chosen.setAttribute("visibility", "hidden");
      if (Math.abs(end - begin) > 6) zoom(back(begin), back(end));
    });
    svg.addEventListener("dblclick", reset);
    svg.addEventListener("blur", hide);
    svg.addEventListener("focus", () => { const all = shown(); if (at < 0 && all.length) show(all[0][1]); });
    let mark = null;
    svg.addEventListener("keydown", (event) => {
      const all = shown().map(([, index]) => index);
      if (!all.length) return;
      const now = Math.max(0, all.indexOf(at));
      const to = { ArrowRight: now + 1, ArrowLeft: now - 1, ArrowDown: now + 1, ArrowUp: now - 1, Home: 0,
        End: all.length - 1 }[event.key];
      if (to !== undefined) show(all[Math.min(all.length - 1, Math.max(0, to))]);
      else if (event.key === "Enter" && !data.cells) {
        const x = data.points[all[now]][0];
        if (mark === null) mark = x; else { zoom(mark, x); mark = null; }
      } else if (event.key === "Escape") { mark = null; reset(); }
      else return;
      event.preventDefault();
    });
  };
  for (const svg of document.querySelectorAll("svg[data-points]")) explore(svg);
})();
