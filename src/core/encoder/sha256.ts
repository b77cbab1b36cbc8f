/** In lower-case hexadecimal. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  return hexadecimal(await digest(bytes));
}

async function digest(bytes: ArrayBuffer): Promise<Uint8Array> {
  // `crypto.subtle` is missing on plain http, such as a laptop that serves the page to a ship's network.
  if (globalThis.isSecureContext) return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const noble = await import('@noble/hashes/sha2.js');
  return noble.sha256(new Uint8Array(bytes));
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
