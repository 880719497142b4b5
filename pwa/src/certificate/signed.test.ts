import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/signed_certificates.json" with { type: "json" };
import type { Answers } from "../rules/index.ts";
import { fromBase45 } from "./base45.ts";
import { check, differs } from "./signed.ts";

const now = new Date(vectors.now);

describe("vectors shared with the server", () => {
  it.each(vectors.cases)("$name is $state", async ({ text, state, certificate, facility }) => {
    const want = { state, ...(certificate && { certificate }), ...(facility && { facility }) };
    expect(await check(text, vectors.keys, now)).toEqual(want);
  });

  it.each(vectors.persons)("held against $name", async ({ set, differs: want }) => {
    const { certificate } = await check(vectors.cases[0]?.text ?? "", vectors.keys, now);
    const answers = Object.entries({ ...vectors.base, ...set }).filter(([, value]) => value);
    if (!certificate) throw new Error("no certificate");
    expect(differs(certificate, Object.fromEntries(answers) as Partial<Answers>)).toEqual(want);
  });
});

describe("Base45", () => {
  it.each([
    ["BB8", "AB"],
    ["%69 VD92EX0", "Hello!!"],
    ["UJCLQE7W581", "base-45"],
    ["QED8WEX0", "ietf!"],
  ])("reads %s as RFC 9285 does", (text, plain) => {
    expect(new TextDecoder().decode(fromBase45(text))).toBe(plain);
  });

  it.each(["GGW", ":::", "A", "AAAA", "aa", "::", "ÄBB"])("refuses %s", (text) => {
    expect(() => fromBase45(text)).toThrow(SyntaxError);
  });
});
