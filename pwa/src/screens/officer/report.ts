import "../../styles/report.css";
import { html, nothing, svg, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { inLanguage, language } from "../../i18n/index.ts";
import { ApiError, api, type Session, session } from "../../identity/index.ts";
import "../door/sign-in.ts";
import { whyRefused } from "../shared/problem.ts";
import {
  monthAfter,
  monthInVietnam,
  monthsWith,
  showCount,
  showMonth,
  showShare,
} from "./numbers.ts";
import { o } from "./words/index.ts";

interface Counts {
  received: number;
  online: number;
  /** In percent, two decimals; null where nothing was received. */
  share: number | null;
}

interface Line extends Counts {
  key: string | null;
  vi: string;
  en: string;
}

const KINDS = ["procedure", "point", "channel", "licence_class"] as const;

interface Report extends Counts {
  month: string;
  in_person: number;
  decided: number;
  median_days: number | null;
  p90_days: number | null;
  overdue: number;
  overdue_open: number;
  tables: Readonly<Record<(typeof KINDS)[number], readonly Line[]>>;
}

/** The monthly report: what came in, how much of it online, how long it took. */
export class ReportPage extends Page {
  static override properties = {
    ...Page.properties,
    officer: { state: true },
    report: { state: true },
    problem: { state: true },
  };

  private officer: Session | null = null;
  private report: Report | null = null;
  private problem: string | null = null;
  private month = monthInVietnam(new Date());

  override get back(): string | null {
    return "/can-bo";
  }

  override get wide(): boolean {
    return true;
  }

  protected override async load(): Promise<void> {
    this.officer = await session("officer");
    if (this.officer) await this.read(this.query.get("thang") ?? this.month);
  }

  private readonly onSignedIn = async ({ detail }: CustomEvent<Session>): Promise<void> => {
    this.officer = detail;
    await this.read(this.month);
  };

  private async read(month: string): Promise<void> {
    this.problem = null;
    try {
      const found = await api<Report>(`/reports/${encodeURIComponent(month)}`);
      this.report = found;
      this.month = found.month;
      history.replaceState(history.state, "", `/can-bo/bao-cao?thang=${found.month}`);
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 401) this.officer = null;
      this.problem = whyRefused(cause);
    }
  }

  private readonly choose = ({ target }: Event): void => {
    void this.read((target as HTMLSelectElement).value);
  };

  private step(by: 1 | -1): void {
    void this.read(monthAfter(this.month, by));
  }

  protected override content(): TemplateResult {
    if (!this.officer)
      return html`<db-sign-in class="narrow" .who=${"officer"} @signed-in=${this.onSignedIn}></db-sign-in>`;
    return html`
      <h1>${o("report.title")}</h1>
      <div class="monthbar">
        <button type="button" class="tool" data-before @click=${() => this.step(-1)}>${o("report.before")}</button>
        <label>${o("report.month")}
          <select class="input" @change=${this.choose}>${monthsWith(this.month).map(
            (month) =>
              html`<option value=${month} .selected=${month === this.month}>${showMonth(month)}</option>`,
          )}</select>
        </label>
        <button type="button" class="tool" data-after @click=${() => this.step(1)}>${o("report.after")}</button>
      </div>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.report ? this.figures(this.report) : nothing}`;
  }

  private figures(report: Report): TemplateResult {
    const file = (kind: string): string =>
      `/api/reports/${report.month}.${kind}?language=${language()}`;
    const figure = (name: string, value: string, more?: string): TemplateResult =>
      html`<div><dt>${name}</dt><dd>${value}${more ? html` <small>${more}</small>` : nothing}</dd></div>`;
    const days = (name: string, count: number | null): TemplateResult =>
      count === null ? figure(name, "–") : figure(name, showCount(count), o("report.days"));
    return html`
      <p class="quiet">${o("report.how")}</p>
      <dl class="figures" data-month=${report.month}>
        ${figure(o("report.received"), showCount(report.received))}
        ${figure(o("report.online"), showCount(report.online))}
        ${figure(o("report.share"), report.share === null ? o("report.none") : showShare(report.share))}
        ${figure(o("report.in_person"), showCount(report.in_person))}
        ${figure(o("report.decided"), showCount(report.decided))}
        ${days(o("report.median"), report.median_days)}
        ${days(o("report.p90"), report.p90_days)}
        ${figure(o("report.overdue"), showCount(report.overdue), o("report.overdue_open", { count: showCount(report.overdue_open) }))}
      </dl>
      <p class="downloads">
        <a class="tool" href=${file("xlsx")} download data-file="xlsx">${o("report.xlsx")}</a>
        <a class="tool" href=${file("csv")} download data-file="csv">${o("report.csv")}</a>
      </p>
      ${report.received ? html`<p class="legend"><span class="mark online"></span> ${o("report.online")} <span class="mark"></span> ${o("report.otherwise")}</p>` : nothing}
      <div class="reports">${KINDS.map((kind) => (report.tables[kind].length ? counted(kind, report.tables[kind]) : nothing))}</div>`;
  }
}

function counted(kind: (typeof KINDS)[number], lines: readonly Line[]): TemplateResult {
  const most = Math.max(...lines.map((line) => line.received));
  return html`<div class="counted" role="region" tabindex="0" aria-label=${o(`report.${kind}`)}><table class="report" data-kind=${kind}>
    <caption>${o(`report.${kind}`)}</caption>
    <thead><tr>
      <th scope="col">${o(`report.of_${kind}`)}</th>
      <th scope="col">${o("report.received")}</th>
      <th scope="col">${o("report.online")}</th>
      <th scope="col">${o("report.share_short")}</th>
    </tr></thead>
    <tbody>${lines.map(
      (line) => html`<tr>
        <th scope="row">${inLanguage(line)}${bar(line, most)}</th>
        <td>${showCount(line.received)}</td>
        <td>${showCount(line.online)}</td>
        <td>${line.share === null ? "–" : showShare(line.share)}</td>
      </tr>`,
    )}</tbody>
  </table></div>`;
}

/** The numbers stand beside it, so a screen reader passes it over. */
function bar({ received, online }: Counts, most: number): TemplateResult {
  const width = (count: number): string => `${((count / most) * 100).toFixed(2)}%`;
  return html`<svg class="amount" aria-hidden="true">${svg`<rect width=${width(received)} height="100%" /><rect class="online" width=${width(online)} height="100%" />`}</svg>`;
}

customElements.define("db-report", ReportPage);
