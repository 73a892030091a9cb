import htmx from "htmx.org";

// Drawing over a chart, by mouse or finger, asks for that stretch of time; spreading or closing two
// fingers on it asks for less or more. Moving up and down stays the page's, see `touch-action`.
// Without a pointer, the links beside the chart lead to every stretch too.
const LEAST_SHARE = 0.01;
const LEAST_SPREAD = 0.05;
const SVG = "http://www.w3.org/2000/svg";
let gesture = null;

function share(chart, event) {
  const box = chart.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
}

/** The stretch that is meant, as shares of the one shown: what was under two fingers stays there. */
function stretch(fingers) {
  const [one, two] = fingers;
  if (!two) return [one.start, one.now].sort((a, b) => a - b);
  const spread = (when) => Math.max(LEAST_SPREAD, Math.abs(one[when] - two[when]));
  const middle = (when) => (one[when] + two[when]) / 2;
  const span = spread("start") / spread("now");
  const first = middle("start") - middle("now") * span;
  return [first, first + span];
}

function show({ chart, area, fingers, width, height }) {
  const [first, last] = stretch(fingers.values());
  if (fingers.size === 2) {
    area.remove();
    chart.setAttribute("viewBox", `${first * width} 0 ${(last - first) * width} ${height}`);
  } else {
    area.setAttribute("x", first * width);
    area.setAttribute("width", (last - first) * width);
  }
}

function begin(chart) {
  const { width, height } = chart.viewBox.baseVal;
  const area = document.createElementNS(SVG, "rect");
  area.setAttribute("class", "chart-select");
  area.setAttribute("height", height);
  chart.append(area);
  return { chart, area, width, height, fingers: new Map() };
}

function end({ chart, area, width, height, fingers }, isMeant) {
  const restore = () => {
    area.remove();
    chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  };
  const [first, last] = stretch(fingers.values());
  const isNothing = fingers.size === 2
    ? Math.abs(first) + Math.abs(last - 1) < LEAST_SHARE
    : last - first < LEAST_SHARE;
  if (!isMeant || isNothing) return restore();
  const [from, to] = [Number(chart.dataset.from), Number(chart.dataset.to)];
  const at = (part) => Math.max(1, Math.round(from + part * (to - from)));
  const url = `${chart.dataset.zoom}?from=${at(first)}&to=${at(last)}&range=${chart.dataset.range}`;
  const asked = htmx.ajax("GET", url, { target: chart.dataset.zoomTarget, swap: "innerHTML" });
  return asked.then(restore, restore);
}

document.addEventListener("pointerdown", (event) => {
  const chart = event.target.closest?.("[data-zoom]");
  if (!chart || event.button !== 0) return;
  if (gesture?.chart !== chart) gesture = begin(chart);
  const { fingers } = gesture;
  if (fingers.size === 2) return;
  chart.setPointerCapture(event.pointerId);
  for (const finger of fingers.values()) finger.start = finger.now;
  fingers.set(event.pointerId, { start: share(chart, event), now: share(chart, event) });
  show(gesture);
});
document.addEventListener("pointermove", (event) => {
  const finger = gesture?.fingers.get(event.pointerId);
  if (!finger) return;
  finger.now = share(gesture.chart, event);
  show(gesture);
});
for (const kind of ["pointerup", "pointercancel"]) {
  document.addEventListener(kind, (event) => {
    if (!gesture?.fingers.has(event.pointerId)) return;
    const ended = gesture;
    gesture = null;
    end(ended, kind === "pointerup");
  });
}

for (const moment of ["DOMContentLoaded", "htmx:afterSwap"]) {
  document.addEventListener(moment, () => {
    for (const hint of document.querySelectorAll(".chart-foot [data-needs-script]")) hint.hidden = false;
  });
}

// Whoever went by keyboard stays at the chart, also where the link that they took is gone with it.
let wasInside = false;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  wasInside = detail.target.id === "response-times" && detail.target.contains(document.activeElement);
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!wasInside || detail.target.contains(document.activeElement)) return;
  wasInside = false;
  detail.target.querySelector(".range[aria-current]")?.focus({ preventScroll: true });
});
