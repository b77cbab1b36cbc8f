/** Bytes of an entry's local header before its name. */
export const LOCAL_HEADER = 30;
const LOCAL_SIGNATURE = 0x04034b50;
export const STORED = 0;
export const DEFLATED = 8;

/**
 * The length of an entry's local header with its name and what is extra.
 *
 * @param bytes - from the header on
 * @returns null if there is none
 * @see APPNOTE.TXT 6.3.9, 4.3.7
 */
export function headerLength({ buffer, byteOffset, byteLength }: Uint8Array): number | null {
  const view = new DataView(buffer, byteOffset, byteLength);
  if (byteLength < LOCAL_HEADER || view.getUint32(0, true) !== LOCAL_SIGNATURE) return null;
  return LOCAL_HEADER + view.getUint16(26, true) + view.getUint16(28, true);
}

/** @see ISO 3309, with the polynomial reflected, as APPNOTE.TXT 4.4.7 has it */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ REMAINDERS[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

const REMAINDERS = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
