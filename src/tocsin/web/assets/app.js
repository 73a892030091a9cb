import Alpine from "./alpine.js";
import htmx from "htmx.org";
import "./reference.js";
import "./zoom.js";
import "./issues.js";
import "./monitoring.js";
import "./reports.js";
import "./palette.js";
import "./live.js";
import "./sending.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.allowScriptTags = false;
htmx.config.historyCacheSize = 0;
window.htmx = htmx;

/** Copy a value, and say so to the eye and to screen readers. */
Alpine.data("copy", () => ({
  copied: false,
  get label() {
    return this.copied ? this.$root.dataset.copied : this.$root.dataset.copy;
  },
  async copy() {
    const value = this.$refs.value.textContent.trim();
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(this.$refs.value);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand("copy");
    }
    this.copied = true;
    setTimeout(() => { this.copied = false; }, 2500);
  },
}));

/** Tick the scopes of a preset; the choice stays free afterwards. */
Alpine.data("presets", () => ({
  choose(event) {
    const wanted = new Set(event.currentTarget.dataset.scopes.split(" "));
    for (const box of this.$root.querySelectorAll('input[name="scopes"]')) {
      box.checked = wanted.has(box.value);
    }
  },
}));

Alpine.start();

// Escape, and a click anywhere else, close the menus that are open; a menu may hold another.
function closeMenus(keep) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!keep || !menu.contains(keep)) menu.removeAttribute("open");
  }
}
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  closeMenus(null);
  open?.querySelector("summary")?.focus();
});

// Times are sent in UTC and shown in the reader's own zone on hover.
document.addEventListener("pointerover", ({ target }) => {
  const time = target.closest("time[datetime]:not([title])");
  if (time) time.title = new Date(time.dateTime).toLocaleString();
});

// Passkey ceremonies that fail or are cancelled are said beside their button.
document.addEventListener("allauth.error", (event) => {
  const place = document.getElementById("webauthn-error");
  if (!place) return;
  event.preventDefault();
  place.textContent = event.detail.exception?.name === "NotAllowedError"
    ? place.dataset.cancelled
    : place.dataset.failed;
});
