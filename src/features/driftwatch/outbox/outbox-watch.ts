import { explain } from '../../../core/i18n/failures';
import type { Camera } from '../../../core/domain/camera/camera';
import {
  ARRIVED,
  laneKey,
  type Destination,
  type StoredFailure,
} from '../../../core/domain/camera/records/delivery';
import { consequenceOf, failureFrom } from '../../../core/domain/camera/records/retry';
import { AppError } from '../../../core/domain/errors';
import type { Database } from '../../../core/storage/database';
import { countDeliveries, deliveriesOf, loadDestination } from '../../../core/storage/deliveries';
import type { Sync } from '../sync.svelte';
import type { Step } from './delivery-lane';

/** How results travel, for who does not look at the page. */
export interface SendingStand {
  /** when the mytoken expires, milliseconds since 1970; null when it does not, or its server does not say */
  readonly tokenEnds: number | null;
  /** why nothing is sent before a person acts */
  readonly problem: string | null;
  readonly cameras: readonly CameraSending[];
}

interface CameraSending {
  readonly name: string;
  readonly experiment: string;
  /** records that are there, that wait, that the service fails on and were set aside, and that it refused */
  readonly arrived: number;
  readonly waiting: number;
  readonly setAside: number;
  readonly refused: number;
  /** why the newest of those was not taken; null without any */
  readonly why: string | null;
  /** why nothing goes to this experiment before a person acts */
  readonly held: string | null;
}

interface Collaborators {
  readonly db: Database;
  readonly sync: Sync;
  /** lets the page show a camera: its destination is that of the shown one */
  readonly show: (camera: Camera) => Promise<unknown>;
}

/** So many refused records are looked through for their reasons. */
const MOST_REFUSED = 1000;

/** Finds out what keeps results from arriving, and remembers it until it is known to be over. */
export class OutboxWatch {
  readonly #parts: Collaborators;
  /** by lane: why its experiment could not be read at the last check, and why its lane was held */
  readonly #unreadable = new Map<string, StoredFailure>();
  readonly #held = new Map<string, StoredFailure>();

  constructor(parts: Collaborators) {
    this.#parts = parts;
  }

  /**
   * Tests address, token and experiments, and lets what was held try again. An experiment that is gone is replaced by the
   * one that has taken its name.
   */
  async check(cameras: readonly Camera[]): Promise<void> {
    const { db, sync } = this.#parts;
    await sync.account.test();
    if (sync.account.checked?.failure !== null) return;
    for (const camera of cameras) {
      const destination = await loadDestination(db, camera.id);
      if (destination?.baseUrl !== sync.account.connection.baseUrl) continue;
      const failure = await this.#failureOf(destination);
      const isRenewed = failure?.code === 'experiment-missing' && (await this.#renew(camera, destination));
      const lane = laneKey(destination);
      if (failure === null || isRenewed) this.#unreadable.delete(lane);
      else if (needsPerson(failure)) this.#unreadable.set(lane, failure);
    }
  }

  async stand(cameras: readonly Camera[]): Promise<SendingStand> {
    const { account } = this.#parts.sync;
    const refused: StoredFailure = { code: 'mytoken-refused', detail: '' };
    const problem = account.mytoken?.isValid === false ? refused : account.checked?.failure;
    const sending = await Promise.all(cameras.map((camera) => this.#standOf(camera)));
    return {
      tokenEnds: account.mytoken?.expiresAt ?? null,
      problem: problem && needsPerson(problem) ? said(problem) : null,
      cameras: sending.filter((each) => each !== null),
    };
  }

  async #standOf({ id, name }: Camera): Promise<CameraSending | null> {
    const { db, sync } = this.#parts;
    const destination = await loadDestination(db, id);
    if (!destination) return null;
    const lane = laneKey(destination);
    this.#noteStep(lane, sync.outbox.steps.get(lane));
    const held = this.#unreadable.get(lane) ?? this.#held.get(lane);
    const counts = await countDeliveries(db, id, lane);
    const refused = await deliveriesOf(db, id, ['refused'], MOST_REFUSED);
    const setAside = refused.filter(({ failure }) => failure?.code === 'record-poison').length;
    const first = refused.find(({ failure }) => failure !== null)?.failure;
    return {
      ...{ name, experiment: destination.experimentName },
      arrived: ARRIVED.reduce((sum, state) => sum + counts[state], 0),
      waiting: counts.queued + counts.sending + counts.unknown + counts.withdrawing,
      setAside,
      refused: counts.refused - setAside,
      why: first ? said(first) : null,
      held: held ? said(held) : null,
    };
  }

  /** A lane that tries again is held until all of it has arrived: it may be held again at once. */
  #noteStep(lane: string, step: Step | undefined): void {
    if (step?.kind === 'held') this.#held.set(lane, step.failure);
    else if (step?.kind === 'done' || (step?.kind === 'rest' && step.isForAudit)) this.#held.delete(lane);
  }

  async #failureOf({ experimentId }: Destination): Promise<StoredFailure | null> {
    try {
      await this.#parts.sync.account.client().experiment(experimentId);
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return failureFrom(error);
    }
  }

  /** @returns whether the camera's results go to another experiment of the name from now on */
  async #renew(camera: Camera, destination: Destination): Promise<boolean> {
    const { sync, show } = this.#parts;
    try {
      await sync.experiments.loadWritable();
      const renewed = sync.experiments.writable?.find(({ name }) => name === destination.experimentName);
      if (!renewed) return false;
      await show(camera);
      await sync.choose(renewed, destination);
      return true;
    } catch (error) {
      // The next check tries again.
      if (!(error instanceof AppError)) throw error;
      return false;
    }
  }
}

function said({ code, detail }: StoredFailure): string {
  return explain(code, detail);
}

function needsPerson({ code }: StoredFailure): boolean {
  return consequenceOf(code) === 'hold';
}
