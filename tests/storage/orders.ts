/** Gives a camera the same snapshots and inputs in other orders, in a page, and compares what is stored then. */
import type { CameraEvent } from '../../src/core/domain/camera/event';
import type { CompletedJob, Job } from '../../src/core/domain/camera/job';
import { compareJobs } from '../../src/core/domain/camera/job';
import type { GlassFit } from '../../src/core/domain/glass/glass';
import type { GlassPicture } from '../../src/core/domain/glass/picture';
import { EncodedFile } from '../../src/core/encoder/encoded-file';
import { GlassLooker } from '../../src/core/encoder/glass/glass-looker';
import { EncoderPool } from '../../src/core/encoder/pool';
import { changeInputs, judgedBy, type Present } from '../../src/core/session/history/change-inputs';
import type { Batches } from '../../src/core/session/scoring/batches.svelte';
import { Turns } from '../../src/core/domain/turns';
import type { Inputs } from '../../src/core/storage/inputs';
import { loadCameras, loadEvents, loadReferences } from '../../src/core/storage/cameras';
import { openDatabase, type Database } from '../../src/core/storage/database';
import { deleteJobs } from '../../src/core/storage/deletion/deletion';
import { saveGlassFit } from '../../src/core/storage/glass-fits';
import { loadJobs } from '../../src/core/storage/jobs';
import { grown, murky, scene, seen } from '../domain/glass/glass-scenes';
import { asEncoded } from './as-encoded';
import { shown, UNTOLD } from './batches';
import { wholeCamera, wholeEvent, wholeJob, wholeReference } from './whole-rows';

const BEGAN = Date.UTC(2025, 0, 1);
const HOUR = 3_600_000;
const NOW = Date.UTC(2025, 5, 1);
/** Hours from the beginning: of a clock that began anew in 2000, of one that never was set, and ahead of now. */
const [RESET = 0, NEVER = 0, AHEAD = 0] = [2000, 1970, 2099].map(
  (year) => (Date.UTC(year, 0, 1) - BEGAN) / HOUR,
);
const CAMERAS = ['reef', 'wall'] as const;
const COUNT = 72;
/** more than `Contents` holds */
const LONG = 700;

interface Snapshot {
  readonly cameraId: string;
  readonly name: string;
  readonly content: string;
  /** hours */
  readonly at: number;
  readonly isGuess?: boolean;
}

type Step =
  | { readonly do: 'score'; readonly cameraId: string; readonly snapshots: readonly Snapshot[] }
  | {
      readonly do: 'enter';
      readonly cameraId: string;
      readonly inputs: (present: Present) => Inputs;
      readonly from?: readonly number[];
    }
  | { readonly do: 'delete'; readonly cameraId: string; readonly content: string };

export class Orders {
  readonly #looker = new GlassLooker();
  readonly #pictures = new Map<string, ReturnType<typeof asEncoded>>();
  readonly #fits: readonly GlassFit[];
  readonly #known: readonly string[];

  private constructor(fits: readonly GlassFit[], known: readonly string[]) {
    this.#fits = fits;
    this.#known = known;
  }

  static async open(): Promise<Orders> {
    const looker = new GlassLooker();
    const fitOf = async (reef: number, right: number) => {
      const pictures = Array.from({ length: 24 }, (_, i) => seen(scene(reef), 100 + i, 0, right));
      const fit = await looker.fit(
        pictures,
        pictures.map((_, i) => BEGAN + (i - 24) * HOUR),
      );
      return fit!;
    };
    const kept = globalThis as { ordered?: string[] };
    const orders = new Orders(await Promise.all([fitOf(3, 0), fitOf(3, 14)]), kept.ordered ?? []);
    if (!kept.ordered) kept.ordered = await orders.#inOrder();
    return new Orders(orders.#fits, kept.ordered);
  }

  /** @returns how rows differ from those of one ordered batch */
  async compare(seed: number): Promise<string[]> {
    const below = dice(seed);
    return differences(this.#known, await this.#run(this.#shuffled(below), below));
  }

  /** The same of one camera and a page that stays open, with more snapshots than are held in memory. */
  async compareLong(seed: number): Promise<string[]> {
    const below = dice(seed);
    const cameraId = CAMERAS[0];
    const all = Array.from({ length: LONG }, (_, i): Snapshot => ({
      ...{
        cameraId,
        name: `long ${String(i)}.jpg`,
        content: `long ${String(i % COUNT)} ${String(i)}`,
        at: i,
      },
    }));
    const steps: Step[] = [];
    for (let mixed = shuffled(all, below); mixed.length > 0;) {
      const count = 1 + below(4);
      steps.push({ do: 'score', cameraId, snapshots: mixed.slice(0, count) });
      mixed = mixed.slice(count);
    }
    const ordered = await this.#run([{ do: 'score', cameraId, snapshots: all }], () => 1);
    return differences(ordered, await this.#run(steps, () => 1));
  }

  #inOrder(): Promise<string[]> {
    const steps = CAMERAS.flatMap((cameraId): Step[] => [
      ...entered(cameraId),
      { do: 'score', cameraId, snapshots: course(cameraId) },
    ]);
    return this.#run(steps, () => 1);
  }

  #shuffled(below: (count: number) => number): Step[] {
    const queues = CAMERAS.map((cameraId) => {
      const snapshots = shuffled(course(cameraId), below);
      // A copy that guesses its time may come before the one that knows.
      const guess = snapshots.find(({ isGuess }) => isGuess);
      const passing: Snapshot = { cameraId, name: 'passing.jpg', content: 'passing', at: 20.5 };
      const cut: Step[] = [];
      const all = [...snapshots, ...(below(2) === 0 && guess ? [guess] : []), passing];
      const mixed = shuffled(all, below);
      for (let i = 0; i < mixed.length;) {
        const count = below(3) === 0 ? 1 : 1 + below(24);
        cut.push({ do: 'score', cameraId, snapshots: mixed.slice(i, i + count) });
        i += count;
      }
      const goes = cut.findIndex((step) => step.do === 'score' && step.snapshots.includes(passing));
      cut.splice(goes + 1 + below(cut.length - goes), 0, { do: 'delete', cameraId, content: 'passing' });
      for (const step of [...undone(cameraId, below), ...entered(cameraId)]) {
        const place = step.do === 'enter' ? cut.findLastIndex((other) => other.do === 'enter') : -1;
        cut.splice(place + 1 + below(cut.length - place), 0, step);
      }
      return cut;
    });
    const steps: Step[] = [];
    while (queues.some((queue) => queue.length > 0)) {
      const queue = queues[below(queues.length)]!;
      const step = queue.shift();
      if (step) steps.push(step);
    }
    return steps;
  }

  async #run(steps: readonly Step[], below: (count: number) => number): Promise<string[]> {
    const name = `orders-${String(Math.random())}`;
    const db = await openDatabase({ name });
    for (const cameraId of CAMERAS) await this.#setUp(db, cameraId);
    const open = new Map<string, Batches>();
    for (const step of steps) {
      // A page that is closed, and opened again.
      if (below(2) === 0) open.delete(step.cameraId);
      if (step.do === 'score') await this.#score(db, open, step);
      else open.delete(step.cameraId);
      if (step.do === 'enter') await this.#enter(db, step);
      if (step.do === 'delete') await this.#delete(db, step);
    }
    const rows = await dump(db);
    db.close();
    indexedDB.deleteDatabase(name);
    return rows;
  }

  async #setUp(db: Database, cameraId: string): Promise<void> {
    const embeddings = Array.from({ length: 20 }, (_, i) => new Float32Array([i / 20, 1 - i / 20, 0.5]));
    const references = [1, 2].map((version) =>
      wholeReference(`${cameraId} ${String(version)}`, {
        ...{ cameraId, version, names: [], embeddings, isOwnModel: true, offGlass: [] },
      }),
    );
    await db.put(
      'cameras',
      wholeCamera(cameraId, {
        referenceId: references[0]!.id,
        detector: { name: 'mmd-streaming', windowSize: 6, sigma: 0.5 },
        persistence: { raiseAfter: 2, clearAfter: 2, clearBelow: 0.8 },
        timeline: [{ at: 0, referenceId: references[0]!.id }],
      }),
    );
    for (const [i, reference] of references.entries()) {
      await db.put('references', reference);
      await saveGlassFit(db, reference.id, this.#fits[i]!);
    }
  }

  async #present(db: Database, cameraId: string): Promise<Present> {
    const [camera] = (await loadCameras(db)).filter(({ id }) => id === cameraId);
    const references = await loadReferences(db, cameraId);
    const reference = references.find(({ id }) => id === camera!.referenceId)!;
    const [events, jobs] = [await loadEvents(db, cameraId), await loadJobs(db, cameraId)];
    return { camera: camera!, reference, references, events, jobs };
  }

  async #score(
    db: Database,
    open: Map<string, Batches>,
    { cameraId, snapshots }: Extract<Step, { readonly do: 'score' }>,
  ): Promise<void> {
    const batches = open.get(cameraId) ?? (await this.#batches(db, cameraId));
    open.set(cameraId, batches);
    await batches.score(snapshots.map((snapshot) => this.#file(snapshot)));
  }

  async #batches(db: Database, cameraId: string): Promise<Batches> {
    const { jobs, ...watched } = await this.#present(db, cameraId);
    const parts = {
      ...{ db, looker: this.#looker, pool: new EncoderPool(), turns: new Turns() },
      ...{ now: () => NOW, followers: UNTOLD },
      models: { open: async () => undefined } as never,
    };
    return (await shown(parts, watched, jobs)).batches;
  }

  async #enter(
    db: Database,
    { cameraId, inputs, from }: Extract<Step, { readonly do: 'enter' }>,
  ): Promise<void> {
    const present = await this.#present(db, cameraId);
    await changeInputs({ db, looker: this.#looker, now: () => NOW }, present, inputs(present), from);
  }

  async #delete(
    db: Database,
    { cameraId, content }: Extract<Step, { readonly do: 'delete' }>,
  ): Promise<void> {
    const present = await this.#present(db, cameraId);
    const gone = present.jobs.find(({ contentSha256 }) => contentSha256 === `${cameraId} ${content}`)!;
    const again = await judgedBy(
      { db, looker: this.#looker, now: () => NOW },
      { ...present, jobs: present.jobs.filter((job) => job !== gone) },
      {},
      { from: [gone.capturedAt] },
    );
    await deleteJobs(db, [gone.id], () => 'dropped', again);
  }

  #file({ cameraId, name, content, at, isGuess = false }: Snapshot): File {
    const time = BEGAN + at * HOUR;
    const contentSha256 = `${cameraId} ${content}`;
    return new EncodedFile(name, {
      ...{ lastModified: time, contentSha256 },
      stated: { at: time, source: isGuess ? 'file-date' : 'file-name' },
      read: async () => ({ ok: true, contentSha256, ...(await this.#made(cameraId, content)) }),
    });
  }

  /** The same each time for a content. */
  async #made(cameraId: string, content: string) {
    const key = `${cameraId} ${content}`;
    const seed = Array.from(key, (letter) => letter.charCodeAt(0)).reduce(
      (sum, code) => (sum * 31 + code) % 99_991,
      7,
    );
    const place = Number(/\d+/.exec(content)?.[0] ?? 30);
    const shift = place > 30 && place < 46 ? 1.2 : 0;
    const embedding = new Float32Array([(seed % 7) / 7 + shift, (seed % 5) / 5, 0.5]);
    const encoded = this.#pictures.get(key) ?? asEncoded(pictureOf(cameraId, place, seed));
    this.#pictures.set(key, encoded);
    const { properties } = wholeJob();
    return { embedding, properties, ...(await encoded) };
  }
}

/** A reef that grows over, is wiped, is hidden by fish and murk, turned away from, and turned for good. */
function pictureOf(cameraId: string, place: number, seed: number): GlassPicture {
  const isElsewhere = (place >= 12 && place < 16) || (cameraId === 'wall' && place >= 24 && place < 28);
  const right = place >= 55 ? 14 : place >= 50 ? 6 : 0;
  const picture = seen(scene(isElsewhere ? 8 : 3), seed, 0, right);
  if (place % 19 === 7) return { ...picture, data: picture.data.map((value) => value / 12) };
  if (place % 11 === 5) return murky(picture, 50, [60, 80, 70]);
  return place > 30 && place < 46 ? grown(picture, 5, 12 * (place - 29)) : picture;
}

function course(cameraId: string): Snapshot[] {
  const snapshots = Array.from({ length: COUNT }, (_, i): Snapshot => ({
    ...{ cameraId, name: `course ${String(i)}.jpg`, content: `course ${String(i)}`, at: i },
  }));
  return [
    ...snapshots,
    // One instant and name in two folders.
    { cameraId, name: 'equal.jpg', content: 'equal 33', at: 33.5 },
    { cameraId, name: 'equal.jpg', content: 'equal 36', at: 33.5 },
    // A copy that guesses its time, and one that knows it.
    { cameraId, name: '0001.jpg', content: 'copied 10', at: 60.25, isGuess: true },
    { cameraId, name: 'named.jpg', content: 'copied 10', at: 10.5 },
    // Clocks that were wrong, one of them corrected, and one that is odd among its neighbours.
    ...[0, 1, 2].map((i) => ({
      cameraId,
      name: `reset ${String(i)}.jpg`,
      content: `reset ${String(20 + i)}`,
      at: RESET + i,
    })),
    ...[0, 1].map((i) => ({
      cameraId,
      name: `never ${String(i)}.jpg`,
      content: `never ${String(i)}`,
      at: NEVER + i,
    })),
    ...[0, 1].map((i) => ({
      cameraId,
      name: `ahead ${String(i)}.jpg`,
      content: `ahead ${String(60 + i)}`,
      at: AHEAD + i,
    })),
    ...[62.25, 62.5, -100_000, 63.25, 63.5].map((at, i) => ({
      ...{ cameraId, name: `IMG_${String(8 + i)}.JPG`, content: `counted ${String(62 + i)}`, at },
    })),
  ];
}

/** A person's entries that remain. */
function entered(cameraId: string): Step[] {
  const cleaned = event(cameraId, 'cleaned', 45.5);
  const answered: CameraEvent = {
    ...event(cameraId, 'scene', 30),
    scene: {
      ...{ referenceId: `${cameraId} 1`, answer: 'in-scene', growth: [40, 41, 56, 57], loss: [22, 23] },
      position: { down: 0, right: 0 },
    },
  };
  const moved: CameraEvent = { ...event(cameraId, 'moved', 55), isNewView: true };
  return [
    {
      do: 'enter',
      cameraId,
      from: [moved.at],
      inputs: ({ camera }) => ({
        events: [moved],
        camera: {
          ...camera,
          referenceId: `${cameraId} 2`,
          timeline: [
            { at: 0, referenceId: `${cameraId} 1` },
            { at: moved.at, referenceId: `${cameraId} 2` },
          ],
        },
      }),
    },
    { do: 'enter', cameraId, from: [cleaned.at], inputs: () => ({ events: [cleaned] }) },
    { do: 'enter', cameraId, from: [answered.at], inputs: () => ({ events: [answered] }) },
    { do: 'enter', cameraId, inputs: masked([5, 6, 21, 22]) },
    { do: 'enter', cameraId, from: [], inputs: corrected(RESET, 20.75 - RESET) },
  ];
}

/** Entries that a person took back. */
function undone(cameraId: string, below: (count: number) => number): Step[] {
  const mistaken = event(cameraId, 'cleaned', 5 + below(60));
  return [
    { do: 'enter', cameraId, from: [], inputs: corrected(AHEAD, 60.75 - AHEAD) },
    { do: 'enter', cameraId, from: [mistaken.at], inputs: () => ({ events: [mistaken] }) },
    { do: 'enter', cameraId, from: [], inputs: corrected(RESET, 12.5 - RESET) },
    { do: 'enter', cameraId, from: [], inputs: corrected(AHEAD, null) },
    { do: 'enter', cameraId, inputs: masked([100]) },
    { do: 'enter', cameraId, from: [mistaken.at], inputs: () => ({ gone: [mistaken.id] }) },
  ];
}

function masked(offGlass: readonly number[]): (present: Present) => Inputs {
  return ({ references }) => ({ references: [{ ...references[0]!, offGlass }] });
}

/** A correction of a week of stated times; null takes it back. */
function corrected(hour: number, by: number | null): (present: Present) => Inputs {
  const [from, to] = [BEGAN + hour * HOUR, BEGAN + (hour + 168) * HOUR];
  return ({ camera }) => {
    const others = (camera.clockCorrections ?? []).filter((other) => other.from !== from);
    const more = by === null ? [] : [{ from, to, by: by * HOUR, madeAt: NOW }];
    return { camera: { ...camera, clockCorrections: [...others, ...more] } };
  };
}

function event(cameraId: string, kind: CameraEvent['kind'], at: number): CameraEvent {
  return wholeEvent(`${cameraId} ${kind} ${String(at)}`, { cameraId, kind, at: BEGAN + at * HOUR });
}

/** Every stored row of the snapshots, without ids and when it was made. */
export async function dump(db: Database): Promise<string[]> {
  const rows: string[] = [];
  const jobs: Job[] = (await db.getAll('jobs')).sort(compareJobs);
  const bits = (value: unknown) =>
    JSON.stringify(sorted(value), (_, part: unknown) =>
      typeof part === 'number' ? String(part) : ArrayBuffer.isView(part) ? digest(part) : part,
    );
  for (const job of jobs) {
    const { id, createdAt: _, ...facts } = job as CompletedJob;
    // One that was judged until its time was found to be wrong has a sight that nothing rests on.
    const sight = facts.glass ? await db.get('sights', id) : undefined;
    const embedding = await db.get('embeddings', id);
    rows.push(`${facts.contentSha256} ${bits(facts)} ${bits(embedding)} ${bits(sight)}`);
  }
  return rows;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

export function digest(values: ArrayBufferView): string {
  // Which of the NaNs it is says nothing, and engines do not keep it.
  const { buffer, byteOffset, byteLength } =
    values instanceof Float32Array ? values.map((value) => (Number.isNaN(value) ? NaN : value)) : values;
  let hash = 2166136261;
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) hash = Math.imul(hash ^ byte, 16777619);
  return `${String(byteLength)} ${String(hash >>> 0)}`;
}

export function dice(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % count;
  };
}

export function shuffled<T>(items: readonly T[], below: (count: number) => number): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const other = below(i + 1);
    [all[i], all[other]] = [all[other]!, all[i]!];
  }
  return all;
}

export function differences(expected: readonly string[], rows: readonly string[]): string[] {
  const found = new Set(rows);
  const nameOf = (row: string) => row.slice(0, row.indexOf('{'));
  return expected
    .filter((row) => !found.has(row))
    .map((row) => {
      const other = rows.find((one) => nameOf(one) === nameOf(row)) ?? '';
      const place = Array.from(row).findIndex((letter, i) => letter !== other[i]);
      const around = (of: string) => of.slice(Math.max(0, place - 60), place + 200);
      return `${nameOf(row)}: ${around(other)} INSTEAD OF ${around(row)}`;
    })
    .slice(0, 8);
}
