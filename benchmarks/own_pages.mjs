// Runs Lighthouse over pages of one instance: node own_pages.mjs JSON, one JSON line a page out.
//
// In:  {"lighthouse", "chromium", "directory", "calm": index, "tries", "pages": [{"name", "url", "cookie"}]}.
// Out: {"name", "ended": address, "cpu": index, "scores": {category: 0-100},
//      "faults": [what costs points]}.
//
// The tool's own worker keeps the performance category only, and has no way to be somebody who
// signed in; so this drives the same Lighthouse and the same Chromium by itself.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const options = JSON.parse(process.argv[2]);
const require = createRequire(`${options.lighthouse}/package.json`);
const { default: lighthouse } = await import(pathToFileURL(require.resolve('lighthouse')));
const { default: puppeteer } = await import(pathToFileURL(require.resolve('puppeteer-core')));

const LOAD_MS = 45_000;
const WAIT_MS = 10_000;
const SHOWN = 3;
const SETTINGS = {
  onlyCategories: ['performance', 'accessibility', 'best-practices'],
  disableFullPageScreenshot: true,
  maxWaitForLoad: LOAD_MS,
};

const browser = await puppeteer.launch({
  executablePath: options.chromium,
  userDataDir: `${options.directory}/profile`,
  // Its sandbox wants another user than root; the pages are our own.
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
    '--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage'],
});
for (const page of options.pages) {
  process.stdout.write(`${JSON.stringify(await calmly(page))}\n`);
}
await browser.close();

// While others keep the machine busy it is the machine that is measured: wait for them a while.
async function calmly(page) {
  let calmest = await audited(page);
  for (let tries = 1; tries < options.tries && calmest.cpu < options.calm; tries += 1) {
    await new Promise((resolve) => { setTimeout(resolve, WAIT_MS); });
    const again = await audited(page);
    if (again.cpu > calmest.cpu) calmest = again;
  }
  return calmest;
}

async function audited({ name, url, cookie }) {
  const context = await browser.createBrowserContext();
  try {
    const settings = { ...SETTINGS, extraHeaders: cookie ? { Cookie: cookie } : {} };
    const config = { extends: 'lighthouse:default', settings };
    const { lhr } = await lighthouse(url, { logLevel: 'silent' }, config, await context.newPage());
    const categories = Object.values(lhr.categories);
    const scores = Object.fromEntries(categories.map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]));
    const error = lhr.runtimeError ? [lhr.runtimeError.message] : [];
    const faults = categories.flatMap((category) => faultsOf(category, lhr.audits));
    // A run that came to nothing is worth repeating too.
    const cpu = lhr.runtimeError ? 0 : lhr.environment.benchmarkIndex;
    return { name, ended: lhr.finalDisplayedUrl, cpu, scores, faults: [...error, ...faults] };
  } finally {
    await context.close();
  }
}

// What has weight or could save time, and is not at the end of its scale.
function faultsOf({ id, auditRefs }, audits) {
  return auditRefs
    .map(({ id: audit, weight }) => ({ weight, ...audits[audit] }))
    .filter(({ score }) => score !== null && score < 1)
    .filter(({ weight, metricSavings }) => weight > 0 || Object.values(metricSavings ?? {}).some((saved) => saved > 0))
    .map((audit) => [`${id}: ${audit.title}`, audit.displayValue, where(audit)].filter(Boolean).join(': '));
}

function where({ details }) {
  const rows = Array.isArray(details?.items) ? details.items : [];
  const items = rows.flatMap((row) => (Array.isArray(row.items) ? row.items : [row]));
  const words = items.map(({ node, value, description, url, groupLabel, duration }) => (
    [node?.snippet ?? value ?? description ?? url ?? groupLabel, duration && `${Math.round(duration)} ms`]
  ));
  return words.slice(0, SHOWN).map((some) => some.filter(Boolean).join(' ')).filter(Boolean).join(' | ');
}
