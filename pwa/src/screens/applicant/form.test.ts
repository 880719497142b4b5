import { expect, it, vi } from "vitest";
import type { Draft } from "../../drafts/index.ts";
import { Form } from "./form.ts";

it("says saved only when the last change is kept, also when one comes while another is kept", async () => {
  const kept: unknown[] = [];
  const waiting: (() => void)[] = [];
  const draft = {
    values: () => ({}),
    setAll: (values: unknown) =>
      new Promise<void>((done) => {
        waiting.push(() => {
          kept.push(values);
          done();
        });
      }),
  } as unknown as Draft;
  const form = new Form(draft, () => undefined);
  form.answer("licence_number", "1");
  const first = form.flush();
  await vi.waitUntil(() => waiting.length > 0);
  form.answer("licence_number", "12");
  waiting.shift()?.();
  await first;
  expect(form.saving.state).toBe("pending");
  const second = form.flush();
  await vi.waitUntil(() => waiting.length > 0);
  waiting.shift()?.();
  await second;
  expect(form.saving.state).toBe("saved");
  expect(kept).toEqual([{ licence_number: "1" }, { licence_number: "12" }]);
});
