import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// A certificate is written by hand, element by element (DER, RFC 5280): Node has no call that makes one, and a stand-in
// that asks for passwords needs one, because clients send them over TLS only.

export interface Certificate {
  /** PEM. */
  readonly key: Buffer;
  /** PEM; it is its own authority. */
  readonly certificate: Buffer;
  /** Where the certificate is, for clients. */
  readonly file: string;
}

const DAY_MS = 86_400_000;
const YEARS_10_MS = 3650 * DAY_MS;

const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
};

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const SUBJECT_ALT_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';

/** The directory's certificate for 127.0.0.1 and localhost, made when there is none. */
export function certificateIn(directory: string, now: number): Certificate {
  const file = join(directory, 'stand-in.crt');
  const keyFile = join(directory, 'stand-in.key');
  if (!existsSync(file) || !existsSync(keyFile)) {
    const { key, certificate } = selfSigned(now);
    writeFileSync(keyFile, key, { mode: 0o600 });
    writeFileSync(file, certificate);
  }
  return { key: readFileSync(keyFile), certificate: readFileSync(file), file };
}

function selfSigned(now: number): { key: string; certificate: string } {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const name = sequence(der(TAG.set, sequence(oid(COMMON_NAME), der(TAG.utf8, Buffer.from('event-log stand-in')))));
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const body = sequence(
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(now - DAY_MS), time(now + YEARS_10_MS)),
    name,
    createPublicKey(pair.publicKey).export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        alternativeNames(),
        sequence(oid(BASIC_CONSTRAINTS), der(TAG.octets, sequence(Buffer.from([1, 1, 0xff])))),
      ),
    ),
  );
  const signature = sign('sha256', body, createPrivateKey(pair.privateKey));
  const whole = sequence(body, algorithm, der(TAG.bits, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: pair.privateKey,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function alternativeNames(): Buffer {
  const dnsName = der(0x82, Buffer.from('localhost'));
  const ipAddress = der(0x87, Buffer.from([127, 0, 0, 1]));
  return sequence(oid(SUBJECT_ALT_NAME), der(TAG.octets, sequence(dnsName, ipAddress)));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content]);
}

const sequence = (...parts: readonly Buffer[]) => der(TAG.sequence, Buffer.concat(parts));
const oid = (hex: string) => der(TAG.oid, Buffer.from(hex, 'hex'));

/** `YYMMDDhhmmssZ`. */
const time = (at: number) =>
  der(TAG.utcTime, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));
