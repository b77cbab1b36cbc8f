import type { Box } from '../../../../core/domain/detection/detection';
import type { Size } from '../../../../core/domain/model/model';
import type { RawBox } from './decode-boxes';

/** The grey around a picture, as ultralytics has it. */
export const GREY = 114 / 255;

/** Places of red, green and blue among the four bytes of a pixel. */
export type Places = readonly [red: number, green: number, blue: number];

/**
 * A picture scaled to fit into another size, the same both ways, with grey around it, as ultralytics' `LetterBox` makes it.
 * Each pixel is four weighed by nearness, without averaging, as OpenCV's `INTER_LINEAR` samples; it rounds in another way.
 */
export class Letterbox {
  readonly #source: Size;
  readonly #target: Size;
  readonly #gain: number;
  readonly #inner: Size;
  readonly #left: number;
  readonly #top: number;
  readonly #across: Samples;
  readonly #down: Samples;
  #next = 0;

  /** @param source - of the picture @param target - that the detector takes */
  constructor(source: Size, target: Size) {
    this.#source = source;
    this.#target = target;
    this.#gain = Math.min(target.height / source.height, target.width / source.width);
    const [height, width] = [source.height, source.width].map((side) =>
      Math.max(1, roundToEven(side * this.#gain)),
    ) as [number, number];
    this.#inner = { height, width };
    this.#left = roundToEven((target.width - width) / 2 - 0.1);
    this.#top = roundToEven((target.height - height) / 2 - 0.1);
    this.#across = samples(width, source.width);
    this.#down = samples(height, source.height);
  }

  /** Begins a tensor: 3 × height × width of the target, red, green and blue from 0 to 1. */
  begin(tensor: Float32Array): void {
    this.#next = 0;
    tensor.fill(GREY);
  }

  /**
   * Takes rows of the picture, which follow those before or begin with the last of them.
   *
   * @param pixels - 4 bytes each
   * @param first - number of the first row
   */
  push(pixels: Uint8Array, first: number, places: Places, tensor: Float32Array): void {
    const { width } = this.#source;
    const plane = this.#target.height * this.#target.width;
    const end = first + pixels.length / (4 * width);
    for (; this.#next < this.#inner.height; this.#next++) {
      const [upper, lower] = [this.#down.low[this.#next]!, this.#down.high[this.#next]!];
      if (lower >= end) return;
      const share = this.#down.share[this.#next]!;
      const [above, below] = [(upper - first) * width * 4, (lower - first) * width * 4];
      const row = (this.#top + this.#next) * this.#target.width + this.#left;
      for (let x = 0; x < this.#inner.width; x++) {
        const [left, right, aside] = [
          4 * this.#across.low[x]!,
          4 * this.#across.high[x]!,
          this.#across.share[x]!,
        ];
        for (let channel = 0; channel < 3; channel++) {
          const place = places[channel]!;
          const one = pixels[above + left + place]! * (1 - aside) + pixels[above + right + place]! * aside;
          const other = pixels[below + left + place]! * (1 - aside) + pixels[below + right + place]! * aside;
          tensor[channel * plane + row + x] = Math.floor(one * (1 - share) + other * share + 0.5) / 255;
        }
      }
    }
  }

  /** A box in pixels of the picture, cut at its edges; null for one that lies in the grey. */
  place({ left, top, right, bottom, score, classId }: RawBox): Box | null {
    const { height, width } = this.#source;
    const x = (at: number) => Math.min(Math.max((at - this.#left) / this.#gain, 0), width);
    const y = (at: number) => Math.min(Math.max((at - this.#top) / this.#gain, 0), height);
    const box = { left: x(left), top: y(top), width: x(right) - x(left), height: y(bottom) - y(top) };
    return box.width > 0 && box.height > 0 ? { ...box, score, classId } : null;
  }
}

interface Samples {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float64Array;
}

/** The two of `source` pixels that each of `count` lies between, and its distance from the first. */
function samples(count: number, source: number): Samples {
  const [low, high, share] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const at = Math.min(Math.max(((i + 0.5) * source) / count - 0.5, 0), source - 1);
    low[i] = Math.min(Math.floor(at), Math.max(source - 2, 0));
    high[i] = Math.min(low[i]! + 1, source - 1);
    share[i] = at - low[i]!;
  }
  return { low, high, share };
}

/** As Python rounds: a half goes to the even neighbour. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : floor + 1;
}
