import type { Embedding } from '../../../core/domain/drift/embedding';
import type { Outcome } from '../../../core/domain/errors';
import type { Alive } from '../../../core/thread/life';
import type { Apart } from '../pure/periods/period-facts';

/** The door to a worker that compares two periods once, and is ended. */
export interface PeriodsApi extends Alive {
  /**
   * @param a - the days of one period, each with its embeddings in capture order; two or more in all
   * @param b - those of the other
   * @param sigma - kernel bandwidth, in embedding units
   */
  compare(
    a: readonly (readonly Embedding[])[],
    b: readonly (readonly Embedding[])[],
    sigma: number,
  ): Promise<Outcome<Apart>>;
}
