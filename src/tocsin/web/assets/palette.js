import htmx from "htmx.org";

// The command palette: Ctrl-K or its button opens it, arrows choose, Enter goes there.
const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const results = document.getElementById("palette-results");
let answered = null; // the words whose results are shown
let entered = false; // Enter came before the results did

function hits() {
  return [...results.querySelectorAll('[role="option"]')];
}

function choose(hit) {
  for (const each of hits()) each.setAttribute("aria-selected", String(each === hit));
  input.setAttribute("aria-activedescendant", hit?.id ?? "");
  hit?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = hits();
  if (!all.length) return;
  const now = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  choose(all[(now + by + all.length) % all.length]);
}

function enter() {
  entered = answered !== input.value;
  if (!entered) hits().find((hit) => hit.getAttribute("aria-selected") === "true")?.click();
}

function open() {
  if (dialog.open) return;
  input.value = "";
  results.replaceChildren();
  choose(undefined);
  answered = null;
  entered = false;
  dialog.showModal();
  htmx.trigger(input, "palette:open");
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) open();
    else if (event.target === dialog || event.target.closest("[data-palette-close]")) dialog.close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      enter();
    }
  });
  input.addEventListener("input", () => { entered = false; });
  results.addEventListener("htmx:afterSwap", ({ detail }) => {
    answered = new URL(detail.xhr.responseURL).searchParams.get("q");
    choose(hits()[0]);
    if (entered) enter();
  });
}
