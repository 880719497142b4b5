import { expect, it, vi } from "vitest";

vi.stubGlobal("customElements", { define: () => undefined });
vi.mock("../../app/light.ts", () => ({ Light: class {} }));
const { pinTrouble } = await import("./pin.ts");

it.each([
  ["12345", "short"],
  ["1234567890123", "short"],
  ["12345a", "short"],
  ["111111", "weak"],
  ["123456", "weak"],
  ["987654", "weak"],
  ["194711", null],
])("a PIN %s is %s", (pin, expected) => {
  expect(pinTrouble(pin)).toBe(expected);
});
