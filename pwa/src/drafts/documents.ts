/** The dossier's draft documents, opened. */
import { openJson, SealError } from "../seal/index.ts";
import { read } from "../store/db.ts";
import type { DossierRecord } from "../store/records.ts";
import { type Content, emptyContent } from "./content.ts";

export const draftId = (dossier: string, device: string): string => `draft:${dossier}:${device}`;

/**
 * Contents by device. Another device's draft that does not open is left out: it must not keep a
 * person from their own answers. One's own that does not open is an error.
 */
export async function readContents(
  key: CryptoKey,
  record: DossierRecord,
  device: string,
): Promise<Map<string, Content>> {
  const rows = await read(["docs"], (tx) => tx.by("docs", "dossier", record.dossier));
  const contents = new Map<string, Content>();
  for (const { owner, id, body } of rows) {
    if (owner !== record.owner || !id.startsWith("draft:") || typeof body.sealed !== "string")
      continue;
    const from = id.split(":")[2] ?? "";
    try {
      const opened = (await openJson(key, id, "draft/1", body.sealed)) as Partial<Content>;
      contents.set(from, { ...emptyContent(), ...opened });
    } catch (error) {
      if (from === device || !(error instanceof SealError)) throw error;
      console.warn("a draft of another device does not open", id);
    }
  }
  return contents;
}
