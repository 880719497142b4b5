import { type DossierRow, list, onRows } from "../drafts/index.ts";
import { showSlip, t } from "../i18n/index.ts";

const SPOKEN = {
  sent: "sync.announce_sent",
  accepted: "sync.announce_accepted",
  action_needed: "sync.announce_action",
  refused: "sync.announce_refused",
} as const;

/**
 * Tells a live region when a dossier reached a state a person waits for. Progress within a state
 * is shown, not spoken. Returns the function that ends it.
 */
export function announceSending(say: (text: string) => void): () => void {
  let before: Map<string, string> | null = null;
  const compare = async (): Promise<void> => {
    const rows = await list();
    for (const row of before ? rows : []) {
      const text = before?.get(row.dossier) === row.sending.state ? null : spoken(row);
      if (text) say(text);
    }
    before = new Map(rows.map((row) => [row.dossier, row.sending.state]));
  };
  const again = (): void => void compare().catch((cause: unknown) => console.error(cause));
  again();
  return onRows(again);
}

function spoken(row: DossierRow): string | null {
  const state = row.sending.state;
  if (!(state in SPOKEN) || !row.slip) return null;
  return t(SPOKEN[state as keyof typeof SPOKEN], { slip: showSlip(row.slip) });
}
