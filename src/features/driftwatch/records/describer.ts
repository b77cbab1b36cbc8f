import type { Job } from '../../../core/domain/camera/job';
import { laneKey } from '../../../core/domain/camera/records/delivery';
import { AppError } from '../../../core/domain/errors';
import { levelsOf } from '../experiments.svelte';
import type { Experiment } from '../remote/driftwatch';
import { constantsOf } from '../remote/driftwatch-record';
import { describedWith } from '../remote/experiment-description';
import { recordContext, type RecordChoices } from './job-record';
import type { Origin, RecordParts } from './parts';

interface Collaborators extends Pick<RecordParts, 'account' | 'followed' | 'destination'> {
  /** called with an experiment as it is there */
  readonly onRead: (experiment: Experiment) => Promise<void>;
}

/** Keeps Porthole's part of the description of the chosen camera's experiment. */
export class Describer {
  readonly #parts: Collaborators;
  /** the last text written into a description, and its place */
  #described: string | null = null;

  constructor(parts: Collaborators) {
    this.#parts = parts;
  }

  /** The token belongs to another user from now on, who may have more rights. */
  forget(): void {
    this.#described = null;
  }

  /**
   * Writes the constants of the chosen camera's records into its experiment's description, if they are not there yet
   * and the token's owner may. Nothing depends on it, so a failure is not shown.
   */
  async describe(lane: string): Promise<void> {
    const { account, onRead } = this.#parts;
    const destination = this.#parts.destination();
    const origin = this.#parts.followed();
    if (!destination || !origin || laneKey(destination) !== lane) return;
    const newest = (await origin.jobs()).findLast((job) => job.jobStatus === 'Completed');
    const constants = constantsText(newest, destination, origin);
    const key = `${lane} ${origin.camera.name} ${constants}`;
    const isStill = destination === this.#parts.destination();
    if (constants === '' || key === this.#described || !isStill) return;
    this.#described = key;
    const client = account.client();
    try {
      const { me } = account;
      const experiment = await client.experiment(destination.experimentId);
      await onRead(experiment);
      if (!levelsOf(experiment, me).includes('Manage')) {
        if (me === null) this.#described = null;
        return;
      }
      await client.describe(destination.experimentId, (description) =>
        describedWith(description, origin.camera.name, constants),
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#described = null;
    }
  }
}

/** Text of the experiment's description for all records of a camera; empty before there are any. */
export function constantsText(job: Job | undefined, choices: RecordChoices, origin: Origin | null): string {
  if (job?.jobStatus !== 'Completed' || !origin) return '';
  return constantsOf(job, recordContext(job, choices, origin), __PORTHOLE_VERSION__);
}
