import type { Size } from '../model/model';
import { OnnxWriter, type Name } from '../model/onnx-graph';
import { FLOAT32, INT64, UINT8, withMetadata } from '../model/onnx-wire';
import type { Persistence } from '../drift/persistence';
import { BAND_BLURS, BAND_RULES } from './bands';
import { gaussianKernel, halfOf, mirrored } from './blur';
import { cellGrid, patternEnergy, RIM } from './cells';
import { growthReference, type GlassFit } from './glass';
import { DARK, GLASS_SIGMA, GLASS_THRESHOLDS, GLASS_VERSION, LOSS_PARTS, STAYING } from './glass-facts';
import {
  DRIFT_LENGTH,
  GAIN_BLUR,
  GROWTH_CELL,
  GROWTH_RULES,
  growthScale,
  usualAround,
  type GrowthPart,
} from './growth';
import { plainKernels } from './kernels';
import { GLASS_WIDTH } from './picture';
import { LOSS_CELL, LOSS_RULES, RAW, type LossFit } from './loss';
import { VIEW_RULES } from './view-gate';

/** Under which key of the file's metadata the manifest stands, as JSON. */
export const GLASS_MANIFEST_KEY = 'porthole.glass';

/** What a camera's stream is judged by, beside the fit. */
export interface GlassStream {
  readonly windowSize: number;
  readonly persistence: Persistence;
  /** cells that are not on the glass */
  readonly offGlass: readonly number[];
  /** whether the window begins with the last of the reference */
  readonly isWarm: boolean;
}

/** What stands for a cell that is not seen: above all others. */
const UNSEEN = 1e6;

/** Both axes of a picture, in a graph of batch × channel × height × width. */
const [DOWN, ACROSS] = [2, 3] as const;

/**
 * Growth and loss of one camera as an ONNX file: what a fitted `Glass` says of pictures whose move is known.
 *
 * The graph remembers nothing: registration, the view gate, the median over three snapshots and the detector stay
 * outside, and are told in the file's metadata (`glassManifest`) with their constants. It computes in float32 what
 * `Glass` sums in float64: excess differs by less than 0.0005 of its 0 to 3, loss by less than 0.00005.
 *
 * Inputs: `picture`, uint8 [batch, height, width, 3]; `move`, int64 [2], of all of a batch. Outputs, float32: `excess`
 * [batch, rows, columns], NaN where nothing is known; `loss` [batch, 4]; `visible` and `brightness` [batch]; `fine`
 * [batch, height, width]; and, of no input at all, the reference's: `fine_reference` [height, width],
 * `growth_reference` [n, rows × columns], `loss_reference` [n, 4].
 */
export function glassOnnx(fit: GlassFit, stream: GlassStream): Uint8Array {
  const writer = new OnnxWriter();
  const { height, width } = fit;
  const bands = bandsOf(writer, fit, 'picture');
  const [whole, half] = [placedAt(writer, fit, 'move'), placedAt(writer, halfOf(fit), halfMoveOf(writer))];
  const placed = {
    finest: whole.moved(bands.finest),
    fine: whole.moved(bands.fine),
    coarse: half.moved(settledOf(writer, bands.coarse, halfOf(fit))),
    yellow: half.moved(settledOf(writer, bands.yellow, halfOf(fit))),
  };
  const grid = cellGrid(fit, GROWTH_CELL);
  const cells = grid.height * grid.width;
  const growth = growthReference(fit, stream.offGlass);
  const rows = (values: readonly Float32Array[]) =>
    writer.constant(Float32Array.from(values.flatMap((value) => [...value])), [
      values.length,
      values[0]!.length,
    ]);
  const { loss, visible } = new LossGraph(writer, fit, placed, whole, half, bands).outputs();
  const bytes = writer.build(
    'porthole-glass',
    {
      picture: { type: UINT8, dims: ['batch', height, width, 3] },
      move: { type: INT64, dims: [2] },
    },
    {
      excess: { of: excessOf(writer, fit, placed, whole, half), dims: ['batch', grid.height, grid.width] },
      loss: { of: loss, dims: ['batch', LOSS_PARTS.length] },
      visible: { of: visible, dims: ['batch'] },
      brightness: { of: bands.brightness, dims: ['batch'] },
      fine: {
        of: writer.node('Squeeze', [bands.fine, writer.integers([1])]),
        dims: ['batch', height, width],
      },
      fine_reference: { of: writer.constant(fit.sharp, [height, width]), dims: [height, width] },
      growth_reference: { of: rows(growth), dims: [growth.length, cells] },
      loss_reference: { of: rows(fit.reference.loss), dims: [growth.length, LOSS_PARTS.length] },
    },
  );
  return withMetadata(bytes, GLASS_MANIFEST_KEY, JSON.stringify(glassManifest(fit, stream)));
}

/** What a user of the file must know and do beside running it; names as in the file. */
export function glassManifest(fit: GlassFit, { windowSize, persistence, offGlass, isWarm }: GlassStream) {
  const { height, width } = fit;
  const grid = cellGrid(fit, GROWTH_CELL);
  return {
    version: GLASS_VERSION,
    source: 'Porthole, docs/glass.md',
    picture: {
      shape: ['batch', height, width, 3],
      type: 'uint8, red, green, blue, 0 to 255',
      how:
        'the whole snapshot, upright, resized by Pillow to the size that the camera’s model takes, then again to this ' +
        'one: Image.resize((width, height), Image.BILINEAR), which averages where it shrinks',
    },
    move: {
      type: 'int64',
      how:
        'down and right: how many pixels lower and farther right than the reference has it a picture shows the scene, of all of a batch; ' +
        'where `fine` correlates most with `fine_reference`, at the median of the last dozen',
    },
    outputs: {
      excess: `of each cell of ${GROWTH_CELL} × ${GROWTH_CELL} pixels, row by row: growth, 0 to ${GROWTH_RULES.mostExcess}; NaN where nothing is known`,
      loss: `embedding of loss: ${LOSS_PARTS.join(', ')}`,
      visible: 'share of the reference’s coarse structure that is seen; NaN where that can’t be told',
      brightness: `mean, 0 to 255; below ${DARK} a snapshot is too dark and counts for nothing`,
      fine: 'the band of fine structure, by which a move is found',
      fine_reference: 'the reference’s, in the median',
      growth_reference: 'embeddings of growth of the clean reference, in order of capture',
      loss_reference: 'embeddings of loss of the clean reference, in order of capture',
    },
    growthEmbedding: {
      how: 'of each cell the median of `excess` over this snapshot and the ones before it that counted, times `scale`; 0 where it is NaN or in `offGlass`; flattened row by row',
      snapshots: STAYING,
      scale: growthScale(grid.height * grid.width),
      cells: [grid.height, grid.width],
      offGlass,
    },
    detector: {
      how: 'unbiased squared maximum mean discrepancy of the last `window` embeddings against the reference, kernel exp(-d² / 2 sigma²), for growth and for loss apart; a distance at or above a limit is that verdict',
      window: windowSize,
      sigma: GLASS_SIGMA,
      ...GLASS_THRESHOLDS,
      persistence,
      beginsWith: isWarm ? 'the last of the reference' : 'an empty window',
      afterCleaning: 'an empty window, and no snapshot of before in the median',
    },
    outside: {
      registration:
        'the graph takes `move` as it is given. The page looks up to a fifth of the width for it and believes the median of the last dozen, or of the last three where they agree to 2 pixels and are more than 5 from it, to a pixel (registration.ts)',
      viewGate: {
        how: 'a snapshot of another view is left out of all windows: its coarse structure correlates less than `leastLikeness` of what is usual with the reference and with the last dozen, it has at least `leastStrength` of the reference’s structure, and fewer than `leastRecognised` of its places show what the reference shows',
        ...VIEW_RULES,
      },
    },
    limits: fit.limits,
  };
}

interface BandNames {
  readonly colours: Name;
  readonly finest: Name;
  readonly fine: Name;
  readonly coarse: Name;
  readonly yellow: Name;
  readonly brightness: Name;
}

/** As `BandSplitter`. */
function bandsOf(writer: OnnxWriter, size: Size, picture: Name): BandNames {
  const half = halfOf(size);
  const quarter = halfOf(half);
  const { black, luma } = BAND_RULES;
  const colours = writer.node('Transpose', [writer.node('Cast', [picture], { to: 1 })], {
    perm: [0, 3, 1, 2],
  });
  const grey = writer.node('Conv', [colours, writer.constant(Float32Array.from(luma), [1, 3, 1, 1])]);
  const finest = blur(writer, grey, size, BAND_BLURS.finest);
  const near = blur(writer, finest, size, BAND_BLURS.near);
  const far = blur(writer, halve(writer, near), half, BAND_BLURS.far);
  const coarse = blur(writer, far, half, BAND_BLURS.coarse);
  const smallLight = double(writer, blur(writer, halve(writer, coarse), quarter, BAND_BLURS.light));
  const per = (light: Name) => writer.node('Add', [light, writer.scalar(black)]);
  const [around, smallAround] = [per(double(writer, smallLight)), per(smallLight)];
  const between = (narrow: Name, wide: Name, light: Name) =>
    writer.node('Div', [writer.node('Sub', [narrow, wide]), light]);
  // Means of 2 × 2 pixels of (red + green) / 2 - blue.
  const weights = Float32Array.from(
    [1 / 8, 1 / 8, -1 / 4].flatMap((weight) => [weight, weight, weight, weight]),
  );
  const pale = writer.node('Conv', [colours, writer.constant(weights, [1, 3, 2, 2])], { strides: [2, 2] });
  const yellowFar = blur(writer, pale, half, BAND_BLURS.yellow);
  return {
    colours,
    finest: between(finest, near, around),
    fine: between(near, double(writer, far), around),
    coarse: between(far, coarse, smallAround),
    yellow: between(yellowFar, blur(writer, yellowFar, half, BAND_BLURS.coarse), smallAround),
    brightness: writer.node('Reshape', [
      writer.node('ReduceMean', [grey], { axes: [DOWN, ACROSS], keepdims: 0 }),
      writer.integers([-1]),
    ]),
  };
}

type PlacedBands = Pick<BandNames, 'finest' | 'fine' | 'coarse' | 'yellow'>;

/** Pictures of one size where the reference has them, and what is known of them there. */
interface Placed {
  /** [.., height, width], moved back; what is beyond a border is anything */
  readonly moved: (values: Name) => Name;
  /** [1, 1, height, width]: 1 where a picture is shown and, after a move, not near a border */
  readonly judged: Name;
  /** [1, 1, height, width]: 1 where a picture is shown */
  readonly shown: Name;
}

/** As `judgedAfter`, `shownAfter` and `movedBack`. @param move - int64 [2], in pixels of this size */
function placedAt(writer: OnnxWriter, { height, width }: Size, move: Name): Placed {
  const zero = writer.integers([0]);
  const most = Math.floor((RIM * width) / GLASS_WIDTH);
  const along = (axis: 0 | 1) => {
    const length = axis === 0 ? height : width;
    const way = writer.node('Slice', [move, writer.integers([axis]), writer.integers([axis + 1])]);
    const places = writer.integers(Array.from({ length }, (_, i) => i));
    const there = writer.node('Add', [places, way]);
    const last = writer.integers([length - 1]);
    const inside = writer.node('Min', [writer.node('Max', [there, zero]), last]);
    const twice = writer.node('Add', [writer.node('Abs', [way]), writer.node('Abs', [way])]);
    const past = writer.node('Max', [writer.node('Sub', [twice, writer.integers([2])]), zero]);
    const rim = writer.node('Min', [past, writer.integers([most])]);
    const top = writer.node('Max', [writer.node('Neg', [way]), zero]);
    const length64 = writer.integers([length]);
    const end = writer.node('Min', [length64, writer.node('Sub', [length64, way])]);
    const within = (margin: Name) =>
      writer.node(
        'Cast',
        [
          writer.node('And', [
            writer.node('GreaterOrEqual', [places, writer.node('Add', [top, margin])]),
            writer.node('Less', [places, writer.node('Sub', [end, margin])]),
          ]),
        ],
        { to: FLOAT32 },
      );
    return { inside, judged: within(rim), shown: within(zero) };
  };
  const [down, right] = [along(0), along(1)];
  const mask = (rows: Name, columns: Name) =>
    writer.node('Mul', [
      writer.node('Reshape', [rows, writer.integers([1, 1, height, 1])]),
      writer.node('Reshape', [columns, writer.integers([1, 1, 1, width])]),
    ]);
  return {
    moved: (values) =>
      writer.node('Gather', [writer.node('Gather', [values, down.inside], { axis: DOWN }), right.inside], {
        axis: ACROSS,
      }),
    judged: mask(down.judged, right.judged),
    shown: mask(down.shown, right.shown),
  };
}

/** As `halfMove`: halves, rounded down. */
function halfMoveOf(writer: OnnxWriter): Name {
  const two = writer.integers([2]);
  const even = writer.node('Sub', ['move', writer.node('Mod', ['move', two])]);
  return writer.node('Div', [even, two]);
}

/** As `settled`: after an odd move each pixel of half the size is the mean of it and its next. */
function settledOf(writer: OnnxWriter, band: Name, half: Size): Name {
  const odd = writer.node('Cast', [writer.node('Mod', ['move', writer.integers([2])])], { to: FLOAT32 });
  return [DOWN, ACROSS].reduce((values, axis) => {
    const length = axis === DOWN ? half.height : half.width;
    const next = writer.integers(Array.from({ length }, (_, i) => Math.min(i + 1, length - 1)));
    const start = axis === DOWN ? 0 : 1;
    const share = writer.node('Mul', [
      writer.node('Slice', [odd, writer.integers([start]), writer.integers([start + 1])]),
      writer.scalar(0.5),
    ]);
    const step = writer.node('Sub', [writer.node('Gather', [values, next], { axis }), values]);
    return writer.node('Add', [values, writer.node('Mul', [step, share])]);
  }, band);
}

/** As `Growth.excess`. @returns [batch, rows, columns] */
function excessOf(writer: OnnxWriter, fit: GlassFit, placed: PlacedBands, whole: Placed, half: Placed): Name {
  const fine = partOf(writer, placed.fine, fit.growth.fine, fit, GROWTH_CELL, whole);
  const yellow = partOf(writer, placed.yellow, fit.growth.yellow, halfOf(fit), GROWTH_CELL / 2, half);
  // Whatever a runtime's Clip and Max make of it, what is not known stays so.
  const unknown = fit.growth.fine.middle.map((middle, cell) => {
    const parts = [middle, fit.growth.fine.spread[cell]!, fit.growth.yellow.middle[cell]!];
    return [...parts, fit.growth.yellow.spread[cell]!].some(Number.isNaN) ? NaN : 0;
  });
  const grid = cellGrid(fit, GROWTH_CELL);
  const known = [
    writer.node('Max', [fine.excess, yellow.excess]),
    writer.constant(unknown, [1, 1, grid.height, grid.width]),
    unseenIn(writer, fine.seen, GROWTH_RULES.leastSeen * GROWTH_CELL ** 2),
    unseenIn(writer, yellow.seen, (GROWTH_RULES.leastSeen * GROWTH_CELL ** 2) / 4),
  ].reduce((sum, part) => writer.node('Add', [sum, part]));
  return writer.node('Reshape', [known, writer.integers([-1, grid.height, grid.width])]);
}

/** NaN for each cell of which less is seen, else 0. */
function unseenIn(writer: OnnxWriter, seen: Name, least: number): Name {
  // Sums of ones are exact to a part of a million.
  const isSeen = writer.node('Greater', [seen, writer.scalar(least - 0.01)]);
  return writer.node('Where', [isSeen, writer.scalar(0), writer.scalar(NaN)]);
}

function partOf(
  writer: OnnxWriter,
  band: Name,
  part: GrowthPart,
  size: Size,
  side: number,
  placed: Placed,
): { readonly excess: Name; readonly seen: Name } {
  const grid = cellGrid(size, side);
  const { mostGain, floor, zone, mostExcess } = GROWTH_RULES;
  const of = (values: ArrayLike<number>) =>
    writer.constant(
      Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : value)),
      [1, 1, grid.height, grid.width],
    );
  const whole = patternEnergy(part.pattern, size, side, plainKernels(size));
  const { seen, energy, both, own } = sumsOf(writer, band, part.pattern, size, side, placed);
  const assumed = writer.node('Add', [both, writer.node('Sub', [of(whole), own])]);
  const shared = blur(writer, assumed, grid, GAIN_BLUR.sigma, GAIN_BLUR.truncate);
  const strength = clip(writer, writer.node('Div', [shared, of(usualAround(whole, grid))]), 0, mostGain);
  // (own × strength - 2 × both) × strength + energy
  const twice = writer.node('Mul', [both, writer.scalar(2)]);
  const less = writer.node('Sub', [writer.node('Mul', [own, strength]), twice]);
  const sum = writer.node('Add', [energy, writer.node('Mul', [less, strength])]);
  const rest = writer.node('Max', [sum, writer.scalar(0)]);
  const pixels = writer.node('Max', [seen, writer.scalar(1)]);
  const mean = writer.node('Add', [writer.node('Div', [rest, pixels]), writer.scalar(floor)]);
  const above = writer.node('Sub', [writer.node('Log', [mean]), of(part.middle)]);
  const spread = part.spread.map((value) => (Number.isNaN(value) ? 1 : value));
  const deviations = writer.node('Div', [above, of(spread)]);
  return { excess: clip(writer, writer.node('Sub', [deviations, writer.scalar(zone)]), 0, mostExcess), seen };
}

/** Some of the cells: a value of each, and which of them are seen. */
interface Chosen {
  /** [batch, cells], in any order; what is not seen is above all others */
  readonly values: Name;
  readonly cells: number;
  /** how many are seen, float32 [1] */
  readonly count: Name;
}

/** As `lossEmbedding` of `LossMeter.measure`. */
class LossGraph {
  readonly #writer: OnnxWriter;
  readonly #fit: LossFit;
  readonly #fine: readonly number[];
  readonly #coarse: readonly number[];
  /** logarithmic gain of each cell in each band, [batch, cells], and whether the cell is seen, [1, cells] */
  readonly #gains: readonly { readonly values: Name; readonly seen: Name; readonly alike: Name }[];
  readonly #colours: readonly Name[];
  readonly #shown: Name;
  readonly #nought: Name;

  constructor(
    writer: OnnxWriter,
    fit: GlassFit,
    placed: PlacedBands,
    whole: Placed,
    half: Placed,
    { colours, brightness }: Pick<BandNames, 'colours' | 'brightness'>,
  ) {
    this.#writer = writer;
    this.#fit = fit.loss;
    [this.#fine, this.#coarse] = fit.loss.textured.map((is) =>
      [...is.keys()].filter((cell) => is[cell] === 1),
    ) as [number[], number[]];
    const { finest, fine, coarse } = fit.loss.patterns;
    this.#gains = [
      this.#gainOf(placed.finest, finest, fit, LOSS_CELL, whole, fit.loss.rest),
      this.#gainOf(placed.fine, fine, fit, LOSS_CELL, whole),
      this.#gainOf(placed.coarse, coarse, halfOf(fit), LOSS_CELL / 2, half),
    ];
    [this.#colours, this.#shown] = this.#coloursOf(whole.moved(colours), fit, whole);
    this.#nought = writer.node('Mul', [brightness, writer.scalar(0)]);
  }

  outputs(): { readonly loss: Name; readonly visible: Name } {
    const writer = this.#writer;
    const { zone, most, low } = LOSS_RULES;
    const veil =
      this.#coarse.length === 0 ? this.#nought : this.#change('veil', this.#lost(2, this.#coarse), low);
    const veiled = this.#positive(veil);
    const silt = writer.node('Mul', [
      this.#positive(this.#shift('yellow', veiled)),
      this.#positive(this.#inSpreads('veil', veil)),
    ]);
    const parts = [
      this.#shift('red', veiled),
      writer.node('Sqrt', [silt]),
      writer.node('Max', [this.#fall('blur', 1), this.#fall('heavyBlur', 2)]),
      this.#cover(),
    ];
    const beyond = parts.map((part, k) => {
      const over = clip(writer, writer.node('Sub', [part, writer.scalar(zone[k]!)]), 0, most);
      const scaled = writer.node('Mul', [over, writer.scalar(Math.sqrt(DRIFT_LENGTH))]);
      return writer.node('Unsqueeze', [scaled, writer.integers([1])]);
    });
    return { loss: writer.node('Concat', beyond, { axis: 1 }), visible: this.#visible() };
  }

  #visible(): Name {
    const writer = this.#writer;
    if (this.#coarse.length === 0) return writer.node('Add', [this.#nought, writer.scalar(NaN)]);
    const lost = this.#lost(2, this.#coarse);
    const seen = writer.node('Exp', [writer.node('Neg', [this.#percentile(lost, 0.5)])]);
    return writer.node('Where', [this.#isEnough(lost), seen, writer.scalar(NaN)]);
  }

  /** Red or yellow in deviations, less the water's share of it. @param veiled - contrast lost, at least 0 */
  #shift(raw: 'red' | 'yellow', veiled: Name): Name {
    const isKnown = this.#isKnown(raw) && this.#isKnown('veil');
    if (this.#coarse.length === 0 || !isKnown) return this.#nought;
    const writer = this.#writer;
    const { water, low } = LOSS_RULES;
    const place = RAW[raw];
    const changes = this.#chosen(
      this.#changeOf(this.#fit.colour[place], this.#colours[place]!, this.#coarse),
      [this.#shown],
      this.#coarse,
    );
    const share = writer.node('Mul', [veiled, writer.scalar(water[place])]);
    const own = writer.node('Sub', [this.#change(raw, changes, low), share]);
    const veil = this.#lost(2, this.#coarse);
    return this.#where(changes, this.#where(veil, this.#inSpreads(raw, own)));
  }

  #fall(raw: 'blur' | 'heavyBlur', band: 1 | 2): Name {
    if (this.#fine.length === 0 || !this.#isKnown(raw)) return this.#nought;
    const [first, second] = [this.#gains[0]!, this.#gains[band]!];
    const falls = this.#writer.node('Sub', [
      this.#changeOf(this.#fit.gain[0], first.values, this.#fine),
      this.#changeOf(this.#fit.gain[band], second.values, this.#fine),
    ]);
    const chosen = this.#chosen(falls, [first.seen, second.seen], this.#fine);
    return this.#inSpreads(raw, this.#change(raw, chosen, LOSS_RULES.low));
  }

  /** The share of cells that show nothing, while half of the scene is seen well. */
  #cover(): Name {
    const writer = this.#writer;
    if (this.#coarse.length === 0 || !this.#isKnown('gone')) return this.#nought;
    const { gone, clear } = LOSS_RULES;
    const lost = this.#lost(2, this.#coarse);
    const usual = this.#percentile(lost, 0.5);
    const limit = writer.node('Unsqueeze', [
      writer.node('Sub', [usual, writer.scalar(Math.log(gone))]),
      writer.integers([1]),
    ]);
    const isGone = writer.node('And', [
      writer.node('Greater', [lost.values, limit]),
      writer.node('Less', [lost.values, writer.scalar(UNSEEN / 2)]),
    ]);
    const sum = writer.node(
      'ReduceSum',
      [writer.node('Cast', [isGone], { to: FLOAT32 }), writer.integers([1])],
      { keepdims: 0 },
    );
    const share = writer.node('Div', [sum, writer.node('Max', [lost.count, writer.scalar(1)])]);
    const change = writer.node('Sub', [share, writer.scalar(this.#fit.middle[RAW.gone]!)]);
    const isSeen = writer.node('And', [
      writer.node('LessOrEqual', [usual, writer.scalar(-Math.log(clear))]),
      this.#isRecognised(),
    ]);
    const spoken = writer.node('Where', [isSeen, this.#inSpreads('gone', change), this.#nought]);
    return this.#where(lost, spoken);
  }

  /** Whether enough places still show exactly what the reference shows. @returns [batch] */
  #isRecognised(): Name {
    const writer = this.#writer;
    const { alike, seen } = this.#gains[1]!;
    const cells = writer.integers(this.#coarse);
    const values = writer.node('Gather', [alike, cells], { axis: 1 });
    const chosen = this.#chosen(values, [seen], this.#coarse);
    const isAlike = writer.node('And', [
      writer.node('Greater', [chosen.values, writer.scalar(LOSS_RULES.recognised)]),
      writer.node('Less', [chosen.values, writer.scalar(UNSEEN / 2)]),
    ]);
    const count = writer.node(
      'ReduceSum',
      [writer.node('Cast', [isAlike], { to: FLOAT32 }), writer.integers([1])],
      { keepdims: 0 },
    );
    const least = writer.node('Mul', [chosen.count, writer.scalar(VIEW_RULES.leastRecognised)]);
    return writer.node('And', [writer.node('GreaterOrEqual', [count, least]), this.#isEnough(chosen)]);
  }

  /** A percentile against the reference's; 0 where too few cells are seen. */
  #change(raw: keyof typeof RAW, chosen: Chosen, share: number): Name {
    if (!this.#isKnown(raw)) return this.#nought;
    const middle = this.#writer.scalar(this.#fit.middle[RAW[raw]]!);
    return this.#where(chosen, this.#writer.node('Sub', [this.#percentile(chosen, share), middle]));
  }

  #isKnown(raw: keyof typeof RAW): boolean {
    return !Number.isNaN(this.#fit.middle[RAW[raw]]!);
  }

  #inSpreads(raw: keyof typeof RAW, value: Name): Name {
    return this.#writer.node('Div', [value, this.#writer.scalar(this.#fit.spread[RAW[raw]]!)]);
  }

  #positive(value: Name): Name {
    return this.#writer.node('Max', [value, this.#writer.scalar(0)]);
  }

  #where(chosen: Chosen, value: Name): Name {
    return this.#writer.node('Where', [this.#isEnough(chosen), value, this.#nought]);
  }

  #isEnough({ count }: Chosen): Name {
    return this.#writer.node('Greater', [count, this.#writer.scalar(LOSS_RULES.leastCells - 0.5)]);
  }

  /** What the reference's gain has more than the snapshot's. */
  #lost(band: 0 | 1 | 2, cells: readonly number[]): Chosen {
    const { values, seen } = this.#gains[band]!;
    return this.#chosen(this.#changeOf(this.#fit.gain[band], values, cells), [seen], cells);
  }

  /** @param seen - of all cells, [1, cells] */
  #chosen(values: Name, seen: readonly Name[], cells: readonly number[]): Chosen {
    const writer = this.#writer;
    const is = seen
      .map((of) => writer.node('Gather', [of, writer.integers(cells)], { axis: 1 }))
      .reduce((both, of) => writer.node('Mul', [both, of]));
    const isSeen = writer.node('Greater', [is, writer.scalar(0.5)]);
    return {
      values: writer.node('Where', [isSeen, values, writer.scalar(UNSEEN)]),
      cells: cells.length,
      count: writer.node('ReduceSum', [is, writer.integers([1])], { keepdims: 0 }),
    };
  }

  /** What the reference has less what the snapshot has, of some cells. @returns [batch, cells.length] */
  #changeOf(usual: Float32Array, values: Name, cells: readonly number[]): Name {
    const writer = this.#writer;
    const chosen = writer.node('Gather', [values, writer.integers(cells)], { axis: 1 });
    const wanted = writer.constant(
      Float32Array.from(cells, (cell) => usual[cell]!),
      [1, cells.length],
    );
    return writer.node('Sub', [wanted, chosen]);
  }

  /** As `percentile` and, of a half, `median` of the cells that are seen. @returns [batch] */
  #percentile({ values, cells, count }: Chosen, share: number): Name {
    const writer = this.#writer;
    const last = writer.node('Max', [writer.node('Sub', [count, writer.scalar(1)]), writer.scalar(0)]);
    const place = writer.node('Mul', [last, writer.scalar(share)]);
    const lower = writer.node('Floor', [place]);
    const upper = writer.node('Min', [writer.node('Add', [lower, writer.scalar(1)]), last]);
    const [sorted = ''] = writer.nodes('TopK', [values, writer.integers([cells])], 2, {
      axis: 1,
      largest: 0,
    });
    const at = (where: Name) => {
      const index = writer.node('Cast', [where], { to: INT64 });
      const found = writer.node('Gather', [sorted, index], { axis: 1 });
      return writer.node('Reshape', [found, writer.integers([-1])]);
    };
    const [low, high] = [at(lower), at(upper)];
    const part = writer.node('Sub', [place, lower]);
    const step = writer.node('Mul', [writer.node('Sub', [high, low]), part]);
    return writer.node('Add', [low, step]);
  }

  /** @param rest - where what lies beside its place is not lost: energy that is no structure, of each cell */
  #gainOf(
    band: Name,
    pattern: Float32Array,
    size: Size,
    side: number,
    placed: Placed,
    rest: Float32Array | null = null,
  ) {
    const writer = this.#writer;
    const { leastGain, mostGain, leastSeen } = LOSS_RULES;
    const { seen, energy, both, own } = sumsOf(writer, band, pattern, size, side, placed);
    const below = writer.node('Add', [own, writer.node('Mul', [seen, writer.scalar(1e-9)])]);
    // Where nothing is seen both are 0, and the cell does not count.
    const safe = writer.node('Max', [below, writer.scalar(1e-12)]);
    const gain = writer.node('Log', [clip(writer, writer.node('Div', [both, safe]), leastGain, mostGain)]);
    const inEnergy = (usual: Float32Array) => {
      const { height, width } = cellGrid(size, side);
      const known = usual.map((value) => (Number.isNaN(value) ? 0 : value));
      const structure = writer.node('Sub', [
        writer.node('Div', [energy, safe]),
        writer.constant(known, [1, 1, height, width]),
      ]);
      const square = clip(writer, structure, leastGain ** 2, mostGain ** 2);
      return writer.node('Mul', [writer.node('Log', [square]), writer.scalar(0.5)]);
    };
    const energies = writer.node('Mul', [own, energy]);
    const least = writer.node('Mul', [writer.node('Mul', [seen, seen]), writer.scalar(1e-12)]);
    const root = writer.node('Sqrt', [
      writer.node('Max', [writer.node('Add', [energies, least]), writer.scalar(1e-20)]),
    ]);
    return {
      alike: flat(writer, writer.node('Div', [both, root])),
      values: flat(writer, rest === null ? gain : writer.node('Max', [gain, inEnergy(rest)])),
      seen: this.#isSeen(seen, leastSeen * side ** 2),
    };
  }

  /** @returns [1, cells]: 1 where so much of a cell is seen */
  #isSeen(seen: Name, least: number): Name {
    const writer = this.#writer;
    const is = writer.node('Greater', [seen, writer.scalar(least - 0.01)]);
    return flat(writer, writer.node('Cast', [is], { to: FLOAT32 }));
  }

  /** Logarithms of red and of blue against green, of each cell: each [batch, cells], and which are shown. */
  #coloursOf(colours: Name, fit: GlassFit, { shown }: Placed): readonly [readonly Name[], Name] {
    const writer = this.#writer;
    const { black, leastSeen } = LOSS_RULES;
    const grid = cellGrid(fit, LOSS_CELL);
    const seen = sum(writer, shown, LOSS_CELL);
    const sums = sum(writer, writer.node('Mul', [colours, shown]), LOSS_CELL);
    const means = writer.node('Div', [sums, writer.node('Max', [seen, writer.scalar(1)])]);
    const logs = writer.node('Log', [writer.node('Add', [means, writer.scalar(black)])]);
    const channels = writer.nodes('Split', [logs, writer.integers([1, 1, 1])], 3, { axis: 1 });
    const cells = writer.integers([-1, grid.height * grid.width]);
    const ratios = [channels[0]!, channels[2]!].map((channel) =>
      writer.node('Reshape', [writer.node('Sub', [channel, channels[1]!]), cells]),
    );
    return [ratios, this.#isSeen(seen, leastSeen * LOSS_CELL ** 2)];
  }
}

/** As `sumCells`. @returns [batch or 1, 1, rows, columns] */
function sumsOf(
  writer: OnnxWriter,
  band: Name,
  pattern: Float32Array,
  { height, width }: Size,
  side: number,
  { judged }: Placed,
): { readonly seen: Name; readonly energy: Name; readonly both: Name; readonly own: Name } {
  const known = writer.node('Mul', [writer.constant(pattern, [1, 1, height, width]), judged]);
  const masked = writer.node('Mul', [band, judged]);
  return {
    seen: sum(writer, judged, side),
    energy: sum(writer, writer.node('Mul', [masked, masked]), side),
    both: sum(writer, writer.node('Mul', [masked, known]), side),
    own: sum(writer, writer.node('Mul', [known, known]), side),
  };
}

/** Of each whole cell the sum over its pixels. */
function sum(writer: OnnxWriter, values: Name, side: number): Name {
  return writer.node('Mul', [writer.node('AveragePool', [values], pool(side)), writer.scalar(side ** 2)]);
}

const pool = (side: number) => ({ kernel_shape: [side, side], strides: [side, side] });

/** As `GaussianBlur`: rows and columns that lie beyond a border are gathered from its mirror image. */
function blur(writer: OnnxWriter, values: Name, size: Size, sigma: number, truncate?: number): Name {
  const half = gaussianKernel(sigma, truncate);
  const radius = half.length - 1;
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) => half[Math.abs(i - radius)]!);
  const along = (source: Name, axis: typeof DOWN | typeof ACROSS) => {
    const count = axis === DOWN ? size.height : size.width;
    const places = Array.from({ length: count + 2 * radius }, (_, i) => mirrored(i - radius, count));
    const padded = writer.node('Gather', [source, writer.integers(places)], { axis });
    const dims = axis === DOWN ? [1, 1, kernel.length, 1] : [1, 1, 1, kernel.length];
    return writer.node('Conv', [padded, writer.constant(kernel, dims)]);
  };
  return along(along(values, DOWN), ACROSS);
}

function halve(writer: OnnxWriter, values: Name): Name {
  return writer.node('AveragePool', [values], pool(2));
}

/** As `double`: linear between the pixels' middles. */
function double(writer: OnnxWriter, values: Name): Name {
  const scales = writer.constant(Float32Array.of(1, 1, 2, 2), [4]);
  return writer.node('Resize', [values, '', scales], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
  });
}

function clip(writer: OnnxWriter, values: Name, least: number, most: number): Name {
  return writer.node('Clip', [values, writer.scalar(least), writer.scalar(most)]);
}

function flat(writer: OnnxWriter, values: Name): Name {
  return writer.node('Flatten', [values], { axis: 1 });
}
