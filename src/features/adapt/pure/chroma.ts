/** Median of the OBSEA camera's clean snapshots of August 2023, for which the dirt's colours were drawn. */
const DRAWN_FOR = 0.3;
/** A camera without any colour would show no dirt's colour either, but a measure of it is never that exact. */
const PALEST = 0.25;

/** Mean difference between largest and smallest channel, as a share of brightness. Takes height × width × 3 bytes. */
export function chromaOf(picture: Uint8Array): number {
  let [chroma, brightness] = [0, 0];
  for (let i = 0; i < picture.length; i += 3) {
    const [red, green, blue] = [picture[i]!, picture[i + 1]!, picture[i + 2]!];
    chroma += Math.max(red, green, blue) - Math.min(red, green, blue);
    brightness += (red + green + blue) / 3;
  }
  return brightness > 0 ? chroma / brightness : 0;
}

/**
 * Which share of drawn colours a camera would show: one that sees the sea nearly grey sees a green film so, too.
 *
 * @param chromas - of its clean snapshots, at least one
 * @returns {@link PALEST} to 1
 */
export function colourShare(chromas: readonly number[]): number {
  const sorted = [...chromas].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? DRAWN_FOR;
  return Math.min(Math.max(median / DRAWN_FOR, PALEST), 1);
}

/**
 * A fouled picture as a camera of this colour share shows it: what the dirt changes keeps its brightness and loses
 * colour.
 *
 * @param clean, fouled - height × width × 3 bytes, not changed
 * @returns the same shape, new; `fouled` itself for a share of 1
 */
export function paled(clean: Uint8Array, fouled: Uint8Array, share: number): Uint8Array {
  if (share >= 1) return fouled;
  const seen = new Uint8ClampedArray(fouled.length);
  for (let i = 0; i < fouled.length; i += 3) {
    const red = fouled[i]! - clean[i]!;
    const green = fouled[i + 1]! - clean[i + 1]!;
    const blue = fouled[i + 2]! - clean[i + 2]!;
    const grey = ((1 - share) * (red + green + blue)) / 3;
    seen[i] = clean[i]! + grey + share * red;
    seen[i + 1] = clean[i + 1]! + grey + share * green;
    seen[i + 2] = clean[i + 2]! + grey + share * blue;
  }
  return new Uint8Array(seen.buffer);
}
