/** A camera that is cleaned: its pictures and cleanings come in other orders, and what is stored then is compared. */
import { seen, scene, grown } from '../domain/glass/glass-scenes';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import type { Reference } from '../../src/core/domain/camera/reference';
import { EncodedFile } from '../../src/core/encoder/encoded-file';
import { GlassLooker } from '../../src/core/encoder/glass/glass-looker';
import { EncoderPool } from '../../src/core/encoder/pool';
import type { Camera } from '../../src/core/domain/camera/camera';
import { changeCamera } from '../../src/core/session/history/change-camera';
import { changeInputs, judgedBy, type Present } from '../../src/core/session/history/change-inputs';
import type { Batches } from '../../src/core/session/scoring/batches.svelte';
import { Turns } from '../../src/core/domain/turns';
import { loadCameras, loadEvents, loadReferences } from '../../src/core/storage/cameras';
import { openDatabase, type Database } from '../../src/core/storage/database';
import { deleteJobs } from '../../src/core/storage/deletion/deletion';
import { saveGlassFit } from '../../src/core/storage/glass-fits';
import { loadJobs } from '../../src/core/storage/jobs';
import { asEncoded } from './as-encoded';
import { differences, dice, digest, dump, shuffled } from './orders';
import { shown, UNTOLD } from './batches';
import { wholeCamera, wholeEvent, wholeJob, wholeReference } from './whole-rows';

const BEGAN = Date.UTC(2025, 0, 1);
const HOUR = 3_600_000;
const NOW = Date.UTC(2025, 5, 1);
/** Eight pictures a day. */
const STEP = 2 * HOUR;
const DAYS = 16;
const CAMERA = 'cleaned';

/** When the lens is wiped, and when growth begins. */
interface Course {
  /** days from the beginning at which the lens was cleaned */
  readonly wipes: readonly number[];
  /** days from which on it is dirty, until the next wipe */
  readonly dirty: readonly number[];
}
const COURSE: Course = { wipes: [4, 10.5], dirty: [2.5, 9, 15] };

type Made = Awaited<ReturnType<typeof asEncoded>> & { readonly embedding: Float32Array };

type Step =
  | { readonly do: 'score'; readonly places: readonly number[] }
  | { readonly do: 'log'; readonly event: CameraEvent }
  | { readonly do: 'undo'; readonly event: CameraEvent }
  | { readonly do: 'delete'; readonly place: number }
  | { readonly do: 'set'; readonly renewsReference: boolean };

export class CycleOrders {
  readonly #looker = new GlassLooker();
  readonly #made = new Map<number, Made>();

  /** @returns how rows differ from those of one ordered batch, and how many references the cycles have */
  async compare(seed: number): Promise<{ differences: string[]; cycles: number }> {
    const below = dice(seed);
    const events = COURSE.wipes.map((day) => cleaned(day));
    const all = placesOf();
    const ordered = await this.#run([
      ...events.map((event) => ({ do: 'log', event }) as const),
      { do: 'score', places: all },
    ]);
    const passing = -3;
    const steps: Step[] = [];
    for (let mixed = shuffled([...all, passing], below); mixed.length > 0;) {
      const count = 1 + below(40);
      steps.push({ do: 'score', places: mixed.slice(0, count) });
      mixed = mixed.slice(count);
    }
    const comes = steps.findIndex((step) => step.do === 'score' && step.places.includes(passing));
    steps.splice(comes + 1 + below(steps.length - comes), 0, { do: 'delete', place: passing });
    const mistaken = cleaned(1 + below(13) + 0.25);
    const wrongly = below(steps.length);
    steps.splice(wrongly, 0, { do: 'log', event: mistaken });
    steps.splice(wrongly + 1 + below(steps.length - wrongly), 0, { do: 'undo', event: mistaken });
    for (const event of events) steps.splice(below(steps.length + 1), 0, { do: 'log', event });
    const rows = await this.#run(steps, below);
    const cycles = ordered.filter((row) => row.startsWith('reference')).length;
    return { differences: [...differences(ordered, rows), ...differences(rows, ordered)], cycles };
  }

  /** @returns how rows differ after the camera has kept its first reference for a while, and what judged meanwhile */
  async keepFirst(): Promise<{ differences: string[]; meanwhile: string[] }> {
    const steps: Step[] = [
      ...COURSE.wipes.map((day) => ({ do: 'log', event: cleaned(day) }) as const),
      { do: 'score', places: placesOf() },
    ];
    const set = (renewsReference: boolean) => ({ do: 'set', renewsReference }) as const;
    const [ordered, kept, renewed] = [
      await this.#run(steps),
      await this.#run([...steps, set(false)]),
      await this.#run([...steps, set(false), set(true)]),
    ];
    const meanwhile = kept.filter((row) => row.startsWith('reference') || row.startsWith('timeline'));
    return { differences: [...differences(ordered, renewed), ...differences(renewed, ordered)], meanwhile };
  }

  async #run(steps: readonly Step[], below: (count: number) => number = () => 1): Promise<string[]> {
    const name = `cycles-${String(Math.random())}`;
    const db = await openDatabase({ name });
    await this.#setUp(db);
    let batches: Batches | null = null;
    for (const step of steps) {
      // A page that is closed, and opened again.
      if (batches === null || step.do !== 'score' || below(2) === 0) batches = await this.#batches(db);
      if (step.do === 'score') await batches.score(await this.#files(step.places));
      else await this.#enter(db, step);
      if (step.do !== 'score') batches = null;
    }
    const rows = await this.#rows(db);
    db.close();
    indexedDB.deleteDatabase(name);
    return rows;
  }

  async #rows(db: Database): Promise<string[]> {
    const [camera] = await loadCameras(db);
    const references = await loadReferences(db, CAMERA);
    const ofCycles = references.filter(({ beganAt }) => beganAt !== undefined);
    const bits = (reference: Reference) =>
      JSON.stringify({ ...reference, embeddings: reference.embeddings.map(digest) });
    return [
      ...(await dump(db)),
      ...ofCycles.map((reference) => `reference ${reference.id} ${bits(reference)}`),
      `timeline {${JSON.stringify([camera!.timeline, camera!.referenceId])}`,
    ];
  }

  async #setUp(db: Database): Promise<void> {
    const { properties } = wholeJob();
    const clean: Made[] = [];
    for (let i = 0; i < 24; i += 1) clean.push(await this.#madeOf(i - 100));
    const fit = await this.#looker.fit(
      clean.map(({ glass }) => glass),
      clean.map((_, i) => BEGAN + (i - 24) * STEP),
    );
    const reference = wholeReference('given', {
      ...{ cameraId: CAMERA, names: [], embeddings: clean.map(({ embedding }) => embedding) },
      ...{ properties: clean.map(() => properties!), isOwnModel: false, offGlass: [] },
    });
    await db.put('references', reference);
    await saveGlassFit(db, reference.id, fit!);
    await db.put(
      'cameras',
      wholeCamera(CAMERA, {
        ...{ referenceId: reference.id, warmUp: 'reference', cyclesFrom: 0 },
        detector: { name: 'mmd-streaming', windowSize: 6, sigma: 0.5 },
        timeline: [{ at: 0, referenceId: reference.id }],
      }),
    );
  }

  async #present(db: Database): Promise<Present> {
    const [camera] = await loadCameras(db);
    const references = await loadReferences(db, CAMERA);
    const reference = references.find(({ id }) => id === camera!.referenceId)!;
    const [events, jobs] = [await loadEvents(db, CAMERA), await loadJobs(db, CAMERA)];
    return { camera: camera!, reference, references, events, jobs };
  }

  async #batches(db: Database): Promise<Batches> {
    const { jobs, ...watched } = await this.#present(db);
    const parts = {
      ...{ db, looker: this.#looker, pool: new EncoderPool(), turns: new Turns() },
      ...{ now: () => NOW, followers: UNTOLD, models: { open: async () => undefined } as never },
    };
    return (await shown(parts, watched, jobs)).batches;
  }

  async #enter(db: Database, step: Exclude<Step, { readonly do: 'score' }>): Promise<void> {
    const sources = { db, looker: this.#looker, now: () => NOW };
    const present = await this.#present(db);
    if (step.do === 'set') {
      const change = (write: (camera: Camera) => Promise<void>) => write(present.camera).then(() => true);
      const cameras = { present, reference: present.reference, change };
      await changeCamera({ sources, cameras } as never, { renewsReference: step.renewsReference });
      return;
    }
    if (step.do === 'delete') {
      const gone = present.jobs.find(({ contentSha256 }) => contentSha256 === String(step.place))!;
      const jobs = present.jobs.filter((job) => job !== gone);
      const again = await judgedBy(sources, { ...present, jobs }, {}, { from: [gone.capturedAt] });
      await deleteJobs(db, [gone.id], () => 'dropped', again);
      return;
    }
    const { event } = step;
    const inputs = step.do === 'log' ? { events: [event] } : { gone: [event.id] };
    await changeInputs(sources, present, inputs, [event.at]);
  }

  async #files(places: readonly number[]): Promise<File[]> {
    const files: File[] = [];
    for (const place of places) {
      const made = await this.#madeOf(place);
      const [time, contentSha256] = [timeOf(place), String(place)];
      const { properties } = wholeJob();
      files.push(
        new EncodedFile(`${contentSha256}.jpg`, {
          ...{ lastModified: time, contentSha256, stated: { at: time, source: 'file-name' } },
          read: async () => ({ ok: true, contentSha256, properties, ...made }),
        }),
      );
    }
    return files;
  }

  /** The same each time. */
  async #madeOf(place: number): Promise<Made> {
    const known = this.#made.get(place);
    if (known) return known;
    const day = place / 8;
    const wiped = Math.max(-Infinity, ...COURSE.wipes.filter((wipe) => wipe <= day));
    const grew = COURSE.dirty.find((dirty) => dirty > wiped && dirty <= day);
    const picture = seen(scene(3), 1000 + place);
    // After each wipe another plant stands in the view.
    const plants = COURSE.wipes.filter((wipe) => wipe <= day).length;
    const planted = plants > 0 ? grown(picture, 70 + plants, 6) : picture;
    const shownAs = grew === undefined ? planted : grown(planted, 5, 12 + 60 * (day - grew));
    const embedding = new Float32Array([((place + 300) % 7) / 7, ((place + 300) % 5) / 5, 0.5]);
    const made = { embedding, ...(await asEncoded(shownAs)) };
    this.#made.set(place, made);
    return made;
  }
}

function timeOf(place: number): number {
  const day = Math.floor(place / 8);
  return BEGAN + day * 24 * HOUR + 6 * HOUR + (place - 8 * day) * STEP;
}

function placesOf(): number[] {
  return Array.from({ length: 8 * DAYS }, (_, place) => place);
}

function cleaned(day: number): CameraEvent {
  return wholeEvent(`cleaned ${String(day)}`, { cameraId: CAMERA, at: timeOf(8 * day) - 1 });
}
