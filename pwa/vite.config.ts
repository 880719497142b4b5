import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { preload } from "./build/preload.ts";
import { serviceWorker } from "./build/serviceWorker.ts";

/**
 * The desk, paying, following by slip, papers, messages, who opened a dossier, the ways in by a link,
 * joining another device and proving who one is need the server, as do a point's counters; the decoder,
 * what verifies a signed certificate, what photos are read for, what looks for a card's edges and the
 * camera's voice are fetched when the phone is idle, other clips when heard.
 */
const online =
  /^assets\/(?:officer|report-|pdf|joining|invitation|demo|devices|reissue|unfinished|follow-|payment|openings|papers|retests|queue-|notices|identity-(?:link|en)-)[^/]*$/;
/** The browser fetches these when the app is put on the home screen. */
const icon = /^icon-.*512\.v\d+\.png$/;
const idle = /^assets\/(?:[^/]*\.wasm|(?:zxing|signed|whole|reading-)[^/]*\.js|camera-[^/]*\.mp3)$/;
const clip = /\.mp3$/;
/** Giving a dossier away and taking it: many small parts that one load brings. */
const handover = /src\/screens\/(?:handover\/[^/]*|shared\/qr-picture)\.ts/;
/** The page after home on a first visit, with all that it needs: each file costs a round trip. */
const begin = new RegExp(
  [
    "src/screens/applicant/(?:whose|form|words/(?:index|vi))\\.ts",
    "src/screens/shared/(?:field|kinds|commune|places|pin|summary)\\.ts",
    "data/(?:provinces|intake_points)\\.json",
    "node_modules/lit(?:-html)?/directive",
  ].join("|"),
);

export default defineConfig({
  resolve: { alias: { "@dossier": fileURLToPath(new URL("../server/dossier", import.meta.url)) } },
  server: {
    fs: { allow: [".", "../server/dossier"] },
    proxy: { "/api": "http://localhost:8000", "/db": "http://localhost:8000" },
  },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Else a group takes Vite's own helper along and the first load has to fetch the decoder.
          includeDependenciesRecursively: false,
          groups: [
            { name: "first", tags: ["$initial"] },
            { name: "begin", test: begin },
            { name: "handover", test: handover },
            {
              name: "joining",
              test: /src\/(?:drafts\/(?:elsewhere|recover)|screens\/devices\/entering)\.ts/,
            },
            // One file packs better than six, and English is chosen once.
            {
              name: "english",
              test: /src\/(?!screens\/(?:officer|payment|openings|papers|queue|notices|identity|reading)).*\/en\.ts/,
            },
            { name: "former", test: /src\/(?:vault\/reguard|screens\/devices\/former)\.ts/ },
            // Named as the desk's other files are, for they are as little needed offline.
            { name: "officer-words", test: /src\/screens\/officer\/words\/(?:index|vi)\.ts/ },
            { name: "payment", test: /src\/(?:screens\/payment\/(?!.*\/en\.)|identity\/payments)/ },
            { name: "identity-link", test: /src\/screens\/identity\/(?!.*\/en\.)/ },
            { name: "identity-en", test: /src\/screens\/identity\/words\/en\.ts/ },
            { name: "queue-counters", test: /src\/(?:screens\/queue\/(?!.*\/en\.)|styles\/queue)/ },
            { name: "queue-en", test: /src\/screens\/queue\/words\/en\.ts/ },
            { name: "reading-en", test: /src\/screens\/reading\/words\/en\.ts/ },
            { name: "openings-en", test: /src\/screens\/openings\/words\/en\.ts/ },
            { name: "notices-en", test: /src\/screens\/notices\/words\/en\.ts/ },
            { name: "papers-en", test: /src\/screens\/papers\/words\/en\.ts/ },
            { name: "payment-en", test: /src\/screens\/payment\/words\/en\.ts/ },
            { name: "officer-en", test: /src\/screens\/officer\/words\/en\.ts/ },
            { name: "zxing", test: /(?:node_modules\/zxing-wasm|src\/capture\/zxing)/ },
            { name: "argon2", test: /node_modules\/hash-wasm/ },
          ],
        },
      },
    },
  },
  plugins: [
    preload("begin"),
    serviceWorker(
      (path) => ![online, icon, idle, clip, /\.map$/].some((pattern) => pattern.test(path)),
      (path) => idle.test(path),
    ),
  ],
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
