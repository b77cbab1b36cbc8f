const PAGE = 1 << 16;

export function roundUp(count: number, to: number): number {
  return Math.ceil(count / to) * to;
}

/** Makes a module's memory as large as this, unless it is. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
