/** The browser's own part of messages on a device (W3C Push API). */

export type NoPush = "unsupported" | "denied" | "no_service";

export class PushError extends Error {
  constructor(readonly why: NoPush) {
    super(why);
  }
}

export interface PushKeys {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** Without a push service `subscribe` may hang instead of failing. */
const LONGEST = 10_000;

/** What can be known without asking the person; null: it can be tried. */
export function whyNoPush(): NoPush | null {
  if (!("PushManager" in window) || !("Notification" in window) || !navigator.serviceWorker)
    return "unsupported";
  return Notification.permission === "denied" ? "denied" : null;
}

/** Asks the person, then the push service. `key`: the server's, base64url. @throws PushError */
export async function subscribe(key: string): Promise<PushKeys> {
  const why = whyNoPush();
  if (why) throw new PushError(why);
  if ((await Notification.requestPermission()) !== "granted") throw new PushError("denied");
  const worker = await navigator.serviceWorker.ready;
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new PushError("no_service")), LONGEST);
  });
  const asked = worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const made = await Promise.race([asked, late]).catch((cause: unknown) => {
    console.info("no push service", cause);
    throw new PushError("no_service");
  });
  const { endpoint, keys } = made.toJSON();
  return { endpoint: endpoint ?? "", p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" };
}
