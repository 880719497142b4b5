import type { DossierRecord } from "../store/records.ts";

/** The server's status names my last submission by digest, and every part of its photos. */
export function receiptsComplete(record: DossierRecord): boolean {
  const { status } = record;
  if (!status || !record.submission || status.submission !== record.submission) return false;
  if (status.submission_digest !== record.submissionDigest) return false;
  return record.submittedPhotos.every((photo) => {
    const mine = record.parts[photo] ?? [];
    const theirs = status.receipts[photo] ?? [];
    return mine.length > 0 && mine.every((digest, part) => theirs[part] === digest);
  });
}
