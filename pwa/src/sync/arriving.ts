/** What comes to this device: drafts of other devices, statuses, and photos taken elsewhere. */
import { sha256 } from "../store/bytes.ts";
import type { ClearStatus, GrantRecord } from "../store/records.ts";
import type { Remote } from "./remote.ts";
import * as store from "./store.ts";

export type Document = Record<string, unknown>;

const bodyOf = (document: Document): Document =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith("_")));

/** A `draft:` or `status:` document as the server has it. */
export async function takeDocument(owner: string, document: Document): Promise<void> {
  const id = String(document._id);
  const body = bodyOf(document);
  if (id.startsWith("draft:")) await store.takeDraft(owner, id, String(document._rev), body);
  else await store.takeStatus(owner, id.slice("status:".length), clearStatus(body));
}

/** The drafts and the status of dossiers that were taken over, which the feed may have passed. */
export async function bringTexts(remote: Remote, { owner, device }: GrantRecord): Promise<void> {
  for (const { dossier, filed } of await store.unread(owner)) {
    const drafts = await remote.under(`draft:${dossier}:`);
    const own = `draft:${dossier}:${device}`;
    for (const draft of drafts)
      if (draft._id !== own || !(await store.has(owner, own))) await takeDocument(owner, draft);
    const said = await remote.under(`status:${dossier}`);
    for (const status of said) await takeDocument(owner, status);
    // Not all there yet: the server is still moving it. Of a draft there may be no status.
    const whole = drafts.length > 0 && (said.length > 0 || !filed);
    if (whole) await store.markRead(owner, dossier);
  }
}

/** Photo parts that this device waits for, one after the other: a cut costs one. */
export async function bringParts(remote: Remote, owner: string): Promise<void> {
  for (const [dossier, awaited] of await store.awaited(owner)) {
    const known = await remote.under(`chunk:${dossier}:`);
    for (const document of known) {
      const id = String(document._id);
      if (!awaited.has(id)) continue;
      const bytes = await remote.attachment(id);
      if (!bytes) continue;
      const part = { owner, dossier, id, rev: String(document._rev), body: bodyOf(document) };
      await store.takePart({ ...part, bytes, digest: await sha256(bytes) });
    }
  }
}

/** Whatever a server sends, the ledger reads complete fields. */
function clearStatus(body: Document): ClearStatus {
  const given = body as Partial<ClearStatus>;
  return {
    counter: given.counter ?? 0,
    group: given.group ?? "incomplete",
    code: given.code ?? "incomplete",
    n: given.n ?? 0,
    submission: given.submission ?? null,
    submission_digest: given.submission_digest ?? null,
    receipts: given.receipts ?? {},
    missing: given.missing ?? [],
    refused: given.refused ?? {},
    claim: given.claim ?? null,
    until: given.until ?? null,
    ...(typeof given.sealed === "string" ? { sealed: given.sealed } : {}),
  };
}
