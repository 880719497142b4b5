/**
 * Builds src/sw/index.ts into dist/sw.js with the list of the shell's files and a version that is
 * the hash of their contents, then lays .gz and .br beside every text file.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build, type Plugin } from "vite";

const TEXT = /\.(?:html|js|css|svg|json|webmanifest|wasm)$/;

/** Files that the app needs with the server gone; the rest is cached when first used or idle. */
export type Precached = (path: string) => boolean;

export function serviceWorker(precached: Precached, idle: Precached): Plugin {
  let out = "dist";
  return {
    name: "doibang:service-worker",
    apply: "build",
    configResolved(config) {
      out = config.build.outDir;
    },
    async closeBundle(error?: Error) {
      if (error) return;
      const files = (await walk(out)).filter(
        (path) => !/\.(gz|br)$/.test(path) && path !== "sw.js",
      );
      const shell = files.filter(precached);
      await whole(out, new Set(shell));
      const hash = createHash("sha256");
      for (const path of shell) hash.update(path).update(await readFile(join(out, path)));
      const version = hash.digest("hex").slice(0, 16);
      await buildWorker(out, version, shell, files.filter(idle));
      await Promise.all([...files, "sw.js"].map((path) => compress(join(out, path))));
    },
  };
}

/** A page that is precached and needs a file that is not would open online only. */
async function whole(out: string, shell: ReadonlySet<string>): Promise<void> {
  for (const path of shell) {
    if (!path.endsWith(".js")) continue;
    const code = await readFile(join(out, path), "utf8");
    for (const [, needed] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
      if (!shell.has(`assets/${needed}`))
        throw new Error(`${path} is precached and imports ${needed}, which is not`);
  }
}

async function buildWorker(
  out: string,
  version: string,
  shell: string[],
  idle: string[],
): Promise<void> {
  const url = (path: string): string => (path === "index.html" ? "/" : `/${path}`);
  await build({
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    define: {
      __VERSION__: JSON.stringify(version),
      __SHELL__: JSON.stringify(shell.map(url)),
      __IDLE__: JSON.stringify(idle.map(url)),
    },
    build: {
      outDir: out,
      emptyOutDir: false,
      copyPublicDir: false,
      lib: { entry: "src/sw/index.ts", formats: ["iife"], name: "worker", fileName: () => "sw.js" },
    },
  });
}

async function walk(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) found.push(relative(root, join(entry.parentPath, entry.name)));
  return found.sort();
}

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

async function compress(path: string): Promise<void> {
  if (!TEXT.test(path) || (await stat(path)).size < 512) return;
  const plain = await readFile(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(`${path}.gz`, await toGzip(plain, { level: 9 }));
  await writeFile(`${path}.br`, await toBrotli(plain, quality));
}
