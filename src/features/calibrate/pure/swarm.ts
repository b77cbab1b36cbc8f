/**
 * Lifts each of many points from a line, so that points of one place lie beside each other.
 *
 * @param places - 0..1 along the line
 * @param columns - so many places are told apart
 * @param most - so many points of one place keep their full distance from each other
 * @returns one for each, from -0.5 to 0.5 of the height there is; in the order of `places`
 */
export function swarm(places: readonly number[], columns: number, most: number): number[] {
  const columnOf = (place: number) => Math.min(columns - 1, Math.floor(place * columns));
  const counts = new Map<number, number>();
  for (const place of places) counts.set(columnOf(place), (counts.get(columnOf(place)) ?? 0) + 1);
  const highest = Math.max(most, ...counts.values());
  const seen = new Map<number, number>();
  return places.map((place) => {
    const column = columnOf(place);
    const nth = seen.get(column) ?? 0;
    seen.set(column, nth + 1);
    return (nth - (counts.get(column)! - 1) / 2) / highest;
  });
}
