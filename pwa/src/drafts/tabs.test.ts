import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import vectors from "../../../tests/vectors/sealing.json" with { type: "json" };
import { fetchIntakeKeys } from "../seal/intake.ts";
import { random } from "../store/bytes.ts";
import { close } from "../store/db.ts";
import { createVault, lock } from "../vault/index.ts";
import { OpenDraft } from "./draft.ts";
import { create } from "./index.ts";

/** A vault costs one Argon2id. */
vi.setConfig({ testTimeout: 30_000 });

const SIZE = { width: 1600, height: 1009 };

function jpeg(): Blob {
  const bytes = random(1000);
  bytes.set([0xff, 0xd8]);
  return new Blob([bytes], { type: "image/jpeg" });
}

beforeEach(async () => {
  lock();
  await close();
  indexedDB.deleteDatabase("doibang");
  await createVault({ mode: "own", guard: { kind: "pin", pin: "250861" } });
});

describe("one draft open in two tabs", () => {
  it("keeps what either tab said to be saved", async () => {
    const { dossier } = await create({ procedure: "doi" });
    const one = await OpenDraft.load(dossier);
    const two = await OpenDraft.load(dossier);
    await one.set("full_name", "Nguyễn Văn Mẫu");
    await two.set("phone", "+84912345678");
    await two.addPhoto("licence_front", jpeg(), SIZE);
    await one.set("sex", "male");
    await one.addPhoto("portrait", jpeg(), SIZE);

    const later = await OpenDraft.load(dossier);
    expect(later.values()).toMatchObject({
      full_name: "Nguyễn Văn Mẫu",
      phone: "+84912345678",
      sex: "male",
    });
    expect(later.photos().map(({ kind }) => kind)).toEqual(["licence_front", "portrait"]);
  });

  it("takes the later answer, shows it in both, and does not bring a replaced photo back", async () => {
    const { dossier } = await create({ procedure: "doi" });
    const one = await OpenDraft.load(dossier);
    await one.set("full_name", "Một");
    const first = await one.addPhoto("portrait", jpeg(), SIZE);
    const two = await OpenDraft.load(dossier);
    await two.set("full_name", "Hai");
    const second = await two.addPhoto("portrait", jpeg(), SIZE);
    expect(second.id).not.toBe(first.id);
    await one.refresh();
    expect(one.values().full_name).toBe("Hai");
    await one.set("phone", "+84912345678");
    expect(one.photos().map(({ id }) => id)).toEqual([second.id]);
    expect((await OpenDraft.load(dossier)).values().full_name).toBe("Hai");
    expect(one.conflicts()).toEqual([]);
  });

  it("is sent once, with what both wrote", async () => {
    await fetchIntakeKeys(async () => Response.json({ keys: [vectors.intake], trial: false }));
    const { dossier } = await create({ procedure: "doi" });
    const one = await OpenDraft.load(dossier);
    const two = await OpenDraft.load(dossier);
    await one.set("full_name", "Nguyễn Văn Mẫu");
    await two.set("phone", "+84912345678");
    const both = await Promise.allSettled([one.submit(), two.submit()]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const later = await OpenDraft.load(dossier);
    expect(later.submitted).toBe(true);
    expect(later.values()).toMatchObject({ full_name: "Nguyễn Văn Mẫu", phone: "+84912345678" });
  });
});
