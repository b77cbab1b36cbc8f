import type { Page } from '@playwright/test';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import type { Reference } from '../../src/core/domain/camera/reference';
import { inDatabase } from './support';

/** A camera that is made from the one that is there. */
export interface Made {
  readonly name: string;
  /** the prefix of its files' names */
  readonly inFiles: string;
  /** hours from now to its newest snapshot, and from one snapshot to the next */
  readonly age: number;
  readonly every: number;
  readonly jobs: number;
  /** growth's distance at the newest snapshot, and by how much it was less a day before; 0.1 is the drift limit */
  readonly growth: number;
  readonly perDay?: number;
  /** share of the glass that is covered */
  readonly cover?: number;
  /** days from now to its last cleaning */
  readonly cleaned?: number;
}

/** Stores cameras beside the one that is there, each with its reference, jobs, one picture and a cleaning. */
export async function putFleet(page: Page, fleet: readonly Made[]): Promise<void> {
  await inDatabase(page, put, { fleet, now: await page.evaluate(() => Date.now()) });
}

async function put(db: IDBDatabase, { fleet, now }: { fleet: readonly Made[]; now: number }): Promise<void> {
  const stores = ['cameras', 'references', 'glassFits', 'jobs', 'thumbnails', 'events'];
  const tx = db.transaction(stores, 'readwrite');
  const all = <T>(store: string) =>
    new Promise<T[]>((resolve, reject) => {
      const asking: IDBRequest<T[]> = tx.objectStore(store).getAll();
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => reject(asking.error ?? new Error(store));
    });
  const [[camera], [reference], [fit], jobs, pictures] = await Promise.all([
    all<Camera>('cameras'),
    all<Reference>('references'),
    all<object>('glassFits'),
    all<CompletedJob>('jobs'),
    all<ArrayBuffer>('thumbnails'),
  ]);
  // Stored in the order of their ids, which are random: another one may be of murky water.
  const inOrder = [...jobs].sort((a, b) => a.capturedAt - b.capturedAt);
  const template = inOrder.find(({ glass }) => glass?.growth)!;
  const [hour, day] = [3_600_000, 86_400_000];
  for (const [n, made] of fleet.entries()) {
    const id = `made ${String(n)}`;
    const referenceId = `reference ${id}`;
    tx.objectStore('cameras').put({ ...camera, id, name: made.name, referenceId, isDemo: false });
    // Pictures that were learned are news of a camera, too: long before these.
    const capturedAt = reference?.capturedAt?.map((at) => at && at - 90 * day);
    const learned = { ...reference, id: referenceId, cameraId: id, capturedAt, besideTimes: [] };
    tx.objectStore('references').put(learned);
    tx.objectStore('glassFits').put(fit, referenceId);
    const newestAt = now - made.age * hour;
    for (let i = 0; i < made.jobs; i += 1) {
      const capturedAt = newestAt - i * made.every * hour;
      const ago = (i * made.every) / 24;
      const isBeforeCleaning = made.cleaned !== undefined && ago + made.age / 24 > made.cleaned;
      const course = isBeforeCleaning ? 0.13 - 0.002 * ago : made.growth - (made.perDay ?? 0) * ago;
      const distance = Math.max(0.002, course) * (1 + 0.06 * Math.sin(i * 12.9898));
      const driftStatus = distance > 0.1 ? 'drift' : distance > 0.05 ? 'warning' : 'normal';
      const stamp = new Date(capturedAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
      tx.objectStore('jobs').put({
        ...template,
        id: `${id} ${String(i)}`,
        cameraId: id,
        referenceId,
        imageName: `${stamp}-${made.inFiles}.jpg`,
        contentSha256: `${id} ${String(i)}`,
        capturedAt,
        createdAt: capturedAt + 1000,
        distance: 0.01,
        windowFill: 12,
        driftStatus: 'normal',
        glass: {
          ...template.glass!,
          growth: { distance, driftStatus },
          loss: { ...template.glass!.loss!, distance: 0.001, driftStatus: 'normal' },
          cover: (made.cover ?? 0.01) * (isBeforeCleaning ? 1 : Math.max(0.2, 1 - 0.02 * ago)),
          thickest: (made.cover ?? 0) > 0.03 ? 'upperRight' : null,
        },
      });
    }
    tx.objectStore('thumbnails').put(pictures[(7 * n) % pictures.length], `${id} 0`);
    if (made.cleaned !== undefined) {
      const event: CameraEvent = {
        id: `cleaned ${id}`,
        cameraId: id,
        kind: 'cleaned',
        at: now - made.cleaned * day,
        note: '',
      };
      tx.objectStore('events').put(event);
    }
  }
  await new Promise((resolve) => (tx.oncomplete = resolve));
}

/** Ten cameras of an observatory: two that need a diver, two to watch, one that is silent, five that are clear. */
export const TEN: readonly Made[] = [
  { name: 'Reef south', inFiles: 'REEF-SOUTH', age: 2, every: 2, jobs: 400, growth: 0.012, cleaned: 22 },
  {
    name: 'Reef north',
    inFiles: 'REEF-NORTH',
    age: 2,
    every: 2,
    jobs: 400,
    growth: 0.31,
    perDay: 0.018,
    cover: 0.14,
    cleaned: 22,
  },
  {
    name: 'Crane foot',
    inFiles: 'CRANE',
    age: 1,
    every: 2,
    jobs: 400,
    growth: 0.078,
    perDay: 0.0035,
    cover: 0.06,
    cleaned: 31,
  },
  {
    name: 'Mooring east',
    inFiles: 'MOORING',
    age: 0.7,
    every: 1,
    jobs: 800,
    growth: 0.16,
    perDay: 0.006,
    cover: 0.09,
    cleaned: 48,
  },
  {
    name: 'Net pen 2',
    inFiles: 'PEN2',
    age: 0.4,
    every: 1,
    jobs: 800,
    growth: 0.06,
    perDay: 0.003,
    cover: 0.04,
    cleaned: 18,
  },
  { name: 'Harbour mouth', inFiles: 'HARBOUR', age: 72, every: 3, jobs: 240, growth: 0.01, cleaned: 12 },
  {
    name: 'Wreck',
    inFiles: 'WRECK',
    age: 2,
    every: 2,
    jobs: 360,
    growth: 0.03,
    perDay: 0.0004,
    cover: 0.02,
    cleaned: 40,
  },
  { name: 'Kelp line', inFiles: 'KELP', age: 0.2, every: 0.5, jobs: 1400, growth: 0.02, cleaned: 33 },
  { name: 'Pier leg 4', inFiles: 'PIER4', age: 1, every: 1, jobs: 700, growth: 0.015, cleaned: 26 },
];
