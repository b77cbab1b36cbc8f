import type { Size } from '../model/model';
import { withOneNaN } from '../one-nan';
import { emptyBands } from './bands';
import { halfOf } from './blur';
import { captionCells } from './captions';
import { GLASS_MEMORY, GLASS_VERSION, LEAST_REFERENCE } from './glass-facts';
import { fitGrowth, Growth, growthEmbedding, type GrowthFit, type RegisteredBands } from './growth';
import { fitLoss, LossMeter, LossReader, type ColourBytes, type LossFit } from './loss';
import { keptBy, type GlassKernels, type KernelsFor } from './kernels';
import { glassLimits, type GlassLimit } from './limits';
import type { GlassPicture } from './picture';
import { halfMove, movedBack, Registration, settled } from './registration';
import type { Move } from './move';
import { spread } from './order';
import type { GlassSight } from './sight';
import { fitView, keptView, type ViewFit } from './view-gate';

/** Snapshots that are enough for the reference's median, pixel by pixel; more only take time. */
const ENOUGH = 96;

/** A reference's look through a clean lens, as plain numbers and typed arrays. */
export interface GlassFit extends Size {
  readonly version: typeof GLASS_VERSION;
  /** structure for the registration of snapshots, at half the size */
  readonly structure: Float32Array;
  /** the fine band, which refines a move to a pixel */
  readonly sharp: Float32Array;
  readonly view: ViewFit;
  readonly growth: GrowthFit;
  readonly loss: LossFit;
  /** cells with text written over the picture, left out of growth */
  readonly captions: readonly number[];
  /** limits of this camera */
  readonly limits: readonly GlassLimit[];
  /**
   * of each snapshot of the reference, in order: `excess` of growth, the embedding of loss, and the cells from which that
   * is taken again where some are not on the glass; fits of before version 3 have no cells
   */
  readonly reference: {
    readonly excess: readonly Float32Array[];
    readonly loss: readonly Float32Array[];
    readonly losses?: readonly Float32Array[];
  };
}

/**
 * @param pictures - clean, in order of capture, all of one size of `glassSize`; at least 12, better 40
 * @param capturedAt - of each, milliseconds since 1970
 * @throws RangeError when they are too few or differ in size
 */
export function fitGlass(
  pictures: readonly GlassPicture[],
  capturedAt: readonly number[],
  kernelsFor: KernelsFor,
): GlassFit {
  const first = pictures[0];
  if (first === undefined || pictures.length < LEAST_REFERENCE) {
    throw new RangeError(`${pictures.length} pictures are too few`);
  }
  const size: Size = { height: first.height, width: first.width };
  const half = halfOf(size);
  const kernels = kernelsFor(size);
  const medians = (rows: readonly Float32Array[]) => kernels.medians(rows);
  const split = pictures.map((picture) => kernels.split(picture));
  const structures = split.map((bands) => kernels.structureOf(bands));
  const structure = medians(spread(structures, ENOUGH));
  const sharp = medians(spread(split, ENOUGH).map(({ fine }) => fine));
  const registration = new Registration(size, structure, kernels);
  const known = keptBy(kernels, sharp);
  const found: (Move | null)[] = [];
  const registered = split.map((bands, i): RegisteredBands & ColourBytes => {
    found.push(registration.find(structures[i]!));
    const move = registration.believe(found.slice(-GLASS_MEMORY), bands.fine, known);
    return { bands: settled(bands, size, move), move, data: pictures[i]!.data };
  });
  const pattern = (band: 'finest' | 'fine' | 'coarse' | 'yellow') => {
    const isHalf = band === 'coarse' || band === 'yellow';
    const back = spread(registered, ENOUGH).map(({ bands, move }) =>
      isHalf ? movedBack(bands[band], half, halfMove(move)) : movedBack(bands[band], size, move),
    );
    return medians(back).map((value) => (Number.isNaN(value) ? 0 : value));
  };
  const [sharpest, fine, coarse, yellow] = [
    pattern('finest'),
    pattern('fine'),
    pattern('coarse'),
    pattern('yellow'),
  ];
  const growth = fitGrowth(registered, { fine, yellow }, size, kernels);
  const { fit: loss, losses } = fitLoss(registered, { finest: sharpest, fine, coarse }, size, kernels);
  const grown = new Growth(growth, size, kernels);
  const reader = new LossReader({ ...size, loss, reference: {} }, []);
  return withOneNaN({
    version: GLASS_VERSION,
    ...size,
    structure,
    sharp,
    view: fitView(registered.map(({ bands, move }) => keptView(bands, size, move))),
    growth,
    loss,
    captions: captionCells(
      spread(split, ENOUGH).map(({ finest }) => finest),
      size,
      kernels,
    ),
    limits: glassLimits(pictures, capturedAt, loss),
    reference: {
      excess: registered.map((snapshot) => grown.excess(snapshot)),
      loss: losses.map((each) => reader.read(each).embedding),
      losses,
    },
  });
}

/**
 * Compares snapshots of one camera with its reference.
 *
 * It has no state: a sight depends, to the last bit, only on the fit and on the picture's pixels. `GlassJudge`
 * combines sights, in capture order.
 */
export class Glass {
  readonly fit: GlassFit;
  readonly #kernels: GlassKernels;
  readonly #bands;
  readonly #sharp: Float32Array;
  readonly #registration: Registration;
  readonly #growth: Growth;
  readonly #loss: LossMeter;

  constructor(fit: GlassFit, kernelsFor: KernelsFor) {
    const kernels = kernelsFor(fit);
    this.fit = fit;
    this.#kernels = kernels;
    this.#bands = emptyBands(fit, (length) => kernels.floats(length));
    this.#sharp = keptBy(kernels, fit.sharp);
    this.#registration = new Registration(fit, fit.structure, kernels);
    this.#growth = new Growth(fit.growth, fit, kernels);
    this.#loss = new LossMeter(fit.loss.patterns, fit, kernels);
  }

  get grid(): Size {
    return this.#growth.grid;
  }

  /** @throws RangeError for another size */
  look(picture: GlassPicture): GlassSight {
    const { fit } = this;
    const bands = this.#kernels.split(picture, this.#bands);
    const { move, places } = this.#registration.own(
      this.#kernels.structureOf(bands),
      bands.fine,
      this.#sharp,
      (at) => this.#loss.placesAt(bands.fine, at),
    );
    const snapshot = { bands: settled(bands, fit, move), move, data: picture.data };
    const excess = this.#growth.excess(snapshot);
    let known = 0;
    for (let cell = 0; cell < excess.length; cell++) if (!Number.isNaN(excess[cell]!)) known++;
    return withOneNaN({
      move,
      places,
      ...keptView(snapshot.bands, fit, move),
      excess,
      losses: this.#loss.measure(snapshot).losses,
      measured: known / excess.length,
      brightness: bands.brightness,
    });
  }
}

export function growthReference(
  { reference }: Pick<GlassFit, 'reference'>,
  omitted: readonly number[],
): Float32Array[] {
  return reference.excess.map((_, i) => growthEmbedding(reference.excess.slice(0, i + 1), omitted));
}
