/**
 * Seals a mytoken under a passphrase, to keep it on a device. This protects data on the disk, not against a script that
 * runs in the page while the vault is open.
 */
import { AppError } from '../../../core/domain/errors';
import type { SealedSecret } from '../../../core/domain/sealed-secret';

/** @see OWASP Password Storage Cheat Sheet, "PBKDF2": 600,000 or more with HMAC-SHA-256 (2023) */
const ITERATIONS = 600_000;

/** False if the browser withholds WebCrypto's ciphers: on plain http, except on this computer. */
export function isVaultAvailable(): boolean {
  return 'crypto' in globalThis && 'subtle' in crypto;
}

/**
 * Seals a secret. It takes about half a second, which is the point.
 *
 * @param context - what the secret may be used for, such as DriftWatch's address and the mytoken server's
 * @throws AppError `no-web-crypto`
 */
export async function seal(secret: string, passphrase: string, context: string): Promise<SealedSecret> {
  const salt = randomBytes(16);
  const key = await derive(passphrase, salt, ITERATIONS);
  return { ...(await encrypt(secret, key, context)), salt, iterations: ITERATIONS, context };
}

/**
 * Opens a secret from {@link seal} or {@link reseal}.
 *
 * @param context - as it was sealed for
 * @returns the secret, and the key that can {@link reseal} but cannot be read
 * @throws AppError `passphrase` when it is another one or the sealed bytes were changed, which cannot be told apart;
 * `token-missing` when they were sealed for another context; `no-web-crypto`
 */
export async function openVault(
  sealed: SealedSecret,
  passphrase: string,
  context: string,
): Promise<{ secret: string; key: CryptoKey }> {
  if (!isVaultAvailable()) throw new AppError('no-web-crypto');
  if (sealed.context !== context) throw new AppError('token-missing');
  const key = await derive(passphrase, sealed.salt, sealed.iterations);
  return { secret: await reopen(sealed, key), key };
}

/** Opens a secret again with {@link openVault}'s key for it or one that it replaced. @throws AppError `passphrase` */
export async function reopen(sealed: SealedSecret, key: CryptoKey): Promise<string> {
  try {
    const bytes = await crypto.subtle.decrypt(cipher(sealed.iv, sealed.context), key, sealed.ciphertext);
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') throw new AppError('passphrase');
    throw error;
  }
}

/**
 * Seals the secret that replaces an opened one, such as a rotated mytoken, without asking for the passphrase again.
 *
 * @param key - from {@link openVault} of `sealed`, or of an earlier resealing
 * @param sealed - what is replaced; it keeps its own salt and context
 */
export async function reseal(secret: string, key: CryptoKey, sealed: SealedSecret): Promise<SealedSecret> {
  const { salt, iterations, context } = sealed;
  return { ...(await encrypt(secret, key, context)), salt, iterations, context };
}

async function encrypt(secret: string, key: CryptoKey, context: string) {
  const iv = randomBytes(12);
  const plaintext = new TextEncoder().encode(secret);
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(cipher(iv, context), key, plaintext));
  return { iv, ciphertext };
}

async function derive(passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number) {
  if (!isVaultAvailable()) throw new AppError('no-web-crypto');
  // One and the same letter comes as one or two code points, depending on the keyboard (RFC 8265, 4.2.2).
  const bytes = new TextEncoder().encode(passphrase.normalize('NFC'));
  const material = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

function cipher(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) };
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
