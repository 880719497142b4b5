import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { random } from "../store/bytes.ts";
import { close, read } from "../store/db.ts";
import {
  createVault,
  current,
  listVaults,
  lock,
  newPassphrase,
  onVaultChange,
  unlock,
} from "./index.ts";
import { unwrapLocally, wrapLocally } from "./open.ts";
import { plainWords, wordList } from "./words.ts";

/** Argon2id is slow on purpose, slower on a busy machine. */
vi.setConfig({ testTimeout: 30_000 });

const PIN = { kind: "pin", pin: "250861" } as const;
const WRONG = { kind: "pin", pin: "111111" } as const;

/** localStorage, which Node has not. */
function memory(): Pick<Storage, "getItem" | "setItem" | "removeItem" | "length"> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    get length() {
      return kept.size;
    },
  };
}

beforeEach(async () => {
  lock();
  await close();
  indexedDB.deleteDatabase("doibang");
});

describe("a vault behind a PIN", () => {
  it("opens with the PIN only, and its key is gone after locking", async () => {
    const seen: boolean[] = [];
    const end = onVaultChange((vault) => seen.push(vault !== null));
    const vault = await createVault({ mode: "own", guard: PIN });
    const dataKey = random(32);
    const sealed = await wrapLocally(vault.owner, "d", dataKey);
    lock();
    expect(current()).toBeNull();
    await expect(unwrapLocally(vault.owner, "d", sealed)).rejects.toMatchObject({ code: "locked" });
    await expect(unlock(vault.id, WRONG)).rejects.toMatchObject({ code: "wrong_secret" });
    await unlock(vault.id, PIN);
    expect(await unwrapLocally(vault.owner, "d", sealed)).toEqual(dataKey);
    expect(seen).toEqual([true, false, true]);
    end();
  });

  it("keeps no PIN, no key and a grant the worker can use", async () => {
    const vault = await createVault({ mode: "own", guard: PIN });
    const [row, grant] = await read(["vaults", "grants"], (tx) =>
      Promise.all([tx.get("vaults", vault.id), tx.get("grants", vault.owner)]),
    );
    expect(JSON.stringify(row)).not.toContain(PIN.pin);
    expect(grant?.secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(grant?.state).toBe("made");
  });

  it("makes wrong tries wait, longer each time, even with the right PIN", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const { id } = await createVault({ mode: "own", guard: PIN });
      lock();
      for (const _ of [1, 2])
        await expect(unlock(id, WRONG)).rejects.toMatchObject({ retryAt: null });
      const third: unknown = await unlock(id, WRONG).catch((error: unknown) => error);
      expect(third).toMatchObject({ code: "wrong_secret", retryAt: expect.any(String) });
      await expect(unlock(id, PIN)).rejects.toMatchObject({ code: "wait" });
      vi.setSystemTime(Date.now() + 31_000);
      await expect(unlock(id, WRONG)).rejects.toMatchObject({ code: "wrong_secret" });
      vi.setSystemTime(Date.now() + 31_000);
      await expect(unlock(id, PIN)).rejects.toMatchObject({ code: "wait" });
      vi.setSystemTime(Date.now() + 30_000);
      await unlock(id, PIN);
      expect((await listVaults())[0]?.retryAt).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("opens on a full phone, where wrong tries wait as long", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.stubGlobal("localStorage", memory());
    const { id } = await createVault({ mode: "own", guard: PIN });
    lock();
    const full = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    try {
      for (const _ of [1, 2])
        await expect(unlock(id, WRONG)).rejects.toMatchObject({ retryAt: null });
      await expect(unlock(id, WRONG)).rejects.toMatchObject({ code: "wrong_secret" });
      await expect(unlock(id, PIN)).rejects.toMatchObject({ code: "wait" });
      full.mockRestore();
      await expect(unlock(id, PIN)).rejects.toMatchObject({ code: "wait" });
      vi.setSystemTime(Date.now() + 31_000);
      await unlock(id, PIN);
      expect(localStorage.length).toBe(0);
    } finally {
      full.mockRestore();
      vi.unstubAllGlobals();
      vi.useRealTimers();
    }
  });

  it.each(["12345", "abcdef", "1234567890123"])("is not made with the PIN %s", async (pin) => {
    await expect(createVault({ mode: "own", guard: { kind: "pin", pin } })).rejects.toMatchObject({
      code: "weak",
    });
    expect(await listVaults()).toEqual([]);
  });
});

describe("a passphrase", () => {
  it("has five of 1,024 distinct words", async () => {
    expect(new Set(wordList()).size).toBe(1024);
    const words = await newPassphrase();
    expect(words.split(" ").every((word) => wordList().includes(word))).toBe(true);
    expect(words.split(" ").length).toBe(5);
  });

  it("is forgiven case, spacing and diacritics", async () => {
    expect(plainWords(" Lúa  Đồng-Nước ")).toBe("lua dong nuoc");
    const vault = await createVault({
      mode: "clerk",
      guard: { kind: "passphrase", words: "lua dong nuoc sang thuyen" },
    });
    lock();
    await unlock(vault.id, { kind: "passphrase", words: "LÚA ĐỒNG NƯỚC SÁNG THUYỀN" });
    expect(current()?.id).toBe(vault.id);
  });
});
