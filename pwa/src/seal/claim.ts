/** A dossier's data key, handed to a key that this device made for one claim. */
import { type Bytes, base64url, fromBase64url, utf8 } from "../store/bytes.ts";
import { SealError } from "./index.ts";

/** Bytes of an uncompressed P-256 point: the encapsulated key before the ciphertext. */
const POINT = 65;

export interface Recipient {
  /** base64url of the public key, an uncompressed point. */
  readonly key: string;
  /** @throws SealError when it was not wrapped for this key, owner, dossier and device */
  open(wrapped: string, owner: string, dossier: string, device: string): Promise<Bytes>;
}

/** HPKE base mode (RFC 9180), the suite of the documents' own keys. */
export async function newRecipient(): Promise<Recipient> {
  const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import("@hpke/core");
  const suite = new CipherSuite({
    kem: new DhkemP256HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const { publicKey, privateKey } = await suite.kem.generateKeyPair();
  const point = new Uint8Array(await suite.kem.serializePublicKey(publicKey));
  return {
    key: base64url(point),
    async open(wrapped, owner, dossier, device) {
      const info = utf8(`doibang/1\nclaim\n${owner}\n${dossier}\n${device}`);
      try {
        const bytes = fromBase64url(wrapped);
        const enc = bytes.slice(0, POINT);
        const opening = { recipientKey: privateKey, enc, info };
        return new Uint8Array(await suite.open(opening, bytes.slice(POINT)));
      } catch (cause) {
        throw new SealError("wrapped for another key, owner, dossier or device", { cause });
      }
    },
  };
}
