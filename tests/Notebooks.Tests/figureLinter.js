// Finds what an eye finds wrong in a drawn figure of plotly.js. Each finding is "kind: what".
async function lintFigure(slot) {
  const NEAR = { markers: 2, lines: 1 }; // pixels: of a line, half is covered
  const OVERLAP = 1.5; // pixels, in both directions
  const graph = slot.querySelector(".js-plotly-plot");
  const layout = graph._fullLayout;
  const findings = [];
  const find = (kind, what) => findings.push(`${kind}: ${what}`);

  // Colours.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  function rgba(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = "#000";
    canvas.fillStyle = colour;
    const [whole, r, g, b, a] = /^rgba\(([\d.]+), ([\d.]+), ([\d.]+), ([\d.]+)\)$/.exec(canvas.fillStyle) ?? [];
    if (whole) return [Number(r), Number(g), Number(b), Number(a)];
    const hex = canvas.fillStyle;
    return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)).concat(1);
  }
  const over = ([r, g, b, a], paper, more = 1) => [r, g, b].map((v, i) => v * a * more + paper[i] * (1 - a * more));
  function luminance(rgb) {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }
  function opacity(element) {
    let all = 1;
    for (let at = element; at && at !== slot; at = at.parentElement) all *= Number(getComputedStyle(at).opacity);
    return all;
  }
  const paper = over(rgba(getComputedStyle(document.body).backgroundColor), [255, 255, 255]);
  const isPainted = (colour) => colour && colour !== "none" && rgba(colour)[3] > 0;

  // Texts: contrast, cut, overlapping, over a plot.
  const box = (element) => element.getBoundingClientRect();
  const figure = box(slot);
  const plots = [...slot.querySelectorAll(".nsewdrag")].map(box);
  const texts = [...slot.querySelectorAll("svg text")]
    .filter((text) => text.textContent.trim() && !text.closest(".modebar, .hoverlayer") && text.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((text) => ({
      said: text.textContent.trim(),
      box: box(text),
      fill: getComputedStyle(text).fill,
      opacity: opacity(text) * Number(getComputedStyle(text).fillOpacity),
      mayLieOnPlot: text.closest(".annotation, .textpoint, .scatterlayer, .contourlayer") !== null,
    }));
  const common = (a, b) => [
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  ];
  const meet = (a, b) => common(a, b).every((length) => length > OVERLAP);
  texts.forEach((text, i) => {
    const ratio = contrast(over(rgba(text.fill), paper, text.opacity), paper);
    if (ratio < 4.5) find("contrast", `the text "${text.said}" has ${ratio.toFixed(1)}`);
    if (text.box.left < figure.left - 1 || text.box.right > figure.right + 1 || text.box.top < figure.top - 1 || text.box.bottom > figure.bottom + 1)
      find("cut", `"${text.said}"`);
    for (const other of texts.slice(i + 1))
      if (meet(text.box, other.box)) find("overlap", `"${text.said}" and "${other.said}"`);
    if (!text.mayLieOnPlot && plots.some((plot) => meet(text.box, plot))) find("overlap", `"${text.said}" and a plot`);
  });
  // Tools stand over the plot, though they may be seen only when it is pointed at.
  for (const tool of slot.querySelectorAll(".notebook-tools button:not([hidden])"))
    for (const text of slot.querySelectorAll("svg tspan.line, svg text:not(:has(tspan.line))"))
      if (text.textContent.trim() && !text.closest(".hoverlayer") && meet(box(text), box(tool)))
        find("overlap", `"${text.textContent.trim()}" and the tool ${tool.textContent}`);
  for (const legend of slot.querySelectorAll(".legend"))
    if (plots.some((plot) => meet(box(legend), plot))) find("overlap", "the legend and a plot");

  // Lines, markers and ticks: contrast with the paper, or on a map with its colours.
  const traces = graph._fullData.map((trace, i) => ({ ...trace, index: i })).filter((trace) => trace.visible === true);
  const isMap = (trace) => ["heatmap", "contour", "surface"].includes(trace.type);
  const isBehind = (trace) =>
    trace.legendgroup && !trace.showlegend && traces.some((other) => other.showlegend && other.legendgroup === trace.legendgroup);
  const place = (trace) => `${trace.xaxis} ${trace.yaxis}`;
  function scaleOf(trace) {
    const own = graph.data[trace.index].colorscale;
    return Array.isArray(own) ? own.map(([, colour]) => over(rgba(colour), paper)) : null;
  }
  const faint = (name, colour, against, what) => {
    const ratio = contrast(over(rgba(colour), against), against);
    if (ratio < 3) find("contrast", `${what} of "${name}" has ${ratio.toFixed(1)}`);
  };
  for (const trace of traces) {
    if (/3d$|^surface$|^mesh/.test(trace.type)) find("three dimensions", `"${trace.name}" of the kind ${trace.type}`);
    if (isMap(trace) && trace.opacity < 1) find("colours", `the map "${trace.name}" is paler than its colour bar`);
    if (trace.type !== "scatter" || isBehind(trace)) continue;
    const see = (colour) => {
      const [r, g, b, a] = rgba(colour);
      return `rgba(${r}, ${g}, ${b}, ${a * trace.opacity})`;
    };
    const drawn = [];
    if (trace.mode.includes("lines")) drawn.push(["the line", see(trace.line.color)]);
    // A marker with a line around it is seen by that line, or by what is inside.
    const around = trace.marker?.line?.width > 0 ? [trace.marker.line.color].flat()[0] : null;
    const seen = [[trace.marker?.color].flat()[0], around].filter(Boolean).map((colour) => [contrast(over(rgba(colour), paper), paper), colour]);
    if (trace.mode.includes("markers")) drawn.push(["the marker", see(seen.sort(([one], [other]) => other - one)[0][1])]);
    const map = traces.find((other) => isMap(other) && place(other) === place(trace));
    const edge = traces.find(
      (other) => isBehind(other) && other.legendgroup === trace.legendgroup && other.line?.width > (trace.line?.width ?? 0),
    );
    for (const [what, colour] of drawn) {
      faint(trace.name, colour, paper, what);
      if (!map) continue;
      if (edge) faint(trace.name, colour, over(rgba(edge.line.color), paper), `the edge of ${what}`);
      else if (scaleOf(map)) scaleOf(map).forEach((on) => faint(trace.name, colour, on, `on the map ${what}`));
      else find("contrast", `${what} of "${trace.name}" lies on a map without an edge`);
    }
  }
  for (const tick of slot.querySelectorAll("path.xtick, path.ytick, .xlines-above, .ylines-above")) {
    const stroke = getComputedStyle(tick).stroke;
    if (tick.getAttribute("d") && isPainted(stroke) && contrast(over(rgba(stroke), paper, opacity(tick)), paper) < 3)
      find("contrast", "a tick");
  }

  // Series that another one hides, in each frame.
  const axisOf = (name, letter) => layout[name.replace(letter, letter + "axis")];
  function points(trace, values) {
    const [xaxis, yaxis] = [axisOf(trace.xaxis, "x"), axisOf(trace.yaxis, "y")];
    const at = (axis, value) => (value === null || value === undefined || typeof value === "string" && axis.type !== "category" ? NaN : axis.d2p(value));
    return Array.from(values.y ?? [], (y, i) => [at(xaxis, values.x[i]), at(yaxis, y)]);
  }
  function distance([px, py], line) {
    let least = Infinity;
    for (let i = 0; i + 1 < line.length; i++) {
      const [[ax, ay], [bx, by]] = [line[i], line[i + 1]];
      const [dx, dy] = [bx - ax, by - ay];
      const along = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
      const far = Math.hypot(px - ax - along * dx, py - ay - along * dy);
      if (far < least) least = far;
    }
    return least;
  }
  const drawnOf = (trace, change) => ({
    trace,
    line: { ...trace.line, ...change?.line },
    marker: { ...trace.marker, ...change?.marker },
    points: points(trace, { x: change?.x ?? trace.x, y: change?.y ?? trace.y }).filter((p) => p.every(Number.isFinite)),
  });
  function isHidden(below, above) {
    if (below.points.length < 2 || above.points.length < 1) return false;
    const [has, covers] = [below.trace.mode, above.trace.mode];
    let covered;
    if (has.includes("markers")) {
      if (!covers.includes("markers") || String(above.marker.symbol).includes("open")) return false;
      if (Number(above.marker.size) < Number(below.marker.size)) return false;
      covered = (p) => above.points.some((q) => Math.hypot(p[0] - q[0], p[1] - q[1]) <= NEAR.markers);
    } else if (has.includes("lines")) {
      if (!covers.includes("lines") || above.line.width < below.line.width) return false;
      covered = (p) => distance(p, above.points) <= NEAR.lines;
    } else return false;
    return below.points.filter(covered).length > 0.8 * below.points.length;
  }
  const lines = traces.filter((trace) => trace.type === "scatter" && !isBehind(trace));
  const states = [{ name: "", changes: {} }, ...(graph._transitionData?._frames ?? []).map((frame) => ({
    name: ` at ${frame.name}`,
    changes: Object.fromEntries((frame.traces ?? frame.data.map((_, i) => i)).map((index, i) => [index, frame.data[i]])),
  }))];
  const hidden = new Set();
  for (const { name, changes } of states) {
    const drawn = lines.map((trace) => drawnOf(trace, changes[trace.index]));
    drawn.forEach((below, i) => {
      for (const above of drawn.slice(i + 1)) {
        const pair = `"${below.trace.name}" under "${above.trace.name}"`;
        if (place(below.trace) !== place(above.trace) || hidden.has(pair) || below.trace.legendgroup && below.trace.legendgroup === above.trace.legendgroup) continue;
        if (isHidden(below, above)) {
          hidden.add(pair);
          find("hidden", pair + name);
        }
      }
    });
  }

  // Values that stand for others: a power of ten at the end of an axis, again and again.
  for (const trace of traces) {
    if (isMap(trace) && trace.type !== "heatmap") {
      const all = trace.z.flatMap((row) => Array.from(row)).filter(Number.isFinite);
      const top = all.reduce((a, b) => Math.max(a, b), -Infinity);
      if (all.filter((value) => value === top).length >= 3) find("clamped", `the map "${trace.name}" at ${top}`);
    }
    if (trace.type !== "scatter" || axisOf(trace.yaxis, "y").type !== "log" || isBehind(trace)) continue;
    const axis = axisOf(trace.yaxis, "y");
    const all = traces.filter((other) => other.type === "scatter" && place(other) === place(trace)).flatMap((other) => Array.from(other.y)).filter((y) => y > 0);
    for (const end of [all.reduce((a, b) => Math.min(a, b), Infinity), all.reduce((a, b) => Math.max(a, b), 0)]) {
      const power = Math.log10(end);
      const times = Array.from(trace.y).filter((y) => y === end).length;
      const label = axis.ticktext?.[Array.from(axis.tickvals ?? []).findIndex((value) => Math.abs(Math.log10(value) - power) < 1e-9)];
      const isMarked = label !== undefined && !/\d\s*$|[⁰¹²³⁴⁵⁶⁷⁸⁹]$/.test(label) || /exactly/.test(label);
      if (times >= 2 && times < trace.y.length && end !== 1 && Math.abs(power - Math.round(power)) < 1e-9 && !isMarked)
        find("clamped", `"${trace.name}" at ${end}, ${times} times`);
    }
  }
  return findings;
}
