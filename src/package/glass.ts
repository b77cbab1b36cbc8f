/** `porthole/glass`: growth and loss of snapshots against clean ones of the same camera, and what is concluded of both. */
import { conclude, type Conclusion } from '../core/domain/glass/conclusion';
import { evidenceOf } from '../core/domain/glass/evidence';
import { Glass, type GlassFit } from '../core/domain/glass/glass';
import type { GlassFacts, StandingVerdict } from '../core/domain/glass/glass-facts';
import { GlassJudge, type GlassSettings } from '../core/domain/glass/glass-judge';
import type { KernelsFor } from '../core/domain/glass/kernels';
import type { GlassPicture } from '../core/domain/glass/picture';
import { NO_PERSISTENCE } from '../core/domain/drift/persistence';
import type { Size } from '../core/domain/model/model';
import { simdKernels } from '../core/encoder/glass/glass-kernels';
import glassUrl from '../core/encoder/glass/glass.wasm?url';
import { glassPictureOf } from '../core/encoder/glass/glass-picture';
import resizeUrl from '../core/encoder/resize/resize.wasm?url';
import { Resizer } from '../core/encoder/resize/resizer';
import { openFile } from './open-file';

export { AppError, type ErrorCode } from '../core/domain/errors';
export { NO_PERSISTENCE, type Persistence } from '../core/domain/drift/persistence';
export type { Size } from '../core/domain/model/model';
export type { Conclusion, ConclusionCode, ConclusionLevel } from '../core/domain/glass/conclusion';
export { fitGlass, Glass, type GlassFit } from '../core/domain/glass/glass';
export {
  GLASS_SIGMA,
  GLASS_THRESHOLDS,
  LEAST_REFERENCE,
  LOSS_PARTS,
  type GlassFacts,
  type LossPart,
} from '../core/domain/glass/glass-facts';
export type { GlassSettings } from '../core/domain/glass/glass-judge';
export { growthEmbedding } from '../core/domain/glass/growth';
export type { GlassKernels, KernelsFor } from '../core/domain/glass/kernels';
export { LossReader, type Loss } from '../core/domain/glass/loss';
export type { Move } from '../core/domain/glass/move';
export { glassSize, type GlassPicture } from '../core/domain/glass/picture';
export type { GlassSight } from '../core/domain/glass/sight';

/** The WebAssembly that growth and loss need. */
export interface OpenedGlass {
  readonly kernels: KernelsFor;

  /**
   * A snapshot as growth and loss take it.
   *
   * @param pixels - of `size`, 3 or 4 bytes each: red, green, blue, and one that is ignored
   * @param source - the size before an earlier resize, whose proportions the result gets
   * @throws RangeError for another number of bytes
   */
  readonly pictureOf: (pixels: Uint8Array | Uint8ClampedArray, size: Size, source?: Size) => GlassPicture;
}

/** @throws AppError as `openWasm` */
export async function openGlass(): Promise<OpenedGlass> {
  const [glass, resize] = await Promise.all([openFile(glassUrl), openFile(resizeUrl)]);
  const resizer = new Resizer(resize);
  return {
    kernels: simdKernels(glass),
    pictureOf: (pixels, size, source) => glassPictureOf(resizer, pixels, size, source),
  };
}

/** Facts of growth, loss and view at a snapshot, and what is concluded of them. */
export interface GlassJudgement extends GlassFacts {
  readonly conclusion: Conclusion;
}

/** Judges the snapshots of one camera in capture order by growth, loss and view, without a learned model. */
export class GlassStream {
  readonly #glass: Glass;
  readonly #judge: GlassJudge;
  #standing: StandingVerdict = 'normal';

  /**
   * @param settings - those that differ from a window of 12 that begins with the last of the reference, no persistence,
   *   and the fit's captions off the glass
   * @throws AppError when the settings can't be used
   */
  constructor(fit: GlassFit, kernels: KernelsFor, settings: Partial<GlassSettings> = {}) {
    this.#glass = new Glass(fit, kernels);
    this.#judge = new GlassJudge(fit, {
      windowSize: 12,
      persistence: NO_PERSISTENCE,
      offGlass: fit.captions,
      isOwnModel: false,
      isWarm: true,
      ...settings,
    });
  }

  /**
   * @param picture - of the fit's size
   * @param capturedAt - milliseconds since 1970; needed only with `answers`
   * @throws RangeError for another size
   */
  next(picture: GlassPicture, capturedAt?: number): GlassJudgement {
    const sight = this.#glass.look(picture);
    const facts = this.#judge.update({ ...sight, capturedAt }, this.#standing);
    const unheard = { isReadable: true, cleanMissing: 0, isAwaiting: false, learned: null };
    const conclusion = conclude({ ...evidenceOf(facts), ...unheard });
    const { level } = conclusion;
    if (facts.growth) this.#standing = level === 'unknown' ? 'normal' : level;
    return { ...facts, conclusion };
  }

  /** Empties the windows and forgets the alarms, as after a cleaning; what the camera looks at is remembered. */
  empty(): void {
    this.#standing = 'normal';
    this.#judge.empty();
  }
}
