type Numbers = Int8Array | Uint8Array | Float32Array | Float64Array;

export function concat<T extends Numbers>(kind: new (length: number) => T, parts: readonly Numbers[]): T {
  const whole = new kind(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
