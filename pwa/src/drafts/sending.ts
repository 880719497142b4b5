/** What a person may be told about sending, from receipts only. */
import type { ClearStatus, DocRow, DossierRecord, GrantRecord } from "../store/records.ts";
import { receiptsComplete } from "../sync/receipts.ts";
import type { Away, DossierRow, SendingState, StatusGroup, StatusView } from "./types.ts";

/** The bookkeeping of one dossier, as read in one transaction. */
export interface Ledger {
  record: DossierRecord;
  grant: GrantRecord | undefined;
  /** Ids of this dossier's documents that the server lacks in their current revision. */
  due: readonly string[];
  refused: readonly Pick<DocRow, "id" | "refused">[];
}

const partsOf = (record: DossierRecord): string[][] =>
  record.submittedPhotos.map((photo) => record.parts[photo] ?? []);

function countOf({ record, due }: Ledger): { sent: number; total: number } {
  const needed = (id: string): boolean =>
    id === record.submission ||
    record.submittedPhotos.some((photo) => id.startsWith(`chunk:${record.dossier}:${photo}:`));
  const total = 1 + partsOf(record).reduce((sum, parts) => sum + parts.length, 0);
  return { sent: Math.max(0, total - due.filter(needed).length), total };
}

/** The reason the server gave for this submission or one of its parts. */
function refusalOf({ record, refused }: Ledger): string | undefined {
  const { status, submission } = record;
  const inStatus = submission ? status?.refused[submission] : undefined;
  if (inStatus) return inStatus;
  if (status?.submission === submission && status?.group === "refused_input") return status.code;
  return refused[0]?.refused;
}

export function sendingState(ledger: Ledger, online: boolean): SendingState {
  const { record, grant } = ledger;
  if (!record.submission) {
    const reason = ledger.refused[0]?.refused;
    return {
      state: reason ? "refused" : "unsent",
      sent: 0,
      total: 0,
      ...(reason ? { reason } : {}),
    };
  }
  const count = countOf(ledger);
  if (receiptsComplete(record)) {
    const { group, code } = record.status as ClearStatus;
    const all = { sent: count.total, total: count.total };
    if (group === "refused_input") return { state: "refused", ...all, reason: code };
    if (group === "accepted" || group === "closed") return { state: "accepted", ...all };
    return { state: group === "action_needed" ? "action_needed" : "sent", ...all };
  }
  const reason = refusalOf(ledger);
  if (reason) return { state: "refused", ...count, reason };
  if (grant?.state === "refused")
    return { state: "sign_in", ...count, ...(grant.reason ? { reason: grant.reason } : {}) };
  if (record.wiped) return { state: "sent", ...count };
  return { state: online ? "sending" : "waiting_network", ...count };
}

/** Photos of which the server misses parts, from a clear status. */
export function missingPhotos(record: DossierRecord): StatusView["missing"] {
  const counts = new Map<string, number>();
  for (const id of record.status?.missing ?? []) {
    const photo = id.split(":")[2];
    if (photo) counts.set(photo, (counts.get(photo) ?? 0) + 1);
  }
  return [...counts].map(([photo, missing]) => ({
    photo,
    missing,
    of: record.parts[photo]?.length ?? missing,
  }));
}

/** `draft` is as if there were no status. */
export const groupOf = (status: ClearStatus | null): StatusGroup | null =>
  status && status.group !== "draft" ? (status.group as StatusGroup) : null;

/** The dossier is with somebody else. */
export const awayOf = ({ status }: DossierRecord): Away | null =>
  status?.group === "handed_over"
    ? { lent: status.code === "lent", until: status.until ?? null }
    : null;

export const claimOf = ({ status }: DossierRecord): DossierRow["claim"] =>
  status?.claim ? { request: status.claim.request, expiresAt: status.claim.expires_at } : null;
