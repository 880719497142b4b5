/**
 * Prints what a first load and the precache weigh, gzip; exits 1 over budget. The budget is without
 * wasm: the decoder is cached later, and Argon2 travels as text within its script.
 */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const BUDGET = { "first-load JS": 60_000, precache: 200_000 };

const weigh = async (path) => gzipSync(await readFile(`dist/${path}`), { level: 9 }).length;
const total = async (paths) => (await Promise.all(paths.map(weigh))).reduce((a, b) => a + b, 0);

const html = await readFile("dist/index.html", "utf8");
const first = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((found) => found[1]);
const worker = await readFile("dist/sw.js", "utf8");
// The minifier writes the list as an array or as one text to split: either way without brackets.
const list = /[^[\]()]*\/assets\/index-[^[\]()]*/.exec(worker)?.[0] ?? "";
const paths = list.split(/["'`,]/).filter((path) => path.startsWith("/"));
const shell = paths.map((path) => path.slice(1) || "index.html");

const WASM = /^assets\/argon2-/;
const wasm = shell.filter((path) => WASM.test(path));
const counted = shell.filter((path) => !WASM.test(path));
const weights = {
  "first-load JS": await total(first),
  precache: await total([...counted, "sw.js"]),
};
for (const [name, bytes] of Object.entries(weights))
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB of ${BUDGET[name] / 1000} kB gzip`);
console.log(`${first.length} first-load files, ${shell.length} precached`);
console.log(`wasm within a script, not counted: ${((await total(wasm)) / 1000).toFixed(1)} kB`);
for (const path of shell)
  if (/\.(js|css)$/.test(path)) console.log(`  ${await weigh(path)} ${path}`);
if (wasm.length !== 1 || first.length === 0) throw new Error("nothing was weighed");
process.exitCode = Object.entries(weights).some(([name, bytes]) => bytes > BUDGET[name]) ? 1 : 0;
