import type { DossierRow } from "../../drafts/index.ts";

/** A line of `/api/clerk/dossiers`. `missing`: ids of the chunks that have not arrived. */
export interface HelpedRow {
  readonly dossier: string;
  readonly slip: string | null;
  readonly name: string | null;
  readonly state: string;
  readonly dossier_code: string | null;
  readonly missing: readonly string[];
  readonly received_at: string | null;
}

/** One line of the tablet's list; `name` only while signed in. */
export interface Line {
  readonly dossier: string;
  readonly slip: string | null;
  readonly name: string | null;
  readonly code: string | null;
  readonly at: string | null;
  /** The server's state, null where it has none yet. */
  readonly state: string | null;
  readonly local: DossierRow | null;
  /** Photo parts that the server waits for, and of how many photos. */
  readonly missing: { readonly parts: number; readonly photos: number };
}

const DAY_MS = 86_400_000;
const VIETNAM_MS = 7 * 3_600_000;

/** The day in Vietnam as a number, for "today". */
const day = (iso: string | number): number =>
  Math.floor((new Date(iso).getTime() + VIETNAM_MS) / DAY_MS);

/** What is on the tablet and what the server knows, each dossier once, the latest first. */
export function linesOf(
  local: readonly DossierRow[],
  helped: readonly HelpedRow[],
  now = Date.now(),
): Line[] {
  const known = new Map(helped.map((row) => [row.dossier, row]));
  const here = local
    .filter((row) => known.has(row.dossier) || row.readable || day(row.updatedAt) === day(now))
    .map((row) => lineOf(row.dossier, row, known.get(row.dossier)));
  const ids = new Set(local.map(({ dossier }) => dossier));
  const away = helped
    .filter(({ dossier }) => !ids.has(dossier))
    .map((row) => lineOf(row.dossier, null, row));
  return [...here, ...away].sort((a, b) => (b.at ?? "").localeCompare(a.at ?? ""));
}

function lineOf(dossier: string, local: DossierRow | null, helped: HelpedRow | undefined): Line {
  const submitted = local?.submittedAt ?? null;
  return {
    dossier,
    slip: helped?.slip ?? (submitted ? (local?.slip ?? null) : null),
    name: helped?.name ?? null,
    code: helped?.dossier_code ?? null,
    at: helped?.received_at ?? submitted ?? local?.updatedAt ?? null,
    state: helped?.state ?? local?.code ?? null,
    local,
    missing: missingOf(helped?.missing ?? []),
  };
}

/** Chunk ids are `chunk:<dossier>:<photo>:<i>`. */
function missingOf(chunks: readonly string[]): Line["missing"] {
  return { parts: chunks.length, photos: new Set(chunks.map((id) => id.split(":")[2])).size };
}

/** It can be filled in here and now. */
export const isOpen = ({ local }: Line): boolean =>
  local?.readable === true && local.submittedAt === null;
