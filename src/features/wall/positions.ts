import { positionText, type Position } from '../../core/domain/camera/deployment';
import { numeral } from '../../core/i18n/format';
import type { Axis, Layer, Scene } from '../../core/plot/chart';
import { wallWords } from '../../words/wall';
import type { Tile } from './tile';

/** On the left a latitude with five decimals has its place. */
const AROUND = { top: 16, right: 16, bottom: 32, left: 96 };
const HEIGHT = 320;
/** Free share of the inside at each border. */
const ROOM = 0.12;
/** Degrees of latitude, about 100 m: cameras of one mooring are not drawn apart by the noise of their positions. */
const LEAST_SPAN = 0.001;
/** Lines of the grid on the longer side. */
const LINES = 4;
const LONGEST_NAME = 28;
/** Pixels of a name: of a line, of a letter as far as anybody knows before it is drawn, and from its mark. */
const NAME = { high: 17, letter: 7.8, off: 12 };
/** Lines that a name may be moved down or up, to stand beside no other. */
const MOVES = [0, 1, -1, 2, -2, 3, -3];

type PlacedTile = Tile & { readonly position: Position };
interface Box {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
}

function placedOf(tiles: readonly Tile[]): readonly PlacedTile[] {
  return tiles.flatMap((tile) => {
    const position = tile.camera.deployment?.position;
    return position ? [{ ...tile, position }] : [];
  });
}

/** True if there are two cameras to be seen in their places. */
export function arePlaced(tiles: readonly Tile[]): boolean {
  return placedOf(tiles).length > 1;
}

/**
 * Cameras in their places, by which north is up and a metre is as long to the east as to the north.
 *
 * @param tiles - the worst first
 * @param width - pixels that it has
 */
export function positionsScene(tiles: readonly Tile[], width: number): Scene {
  const placed = placedOf(tiles);
  const inside = { width: Math.max(1, width - AROUND.left - AROUND.right), height: HEIGHT };
  const latitudes = placed.map(({ position }) => position.latitude);
  const longitudes = eastwards(placed.map(({ position }) => position.longitude));
  const [north, east] = [spanOf(latitudes), spanOf(longitudes)];
  /** degrees of latitude in one of longitude */
  const narrower = Math.max(0.01, Math.cos((north.middle * Math.PI) / 180));
  const free = 1 - 2 * ROOM;
  const perPixel = Math.max(
    ...[north.length / (free * inside.height), (east.length * narrower) / (free * inside.width)],
    LEAST_SPAN / inside.height,
  );
  const y = axisOf(north.middle, perPixel * inside.height);
  const x = axisOf(east.middle, (perPixel / narrower) * inside.width);
  const spots = placed.map((_, i) => [longitudes[i]!, latitudes[i]!] as const);
  const pixels = spots.map(([across, up]) => ({
    x: ((across - x.from) / (x.to - x.from)) * inside.width,
    y: (1 - (up - y.from) / (y.to - y.from)) * inside.height,
  }));
  const taken: Box[] = pixels.map(({ x, y }) => ({ left: x - 8, right: x + 8, middle: y }));
  const line = { kind: 'rule', stroke: 'line', width: 1 } as const;
  const layers: Layer[] = [
    ...(x.ticks ?? []).map(({ at }) => ({ ...line, x: at })),
    ...(y.ticks ?? []).map(({ at }) => ({ ...line, y: at })),
    ...placed
      .map(({ shown }, i) => ({ kind: 'mark', at: spots[i]!, verdict: shown, size: 14 }) as const)
      .reverse(),
    ...placed.map(({ name }, i) => {
      const text = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
      const place = freePlace(pixels[i]!, text.length * NAME.letter, inside.width, taken);
      taken.push(place.box);
      return {
        kind: 'text',
        at: spots[i]!,
        text,
        move: place.move,
        anchor: place.anchor,
        fill: 'ink',
      } as const;
    }),
  ];
  const list = placed.map(({ name, position }) => `${name} ${positionText(position)}`).join('; ');
  return { label: wallWords.positions.label({ list }), height: HEIGHT, around: AROUND, x, y, layers };
}

/** Longitudes that go on across the date line, if the cameras are on both sides of it. */
function eastwards(longitudes: readonly number[]): readonly number[] {
  const isAcross = Math.max(...longitudes) - Math.min(...longitudes) > 180;
  return isAcross ? longitudes.map((at) => (at < 0 ? at + 360 : at)) : longitudes;
}

function spanOf(values: readonly number[]) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { middle: (least + most) / 2, length: most - least };
}

function axisOf(middle: number, length: number): Axis {
  const [from, to] = [middle - length / 2, middle + length / 2];
  const rough = 10 ** Math.floor(Math.log10(length / LINES));
  const step = rough * ([1, 2, 5].find((times) => length / (times * rough) <= LINES) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const count = Math.floor(to / step + 1e-9) - Math.ceil(from / step - 1e-9) + 1;
  const ticks = Array.from({ length: count }, (_, i) => {
    const at = (Math.ceil(from / step - 1e-9) + i) * step;
    return { at, text: `${numeral((at > 180 ? at - 360 : at).toFixed(digits))}°` };
  });
  return { from, to, ticks };
}

/** The place of a name right or left of its mark, where it stands on no other. */
function freePlace(mark: { x: number; y: number }, width: number, inside: number, taken: readonly Box[]) {
  const places = MOVES.flatMap((lines) =>
    (['start', 'end'] as const).map((anchor) => {
      const isRight = anchor === 'start';
      const across = isRight ? NAME.off : -NAME.off;
      const edge = mark.x + across;
      const box = {
        left: isRight ? edge : edge - width,
        right: isRight ? edge + width : edge,
        middle: mark.y + lines * NAME.high,
      };
      return { anchor, move: [across, lines * NAME.high] as const, box };
    }),
  );
  const isFree = ({ left, right, middle }: Box) =>
    left >= 0 &&
    right <= inside &&
    taken.every(
      (other) =>
        right <= other.left || left >= other.right || Math.abs(middle - other.middle) >= NAME.high - 1,
    );
  return places.find(({ box }) => isFree(box)) ?? places[0]!;
}
