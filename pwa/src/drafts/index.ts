/**
 * Drafts: what a person has answered and photographed for one dossier, until it is closed.
 *
 * Every change is sealed and committed before its promise resolves, so "đã lưu" may be said then.
 */
import { newDataKey } from "../seal/index.ts";
import { randomId } from "../store/bytes.ts";
import { persist, write } from "../store/db.ts";
import { onSignal } from "../store/signals.ts";
import { network, onNetwork } from "../sync/state.ts";
import { current, holds, onVaultChange, VaultError } from "../vault/index.ts";
import { wrapLocally } from "../vault/open.ts";
import { OpenDraft } from "./draft.ts";
import { ledgers } from "./ledger.ts";
import { awayOf, claimOf, groupOf, type Ledger, sendingState } from "./sending.ts";
import { newSlip } from "./submission.ts";
import type { DossierRow, Draft, FieldValues } from "./types.ts";

export { QuotaError } from "../store/db.ts";
export { codeOf, forgetCode, freshCode, keepCode } from "./codes.ts";
export { WHOLE } from "./status.ts";
export { type Taken, take } from "./take.ts";
export * from "./types.ts";

const opened = new Map<string, Promise<OpenDraft>>();

onVaultChange((vault) => {
  if (vault) return;
  for (const draft of opened.values())
    draft.then(
      (one) => one.close(),
      () => undefined,
    );
  opened.clear();
});

onSignal((signal) => {
  if (signal.type !== "dossier") return;
  const drafts = signal.dossier === "*" ? [...opened.values()] : [opened.get(signal.dossier)];
  for (const draft of drafts) draft?.then((one) => one.refresh()).catch(() => undefined);
});

function rowOf({ record, ...rest }: Ledger): DossierRow {
  return {
    dossier: record.dossier,
    owner: record.owner,
    slip: record.slip,
    updatedAt: record.updatedAt,
    submittedAt: record.submittedAt,
    sending: sendingState({ record, ...rest }, network() === "online"),
    group: groupOf(record.status),
    code: groupOf(record.status) && (record.status?.code ?? null),
    readable: holds(record.owner) && record.localKey !== undefined && !record.unread,
    former: record.formerKey !== undefined,
    claim: claimOf(record),
    away: awayOf(record),
    arriving: record.unread === true,
    awaited: record.awaited?.length ?? 0,
  };
}

/** Rows of the open vault, newest first; while locked, the rows of all vaults of this device. */
export async function list(): Promise<DossierRow[]> {
  const found = await ledgers(current()?.owners);
  return found.map(rowOf).sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
}

/** Called when any row may have changed, also by the service worker, a lock or the network. */
export function onRows(listener: () => void): () => void {
  const ends = [
    onSignal((signal) => signal.type === "dossier" && listener()),
    onVaultChange(listener),
    onNetwork(listener),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** A new dossier in the open vault. @throws VaultError("locked"), QuotaError */
export async function create(init: Partial<FieldValues> = {}): Promise<Draft> {
  const vault = current();
  if (!vault) throw new VaultError("locked");
  const dossier = randomId();
  const now = new Date().toISOString();
  const localKey = await wrapLocally(vault.owner, dossier, newDataKey());
  await write(["dossiers"], (tx) =>
    tx.put("dossiers", {
      dossier,
      owner: vault.owner,
      createdAt: now,
      updatedAt: now,
      localKey,
      slip: null,
      submittedAt: null,
      n: 0,
      submission: null,
      submissionDigest: null,
      parts: {},
      submittedPhotos: [],
      status: null,
      closedAt: null,
    }),
  );
  void persist();
  const draft = await open(dossier);
  await draft.setAll({ ...init, "ui.slip": newSlip() });
  return draft;
}

/** The same object for every page of this tab. @throws DraftError("not_found"), VaultError("locked") */
export function open(dossier: string): Promise<Draft> {
  const known = opened.get(dossier);
  if (known) return known;
  const loading = OpenDraft.load(dossier);
  opened.set(dossier, loading);
  loading.catch(() => opened.delete(dossier));
  return loading;
}
