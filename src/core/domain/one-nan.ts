/** NaN in float32 as NumPy writes it: quiet, without a sign. */
const QUIET_NAN = 0x7fc00000;

/**
 * Gives every NaN the same bits, in place, in all float32 arrays of a value: the sign and the payload that it got depend
 * on how the engine compiled the code that made it.
 */
export function withOneNaN<T>(value: T): T {
  if (value instanceof Float32Array) {
    const bits = new Uint32Array(value.buffer, value.byteOffset, value.length);
    for (let i = 0; i < bits.length; i++) if (Number.isNaN(value[i])) bits[i] = QUIET_NAN;
  } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(withOneNaN);
  }
  return value;
}
