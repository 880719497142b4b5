/**
 * Health certificates that their facility has signed, verified without a network: `SK1:` ‖ Base45 ‖
 * zlib ‖ COSE_Sign1 ‖ claims. The format and its rules: server/certificates/signed.py; both sides
 * read tests/vectors/signed_certificates.json.
 */
import { certificateNumber } from "../rules/formats.ts";
import { type Answers, coversClass } from "../rules/index.ts";
import { isDay, today } from "../rules/tables.ts";
import { type Bytes, concat, hex, utf8 } from "../store/bytes.ts";
import { fromBase45 } from "./base45.ts";
import { type Cbor, cborHead, readCbor } from "./cbor.ts";

/** One entry of the trust list, as /api/keys gives it. */
export interface FacilityKey {
  readonly kid: string;
  readonly facility: string;
  readonly name: string;
  /** SubjectPublicKeyInfo, base64. */
  readonly public_key: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
}

export interface SignedCertificate {
  readonly number: string;
  readonly full_name: string;
  readonly date_of_birth: string;
  readonly licence_class: string;
  readonly concluded_on: string;
  readonly conclusion: string;
}

/**
 * valid: signed by a facility of the list on a day its key was good for · unknown_key: of nobody on
 * the list · unchecked: this browser cannot verify such a key; for both the registry decides ·
 * forged: altered, or signed for another facility · malformed: no signed certificate at all
 */
export interface Verdict {
  readonly state: "valid" | "unknown_key" | "key_expired" | "unchecked" | "forged" | "malformed";
  readonly certificate?: SignedCertificate;
  readonly facility?: string;
}

const PREFIX = "SK1:";
/** Bytes after decompression; a real one has under 400. */
const MOST = 4096;
const SIGN1 = 18;
const [ALG, KID, ISSUER, ISSUED_AT, CERTIFICATE] = [1, 4, 1, 6, -65_537];
const [ES256, EDDSA] = [-7, -8];
const AHEAD = 86_400_000;

/** Never throws for what the text is. */
export async function check(
  text: string,
  keys: readonly FacilityKey[],
  now: Date,
): Promise<Verdict> {
  let message: Message;
  try {
    message = readMessage(await unpack(text));
  } catch {
    return { state: "malformed" };
  }
  const { certificate } = message;
  const key = keys.find(({ kid }) => kid === message.kid);
  if (!key) return { state: "unknown_key", certificate };
  const said = { certificate, facility: key.name };
  const good = await verified(message, key);
  if (good === null) return { state: "unchecked", ...said };
  const day = today(message.at);
  const own = [message.issuer, certificate.number.split("/")[2]].every((id) => id === key.facility);
  const due = certificate.concluded_on <= day && message.at.getTime() <= now.getTime() + AHEAD;
  if (!good || !own || !due) return { state: "forged", ...said };
  const covered = key.valid_from <= day && (key.valid_to === null || day <= key.valid_to);
  return { state: covered ? "valid" : "key_expired", ...said };
}

/** The answers that this certificate does not fit; what is not answered cannot differ. */
export function differs(certificate: SignedCertificate, answers: Partial<Answers>): string[] {
  const { full_name, date_of_birth: born, certificate_number, requested_class } = answers;
  const shared = born && born.length === certificate.date_of_birth.length ? 10 : 4;
  const fits = {
    full_name: !full_name || fold(full_name) === fold(certificate.full_name),
    date_of_birth: !born || born.slice(0, shared) === certificate.date_of_birth.slice(0, shared),
    certificate_number:
      !certificate_number || certificateNumber(certificate_number) === certificate.number,
    requested_class: !requested_class || coversClass(certificate.licence_class, requested_class),
  };
  return Object.entries(fits).flatMap(([name, fit]) => (fit ? [] : [name]));
}

/** Letters and digits alone, as facilities type a name with or without its accents. */
const fold = (name: string): string =>
  name
    .normalize("NFD")
    .toLowerCase()
    .replaceAll("đ", "d")
    .replaceAll("y", "i")
    .replace(/[^\p{L}\p{N}]/gu, "");

interface Message {
  readonly algorithm: number;
  readonly kid: string;
  readonly signed: Bytes;
  readonly signature: Bytes;
  readonly issuer: string;
  readonly at: Date;
  readonly certificate: SignedCertificate;
}

async function unpack(text: string): Promise<Bytes> {
  if (!text.startsWith(PREFIX)) throw new SyntaxError("no signed certificate");
  const packed = new Blob([fromBase45(text.slice(PREFIX.length))]).stream();
  const reader = packed.pipeThrough(new DecompressionStream("deflate")).getReader();
  let plain: Bytes = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return plain;
    plain = concat(plain, value);
    if (plain.length > MOST) {
      await reader.cancel();
      throw new SyntaxError("too large");
    }
  }
}

function readMessage(plain: Bytes): Message {
  let message = readCbor(plain);
  if (!(message instanceof Map) && isTagged(message) && message.tag === SIGN1) {
    message = message.value;
  }
  if (!Array.isArray(message) || message.length !== 4) throw new SyntaxError("no COSE_Sign1");
  const [header, , payload, signature] = message;
  if (!isBytes(header) || !isBytes(payload) || !isBytes(signature))
    throw new SyntaxError("no COSE_Sign1");
  const [protect, claims] = [map(readCbor(header)), map(readCbor(payload))];
  const [algorithm, kid] = [protect.get(ALG), protect.get(KID)];
  const [issuer, at] = [claims.get(ISSUER), claims.get(ISSUED_AT)];
  if (typeof algorithm !== "number" || !isBytes(kid)) throw new SyntaxError("header");
  if (typeof issuer !== "string" || typeof at !== "number" || at <= 0 || at >= 2 ** 34)
    throw new SyntaxError("claims");
  return {
    algorithm,
    kid: hex(kid),
    // Sig_structure, RFC 9052 §4.4
    signed: concat(
      cborHead(4, 4),
      cborHead(3, 10),
      utf8("Signature1"),
      cborHead(2, header.length),
      header,
      cborHead(2, 0),
      cborHead(2, payload.length),
      payload,
    ),
    signature,
    issuer,
    at: new Date(at * 1000),
    certificate: readCertificate(map(claims.get(CERTIFICATE))),
  };
}

function readCertificate(said: Map<Cbor, Cbor>): SignedCertificate {
  const text = (name: string, pattern: RegExp): string => {
    const value = said.get(name);
    if (typeof value !== "string" || !pattern.test(value)) throw new SyntaxError(name);
    return value.normalize("NFC");
  };
  const certificate = {
    number: text("SO", /^.{1,21}$/),
    full_name: text("HOTEN", /^[^\p{Cc}\u202a-\u202e\u2066-\u2069]{1,100}$/u),
    date_of_birth: text("NGAYSINH", /^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$/),
    licence_class: text("HANGBANGLAI", /^[0-9A-Z.]{1,5}$/),
    concluded_on: text("NGAYKETLUAN", /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/),
    conclusion: text("KETLUAN", /^(?:fit|unfit|re_examine)$/),
  };
  const { number, date_of_birth, concluded_on } = certificate;
  const days = date_of_birth.length === 4 ? [concluded_on] : [concluded_on, date_of_birth];
  if (certificateNumber(number) !== number || !days.every(isDay)) throw new SyntaxError("value");
  return certificate;
}

/** null: this browser does not know such keys (Ed25519 before 2025). */
async function verified(message: Message, key: FacilityKey): Promise<boolean | null> {
  const spki = Uint8Array.from(atob(key.public_key), (char) => char.charCodeAt(0));
  const edwards = spki.length === 44;
  if (message.algorithm !== (edwards ? EDDSA : ES256) || message.signature.length !== 64)
    return false;
  const algorithm = edwards ? { name: "Ed25519" } : { name: "ECDSA", namedCurve: "P-256" };
  let trusted: CryptoKey;
  try {
    trusted = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  } catch {
    return null;
  }
  const how = { ...algorithm, hash: "SHA-256" };
  return crypto.subtle.verify(how, trusted, message.signature, message.signed);
}

const isBytes = (item: Cbor | undefined): item is Bytes => item instanceof Uint8Array;
const isTagged = (item: Cbor): item is { tag: number; value: Cbor } =>
  typeof item === "object" && "tag" in item;

function map(item: Cbor | undefined): Map<Cbor, Cbor> {
  if (!(item instanceof Map)) throw new SyntaxError("no map");
  return item;
}
