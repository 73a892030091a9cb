import htmx from "htmx.org";

// Drawing over a chart asks for that stretch of time. Without a pointer, the links beside the chart
// lead to every stretch too.
const LEAST_SHARE = 0.01;
const SVG = "http://www.w3.org/2000/svg";

function share(chart, event) {
  const box = chart.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
}

function begin(chart, event) {
  const { width, height } = chart.viewBox.baseVal;
  const start = share(chart, event);
  const area = document.createElementNS(SVG, "rect");
  area.setAttribute("class", "chart-select");
  area.setAttribute("height", height);
  chart.append(area);
  chart.setPointerCapture(event.pointerId);

  function move(moved) {
    const end = share(chart, moved);
    area.setAttribute("x", Math.min(start, end) * width);
    area.setAttribute("width", Math.abs(end - start) * width);
  }
  function stop(ended) {
    chart.removeEventListener("pointermove", move);
    area.remove();
    if (ended.type === "pointercancel") return;
    const [first, last] = [start, share(chart, ended)].sort((a, b) => a - b);
    if (last - first < LEAST_SHARE) return;
    const [from, to] = [Number(chart.dataset.from), Number(chart.dataset.to)];
    const at = (part) => Math.round(from + part * (to - from));
    const url = `${chart.dataset.zoom}?from=${at(first)}&to=${at(last)}`;
    htmx.ajax("GET", url, { target: chart.dataset.zoomTarget, swap: "innerHTML" });
  }
  chart.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) chart.addEventListener(end, stop, { once: true });
}

document.addEventListener("pointerdown", (event) => {
  const chart = event.target.closest?.("[data-zoom]");
  if (chart && event.button === 0 && event.pointerType !== "touch") begin(chart, event);
});
for (const moment of ["DOMContentLoaded", "htmx:afterSwap"]) {
  document.addEventListener(moment, () => {
    for (const hint of document.querySelectorAll(".chart-foot [data-needs-script]")) hint.hidden = false;
  });
}
