/** Communes, provinces and intake points from the dated data, for choosing and for showing names. */
import points from "@dossier/data/intake_points.json";
import provinceData from "@dossier/data/provinces.json";
import { inLanguage } from "../../i18n/index.ts";

export interface Commune {
  readonly code: string;
  readonly name: string;
  /** The communes that went into it in 2025. */
  readonly was: string;
}

export interface Point {
  readonly id: string;
  readonly name: string;
  readonly commune: string;
  readonly rural: boolean;
}

export const HOME_PROVINCE: string = provinceData.home;
export const PROVINCES: readonly { code: string; name: string }[] = provinceData.provinces;

let communes: Promise<readonly Commune[]> | null = null;

/** Kept apart from the first load: 12 KB that only three questions need. */
export function loadCommunes(): Promise<readonly Commune[]> {
  communes ??= Promise.all([
    import("@dossier/data/communes.json"),
    import("@dossier/data/communes_merged.json"),
  ]).then(([now, merged]) => {
    const was = merged.default.communes as Record<string, string>;
    return now.default.communes.map(({ code, name }) => ({ code, name, was: was[code] ?? "" }));
  });
  return communes;
}

export function intakePoints(): readonly Point[] {
  return points.points
    .filter(({ to }) => to === null)
    .map((point) => ({
      id: point.id,
      name: inLanguage(point),
      commune: point.commune,
      rural: point.rural,
    }));
}

/** Lower case without accents; "đ" counts as "d". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
}

/** New names first, then those found by an old name; names that begin with the text before others. */
export function findCommunes(all: readonly Commune[], typed: string): Commune[] {
  const wanted = fold(typed).trim();
  const rank = ({ name, was }: Commune): number => {
    const bare = fold(name).replace(/^(xa|phuong) /, "");
    if (bare.startsWith(wanted)) return 0;
    if (fold(name).includes(wanted)) return 1;
    return fold(was).includes(wanted) ? 2 : 3;
  };
  return all
    .map((commune) => ({ commune, at: rank(commune) }))
    .filter(({ at }) => at < 3)
    .sort((a, b) => a.at - b.at)
    .map(({ commune }) => commune);
}
