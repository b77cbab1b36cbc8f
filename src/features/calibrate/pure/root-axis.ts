interface Tick {
  /** in times of the drift limit */
  readonly times: number;
  /** 0..1 along the axis */
  readonly at: number;
}

export interface RootAxis {
  /** @returns 0..1 for what the axis was made for */
  readonly at: (times: number) => number;
  readonly ticks: readonly Tick[];
}

/** In order of importance: of two that are too close, the first is kept. */
const TICKS = [1, 0, 4, 2, 0.1, 10, 0.5, 6, 20, 50, 100, 200, 500, 1000, 5000, 20_000, 200_000];
/** Labels closer than this share of the axis would run into each other. */
const CLOSEST = 0.1;
/** Free space beyond the lowest and the highest value, as a share of their distance. */
const ROOM = 0.03;
/** The axis always reaches beyond the limit. */
const LEAST_REACH = 1.6;

/**
 * A square-root axis: dirt is a hundred times the distances of a clean lens, which would all lie on the floor of an even
 * one. Slightly negative distances, which are usual, lie left of 0.
 *
 * @param all - finite values, in times of the drift limit, that must lie on it
 */
export function rootAxis(all: readonly number[]): RootAxis {
  const roots = all.map(root);
  const least = roots.reduce((low, value) => Math.min(low, value), 0);
  const most = roots.reduce((high, value) => Math.max(high, value), root(LEAST_REACH));
  const room = ROOM * (most - least);
  const [from, length] = [least - room, most - least + 2 * room];
  const at = (times: number) => (root(times) - from) / length;
  const ticks: Tick[] = [];
  for (const times of TICKS) {
    const place = at(times);
    const isFree = ticks.every((tick) => Math.abs(tick.at - place) >= CLOSEST);
    if (place >= 0 && place <= 1 && isFree) ticks.push({ times, at: place });
  }
  return { at, ticks: ticks.sort((a, b) => a.times - b.times) };
}

function root(value: number): number {
  return Math.sign(value) * Math.sqrt(Math.abs(value));
}
