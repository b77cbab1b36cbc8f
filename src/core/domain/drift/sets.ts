/** At most `most` (integer ≥ 2) items in their order, spread evenly, first and last included. */
export function spreadSample<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => items[Math.round(i * step)]!);
}
