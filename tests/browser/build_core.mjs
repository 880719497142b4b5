// node build_core.mjs OUT: bundles core.ts into OUT/core.js with the app's own vite.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const pwa = join(here, "../../pwa");
const vite = createRequire(join(pwa, "package.json")).resolve("vite");
const { build } = await import(pathToFileURL(vite).href);
await build({
  configFile: false,
  root: pwa,
  logLevel: "error",
  publicDir: false,
  resolve: {
    alias: {
      "@dossier": join(here, "../../server/dossier"),
      "@hpke/core": join(pwa, "node_modules/@hpke/core"),
    },
  },
  build: {
    outDir: process.argv[2],
    emptyOutDir: true,
    minify: false,
    lib: { entry: join(here, "core.ts"), formats: ["es"], fileName: () => "core.js" },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
