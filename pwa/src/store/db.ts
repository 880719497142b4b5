/**
 * The device's one IndexedDB database. It holds sealed documents and clear bookkeeping only:
 * ids, digests, states, times. Keys appear wrapped; grants appear plainly, for the service worker.
 */
import type { BytesRow, DocRow, DossierRecord, GrantRecord, VaultRecord } from "./records.ts";

const NAME = "doibang";

/** One step per version; a step is never edited after a release. */
const MIGRATIONS: readonly ((db: IDBDatabase) => void)[] = [
  (db) => {
    db.createObjectStore("vaults", { keyPath: "id" });
    db.createObjectStore("grants", { keyPath: "owner" });
    const docs = db.createObjectStore("docs", { keyPath: ["owner", "id"] });
    docs.createIndex("due", ["owner", "due", "id"]);
    docs.createIndex("dossier", "dossier");
    db.createObjectStore("bytes", { keyPath: ["owner", "id"] });
    db.createObjectStore("dossiers", { keyPath: "dossier" }).createIndex("owner", "owner");
    db.createObjectStore("meta", { keyPath: "name" });
  },
];

interface Rows {
  vaults: VaultRecord;
  grants: GrantRecord;
  docs: DocRow;
  bytes: BytesRow;
  dossiers: DossierRecord;
  meta: { name: string; value: unknown };
}
export type StoreName = keyof Rows;

/** The device has no room left. Nothing that was saved before is lost. */
export class QuotaError extends Error {
  /** Message key of the plain text. */
  readonly key = "error.quota";
  constructor(cause?: unknown) {
    super("no room left on this device", { cause });
  }
}

let opened: Promise<IDBDatabase> | null = null;
/** The database was open in this page: from then on it may not be found empty. */
let known = false;
const lossListeners = new Set<() => void>();

/** Called when the browser, or somebody, took this device's data away under the running page. */
export function onStoreLost(listener: () => void): () => void {
  lossListeners.add(listener);
  return () => lossListeners.delete(listener);
}

function lost(): void {
  known = false;
  for (const listener of [...lossListeners]) listener();
}

function openDatabase(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, MIGRATIONS.length);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (known && oldVersion === 0) lost();
      for (const step of MIGRATIONS.slice(oldVersion)) step(request.result);
    };
    request.onerror = () => reject(plain(request.error));
    request.onsuccess = () => {
      const db = request.result;
      const forget = (): void => {
        opened = null;
      };
      known = true;
      db.onversionchange = ({ newVersion }) => {
        db.close();
        forget();
        if (newVersion === null) lost();
      };
      db.onclose = () => {
        forget();
        openDatabase().catch(lost); // evicted: opening finds it empty, or not at all
      };
      resolve(db);
    };
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

function plain(error: DOMException | null): Error {
  if (error?.name === "QuotaExceededError") return new QuotaError(error);
  return error ?? new Error("IndexedDB failed without an error");
}

const settle = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(plain(request.error));
  });

/** Reads and writes inside one transaction. Await nothing else while it runs. */
export class Transaction {
  constructor(private readonly tx: IDBTransaction) {}

  get<S extends StoreName>(store: S, key: IDBValidKey): Promise<Rows[S] | undefined> {
    return settle(this.tx.objectStore(store).get(key));
  }
  all<S extends StoreName>(store: S, range?: IDBKeyRange): Promise<Rows[S][]> {
    return settle(this.tx.objectStore(store).getAll(range));
  }
  by<S extends StoreName>(
    store: S,
    index: string,
    range: IDBValidKey | IDBKeyRange,
  ): Promise<Rows[S][]> {
    return settle(this.tx.objectStore(store).index(index).getAll(range));
  }
  keysBy(
    store: StoreName,
    index: string,
    range: IDBValidKey | IDBKeyRange,
  ): Promise<IDBValidKey[]> {
    return settle(this.tx.objectStore(store).index(index).getAllKeys(range));
  }
  put<S extends StoreName>(store: S, row: Rows[S]): Promise<IDBValidKey> {
    return settle(this.tx.objectStore(store).put(row));
  }
  delete(store: StoreName, key: IDBValidKey | IDBKeyRange): Promise<undefined> {
    return settle(this.tx.objectStore(store).delete(key));
  }
}

async function transact<T>(
  stores: readonly StoreName[],
  mode: IDBTransactionMode,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const db = await openDatabase();
  const tx = db.transaction([...stores], mode, { durability: "strict" });
  const committed = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(plain(tx.error));
  });
  try {
    const result = await work(new Transaction(tx));
    await committed;
    return result;
  } catch (error) {
    committed.catch(() => undefined);
    try {
      tx.abort();
    } catch {
      // Already aborted by the failed request: `error` says why.
    }
    throw error instanceof DOMException ? plain(error) : error;
  }
}

export const read = <T>(
  stores: readonly StoreName[],
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => transact(stores, "readonly", work);

/** Resolves after the transaction is committed to disk. @throws QuotaError */
export const write = <T>(
  stores: readonly StoreName[],
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => transact(stores, "readwrite", work);

export async function meta<T>(name: string): Promise<T | undefined> {
  return (await read(["meta"], (tx) => tx.get("meta", name)))?.value as T | undefined;
}

export async function setMeta(name: string, value: unknown): Promise<void> {
  await write(["meta"], (tx) => tx.put("meta", { name, value }));
}

/** Asks the browser not to evict this origin's data. False where it declines. */
export async function persist(): Promise<boolean> {
  return (await globalThis.navigator?.storage?.persist?.()) ?? false;
}

/** Closes the database, so that a test or a wipe may delete it. */
export async function close(): Promise<void> {
  known = false;
  (await opened)?.close();
  opened = null;
}
