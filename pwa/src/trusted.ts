/** The only script addresses this app may hand to the browser. CSP: `trusted-types lit-html doibang`. */
const ALLOWED = new Set(["/sw.js"]);

interface Policy {
  createScriptURL(url: string): unknown;
}
interface Factory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy("doibang", {
  createScriptURL(url) {
    if (!ALLOWED.has(url)) throw new TypeError(`not a script of this app: ${url}`);
    return url;
  },
});

/** A TrustedScriptURL where the browser knows them, else the address itself. */
export function trustedScriptUrl(url: string): unknown {
  return policy ? policy.createScriptURL(url) : url;
}
