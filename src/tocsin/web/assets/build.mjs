// Bundles the dashboard's styles, script and icons into web/static/dist, content-hashed, with a
// manifest of file names and integrity digests that the template tag `asset` reads.

import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../../..");
const out = resolve(here, "../static/dist");
const work = mkdtempSync(join(tmpdir(), "tocsin-assets-"));
const staging = `${out}.new`;

/** Write the icons that templates name as one sprite of <symbol>s. */
function iconSprite() {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
  const symbols = names.map((name) => {
    const svg = readFileSync(join(root, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
    const body = svg.replace(/[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

function put(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const [stem, extension] = name.split(".");
  const file = `${stem}-${digest}.${extension}`;
  writeFileSync(join(staging, file), content);
  return file;
}

function integrity(file) {
  return `sha384-${createHash("sha384").update(readFileSync(join(staging, file))).digest("base64")}`;
}

rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });

const tailwind = join(root, "node_modules/@tailwindcss/cli/dist/index.mjs");
execFileSync(process.execPath, [tailwind, "-i", join(here, "app.css"), "-o", join(work, "app.css")], {
  stdio: ["ignore", "ignore", "inherit"],
  cwd: root,
});

// The typeface joins here and not in app.css: its files are found from its own package.
writeFileSync(join(work, "style.css"), '@import "@fontsource-variable/inter/index.css";\n@import "./app.css";\n');

const bundled = await build({
  entryPoints: { app: join(here, "app.js"), style: join(work, "style.css") },
  bundle: true,
  minify: true,
  metafile: true,
  outdir: staging,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  target: ["chrome123", "firefox120", "safari17.5"],
  nodePaths: [join(root, "node_modules")],
  legalComments: "none",
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(bundled.metafile.outputs)) {
  const file = basename(path);
  if (output.entryPoint) {
    manifest[file.endsWith(".js") ? "app.js" : "app.css"] = { file, integrity: integrity(file) };
  }
}
const sprite = put("icons.svg", iconSprite());
manifest["icons.svg"] = { file: sprite, integrity: integrity(sprite) };
const favicon = put("favicon.svg", readFileSync(join(here, "favicon.svg")));
manifest["favicon.svg"] = { file: favicon, integrity: integrity(favicon) };
// The server picks the smallest form that the browser takes.
for (const file of readdirSync(staging).filter((name) => /\.(js|css|svg)$/.test(name))) {
  const content = readFileSync(join(staging, file));
  writeFileSync(join(staging, `${file}.gz`), gzipSync(content, { level: 9 }));
  writeFileSync(join(staging, `${file}.br`), brotliCompressSync(content));
}
writeFileSync(join(staging, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

rmSync(out, { recursive: true, force: true });
renameSync(staging, out);
rmSync(work, { recursive: true, force: true });
console.log(`assets: ${readdirSync(out).length} files in ${relative(root, out)}`);
