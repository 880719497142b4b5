import { html, nothing, type TemplateResult } from "lit";
import { dropClaim, heldClaim } from "../../app/claim-link.ts";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { helping, TABLET } from "../../app/tablet.ts";
import { type DossierRow, list, onRows, open, type Taken } from "../../drafts/index.ts";
import { inLanguage, showInstant, t } from "../../i18n/index.ts";
import { network, onNetwork, syncNow } from "../../sync/index.ts";
import "../applicant/qr-source.ts";
import { FIRST } from "../applicant/steps.ts";
import "../shared/field.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { Claiming, type Code, type Waiting } from "./claiming.ts";
import { h } from "./words/index.ts";

const SECRET = /^[A-Za-z0-9_-]{22}$/;
const LINK = /\/nhan#([A-Za-z0-9_-]{22})$/;
const TYPED = /^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$/;
const tidy = (typed: string): string => typed.replace(/[\s-]/g, "").toUpperCase();

/** `/nhan`: by a slip's code the dossier becomes this vault's; on a tablet, a phone's lent one. */
export class TakePage extends Page {
  static override properties = {
    ...Page.properties,
    waiting: { state: true },
    row: { state: true },
    answers: { state: true },
    troubles: { state: true },
    other: { state: true },
  };

  private claiming: Claiming | null = null;
  private waiting: Waiting | null = null;
  /** The dossier that was taken and is on its way. */
  private dossier: string | null = null;
  private row: DossierRow | undefined;
  private answers: Readonly<Record<string, string | undefined>> = {};
  private troubles: readonly Trouble[] = [];
  private other = false;

  override get back(): string | null {
    return helping() ? TABLET : "/ho-so";
  }

  override get holdsWork(): boolean {
    return this.claiming !== null;
  }

  protected override async load(): Promise<void> {
    this.until(() => this.claiming?.end());
    this.until(onRows(() => void this.look()));
    this.until(onNetwork(() => this.requestUpdate()));
    const begun = this.query.get("ho-so");
    if (begun) return this.follow(begun);
    const secret = heldClaim() ?? "";
    if (SECRET.test(secret)) this.begin({ secret });
    else this.other = secret !== "";
  }

  private begin(code: Code): void {
    this.other = false;
    this.claiming?.end();
    this.claiming = new Claiming(
      code,
      (waiting) => {
        this.waiting = waiting;
      },
      (taken) => void this.arrived(taken),
    );
    void this.claiming.now();
  }

  private async arrived({ dossier }: Taken): Promise<void> {
    dropClaim();
    this.claiming = null;
    this.waiting = null;
    await this.follow(dossier);
  }

  private async follow(dossier: string): Promise<void> {
    this.dossier = dossier;
    void syncNow();
    await this.look();
  }

  /** Goes on to the dossier once all of it that this device will need is here. */
  private async look(): Promise<void> {
    if (!this.dossier || !this.isConnected) return;
    this.row = (await list()).find(({ dossier }) => dossier === this.dossier);
    if (!this.row || this.row.arriving) return;
    const draft = await open(this.dossier); // asks for the photos it names
    this.row = (await list()).find(({ dossier }) => dossier === this.dossier);
    if (draft.submitted || this.row?.awaited === 0) await this.goOn();
  }

  private readonly goOn = async (): Promise<void> => {
    const dossier = this.dossier ?? "";
    this.dossier = null;
    const { submitted, position } = await open(dossier);
    const to = submitted ? `/ho-so/${dossier}` : `/to-khai/${dossier}/${position ?? FIRST}`;
    navigate(to, { replace: true });
  };

  protected override content(): TemplateResult {
    return html`
      <db-summary .troubles=${this.troubles}></db-summary>
      <h1>${h(helping() ? "take.title_clerk" : "take.title")}</h1>
      ${this.dossier ? this.coming() : this.waiting ? this.trying(this.waiting) : this.asking()}`;
  }

  private asking(): TemplateResult {
    const clerk = helping();
    const code = {
      name: "typed",
      kind: "text" as const,
      label: h("take.typed"),
      hint: h("take.typed_hint"),
      normalise: tidy,
    };
    const birth = {
      name: "birth",
      kind: "birth" as const,
      label: h("take.birth"),
      hint: t("field.birth_hint"),
    };
    return html`
      <p>${h(clerk ? "take.text_clerk" : "take.text")}</p>
      ${this.other ? html`<p class="note must" role="alert">${h("take.other_code")}</p>` : nothing}
      <db-qr-source .label=${h("take.scan")} @text=${this.scanned}></db-qr-source>
      <h2>${h("take.or_type")}</h2>
      <form class="fill" @submit=${this.submit} @answer=${this.onAnswer} novalidate autocomplete="off">
        <db-field .question=${code} .value=${this.answers.typed} .problem=${this.problemOf("typed")} shared></db-field>
        <db-field .question=${birth} .value=${this.answers.birth} .problem=${this.problemOf("birth")} shared></db-field>
        <div class="foot"><button class="button second" data-next>${h("take.button")}</button></div>
      </form>`;
  }

  private trying({ why, at, said }: Waiting): TemplateResult {
    const text =
      why === "said" && said ? inLanguage(said) : h(`take.${why === "said" ? "failed" : why}`);
    const tone = at || why === "taking" ? "wait" : "must";
    return html`
      <div class="note ${tone}" role="status" data-claiming=${why}>
        <p>${text}</p>
        ${at ? html`<p class="quiet">${h("take.next_try", { at: showInstant(at).slice(0, 5) })}</p>` : nothing}
      </div>
      <div class="foot">
        ${
          why === "taking" || why === "clerk_needed" || why === "unknown"
            ? nothing
            : html`<button class="button" type="button" data-try-now @click=${() => void this.claiming?.now()}>${h("take.try_now")}</button>`
        }
        ${why === "taking" ? nothing : html`<button class="button second" type="button" data-another @click=${this.another}>${h("take.another")}</button>`}
      </div>`;
  }

  private readonly another = (): void => {
    dropClaim();
    this.claiming?.end();
    this.claiming = null;
    this.waiting = null;
  };

  private coming(): TemplateResult {
    const left = this.row?.awaited ?? 0;
    const here = this.row !== undefined && !this.row.arriving;
    return html`
      <div class="note ${network() === "offline" ? "wait" : "done"}" role="status" data-arriving>
        <p>${here ? h("take.photos", { left }) : h("take.arriving")}</p>
        ${network() === "offline" ? html`<p>${h("take.photos_offline")}</p>` : nothing}
      </div>
      ${here ? html`<div class="foot"><button class="button" type="button" data-open-now @click=${this.goOn}>${h("take.go_on")}</button></div>` : nothing}`;
  }

  private problemOf(name: string): string | null {
    return this.troubles.find(({ field }) => field === name)?.text ?? null;
  }

  private readonly scanned = ({ detail }: CustomEvent<string>): void => {
    const secret = LINK.exec(detail)?.[1];
    if (secret) this.begin({ secret });
    else this.other = true;
  };

  private readonly onAnswer = ({ detail: { name, value } }: CustomEvent<Answered>): void => {
    this.answers = { ...this.answers, [name]: value as string | undefined };
  };

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    const { typed = "", birth = "" } = this.answers;
    this.troubles = [
      ...(TYPED.test(typed) ? [] : [{ field: "typed", text: h("take.typed_bad") }]),
      ...(/^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$/.test(birth)
        ? []
        : [{ field: "birth", text: t("error.date", { label: h("take.birth") }) }]),
    ];
    if (this.troubles.length === 0) this.begin({ typed, date_of_birth: birth });
  };
}

customElements.define("db-take", TakePage);
