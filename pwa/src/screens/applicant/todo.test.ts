import { expect, it } from "vitest";
import type { Draft, StatusDetail } from "../../drafts/index.ts";
import { todo } from "./todo.ts";

const WAIT = { what: "certificate", since: "2026-11-01T02:00:00Z", next_try: null };

/** A dossier that waits for its certificate, as the server's status tells it. */
function waiting(findings: StatusDetail["findings"]): Draft {
  const status = {
    group: "accepted",
    code: "waiting",
    missing: [],
    detail: { wait: WAIT, findings },
  };
  const draft = {
    status: () => status,
    sending: () => ({ state: "accepted", sent: 1, total: 1 }),
    correction: () => null,
  };
  return draft as unknown as Draft;
}

it("asks nothing of a person whose certificate is only late", () => {
  const [tone, text] = todo(waiting([]), null).values;
  expect(tone).toBe("wait");
  expect(text).toContain("Không phải làm gì thêm");
});

it("names the facility to ask once it is overdue", () => {
  const params = { days: 14, facility: "Trung tâm Y tế A", contact: "contact_unknown" };
  const late = { code: "certificate_overdue", field: "certificate_number", params };
  const [tone, text] = todo(waiting([{ ...late, severity: "warning" }]), null).values;
  expect(tone).toBe("must");
  expect(text).toContain("Đã chờ 14 ngày mà giấy khám do Trung tâm Y tế A cấp");
  expect(text).toContain("số điện thoại in trên giấy khám");
  expect(text).not.toContain("Không phải làm gì");
});
