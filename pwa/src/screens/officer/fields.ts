import names from "@dossier/data/fields.json";
import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { nameOf, whyFound } from "../shared/explain.ts";
import { type Commune, loadCommunes } from "../shared/places.ts";
import "./crop.ts";
import type { Compared, DeskDossier, Finding } from "./model.ts";
import { aboutValue, showValue } from "./show.ts";
import { type OfficerKey, o } from "./words/index.ts";

const ORDER = Object.keys(names.fields);
const RANK = { error: 0, warning: 1, notice: 2 } as const;
const SOURCES = ["qr", "print", "registry"] as const;
type Source = (typeof SOURCES)[number];

export const bySeverity = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);

/** Every answer once, in the order of the form; with what was read where something was. */
export function rowsOf({
  answers,
  comparison,
}: Pick<DeskDossier, "answers" | "comparison">): Compared[] {
  const compared = new Map(comparison.map((row) => [row.field, row]));
  const fields = new Set([...Object.keys(answers), ...compared.keys()]);
  const place = (field: string): number =>
    ORDER.includes(field) ? ORDER.indexOf(field) : ORDER.length;
  return [...fields]
    .sort((a, b) => place(a) - place(b))
    .map((field) => compared.get(field) ?? plain(field, answers[field]));
}

const plain = (field: string, typed: unknown): Compared => ({
  field,
  typed,
  qr: null,
  print: null,
  registry: null,
  result: null,
  crop: null,
});

/** What only an ID card's code, the licence's print or the registry says has no name in the form. */
const ELSEWHERE: Readonly<Record<string, OfficerKey>> = {
  identity_issue_date: "field.identity_issue_date",
  old_identity_number: "field.old_identity_number",
  licence_address: "field.licence_address",
  conclusion: "field.conclusion",
};

const rowName = (field: string): string => {
  const words = ELSEWHERE[field];
  return words ? o(words) : nameOf(field);
};

/** Findings on top, then typed, QR, print and registry side by side. */
export class FieldsPane extends Light {
  static override properties = {
    dossier: { attribute: false },
    urls: { attribute: false },
    communes: { state: true },
  };

  dossier!: DeskDossier;
  /** Of the photos that are here, by their ids. */
  urls: ReadonlyMap<string, string> = new Map();
  private communes: readonly Commune[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    void loadCommunes().then((communes) => {
      this.communes = communes;
    });
  }

  protected override render(): TemplateResult {
    const rows = rowsOf(this.dossier);
    const sources = SOURCES.filter((source) => rows.some((row) => row[source] !== null));
    return html`
      ${this.findings()}
      <table class="compare">
        <caption class="visually-hidden">${o("fields.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">${o("fields.field")}</th>
            <th scope="col">${o("fields.typed")}</th>
            ${sources.map((source) => html`<th scope="col">${o(`fields.${source}`)}</th>`)}
          </tr>
        </thead>
        <tbody>${rows.map((row) => this.row(row, sources))}</tbody>
      </table>`;
  }

  private findings(): TemplateResult {
    const { findings } = this.dossier;
    const clean = findings.every(({ severity }) => severity === "notice");
    return html`${clean ? html`<p class="note done">✓ ${o("findings.none")}</p>` : nothing}
      <section aria-label=${o("findings.title")}>
      <ul class="findings">
        ${bySeverity(findings).map(
          ({ code, field, severity, params }) => html`<li class=${severity}>
            <strong>${o(`findings.${severity}`)}</strong>
            ${whyFound(code, field, params) ?? `${nameOf(field)}: ${code}`}
          </li>`,
        )}
      </ul>
    </section>`;
  }

  private row(row: Compared, sources: readonly Source[]): TemplateResult {
    const found = this.dossier.findings.filter(({ field }) => field === row.field);
    const worst = bySeverity(found)[0]?.severity ?? "";
    const about = aboutValue(row.field, row.typed, this.dossier.answers.licence_regime);
    return html`<tr class=${row.result === "differs" ? "differs" : worst} data-field=${row.field}>
      <th scope="row">${rowName(row.field)}</th>
      <td>${this.shown(row.field, row.typed)}${about ? html`<span class="about">${about}</span>` : nothing}</td>
      ${sources.map((source) => html`<td>${this.read(row, source)}</td>`)}
    </tr>${this.crop(row, sources.length + 1)}`;
  }

  /** Under what does not agree: the place on the photo that it was read from. */
  private crop(
    { field, result, crop }: Compared,
    columns: number,
  ): TemplateResult | typeof nothing {
    const photo = this.dossier.photos.find(({ id }) => id === crop?.photo);
    if (!crop || !photo || result === "same" || result === null) return nothing;
    return html`<tr class="crops ${result}"><td></td><td colspan=${columns}>
      <db-crop .photo=${photo} .crop=${crop} .url=${this.urls.get(photo.id) ?? null} .name=${rowName(field)}></db-crop>
    </td></tr>`;
  }

  private shown(field: string, value: unknown): string {
    return showValue(field, value, this.communes) || "–";
  }

  private read(row: Compared, source: Source): TemplateResult | string {
    const value = row[source];
    if (value === null) return "–";
    const typed = this.shown(row.field, row.typed);
    const read = this.shown(row.field, value);
    if (row.result === null) return read;
    if (row.result === "same" || read === typed) return html`<span class="agrees">✓</span> ${read}`;
    const words = row.result === "writing" ? o("fields.writing") : o("fields.differs");
    return html`<mark>≠ ${read}</mark><span class="about">${words}</span>`;
  }
}

customElements.define("db-fields", FieldsPane);
