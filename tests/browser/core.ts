/** The phone's core under one name, for tests that speak to it without the pages. */
export * as drafts from "../../pwa/src/drafts/index.ts";
export * as identity from "../../pwa/src/identity/index.ts";
export * as db from "../../pwa/src/store/db.ts";
export * as sync from "../../pwa/src/sync/index.ts";
export * as vault from "../../pwa/src/vault/index.ts";
