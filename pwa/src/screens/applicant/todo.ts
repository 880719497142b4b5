import { html, nothing, type TemplateResult } from "lit";
import type { Draft, StatusDetail, StatusView } from "../../drafts/index.ts";
import { inLanguage, showDate, showInstant } from "../../i18n/index.ts";
import { signInToSend } from "../../identity/index.ts";
import { syncNow } from "../../sync/index.ts";
import { current } from "../../vault/index.ts";
import { explain, nameOf } from "../shared/explain.ts";
import { rejectWords } from "../shared/reasons.ts";
import { undelivered } from "./pick-up.ts";
import { lawOf } from "./why.ts";
import { type WordKey, w } from "./words/index.ts";

/** What a stage means for the person; all others: being dealt with, nothing to do. */
const STAGE_TODO: Readonly<Record<string, WordKey>> = {
  approved: "dossier.todo_approved",
  produced: "dossier.todo_produced",
  dispatched: "dossier.todo_dispatched",
  delivered: "dossier.todo_delivered",
  withdrawn: "dossier.todo_withdrawn",
};

/** The box at the top of a dossier: what is awaited, and what the person should do, if anything. */
export function todo(draft: Draft, submittedAt: string | null): TemplateResult {
  const status = draft.status();
  const sending = draft.sending();
  switch (sending.state) {
    case "unsent":
      return box("", w("dossier.todo_unsent"));
    case "waiting_network":
      return box(
        "wait",
        w("dossier.todo_waiting", { at: submittedAt ? showInstant(submittedAt) : "" }),
        html`${lacking(status, draft)}${sendNow()}`,
      );
    case "sending":
      return box(
        "wait",
        w("dossier.todo_sending", { sent: sending.sent, total: sending.total }),
        lacking(status, draft),
      );
    case "sent":
      return box("done", w("dossier.todo_sent"));
    case "sign_in":
      return maySignIn()
        ? box("must", w("dossier.todo_sign_in"), signInButton())
        : box("must", w("dossier.todo_sign_in_none"));
    case "refused": {
      const code = sending.reason ?? "";
      return box("must", w("dossier.todo_refused", { reason: explain(code, null) ?? code }));
    }
    default:
      return status ? arrivedTodo(status, draft) : box("wait", w("dossier.todo_sent"));
  }
}

function arrivedTodo(status: StatusView, draft: Draft): TemplateResult {
  if (status.group === "erased") return box("", w("dossier.erased"));
  const detail = status.detail;
  const correction = draft.correction();
  if (correction)
    return box("must", w("dossier.todo_returned", { count: correction.items.length }));
  if (status.group === "refused_input")
    return box(
      "must",
      w("dossier.todo_refused", { reason: explain(status.code, null) ?? status.code }),
    );
  const late = detail?.findings.find(({ code }) => code === "certificate_overdue");
  if (detail?.wait && late)
    return box("must", explain(late.code, late.field, late.params) ?? waiting(detail.wait));
  if (detail?.wait) return box("wait", waiting(detail.wait));
  if (status.group !== "closed" && undelivered(detail?.consignment))
    return box("must", w("dossier.todo_undelivered"));
  if (status.code === "produced" && detail?.consignment?.state === "pick_up")
    return box("done", w("dossier.todo_pick_up"));
  if (status.code === "rejected") return rejected(detail);
  const promise = detail?.promised_on
    ? w("dossier.promise", { date: showDate(detail.promised_on) })
    : "";
  return box(
    status.code === "withdrawn" ? "" : "done",
    w(STAGE_TODO[status.code] ?? "dossier.todo_accepted", { promise }),
  );
}

/** The photos of which the server lacks parts, by name. */
function lacking(status: StatusView | null, draft: Draft): TemplateResult | typeof nothing {
  if (!status || status.missing.length === 0) return nothing;
  const kinds = new Map(draft.photos().map(({ id, kind }) => [id, kind]));
  const what = status.missing
    .map(({ photo, missing, of }) =>
      w("dossier.missing_photo", { photo: nameOf(`photo:${kinds.get(photo)}`), missing, of }),
    )
    .join("; ");
  return html`<p data-missing>${w("dossier.todo_missing", { what })}</p>`;
}

function waiting({ what, since, next_try }: NonNullable<StatusDetail["wait"]>): string {
  const next = next_try ? w("dossier.wait_next", { at: showInstant(next_try) }) : "";
  return w(`dossier.wait_${what}` as WordKey, { since: showInstant(since), next });
}

function rejected(detail: StatusDetail | null): TemplateResult {
  const { text = null, reason = null, law = null } = detail?.decision ?? {};
  const cited = lawOf(law);
  return box(
    "must",
    w("dossier.todo_rejected", { reason: rejectWords(reason, text).replace(/\.$/, "") }),
    law
      ? html`<p class="small">${w("dossier.law", { law: cited ? `${cited.cite}. ${inLanguage(cited)}` : law })}</p>`
      : nothing,
  );
}

const box = (
  tone: string,
  text: string,
  more: TemplateResult | typeof nothing = nothing,
): TemplateResult => html`<div class="note ${tone}" data-todo><p>${text}</p>${more}</div>`;

const sendNow = (): TemplateResult =>
  html`<button class="button second" type="button" data-send-now @click=${() => void syncNow()}>${w("dossier.send_now")}</button>`;

const signInButton = (): TemplateResult =>
  html`<button class="button" type="button" data-sign-in @click=${signInAgain}>${w("dossier.sign_in")}</button>`;

/** A clerk's tablet signs in as the clerk; a person's own phone only with an account. */
const maySignIn = (): boolean => current()?.mode === "clerk" || current()?.account !== undefined;

async function signInAgain(event: Event): Promise<void> {
  const button = event.currentTarget as HTMLButtonElement;
  button.disabled = true;
  try {
    await signInToSend(current()?.mode === "clerk" ? "clerk" : "applicant");
  } catch (cause) {
    button.dispatchEvent(new CustomEvent("failed", { detail: cause, bubbles: true }));
  } finally {
    button.disabled = false;
  }
}
