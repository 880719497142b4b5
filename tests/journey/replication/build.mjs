// node build.mjs OUT: bundles device.ts with the app's own code for a Node worker: OUT/device.mjs.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const pwa = join(here, "../../../pwa");
const vite = createRequire(join(pwa, "package.json")).resolve("vite");
const { build } = await import(pathToFileURL(vite).href);
await build({
  configFile: false,
  root: pwa,
  logLevel: "error",
  publicDir: false,
  resolve: {
    alias: {
      "@dossier": join(here, "../../../server/dossier"),
      "fake-indexeddb/auto": join(pwa, "node_modules/fake-indexeddb/auto"),
    },
  },
  ssr: { noExternal: true },
  build: {
    ssr: join(here, "device.ts"),
    outDir: process.argv[2],
    emptyOutDir: true,
    minify: false,
    target: "node20",
    rolldownOptions: {
      output: { entryFileNames: "device.mjs", codeSplitting: false },
    },
  },
});
