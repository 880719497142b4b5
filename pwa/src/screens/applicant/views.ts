import { html, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";

import { inLanguage } from "../../i18n/index.ts";
import type { Form } from "./form.ts";
import { outcomeOf } from "./outcome.ts";
import type { Step, View } from "./steps.ts";
import { w } from "./words/index.ts";

const LOADERS: Readonly<Record<View, () => Promise<unknown>>> = {
  "db-scan-view": () => import("./scan-view.ts"),
  "db-person-view": () => import("./scan-view.ts"),
  "db-photo-view": () => import("./photo-view.ts"),
  "db-certificate-view": () => import("./certificate-view.ts"),
  "db-check-view": () => import("./check-view.ts"),
  "db-send-view": () => import("./send-view.ts"),
  "db-done-view": () => import("./done-view.ts"),
  "db-elsewhere-view": () => import("./elsewhere-view.ts"),
};

/** Brings the code of a page that is more than fields. */
export const loadView = async (view: View | undefined): Promise<void> => {
  if (view) await LOADERS[view]();
};

type GoOn = () => Promise<void>;

const BODIES: Readonly<
  Record<View, (step: Step, form: Form, goOn: GoOn, fields: TemplateResult) => TemplateResult>
> = {
  "db-scan-view": (_step, form, goOn) =>
    html`<db-scan-view class="fill" .form=${form} @done=${goOn}></db-scan-view>`,
  "db-person-view": (_step, form, goOn) =>
    html`<db-person-view class="fill" .form=${form} @done=${goOn}></db-person-view>`,
  "db-photo-view": (step, form, goOn) =>
    keyed(
      step.id,
      html`<db-photo-view class="fill" .form=${form} .kind=${step.photo} @done=${goOn}></db-photo-view>`,
    ) as never,
  "db-certificate-view": (_step, form, _goOn, fields) =>
    form.draft.editable("certificate_number")
      ? html`<db-certificate-view .form=${form}></db-certificate-view>${fields}`
      : fields,
  "db-check-view": (_step, form) =>
    html`<db-check-view class="fill" .form=${form}></db-check-view>`,
  "db-send-view": (_step, form) => html`<db-send-view class="fill" .form=${form}></db-send-view>`,
  "db-done-view": (_step, form) => html`<db-done-view class="fill" .form=${form}></db-done-view>`,
  "db-elsewhere-view": (_step, form) =>
    html`<db-elsewhere-view class="fill" .form=${form}></db-elsewhere-view>`,
};

export const drawView = {
  title: (step: Step, form: Form): string =>
    step.view === "db-elsewhere-view" ? inLanguage(outcomeOf(form.values).title) : w(step.title),
  body: (step: Step, form: Form, goOn: GoOn, fields: TemplateResult): TemplateResult =>
    step.view ? BODIES[step.view](step, form, goOn, fields) : fields,
};
