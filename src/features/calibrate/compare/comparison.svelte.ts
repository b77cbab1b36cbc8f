import type { UnusedFile } from '../../../core/domain/camera/unused-file';
import { Analyst } from '../analysis/analyst';
import { isoInstant } from '../../../core/domain/instant';
import type { Camera, CompletedJob, Reference } from '../../../core/domain/camera/job';
import {
  countOverlap,
  permutationHistogram,
  smallestPValue,
  spreadSample,
  usablePermutations,
  type Histogram,
  type Member,
} from '../../../core/domain/drift/sets';
import { loadEmbeddings } from '../../../core/storage/jobs';
import { countedBy } from '../../../core/session/history/history';
import { sortFiles } from '../../../core/session/intake';
import { Progress } from '../../../core/session/scoring/progress.svelte';
import { encodeSnapshots } from '../../../core/session/reference/reference-builder';
import { areEnoughDays, byDay } from '../pure/day-permutation';
import type { Draft } from '../draft.svelte';

export const SET_KEYS = ['a', 'b'] as const;
export type SetKey = (typeof SET_KEYS)[number];

export const SOURCES = ['reference', 'jobs', 'files'] as const;

/** A person's choice for one set; the part that belongs to another source is kept while one is looked at. */
export interface SetChoice {
  readonly source: (typeof SOURCES)[number];
  /** start in UTC among the scored snapshots, as `2026-05-09T07:45`; empty for no limit */
  readonly from: string;
  /** the whole minute is included */
  readonly to: string;
  readonly files: readonly File[];
  /** names of chosen files that are no pictures */
  readonly skipped: readonly string[];
}

export interface ComparedSet {
  readonly source: SetChoice['source'];
  readonly version: number;
  /** capture times of the first and the last, if known */
  readonly span: readonly [number, number] | null;
  readonly count: number;
  /** number of snapshots taken, spread evenly over them */
  readonly used: number;
}

export interface ComparisonResult {
  readonly cameraId: string;
  /** key of the request: another key means that the choice has changed since */
  readonly key: string;
  readonly sets: Readonly<Record<SetKey, ComparedSet>>;
  readonly sigma: number;
  /** number of permutations done; fewer than asked for when there are no more orderings */
  readonly numPermutations: number;
  readonly isExhaustive: boolean;
  readonly distance: number;
  readonly pValue: number;
  /** number of permutations with a distance at least this large */
  readonly numExtreme: number;
  readonly smallestPValue: number;
  readonly histogram: Histogram;
  /** number of snapshots of set B that are in set A too */
  readonly overlap: number;
  /** result of regrouping whole days, or why it was not done */
  readonly days: DaysCompared | 'few' | 'undated';
}

export interface DaysCompared {
  readonly pValue: number;
  /** number of regroupings tried */
  readonly splits: number;
  readonly isExhaustive: boolean;
  readonly smallestPValue: number;
}

/** Two sets of this many take 64 MB for their kernels, 4(n + m)² bytes, and 40 s for 1,000 permutations. */
export const MOST_OF_SET = 2000;
/** So that the same question has the same answer, here and in Python. */
export const RANDOM_STATE = 31;
/** Seconds for one pair of a permutation: 5e-9 for sets of 500, 2e-8 when the kernels don't fit the cache (2026-11). */
const SECONDS_PER_PAIR = { small: 6e-9, large: 2e-8 };
const WEEK = 7 * 86_400_000;
const MINUTE = 60_000;

interface EncodedFiles {
  readonly files: readonly File[];
  /** model and transform: embeddings of others can't be compared */
  readonly encoding: string;
  readonly members: readonly Member[];
  readonly unused: readonly UnusedFile[];
}

/** Compares two sets of snapshots as wholes: batch MMD with a permutation test, as in the tutorial's notebooks. */
export class Comparison {
  numPermutations = $state(1000);
  result = $state.raw<ComparisonResult | null>(null);
  /** error of the last comparison */
  failure = $state.raw<unknown>(null);
  isRunning = $state(false);
  readonly progress = new Progress();

  readonly #draft: Draft;
  #choices = $state.raw<{
    readonly cameraId: string;
    readonly sets: Readonly<Record<SetKey, SetChoice>>;
  } | null>(null);
  #encoded = $state.raw<Readonly<Record<SetKey, EncodedFiles | null>>>({ a: null, b: null });
  #abort = new AbortController();

  /** the choice for the camera that is shown: at first its reference beside the newest week */
  readonly sets = $derived.by((): Readonly<Record<SetKey, SetChoice>> => {
    const { chosen: camera } = this.#draft.session.cameras;
    if (this.#choices && this.#choices.cameraId === camera?.id) return this.#choices.sets;
    const none = { from: '', to: '', files: [], skipped: [] };
    return {
      a: { ...none, source: 'reference' },
      b: { ...none, source: 'jobs', ...this.#newestWeek() },
    };
  });
  readonly sizes = $derived.by(() => ({ a: this.#sizeOf('a'), b: this.#sizeOf('b') }));
  /** sets that are too small, known before anything is computed */
  readonly tooSmall = $derived.by(() => SET_KEYS.filter((key) => this.sizes[key] < 2));
  readonly needsEncoder = $derived.by(() =>
    SET_KEYS.some((key) => this.sets[key].source === 'files' && this.#encodedOf(key) === null),
  );
  readonly sigma = $derived.by(() => this.#draft.judging?.detector.sigma ?? 0);
  /** roughly, without encoding */
  readonly seconds = $derived.by(() => {
    const small = Math.min(this.sizes.a, this.sizes.b, MOST_OF_SET);
    const rate = small > 1000 ? SECONDS_PER_PAIR.large : SECONDS_PER_PAIR.small;
    return ((small * small) / 2) * this.numPermutations * rate;
  });
  readonly isStale = $derived.by(() => this.result !== null && this.result.key !== this.#key());

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  get shown(): ComparisonResult | null {
    return this.result?.cameraId === this.#draft.session.cameras.chosen?.id ? this.result : null;
  }

  change(key: SetKey, changes: Partial<Pick<SetChoice, 'source' | 'from' | 'to'>>): void {
    this.#set(key, changes);
  }

  /** Takes files for a set, in place of those before. */
  take(key: SetKey, files: readonly File[]): void {
    const { snapshots, configs, models, embeddings, skipped } = sortFiles(files);
    const others = [...configs, ...models, ...embeddings, ...skipped];
    this.#set(key, { source: 'files', files: snapshots, skipped: others.map(({ name }) => name) });
  }

  unusedOf(key: SetKey): readonly UnusedFile[] {
    return this.#encodedOf(key)?.unused ?? [];
  }

  isRead(key: SetKey): boolean {
    return this.#encodedOf(key) !== null;
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Encodes new files, and compares. Nothing is stored. */
  async compare(): Promise<void> {
    const { session } = this.#draft;
    const { chosen: camera, reference } = session.cameras;
    if (!camera || !reference || this.isRunning) return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.isRunning = true;
    this.failure = null;
    try {
      if (this.needsEncoder) await session.work.alone(() => this.#encode(camera, signal));
      const [a, b] = await Promise.all([this.#members('a', reference), this.#members('b', reference)]);
      // Unreadable files may have left too few; the panel shows it.
      if (this.tooSmall.length > 0) return;
      const result = await this.#test({ a, b }, signal);
      this.result = { cameraId: camera.id, ...result };
    } catch (error) {
      if (!signal.aborted) this.failure = error;
    } finally {
      this.isRunning = false;
    }
  }

  async #test(
    members: Readonly<Record<SetKey, readonly Member[]>>,
    signal: AbortSignal,
  ): Promise<Omit<ComparisonResult, 'cameraId'>> {
    const { sigma } = this;
    const key = this.#key();
    const [a, b] = [spreadSample(members.a, MOST_OF_SET), spreadSample(members.b, MOST_OF_SET)];
    const sets = { a: this.#compared('a', members.a, a.length), b: this.#compared('b', members.b, b.length) };
    const numPermutations = usablePermutations(a.length + b.length, this.numPermutations);
    // A worker of its own: it holds up no other question, and ending it is the only way to stop it.
    const analyst = new Analyst(signal);
    try {
      const [reference, test] = [a, b].map((set) => set.map(({ embedding }) => embedding));
      const options = { sigma, numPermutations, randomState: RANDOM_STATE };
      const tested = await analyst.ask((api) => api.compare(reference ?? [], test ?? [], options));
      const { distance, numExtreme, pValue, permutedStatistics } = tested;
      return {
        key,
        sets,
        sigma,
        numPermutations,
        isExhaustive: numPermutations < this.numPermutations,
        distance,
        pValue,
        numExtreme,
        smallestPValue: smallestPValue(a.length, b.length, numPermutations),
        histogram: permutationHistogram(permutedStatistics, distance),
        overlap: countOverlap(a, b),
        days: await this.#testDays(analyst, a, b, sigma),
      };
    } finally {
      analyst.close();
    }
  }

  async #encode(camera: Camera, signal: AbortSignal): Promise<void> {
    const { models, pool } = this.#draft.session;
    const waiting = SET_KEYS.filter(
      (key) => this.sets[key].source === 'files' && this.#encodedOf(key) === null,
    );
    let left = waiting.reduce((sum, key) => sum + this.sets[key].files.length, 0);
    this.progress.add(left);
    this.progress.start();
    try {
      await models.open(camera.modelSha256);
      for (const key of waiting) {
        const { files } = this.sets[key];
        const { snapshots, unused } = await encodeSnapshots({
          pool,
          files,
          camera,
          signal,
          onProgress: (count) => {
            left -= count;
            this.progress.advance(count);
          },
        });
        const members = snapshots.map(({ name, embedding, capturedAt }) => ({ name, embedding, capturedAt }));
        const encoded = { files, encoding: encodingOf(camera), members, unused };
        this.#encoded = { ...this.#encoded, [key]: encoded };
      }
    } finally {
      this.progress.finish(left);
    }
  }

  async #members(key: SetKey, reference: Reference): Promise<readonly Member[]> {
    switch (this.sets[key].source) {
      case 'reference':
        return reference.embeddings.map((embedding, i) => ({
          embedding,
          name: reference.names[i] ?? '',
          capturedAt: reference.capturedAt?.[i] ?? null,
        }));
      case 'files':
        return this.#encodedOf(key)?.members ?? [];
      case 'jobs': {
        const jobs = this.#jobsIn(key);
        const ids = jobs.map(({ id }) => id);
        const embeddings = await loadEmbeddings(this.#draft.session.db, ids);
        return jobs.flatMap(({ id, imageName, capturedAt }) => {
          const embedding = embeddings.get(id);
          return embedding ? [{ name: imageName, embedding, capturedAt }] : [];
        });
      }
    }
  }

  async #testDays(
    analyst: Analyst,
    a: readonly Member[],
    b: readonly Member[],
    sigma: number,
  ): Promise<ComparisonResult['days']> {
    const [daysOfA, daysOfB] = [byDay(a), byDay(b)];
    if (!daysOfA || !daysOfB) return 'undated';
    if (!areEnoughDays(daysOfA.length, daysOfB.length)) return 'few';
    const { pValue, splits, isExhaustive } = await analyst.ask((api) =>
      api.compareDays(daysOfA, daysOfB, sigma, RANDOM_STATE),
    );
    return {
      pValue,
      splits,
      isExhaustive,
      smallestPValue: smallestPValue(daysOfA.length, daysOfB.length, splits),
    };
  }

  #compared(key: SetKey, members: readonly Member[], used: number): ComparedSet {
    const times = members.map(({ capturedAt }) => capturedAt).filter((at) => at !== null);
    const [first, last] = [times[0], times.at(-1)];
    return {
      source: this.sets[key].source,
      version: this.#draft.session.cameras.reference?.version ?? 0,
      span: first === undefined || last === undefined ? null : [first, last],
      count: members.length,
      used,
    };
  }

  /** The scored snapshots of the chosen time that count; those of another model have embeddings that mean something else. */
  #jobsIn(key: SetKey): CompletedJob[] {
    const { chosen: camera } = this.#draft.session.cameras;
    const { history } = this.#draft.session;
    const { from, to } = this.sets[key];
    const earliest = from === '' ? -Infinity : Date.parse(`${from}Z`);
    const end = to === '' ? Infinity : Date.parse(`${to}Z`) + MINUTE;
    return countedBy(camera?.modelSha256 ?? '', history.jobs).filter(
      ({ capturedAt }) => capturedAt >= earliest && capturedAt < end,
    );
  }

  #sizeOf(key: SetKey): number {
    switch (this.sets[key].source) {
      case 'reference':
        return this.#draft.session.cameras.reference?.embeddings.length ?? 0;
      case 'files':
        return this.#encodedOf(key)?.members.length ?? this.sets[key].files.length;
      case 'jobs':
        return this.#jobsIn(key).length;
    }
  }

  #encodedOf(key: SetKey): EncodedFiles | null {
    if (this.sets[key].source !== 'files') return null;
    const { chosen: camera } = this.#draft.session.cameras;
    const found = this.#encoded[key];
    const holds = camera && found?.files === this.sets[key].files && found.encoding === encodingOf(camera);
    return holds ? found : null;
  }

  #newestWeek(): Pick<SetChoice, 'from' | 'to'> {
    const { chosen: camera } = this.#draft.session.cameras;
    const { history } = this.#draft.session;
    const jobs = countedBy(camera?.modelSha256 ?? '', history.jobs);
    const newest = jobs.at(-1)?.capturedAt;
    if (newest === undefined) return { from: '', to: '' };
    const first = jobs.find((job) => job.capturedAt >= newest - WEEK)?.capturedAt ?? newest;
    return { from: inputTime(first), to: inputTime(newest) };
  }

  #set(key: SetKey, changes: Partial<SetChoice>): void {
    const { chosen: camera } = this.#draft.session.cameras;
    if (!camera) return;
    this.#choices = {
      cameraId: camera.id,
      sets: { ...this.sets, [key]: { ...this.sets[key], ...changes } },
    };
  }

  /** A result depends on all of this. */
  #key(): string {
    const { reference } = this.#draft.session.cameras;
    const chosen = SET_KEYS.map((key) => {
      const { source, from, to, files } = this.sets[key];
      if (source === 'reference') return reference?.id;
      return source === 'jobs' ? `${from} ${to} ${this.sizes[key]}` : files.map(fileKey).join('|');
    });
    return JSON.stringify([...chosen, this.sigma, this.numPermutations]);
  }
}

function encodingOf({ modelSha256, transform }: Camera): string {
  return JSON.stringify([modelSha256, transform]);
}

function fileKey({ name, size, lastModified }: File): string {
  return `${name} ${size} ${lastModified}`;
}

/** An instant as a `datetime-local` input holds it. */
function inputTime(at: number): string {
  return isoInstant(at).slice(0, 16);
}
