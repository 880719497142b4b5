import "../../styles/officer.css";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { ApiError, type Session, session, signOut } from "../../identity/index.ts";
import "../door/sign-in.ts";
import { d } from "../door/words/index.ts";
import { whyRefused } from "../shared/problem.ts";
import "./decide.ts";
import type { DecidePane } from "./decide.ts";
import "./fields.ts";
import { Filing } from "./filing.ts";
import { type Command, commandOf, isTyping, type KeysHelp, keysOn } from "./keys.ts";
import {
  type Acted,
  act,
  type Crop,
  type Decision,
  type DeskDossier,
  decide,
  undo,
} from "./model.ts";
import { STEP } from "./viewport.ts";
import "./photos.ts";
import { inOrder, type Loaded, type PhotosPane } from "./photos.ts";
import "./progress.ts";
import "./queue.ts";
import type { QueuePane } from "./queue.ts";
import { type Leaving, leavesAt, type UndoBar } from "./undo.ts";
import { type OfficerKey, o } from "./words/index.ts";

const NO_PHOTOS: ReadonlyMap<string, string> = new Map();

/** The officer's desk: queue, photos, fields and the decision, all by keyboard. */
export class DeskPage extends Page {
  static override properties = {
    ...Page.properties,
    officer: { state: true },
    notice: { state: true },
    stale: { state: true },
    busy: { state: true },
    photosHere: { state: true },
  };

  private officer: Session | null = null;
  private notice: string | null = null;
  private stale: string | null = null;
  private busy = false;
  /** The photos that came, for the crops beside the fields. */
  private photosHere: Loaded | null = null;
  private readonly filing = new Filing(() => this.requestUpdate());

  override get back(): string | null {
    return null;
  }

  override get wide(): boolean {
    return true;
  }

  override get holdsWork(): boolean {
    return this.officer !== null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.onKey);
    this.until(() => document.removeEventListener("keydown", this.onKey));
    this.until(() => this.filing.close());
  }

  protected override async load(): Promise<void> {
    this.officer = await session("officer");
    if (this.officer) await this.begin();
  }

  private async begin(): Promise<void> {
    await this.guarded(() => this.filing.begin(this.params.dossier ?? null));
  }

  private readonly onSignedIn = async ({ detail }: CustomEvent<Session>): Promise<void> => {
    this.officer = detail;
    await this.begin();
  };

  private readonly leave = async (): Promise<void> => {
    await this.guarded(() => signOut("officer"));
    this.filing.close();
    this.officer = null;
    history.replaceState(null, "", "/can-bo");
  };

  /** Runs what talks to the server; a refusal is shown where the officer looks. */
  private async guarded(work: () => Promise<unknown>): Promise<boolean> {
    this.notice = null;
    this.stale = null;
    try {
      await work();
      return true;
    } catch (cause) {
      if ((cause as Error).name === "AbortError") return false;
      this.tell(cause);
      return false;
    }
  }

  private tell(cause: unknown): void {
    if (cause instanceof ApiError && cause.status === 401) this.officer = null;
    if (cause instanceof ApiError && cause.status === 409) this.stale = whyMoved(cause);
    else this.notice = whyRefused(cause);
  }

  private readonly show = (event: CustomEvent<string>): void => {
    void this.open(event.detail);
  };

  private async open(dossier: string | null): Promise<void> {
    history.replaceState(null, "", dossier ? `/can-bo/${dossier}` : "/can-bo");
    await this.guarded(() => this.filing.open(dossier));
    await this.updateComplete;
    this.piece<QueuePane>("db-queue")?.showChosen();
    this.querySelector<HTMLElement>("#dossier-title")?.focus({ preventScroll: true });
  }

  private readonly onDecision = async ({ detail }: CustomEvent<Decision>): Promise<void> => {
    const { dossier } = this.filing;
    if (!dossier || this.busy) return;
    this.busy = true;
    const next = this.filing.neighbour(1);
    const done = await this.guarded(async () => {
      await decide(dossier.dossier, dossier.version, detail);
      const until = leavesAt();
      const { dossier: id, dossier_code: code } = dossier;
      this.piece<UndoBar>("db-undo")?.add({ dossier: id, code, outcome: detail.outcome, until });
      this.say(o("undo.said", { outcome: o(`outcome.${detail.outcome}`), code }));
      this.filing.take(id);
    });
    this.busy = false;
    if (done) await this.open(next === dossier.dossier ? null : next);
  };

  private readonly onUndo = async ({ detail }: CustomEvent<Leaving>): Promise<void> => {
    const undone = await this.guarded(() => undo(detail.dossier));
    this.piece<UndoBar>("db-undo")?.drop(detail);
    if (!undone) return;
    this.filing.putBack(detail.dossier);
    this.say(o("undo.undone", { code: detail.code }));
    await this.guarded(() => this.filing.refresh());
    await this.open(detail.dossier);
  };

  private readonly onAction = async ({ detail }: CustomEvent<Acted>): Promise<void> => {
    const id = this.filing.dossier?.dossier;
    if (!id) return;
    this.busy = true;
    await this.guarded(async () => {
      await act(id, detail);
      this.say(o(`action.${detail.action}_done`));
      if (detail.action === "try_now") return this.filing.await(id);
      await this.filing.refresh();
      await this.filing.open(id);
    });
    this.busy = false;
  };

  private readonly reload = async (): Promise<void> => {
    await this.guarded(async () => {
      await this.filing.refresh();
      await this.filing.open(this.filing.chosen);
    });
  };

  private say(text: string): void {
    this.dispatchEvent(new CustomEvent("say", { detail: text, bubbles: true }));
  }

  private piece<T extends Element>(selector: string): T | null {
    return this.querySelector<T>(selector);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!this.officer || document.querySelector("dialog[open]")) return;
    const command = commandOf(event, isTyping(event.target), keysOn());
    if (!command) return;
    if (command === "close" && isTyping(event.target) && event.target instanceof HTMLElement)
      event.target.blur();
    if (this.run(command, event.key)) event.preventDefault();
  };

  private run(command: Command, key: string): boolean {
    const photos = this.piece<PhotosPane>("db-photos");
    const decision = this.piece<DecidePane>("db-decide");
    const moves: Readonly<Record<Command, () => void>> = {
      approve: () => decision?.begin("approve"),
      return: () => decision?.begin("return"),
      reject: () => decision?.begin("reject"),
      close: () => decision?.close(),
      undo: () => this.undoLast(),
      next: () => this.step(1),
      previous: () => this.step(-1),
      search: () => this.piece<QueuePane>("db-queue")?.focusSearch(),
      larger: () => photos?.frame?.zoomBy(STEP),
      smaller: () => photos?.frame?.zoomBy(1 / STEP),
      fit: () => photos?.frame?.fit(),
      turn: () => photos?.frame?.turn(),
      beside: () => photos?.toggleBeside(),
      photo: () => photos?.choose(Number(key) - 1),
      help: () => this.piece<KeysHelp>("db-keys")?.show(),
    };
    moves[command]();
    return true;
  }

  private readonly onLoaded = ({ detail }: CustomEvent<Loaded>): void => {
    this.photosHere = detail;
  };

  private undoLast(): void {
    this.notice = this.piece<UndoBar>("db-undo")?.undoLast() ? null : o("undo.too_late");
  }

  private step(by: 1 | -1): void {
    const to = this.filing.neighbour(by);
    if (to && to !== this.filing.chosen) void this.open(to);
  }

  protected override content(): TemplateResult {
    if (!this.officer)
      return html`<db-sign-in class="narrow" .who=${"officer"} @signed-in=${this.onSignedIn}></db-sign-in>`;
    const { queue, chosen, dossier, wanted } = this.filing;
    return html`
      <div class="deskbar">
        <h1>${o("desk.title")}</h1>
        <span class="quiet">${this.officer.name ?? ""}</span>
        <span class="spring"></span>
        <a class="tool" href="/can-bo/thi-lai">${o("retests.title")}</a>
        <a class="tool" href="/so-thu-tu">${o("desk.numbers")}</a>
        <a class="tool" href="/can-bo/bao-cao">${o("report.title")}</a>
        <a class="tool" href="/quan-tri">${o("devices.title")}</a>
        <button type="button" class="tool" @click=${() => this.piece<KeysHelp>("db-keys")?.show()}>${o("keys.title")} <kbd>?</kbd></button>
        <button type="button" class="tool" data-sign-out @click=${this.leave}>${d("signin.out")}</button>
      </div>
      ${this.messages()}
      <div class="desk ${chosen ? "open" : ""}">
        <db-queue class="pane" .queue=${queue} .chosen=${chosen} .q=${wanted.q} .state=${wanted.state}
          @open=${this.show} @more=${() => void this.guarded(() => this.filing.more())}
          @filter=${({ detail }: CustomEvent) => void this.guarded(() => this.filing.filter(detail))}></db-queue>
        ${dossier ? this.opened(dossier) : this.nothingOpen(chosen)}
      </div>
      <db-undo @undo=${this.onUndo}></db-undo>
      <db-keys></db-keys>`;
  }

  private messages(): TemplateResult | typeof nothing {
    if (this.stale) {
      return html`<div class="note wait" role="alert">
        <p>${this.stale}</p>
        <button class="button second" type="button" data-reload @click=${this.reload}>${o("desk.reload")}</button>
      </div>`;
    }
    return this.notice ? html`<p class="note must" role="alert">${this.notice}</p>` : nothing;
  }

  private nothingOpen(chosen: string | null): TemplateResult {
    return html`<section class="pane empty"><p role="status">${o(chosen && !this.notice ? "desk.opening" : "desk.choose")}</p></section>`;
  }

  private opened(dossier: DeskDossier): TemplateResult {
    const { photosHere: here } = this;
    return html`
      <section class="pane seeing" aria-label=${o("photos.title")}>
        <p class="backline"><button type="button" class="textbutton" @click=${() => void this.open(null)}>← ${o("desk.list")}</button></p>
        <db-photos .photos=${inOrder(dossier.photos)} .dossier=${dossier.dossier} @loaded=${this.onLoaded}></db-photos>
      </section>
      <section class="pane" aria-labelledby="dossier-title">
        <h2 id="dossier-title" tabindex="-1">${String(dossier.answers.full_name ?? "")} <span class="code">${dossier.dossier_code}</span></h2>
        <db-progress .dossier=${dossier}></db-progress>
        <db-decide .dossier=${dossier} ?busy=${this.busy} @decision=${this.onDecision} @action=${this.onAction}></db-decide>
        <db-fields .dossier=${dossier} .urls=${dossier.dossier === here?.dossier ? here.urls : NO_PHOTOS}
          @see=${({ detail }: CustomEvent<Crop>) => void this.piece<PhotosPane>("db-photos")?.see(detail)}></db-fields>
      </section>`;
  }
}

const MOVED: Readonly<Record<string, OfficerKey>> = {
  already_decided: "moved.already_decided",
  stale: "moved.stale",
  too_late: "moved.too_late",
  not_possible: "moved.not_possible",
};

/** The server and this screen no longer agree: why, in the desk's words where there are some. */
function whyMoved(cause: ApiError): string {
  const words = MOVED[cause.code];
  return words ? o(words) : whyRefused(cause);
}

customElements.define("db-desk", DeskPage);
