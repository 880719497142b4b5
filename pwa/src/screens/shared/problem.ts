import { inLanguage, showInstant, t } from "../../i18n/index.ts";
import { ApiError } from "../../identity/index.ts";
import { QuotaError } from "../../store/db.ts";
import { VaultError } from "../../vault/index.ts";

/** What a call to the server or to a lock says went wrong, in plain words. Anything else is a bug and is thrown on. */
export function whyRefused(cause: unknown): string {
  if (cause instanceof VaultError) {
    if (cause.code === "wait" && cause.retryAt)
      return t("error.too_many", { at: showInstant(cause.retryAt) });
    return t(
      cause.code === "wrong_secret" || cause.code === "weak" ? "unlock.wrong" : "unlock.cancelled",
    );
  }
  if (cause instanceof QuotaError) return t("error.quota");
  // fetch, and a part of the app that is loaded when it is first needed.
  if (cause instanceof TypeError) return t("error.offline");
  if (!(cause instanceof ApiError)) throw cause;
  return cause.code === "offline" ? t("error.offline") : inLanguage(cause.text);
}
