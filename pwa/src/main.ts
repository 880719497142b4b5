import "./styles/index.css";
import "./app/shell.ts";
import { watchUpdates } from "./app/update.ts";
import { startSync } from "./sync/index.ts";
import { trustedScriptUrl } from "./trusted.ts";

async function serviceWorker(): Promise<void> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  const script = trustedScriptUrl("/sw.js") as string;
  watchUpdates(await navigator.serviceWorker.register(script, { updateViaCache: "none" }));
}

startSync();
serviceWorker().catch((refused: unknown) => console.error(refused));
