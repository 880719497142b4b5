import { html, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { type OfficerKey, o } from "./words/index.ts";

export type Command =
  | "approve"
  | "return"
  | "reject"
  | "undo"
  | "next"
  | "previous"
  | "search"
  | "larger"
  | "smaller"
  | "fit"
  | "turn"
  | "beside"
  | "photo"
  | "close"
  | "help";

/** Every shortcut, in the order of the list that "?" shows. */
const KEYS: readonly { keys: readonly string[]; command: Command; words: OfficerKey }[] = [
  { keys: ["d"], command: "approve", words: "keys.approve" },
  { keys: ["b"], command: "return", words: "keys.return" },
  { keys: ["t"], command: "reject", words: "keys.reject" },
  { keys: ["z"], command: "undo", words: "keys.undo" },
  { keys: ["j"], command: "next", words: "keys.next" },
  { keys: ["k"], command: "previous", words: "keys.previous" },
  { keys: ["/"], command: "search", words: "keys.search" },
  { keys: ["+", "="], command: "larger", words: "keys.larger" },
  { keys: ["-"], command: "smaller", words: "keys.smaller" },
  { keys: ["0"], command: "fit", words: "keys.fit" },
  { keys: ["r"], command: "turn", words: "keys.turn" },
  { keys: ["s"], command: "beside", words: "keys.beside" },
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], command: "photo", words: "keys.photo" },
  { keys: ["Escape"], command: "close", words: "keys.close" },
  { keys: ["?"], command: "help", words: "keys.help" },
];
const SHOWN: Readonly<Partial<Record<Command, string>>> = {
  photo: "1 … 9",
  close: "Esc",
  larger: "+",
};
const STORED = "doibang.desk.keys";

/** The command of a key press, or null: while typing, with a modifier, or switched off. */
export function commandOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing">,
  typing: boolean,
  on: boolean,
): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = KEYS.find(({ keys }) => keys.includes(key))?.command ?? null;
  if (found === "close") return found;
  return typing || !on ? null : found;
}

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("input:not([type=checkbox],[type=radio]), textarea, select") !== null;

/** Single keys can be switched off (WCAG 2.2, 2.1.4); the choice stays on this machine. */
export const keysOn = (): boolean => localStorage.getItem(STORED) !== "off";

/** The list behind "?". */
export class KeysHelp extends Light {
  show(): void {
    this.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog class="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">${o("keys.title")}</h2>
      <dl>
        ${KEYS.map(
          ({ keys, command, words }) => html`<div>
            <dt><kbd>${SHOWN[command] ?? keys[0]?.toUpperCase()}</kbd></dt><dd>${o(words)}</dd>
          </div>`,
        )}
      </dl>
      <label class="choice">
        <input type="checkbox" .checked=${keysOn()} @change=${this.toggle} />
        <span>${o("keys.on")}</span>
      </label>
      <form method="dialog"><button class="button">${o("keys.done")}</button></form>
    </dialog>`;
  }

  private toggle(event: Event): void {
    localStorage.setItem(STORED, (event.target as HTMLInputElement).checked ? "on" : "off");
  }
}

customElements.define("db-keys", KeysHelp);
