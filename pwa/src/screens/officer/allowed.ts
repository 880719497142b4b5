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
  consignment,
  answers,
}: DeskDossier): readonly Action[] {
  if (pending) return [];
  const undelivered = consignment?.state === "failed" || consignment?.state === "returned";
  if (state === "parked") return undelivered ? ["resume", "pick_up"] : ["resume"];
  const retrying = waits.length > 0 || problems.length > 0 || Boolean(forwarding?.retry_at);
  const actions: Action[] = retrying ? ["try_now"] : [];
  const fetched = consignment?.state === "pick_up" || answers.delivery_method === "counter";
  if (state === "produced" && fetched) actions.push("collect");
  return PARK.includes(state) ? [...actions, "park"] : actions;
}
