import type { BandwidthReport } from '../pure/bandwidth';
import type { CalibrationInput, CalibrationResult } from '../../../core/domain/drift/calibration';
import type { dayPermutation, DayPermutation } from '../pure/day-permutation';
import type { Embedding } from '../../../core/domain/drift/embedding';
import type { Outcome } from '../../../core/domain/errors';
import type { PermutationTestOptions, PermutationTestResult } from '../pure/permutation-test';
import type { ReplaySettings } from '../pure/replay';
import type { DriftStatus } from '../../../core/domain/drift/thresholds';
import type { Alive } from '../../../core/thread/life';

/** A camera's scored snapshots in capture order, packed to cross threads fast. */
export interface PackedHistory {
  /** milliseconds since 1970, one for each snapshot */
  readonly capturedAt: Float64Array<ArrayBuffer>;
  /** embeddings end to end */
  readonly embeddings: Float32Array<ArrayBuffer>;
}

/** The statuses of a replay by their number. */
export const STATUSES = [
  'warming-up',
  'normal',
  'warning',
  'drift',
] as const satisfies readonly DriftStatus[];

/** One judgement for each snapshot of the history. */
interface PackedReplay {
  /** NaN while the window fills */
  readonly distances: Float64Array<ArrayBuffer>;
  /** places in {@link STATUSES} */
  readonly statuses: Uint8Array<ArrayBuffer>;
}

/** The door between the page and the worker that does its statistics; it keeps nothing but the last history. */
export interface AnalysisApi extends Alive {
  calibrate(input: CalibrationInput): Promise<Outcome<CalibrationResult | null>>;
  examineBandwidth(embeddings: readonly Embedding[], sigma: number): Promise<Outcome<BandwidthReport>>;
  /** Keeps a history to be replayed any number of times. */
  hold(history: PackedHistory): Promise<void>;
  replay(settings: ReplaySettings): Promise<Outcome<PackedReplay>>;
  compare(
    reference: readonly Embedding[],
    test: readonly Embedding[],
    options: PermutationTestOptions,
  ): Promise<Outcome<PermutationTestResult>>;
  compareDays(...input: Parameters<typeof dayPermutation>): Promise<Outcome<DayPermutation>>;
}
