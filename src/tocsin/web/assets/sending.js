// Forms on their way: asked about before what cannot be taken back, and sent once.
const LONGEST_MS = 10_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (form.ariaBusy === "true" || (question && !window.confirm(question))) event.preventDefault();
  if (event.defaultPrevented || !form.matches("[method=post]")) return;
  // Nothing tells when a page that was asked for does not come, so the form opens again by itself.
  form.ariaBusy = "true";
  setTimeout(() => { form.ariaBusy = null; }, LONGEST_MS);
});

// The browser's way back may show the page as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = null;
});
