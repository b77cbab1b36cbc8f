import {
  ARRIVED,
  laneOf,
  type Delivery,
  type DeliveryState,
  type StoredFailure,
} from '../../../core/domain/camera/records/delivery';
import { onSight } from '../../../core/browser/sight';
import { TimeLeft } from '../../../core/domain/time-left';
import type { Database } from '../../../core/storage/database';
import {
  countDeliveries,
  countToSend,
  deliveriesOf,
  type DeliveryCounts,
} from '../../../core/storage/deliveries';
import { loadLanes } from '../../../core/storage/delivery-lanes';
import type { CreatedRecord } from '../remote/driftwatch';
import { DeliveryLane, type Posts, type RecordService, type Step } from './delivery-lane';
import type { Timings } from './timings';

/** Interval between counts while records go out, in milliseconds. */
const RECOUNT_INTERVAL = 500;
/** A device that is offline tries from time to time: not every network announces its return. */
const OFFLINE_WAIT = 5 * 60_000;

interface Runner {
  readonly lane: DeliveryLane;
  /** since the lane last had to wait; how much is left is counted */
  pace: TimeLeft;
  /**
   * a person asks, though the device reports that it is offline: that may be wrong, and not all work needs a network
   */
  insists: boolean;
  wake: () => void;
}

interface Collaborators {
  readonly db: Database;
  /** called after records have changed, so that other tabs can follow */
  readonly onWrite: () => Promise<void>;
  /** called when a lane's experiment was found to be gone */
  readonly onMissing: (lane: string) => Promise<void>;
  /** called when the service answers that the token's owner is not registered */
  readonly onUnregistered: () => void;
  /** called when storage failed in work without a caller */
  readonly onError: (error: unknown) => void;
}

/** null stops the outbox. */
export interface Orders {
  readonly baseUrl: string;
  readonly service: RecordService;
  readonly timings: Timings;
}

/** Sends queued records, one lane for each experiment, and holds the state that the page shows. */
export class Outbox {
  /** records of the chosen camera by state; of those that are there only the ones in its present experiment */
  counts = $state.raw<DeliveryCounts | null>(null);
  /** the newest records of the chosen camera, in the states that are looked at */
  shown = $state.raw<readonly Delivery[]>([]);
  /** each lane's state, by its key */
  steps = $state.raw<ReadonlyMap<string, Step>>(new Map());
  /** until all of a lane was sent, by its key, at the measured pace; lanes that send nothing now have none */
  secondsLeft = $state.raw<ReadonlyMap<string, number>>(new Map());
  /** milliseconds by which this device's clock is ahead of the service's; null until one has answered */
  clockSkew = $state.raw<number | null>(null);

  /** number of records still to be sent there, or to be looked up */
  readonly waiting = $derived(
    this.counts
      ? this.counts.queued + this.counts.sending + this.counts.unknown + this.counts.withdrawing
      : 0,
  );
  readonly arrived = $derived.by(() => {
    const { counts } = this;
    return counts ? ARRIVED.reduce((sum, state) => sum + counts[state], 0) : 0;
  });
  /** number of pictures that another device has sent the record of */
  readonly elsewhere = $derived(this.counts ? this.counts.elsewhere + this.counts.disagrees : 0);
  readonly isEmpty = $derived.by(() => {
    return this.waiting + this.arrived + (this.counts?.refused ?? 0) + this.elsewhere === 0;
  });

  /** why nothing goes out before a person acts; null when nothing waits, or goes by itself */
  readonly needsPerson = $derived.by((): StoredFailure | null => {
    if (this.waiting === 0) return null;
    for (const step of this.steps.values()) {
      if (step.kind === 'held' && step.until === null) return step.failure;
    }
    return null;
  });

  readonly #parts: Collaborators;
  readonly #posts: Posts = { inFlight: 0 };
  readonly #runners = new Map<string, Runner>();
  /** ends when all runners of a lane, stopped ones too, have ended */
  readonly #ends = new Map<string, Promise<void>>();
  #orders: Orders | null = null;
  #cameraId: string | null = null;
  #lane: string | null = null;
  #look: { states: readonly DeliveryState[]; most: number } = { states: [], most: 0 };
  #recountTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: Collaborators) {
    this.#parts = parts;
    const hurry = () => {
      for (const { lane } of this.#runners.values()) lane.pace.hurry();
      this.wake();
    };
    addEventListener('online', hurry);
    onSight(hurry);
  }

  /** Starts to send, or continues with other orders; null stops after the current request. */
  work(orders: Orders | null): void {
    const stopped = [...this.#runners.values()];
    this.#runners.clear();
    for (const runner of stopped) runner.wake();
    this.steps = new Map();
    this.#orders = orders;
    this.wake();
  }

  wake(): void {
    this.#startLanes().catch(this.#parts.onError);
    for (const runner of this.#runners.values()) runner.wake();
    this.recount();
  }

  /** Tries again at once, after any failure. */
  encourage(): void {
    // The obstacle may be gone, and is not shown until it is found again.
    this.steps = new Map([...this.steps].filter(([, { kind }]) => kind !== 'held'));
    for (const runner of this.#runners.values()) {
      runner.lane.pace.encourage();
      runner.insists = true;
    }
    this.wake();
  }

  isMissing(lane: string): boolean {
    const step = this.steps.get(lane);
    return step?.kind === 'held' && step.failure.code === 'experiment-missing';
  }

  /** @param lane - of the camera's present experiment; null for all that it ever had */
  async watch(cameraId: string | null, lane: string | null = null): Promise<void> {
    this.#cameraId = cameraId;
    this.#lane = lane;
    await this.#recountNow();
  }

  async lookAt(states: readonly DeliveryState[], most: number): Promise<void> {
    this.#look = { states, most };
    await this.#recountNow();
  }

  /** Reads counts and shown records again, a little later. */
  recount(): void {
    if (this.#recountTimer !== undefined) return;
    this.#recountTimer = setTimeout(() => {
      this.#recountTimer = undefined;
      this.#recountNow().then(this.#parts.onWrite).catch(this.#parts.onError);
    }, RECOUNT_INTERVAL);
  }

  async #recountNow(): Promise<void> {
    const [cameraId, lane] = [this.#cameraId, this.#lane];
    const look = this.#look;
    const { db } = this.#parts;
    const counts = cameraId === null ? null : await countDeliveries(db, cameraId, lane);
    const shown = cameraId === null ? [] : await deliveriesOf(db, cameraId, look.states, look.most);
    const secondsLeft = new Map<string, number>();
    for (const [lane, { pace }] of this.#runners) {
      const perSecond = pace.perSecond(performance.now());
      if (perSecond !== null) secondsLeft.set(lane, (await countToSend(db, lane)) / perSecond);
    }
    this.secondsLeft = secondsLeft;
    if (cameraId !== this.#cameraId || lane !== this.#lane || look !== this.#look) return;
    this.counts = counts;
    this.shown = shown;
  }

  async #startLanes(): Promise<void> {
    const orders = this.#orders;
    if (!orders) return;
    const keys = await loadLanes(this.#parts.db);
    for (const key of keys) {
      const isOurs = orders === this.#orders && laneOf(key).baseUrl === orders.baseUrl;
      if (!isOurs || this.#runners.has(key)) continue;
      const lane = new DeliveryLane({
        db: this.#parts.db,
        service: orders.service,
        key,
        timings: orders.timings,
        posts: this.#posts,
        onSent: (arrived, sentAt, answeredAt) => {
          runner.pace.advance(1, performance.now());
          this.#compareClocks(arrived, sentAt, answeredAt);
        },
        onCorrected: () => {
          runner.pace.advance(1, performance.now());
          if (this.#runners.get(key) === runner) this.#tell(key, { kind: 'progress', isCorrecting: true });
        },
      });
      const runner: Runner = { lane, pace: new TimeLeft(0), insists: false, wake: () => undefined };
      this.#runners.set(key, runner);
      // Two that work on one lane would both send the same record.
      const before = this.#ends.get(key) ?? Promise.resolve();
      this.#ends.set(
        key,
        before.then(() => this.#run(key, runner)),
      );
    }
  }

  /** Works on a lane until it is stopped; between two steps it may have to wait, and is woken when there is news. */
  async #run(key: string, runner: Runner): Promise<void> {
    const isAtWork = () => this.#runners.get(key) === runner;
    while (isAtWork()) {
      // Set before the step, so that records queued meanwhile wake it.
      const news = new Promise<void>((resolve) => (runner.wake = resolve));
      const step = navigator.onLine || runner.insists ? await runner.lane.step() : offline();
      if (!isAtWork()) return;
      this.#tell(key, step);
      if (step.kind === 'progress') continue;
      runner.pace = new TimeLeft(0);
      runner.insists = false;
      await Promise.race([news, timeUntil(step)]);
    }
  }

  #tell(key: string, step: Step): void {
    const before = this.steps.get(key);
    const isMissing = step.kind === 'held' && step.failure.code === 'experiment-missing';
    if (isMissing && before?.kind !== 'held') this.#parts.onMissing(key).catch(this.#parts.onError);
    if (step.kind === 'held' && step.failure.code === 'not-registered') this.#parts.onUnregistered();
    const isCorrecting = (of?: Step) => of?.kind === 'progress' && of.isCorrecting === true;
    const isNews = before?.kind !== step.kind || isCorrecting(before) !== isCorrecting(step);
    if (isNews || step.kind !== 'progress') {
      this.steps = new Map(this.steps).set(key, step);
    }
    this.recount();
  }

  #compareClocks({ createdAt }: CreatedRecord, sentAt: number, answeredAt: number): void {
    if (createdAt !== null) this.clockSkew = (sentAt + answeredAt) / 2 - createdAt;
  }
}

function offline(): Step {
  return { kind: 'wait', until: Date.now() + OFFLINE_WAIT, failure: { code: 'offline', detail: '' } };
}

function timeUntil(step: Exclude<Step, { kind: 'progress' }>): Promise<void> {
  const until = step.kind === 'done' ? null : step.until;
  // Only news can help, and news wakes.
  if (until === null) return new Promise(() => undefined);
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, until - Date.now())));
}
