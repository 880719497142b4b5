import type { Plugin } from "vite";

/**
 * Has index.html fetch a chunk, with what it imports, together with the entry: asked for later,
 * each waits a round trip.
 */
export function preload(name: string): Plugin {
  return {
    name: "doibang:preload",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const chunk = Object.values(bundle ?? {}).find(
          (file) => file.type === "chunk" && file.name === name,
        );
        if (chunk?.type !== "chunk") throw new Error(`no chunk ${name}`);
        return [chunk.fileName, ...chunk.imports]
          .filter((path) => !html.includes(path))
          .map((path) => ({
            tag: "link",
            attrs: { rel: "modulepreload", crossorigin: true, href: `/${path}` },
            injectTo: "head",
          }));
      },
    },
  };
}
