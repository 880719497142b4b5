import "./styles/index.css";
import "./app/shell.ts";
import { watchUpdates } from "./app/update.ts";
import { startSync } from "./sync/index.ts";
import { trustedScriptUrl } from "./trusted.ts";

async function serviceWorker(): Promise<void> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  await shown();
  const script = trustedScriptUrl("/sw.js") as string;
  watchUpdates(await navigator.serviceWorker.register(script, { updateViaCache: "none" }));
  await warmWhenIdle();
}

/** Installing the app fetches all of it: the page that is being looked at goes first. */
async function shown(): Promise<void> {
  if (document.readyState !== "complete")
    await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** The QR decoder is fetched once nothing else is to be done, so that it works offline. */
async function warmWhenIdle(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready;
  const idle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 3000));
  idle(() => active?.postMessage({ type: "warm" }));
}

startSync();
serviceWorker().catch((refused: unknown) => console.error(refused));
