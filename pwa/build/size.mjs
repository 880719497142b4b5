/** Prints what a first load and the precache weigh, gzip; exits 1 over budget. */
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

const weights = { "first-load JS": await total(first), precache: await total([...shell, "sw.js"]) };
for (const [name, bytes] of Object.entries(weights))
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB of ${BUDGET[name] / 1000} kB gzip`);
console.log(`${first.length} first-load files, ${shell.length} precached`);
for (const path of shell)
  if (/\.(js|css)$/.test(path)) console.log(`  ${await weigh(path)} ${path}`);
if (shell.length === 0 || first.length === 0) throw new Error("nothing was weighed");
process.exitCode = Object.entries(weights).some(([name, bytes]) => bytes > BUDGET[name]) ? 1 : 0;
