// Runs Lighthouse over one Chromium that it keeps: one JSON document a line in, one a line out.
//
// In:  {"url", "origin", "headers": {name: value}}, and with "render" (a number of characters) and
//      "agent" not to be measured but to be shown and written down.
// Out: {"ready": true, "chromium"} once, then a request {"lhr"} or {"html"} or
//      {"error": {"code", "message"}}.
//
// It is started confined (see confine.py): it sees its own temporary directory and nothing of
// Tocsin's, and every connection it makes goes through the filtering proxy.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const options = JSON.parse(process.argv[2]);
const require = createRequire(`${options.lighthouse}/package.json`);
const { default: lighthouse } = await import(pathToFileURL(require.resolve('lighthouse')));
const { default: puppeteer } = await import(pathToFileURL(require.resolve('puppeteer-core')));

const FLAGS = [
  `--proxy-server=http://127.0.0.1:${options.proxyPort}`,
  // Loopback goes through the proxy as well: it judges, and the operator may have opened it.
  '--proxy-bypass-list=<-loopback>',
  // Nothing is resolved or reached beside the proxy.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--deny-permission-prompts',
  '--metrics-recording-only',
  '--mute-audio',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  ...options.flags,
];

// Only what the result of a performance check is made of.
const AUDITS = [
  'first-contentful-paint', 'largest-contentful-paint', 'speed-index', 'interactive',
  'total-blocking-time', 'cumulative-layout-shift', 'server-response-time', 'metrics',
];
const CONFIG = {
  extends: 'lighthouse:default',
  settings: {
    onlyCategories: ['performance'],
    skipAudits: ['screenshot-thumbnails', 'final-screenshot', 'full-page-screenshot'],
    disableFullPageScreenshot: true,
    maxWaitForLoad: options.loadSeconds * 1000,
  },
};

// A page has shown its links once its network has been silent for a while, or keeps us waiting.
const IDLE_MS = 300;
const SETTLE_MS = 3000;

const browser = await puppeteer.connect({ transport: transportTo(await startBrowser()) });
browser.on('disconnected', () => process.exit(1));
answer({ ready: true, chromium: (await browser.version()).split('/').at(-1) });

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  answer(await (request.render ? render(request) : look(request)));
}
await browser.close();

// Puppeteer would start it in a process group of its own, beyond the reach of whoever ends ours.
async function startBrowser() {
  const args = await puppeteer.defaultArgs({
    args: [...FLAGS, '--remote-debugging-pipe'],
    userDataDir: `${options.directory}/profile`,
  });
  return spawn(options.chromium, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: false,
  });
}

// A pipe and no debugging port: nobody else on this machine can drive this browser.
function transportTo({ stdio: [, , , commands, events] }) {
  const transport = {
    send: (message) => commands.write(`${message}\0`),
    close: () => commands.end(),
  };
  let parts = [];
  events.on('data', (data) => {
    const pieces = data.toString('latin1').split('\0');
    const rest = pieces.pop();
    for (const piece of pieces) {
      const whole = Buffer.from([...parts, piece].join(''), 'latin1').toString('utf8');
      parts = [];
      // Each by itself, so that what one answer sets off is done before the next.
      setImmediate(() => transport.onmessage?.(whole));
    }
    if (rest) parts.push(rest);
  });
  events.on('close', () => transport.onclose?.());
  commands.on('error', () => transport.onclose?.());
  return transport;
}

async function look(request) {
  return withPage(request, async (page) => {
    const run = await lighthouse(request.url, { logLevel: 'silent' }, CONFIG, page);
    return { lhr: trimmed(run.lhr) };
  });
}

async function render(request) {
  return withPage(request, async (page) => {
    const timeout = options.loadSeconds * 1000;
    await page.setUserAgent({ userAgent: `${await browser.userAgent()} ${request.agent}` });
    // A page that goes on loading is written down as far as it has come.
    await page.goto(request.url, { waitUntil: 'load', timeout }).catch(unlessLate);
    await page.waitForNetworkIdle({ idleTime: IDLE_MS, timeout: SETTLE_MS }).catch(unlessLate);
    return { html: (await page.content()).slice(0, request.render) };
  });
}

function unlessLate(error) {
  if (error.name !== 'TimeoutError') throw error;
}

async function withPage(request, use) {
  // A context of its own: no site sees what another left behind.
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    page.on('dialog', (dialog) => dialog.dismiss().catch(() => {}));
    await addHeaders(page, request);
    return await use(page);
  } catch (error) {
    return { error: { code: String(error.code ?? 'lighthouse'), message: String(error.message) } };
  } finally {
    await context.close().catch(() => {});
  }
}

// Lighthouse's own extra headers would go to every host; these go to the site's own origin only.
async function addHeaders(page, { origin, headers }) {
  if (Object.keys(headers).length === 0) return;
  const session = await page.createCDPSession();
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    const merged = { ...request.headers, ...headers };
    const list = Object.entries(merged).map(([name, value]) => ({ name, value }));
    session.send('Fetch.continueRequest', { requestId, headers: list }).catch(() => {});
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern: `${origin}/*` }] });
}

function trimmed({ lighthouseVersion, environment, runtimeError, finalDisplayedUrl, categories, audits, configSettings }) {
  const opportunities = Object.values(audits)
    .filter((audit) => audit.score !== null && audit.score < 1 && savings(audit) > 0)
    .map((audit) => ({ id: audit.id, title: audit.title, savings_ms: savings(audit) }));
  const named = Object.fromEntries(
    AUDITS.filter((id) => audits[id]).map((id) => [id, audits[id]]),
  );
  const score = categories.performance?.score ?? null;
  const { formFactor } = configSettings;
  return { lighthouseVersion, environment, runtimeError, finalDisplayedUrl, formFactor, score, audits: named, opportunities };
}

function savings(audit) {
  const byMetric = Object.values(audit.metricSavings ?? {});
  return Math.round(audit.details?.overallSavingsMs ?? Math.max(0, ...byMetric));
}

function answer(document) {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}
