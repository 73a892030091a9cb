/** The API reference: search, the language of examples, and "Try it".
 *
 * The token is read from its field when a request is sent, and kept nowhere else.
 */

const page = document.querySelector("[data-reference]");
if (page) start();

function start() {
  page.querySelector("[data-search]").addEventListener("input", (event) => search(event.target.value));
  const languages = page.querySelector("[data-languages]");
  languages.addEventListener("change", () => speak(languages.value));
  speak(languages.value);
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target);
  });
  // It does not bubble.
  page.addEventListener("toggle", ({ target }) => unpack(target), true);
  window.addEventListener("hashchange", openNamed);
  openNamed();
}

/** Put an operation's form in its place once somebody opens it: browsers look into every form of a
 * page that has a password field, and lay out the parts that are closed for that. */
function unpack(operation) {
  const form = operation.querySelector("template");
  if (form) form.replaceWith(form.content);
}

function openNamed() {
  const named = document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
}

function search(text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of page.querySelectorAll("[data-group]")) {
    const operations = [...group.querySelectorAll("[data-words]")];
    for (const each of operations) each.hidden = !wanted.every((word) => each.dataset.words.includes(word));
    const shown = operations.filter((each) => !each.hidden).length;
    group.hidden = shown === 0;
    found += shown;
  }
  page.querySelector("[data-count]").textContent = found === 1 ? page.dataset.sayOne : filled(page.dataset.sayMany, { count: found });
}

function speak(language) {
  for (const each of page.querySelectorAll("[data-language]")) each.hidden = each.dataset.language !== language;
}

async function send(form) {
  const said = form.querySelector("[data-said]");
  const token = page.querySelector("[data-token]");
  if (!token.value.trim()) {
    said.textContent = page.dataset.sayNoToken;
    token.focus();
    return;
  }
  if (form.dataset.try === "DELETE" && !window.confirm(page.dataset.sayDeletes)) return;
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = page.dataset.saySending;
  try {
    const began = performance.now();
    const answer = await fetch(address(form), options(form, token.value.trim()));
    const text = await answer.text();
    const left = answer.headers.get("X-RateLimit-Remaining");
    const status = `${answer.status} ${answer.statusText}`;
    said.textContent = filled(page.dataset.sayAnswered, { status, duration: Math.round(performance.now() - began), left });
    show(form.querySelector("[data-answer]"), text);
  } catch {
    said.textContent = page.dataset.sayUnreachable;
  } finally {
    button.disabled = false;
  }
}

function address(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-name]")) {
    const value = field.value.trim();
    if (field.dataset.place === "path") path = path.replace(`{${field.dataset.name}}`, encodeURIComponent(value));
    else if (value) query.append(field.dataset.name, value);
  }
  return query.size ? `${path}?${query}` : path;
}

function options(form, token) {
  const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
  const body = form.querySelector('[data-place="body"]');
  if (body) headers["Content-Type"] = "application/json";
  return { method: form.dataset.try, headers, body: body?.value, credentials: "omit", cache: "no-store" };
}

/** Put values into a sentence of the page, which is in the reader's language. */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function show(place, text) {
  place.hidden = text === "";
  try {
    place.textContent = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    place.textContent = text;
  }
}
