import states from "@dossier/data/states.json";
import type { Action, DeskDossier } from "./model.ts";

const PARK = states.transitions.find(({ name }) => name === "park")?.from ?? [];

/** What may be done with a dossier besides deciding it, by the state table. */
export function actionsOf({
  state,
  waits,
  pending,
  problems,
  forwarding,
}: DeskDossier): readonly Action[] {
  if (pending) return [];
  if (state === "parked") return ["resume"];
  const retrying = waits.length > 0 || problems.length > 0 || Boolean(forwarding?.retry_at);
  const actions: Action[] = retrying ? ["try_now"] : [];
  return PARK.includes(state) ? [...actions, "park"] : actions;
}
