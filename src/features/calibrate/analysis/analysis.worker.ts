import { expose, transfer } from 'comlink';
import { examineBandwidth } from '../pure/bandwidth';
import { proposeLimits, type Sighting } from '../../../core/domain/drift/calibration';
import { dayPermutation } from '../pure/day-permutation';
import { asOutcome } from '../../../core/domain/errors';
import { mmdPermutationTest } from '../pure/permutation-test';
import { replay } from '../pure/replay';
import { alive } from '../../../core/thread/life';
import { STATUSES, type AnalysisApi, type PackedHistory } from './analysis-api';

let held: readonly Sighting[] = [];

const api: AnalysisApi = {
  ...alive,
  calibrate: (input) => asOutcome(() => proposeLimits(input)),
  examineBandwidth: (embeddings, sigma) => asOutcome(() => examineBandwidth(embeddings, sigma)),
  async hold(history) {
    held = unpack(history);
  },
  async replay(settings) {
    const outcome = await asOutcome(() => {
      const judgements = replay(held, settings);
      return {
        distances: Float64Array.from(judgements, ({ distance }) => distance ?? Number.NaN),
        statuses: Uint8Array.from(judgements, ({ driftStatus }) => STATUSES.indexOf(driftStatus)),
      };
    });
    if (!outcome.ok) return outcome;
    const { distances, statuses } = outcome.value;
    return transfer(outcome, [distances.buffer, statuses.buffer]);
  },
  compare: (reference, test, options) => asOutcome(() => mmdPermutationTest(reference, test, options)),
  compareDays: (...input) => asOutcome(() => dayPermutation(...input)),
};

expose(api);

function unpack({ capturedAt, embeddings }: PackedHistory): Sighting[] {
  const length = embeddings.length / capturedAt.length;
  return Array.from(capturedAt, (at, i) => ({
    capturedAt: at,
    embedding: embeddings.subarray(i * length, (i + 1) * length),
  }));
}
