import htmx from "htmx.org";

// Parts of a page that renew themselves, and what the page says while they cannot.
htmx.config.timeout = 20_000;
const parts = document.querySelectorAll("[data-refresh-seconds]");
const notices = document.getElementById("not-live");
const failing = new Map();

// They ask again only while somebody looks, and not where they are hidden at this width, nor what
// says of itself that it changes no more.
function renew(part) {
  if (part.querySelector("[data-settled]")) return;
  if (document.visibilityState === "visible" && part.checkVisibility()) htmx.trigger(part, "refresh");
}
function renewAll() {
  parts.forEach(renew);
}
for (const part of parts) setInterval(renew, Number(part.dataset.refreshSeconds) * 1000, part);
document.addEventListener("visibilitychange", renewAll);
window.addEventListener("online", renewAll);
window.addEventListener("offline", renewAll);

// The worst that is the matter is said; a part that has left the page is the matter no longer.
function say() {
  for (const part of failing.keys()) if (!part.isConnected) failing.delete(part);
  const found = [...failing.values()];
  const why = ["signed-out", "gone", "lost"].find((each) => found.includes(each));
  for (const notice of notices?.children ?? []) notice.hidden = notice.dataset.why !== why;
}

function fail(part, why) {
  failing.set(part, why);
  document.querySelector("dialog[open]")?.close(); // it would cover what is said
  const link = notices?.querySelector("[data-sign-in]");
  if (link) link.search = new URLSearchParams({ next: location.pathname + location.search });
  say();
}

const WHY = { 401: "signed-out", 403: "gone", 404: "gone" };
// A page that is left ends its requests in the same way: that is told apart by not being there.
document.addEventListener("htmx:sendError", ({ detail }) => setTimeout(fail, 300, detail.elt, "lost"));
document.addEventListener("htmx:timeout", ({ detail }) => fail(detail.elt, "lost"));
document.addEventListener("htmx:responseError", ({ detail }) => fail(detail.elt, WHY[detail.xhr.status] ?? "lost"));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful) return;
  failing.delete(detail.elt);
  // What somebody tried by hand is not tried again: any success says that one may.
  for (const part of failing.keys()) if (!part.matches("[data-refresh-seconds]")) failing.delete(part);
  say();
});

// What somebody has ticked stays ticked when its list renews itself.
let ticked = [];
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (!target.matches("[data-keeps-choices]")) return;
  ticked = [...target.querySelectorAll("input:checked")].map((box) => box.id);
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (!target.matches("[data-keeps-choices]")) return;
  for (const id of ticked) {
    const box = document.getElementById(id);
    if (box) box.checked = true;
  }
  target.dispatchEvent(new Event("change", { bubbles: true }));
});

// What somebody has opened stays open, and the focus where it was: some of it has no id for htmx to
// find it by. Where it is gone, the focus stays near.
const FOCUSABLE = "a[href], button, summary, [tabindex]";
const nameOf = (each) => each.id || each.getAttribute("href") || each.textContent.trim();
const alike = (part, name) => [...part.querySelectorAll(FOCUSABLE)].filter((each) => nameOf(each) === name);
let opened = [];
let focused = null;
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (!target.matches("[data-keeps-place]")) return;
  opened = [...target.querySelectorAll("details[open][id]")].map((each) => each.id);
  const at = document.activeElement;
  const name = target.contains(at) ? nameOf(at) : null;
  focused = name === null ? null : { name, number: alike(target, name).indexOf(at) };
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (!target.matches("[data-keeps-place]")) return;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  if (!focused) return;
  const again = alike(target, focused.name)[focused.number] ?? document.getElementById("main");
  again.focus({ preventScroll: true });
});
