import answers from "@dossier/vectors/answers.json";
import certificate from "@dossier/vectors/certificate.json";
import classes from "@dossier/vectors/classes.json";
import expiry from "@dossier/vectors/expiry.json";
import fees from "@dossier/vectors/fees.json";
import formatCases from "@dossier/vectors/formats.json";
import identity from "@dossier/vectors/identity.json";
import triageCases from "@dossier/vectors/triage.json";
import { describe, expect, it } from "vitest";
import { certificateValidity } from "./certificate.ts";
import { coversClass, exchangeChoices, findClass } from "./classes.ts";
import * as formats from "./formats.ts";
import { check, counterFees, feeOn, normalise, photosNeeded, problems, today } from "./index.ts";
import { identityFindings } from "./person.ts";
import type { Answers } from "./submission.ts";
import { triageOutcome } from "./triage.ts";

describe("what is paid at the counter", () => {
  const amounts = (held: string, expiry: string, on: string): number[] =>
    counterFees({ licence_class: held, licence_regime: "2008", licence_expiry: expiry }, on).map(
      ({ amount }) => amount,
    );

  it("is the tests by class and by how long overdue, then the licence", () => {
    expect(amounts("B2", "2027-01-01", "2026-11-23")).toEqual([115_000]);
    expect(amounts("B2", "2026-08-01", "2026-11-23")).toEqual([100_000, 115_000]);
    expect(amounts("B2", "2020-01-01", "2026-11-23")).toEqual([100_000, 350_000, 80_000, 115_000]);
    expect(amounts("A1", "2020-01-01", "2026-11-23")).toEqual([60_000, 70_000, 115_000]);
  });

  it("has the simulation test only while there was one", () => {
    expect(amounts("B2", "2020-01-01", "2026-06-30")).toContain(100_000);
    expect(amounts("B2", "2020-01-01", "2026-06-30")).toHaveLength(5);
  });
});

describe("vectors shared with the server", () => {
  it.each(expiry.cases)(
    "expiry $expiry filed $filed",
    ({ expiry: printed, filed, expect: want }) => {
      const outcome = triageOutcome({ licence_expiry: printed }, filed);
      expect({ procedure: outcome.procedure, test: outcome.expiry.test }).toEqual(want);
    },
  );

  it.each(triageCases.cases)("triage $answers", ({ answers: given, filed, expect: want }) => {
    const { key, procedure, fileOnline } = triageOutcome(given as Partial<Answers>, filed);
    expect({ key, procedure, file_online: fileOnline }).toEqual(want);
  });

  it.each(classes.cases)("class $regime $code", ({ regime, code, filed, expect: want }) => {
    const choices = exchangeChoices(regime, code, filed).map((choice) => choice.code);
    expect({ choices, certificate: findClass(regime, code)?.certificate ?? null }).toEqual(want);
  });

  it.each(certificate.cases)("certificate $concluded on $filed", (one) => {
    const validity = certificateValidity(one.concluded, one.filed);
    expect({ state: validity?.state, until: validity?.until }).toEqual(one.expect);
  });

  it.each(certificate.covers)(
    "$given covers $wanted: $expect",
    ({ given, wanted, expect: want }) => {
      expect(coversClass(given, wanted)).toBe(want);
    },
  );

  it.each(fees.cases)(
    "fee $procedure $date $channel",
    ({ procedure, date, channel, expect: want }) => {
      expect(feeOn(procedure, date, channel as "online" | "counter")).toBe(want);
    },
  );

  const readers: Record<string, ((text: string) => string | null) | undefined> = {
    licence_number: formats.licenceNumber,
    licence_serial: formats.licenceSerial,
    identity_number: formats.identityNumber,
    certificate_number: formats.certificateNumber,
    phone: formats.phone,
    slip: formats.slip,
  };
  /** Postal items and dossier codes are never typed on the phone. */
  const typed = formatCases.cases.filter(({ kind }) => readers[kind]);
  it.each(typed)("$kind $input", ({ kind, input, expect: want }) => {
    expect(readers[kind]?.(input)).toBe(want);
  });
  it("covers the formats that people type", () => {
    expect(new Set(typed.map(({ kind }) => kind))).toEqual(new Set(Object.keys(readers)));
  });

  it.each(identity.cases)("identity $number $sex $date_of_birth", (one) => {
    const found = identityFindings(
      one.number,
      one.sex ?? undefined,
      one.date_of_birth ?? undefined,
    );
    expect(found).toEqual(one.expect);
  });
});

describe("answers", () => {
  /** What the server finds beyond the answers: shapes of other parts, places, readings. */
  const BEYOND =
    /^(?:reading_|photo_|consent_|commune_|province_|point_|clock_|unknown_schema|not_nfc)|@(?:submission|slip|readings)$/;
  type Base = { answers: Record<string, unknown> };
  function changed(set: Record<string, unknown>): Partial<Answers> {
    const base = structuredClone(answers.base) as unknown as Base;
    for (const [path, value] of Object.entries(set)) {
      if (path === "answers") base.answers = value as Base["answers"];
      if (!path.startsWith("answers.")) continue;
      const name = path.slice("answers.".length);
      if (value === null) delete base.answers[name];
      else base.answers[name] = value;
    }
    return base.answers as Partial<Answers>;
  }

  const cases = answers.cases
    .map((one) => ({ ...one, set: one.set as Record<string, unknown> }))
    .filter(({ set }) => !("answers.mystery" in set));
  it.each(cases)("$set", ({ set, filed, expect: want }) => {
    const found = problems(changed(set), filed).map(({ code, field }) => `${code}@${field}`);
    expect(found.sort()).toEqual(want.filter((one) => !BEYOND.test(one)).sort());
  });

  it("checks one field at a time", () => {
    expect(check("date_of_birth", "2030-01-01", "2026-11-22")?.code).toBe("date_in_future");
    expect(check("identity_number", "123")?.code).toBe("identity_number_format");
    expect(check("full_name", "Nguyễn Văn Mẫu")).toBeNull();
  });

  it("needs the certificate's photo only where the class needs a certificate", () => {
    const car = { licence_regime: "2025", licence_class: "B" } as const;
    expect(photosNeeded(car)).toContain("health_certificate");
    expect(photosNeeded({ ...car, licence_class: "A1" })).not.toContain("health_certificate");
  });

  it("keeps what it cannot normalise", () => {
    expect(normalise("phone", "0912 345 678")).toBe("+84912345678");
    expect(normalise("phone", "12")).toBe("12");
  });

  it("counts days where the dossier is received", () => {
    expect(today(new Date("2026-11-22T17:00:00Z"))).toBe("2026-11-23");
  });
});
