import AxeBuilder from '@axe-core/playwright';
import {
  expect,
  test as base,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from '@playwright/test';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PAGE } from '../addresses';
import { captureTimeFromName } from '../../src/core/domain/camera/time/capture-time';
import type { Job } from '../../src/core/domain/camera/job';
import { openPlace } from '../open-place';

const DEMO = join(import.meta.dirname, '../../public/demo');

/** The demo camera's files stand in for a user's own: they are ours to commit. */
export const demo = {
  config: join(DEMO, 'config.toml'),
  reference: pathsIn('reference'),
  snapshots: pathsIn('snapshots'),
};

/** A file made in the test itself. */
export interface MadeFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export function made(name: string, content: string | Uint8Array, mimeType = 'image/jpeg'): MadeFile {
  return { name, mimeType, buffer: Buffer.from(content) };
}

/** Every journey asks no other host for anything, and no page of it throws what nobody caught. */
export const test = base.extend<{ watched: undefined; isKept: boolean }>({
  /** true if the page may keep itself for use without a network: 20 MB for each journey */
  isKept: [false, { option: true }],
  watched: [
    async ({ context, isKept }, use) => {
      await limit(context, { isKept });
      const foreign: string[] = [];
      const errors: string[] = [];
      context.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (protocol.startsWith('http') && hostname !== '127.0.0.1') foreign.push(request.url());
      });
      context.on('weberror', (error) => errors.push(error.error().message));
      await use(undefined);
      expect(foreign, 'requests to other hosts').toEqual([]);
      expect(errors, 'uncaught errors in the page').toEqual([]);
    },
    { auto: true },
  ],
});

/** Removes features from each page of a journey, so that two journeys can run side by side on two cores. */
export async function limit(
  context: BrowserContext,
  { isKept = false }: { isKept?: boolean } = {},
): Promise<void> {
  if (!isKept) {
    await context.addInitScript(() => {
      Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
    });
  }
  await context.addInitScript(setBack);
  // Of encoder workers one; the pool's own specs have several.
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 1 });
  });
}

/**
 * In the page: its time is what `passTime` has made it, or the real one. The demo's snapshots are of May 2026, and a
 * camera that sends nothing for long is silent.
 */
function setBack(): void {
  const Real = Date;
  const kept = (): string | null => {
    try {
      return localStorage.getItem('test time');
    } catch {
      // A page without an address keeps nothing.
      return null;
    }
  };
  const isSet = () => kept() !== null;
  let shift = Number(kept());
  globalThis.Date = class extends Real {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [Real.now() + shift] : given) as [number]));
    }
    static override now(): number {
      return Real.now() + shift;
    }
  } as DateConstructor;
  Object.assign(globalThis, {
    passTime(at: number | null) {
      const next = at === null ? 0 : at - Real.now();
      // Time never goes back, once it was set.
      if (isSet() && next < shift) return;
      shift = next;
      localStorage.setItem('test time', String(shift));
    },
  });
}

/**
 * Makes it a little later than the newest of these snapshots, in the page and after each reload. Where a name states no
 * time, and for null, time is real: such a snapshot is as old as its file.
 */
export async function passTime(page: Page, names: readonly string[] | null): Promise<void> {
  const times = (names ?? []).map(captureTimeFromName);
  const isReal = times.length === 0 || times.includes(null);
  const past = times.filter((at) => at !== null && at < Date.now()).map(Number);
  if (!isReal && past.length === 0) return;
  const at = isReal ? null : Math.max(...past) + 20 * 60_000;
  await page.evaluate((at) => {
    // A page that is opened without limits has the real time.
    (globalThis as unknown as { passTime?(at: number | null): void }).passTime?.(at);
  }, at);
}

/**
 * Lets `holdGlassBacklog` keep what looks at the glass in what is stored from beginning. Before the page is opened.
 */
export async function canHoldGlassBacklog(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const later = globalThis.setTimeout;
    // The rest before the backlog begins; nothing else waits as long.
    const isRest = (delay: unknown) => delay === 1200 && localStorage.getItem('backlogWaits') !== null;
    globalThis.setTimeout = ((work: () => void, delay?: number, ...given: unknown[]) =>
      isRest(delay) ? 0 : later(work, delay, ...given)) as typeof later;
  });
}

/** From the next time on that it would begin. */
export async function holdGlassBacklog(page: Page, isHeld: boolean): Promise<void> {
  await page.evaluate((isHeld) => {
    if (isHeld) localStorage.setItem('backlogWaits', 'yes');
    else localStorage.removeItem('backlogWaits');
  }, isHeld);
}

/** Another browser on another laptop, or the same with what it has stored. Close it. */
export async function anotherDevice(
  browser: Browser,
  options?: BrowserContextOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await limit(context);
  return context;
}

export async function open(page: Page, place = '', address = PAGE): Promise<void> {
  if (!reading.has(page)) {
    reading.add(page);
    // A note that goes takes the line with it.
    const unfold = (line: Locator) => line.click({ timeout: 2_000 }).catch(() => undefined);
    await page.addLocatorHandler(foldedNotes(page), unfold, { noWaitAfter: true });
    // Without opening the menu, which a dialog may be above.
    const show = (gear: Locator) =>
      gear.evaluate((gear) => gear.parentElement?.querySelector('button')?.click()).catch(() => undefined);
    await page.addLocatorHandler(foldedHints(page), show, { noWaitAfter: true });
  }
  await page.goto(`${address}${place}`);
  await page.waitForFunction(() => 'porthole' in globalThis);
}

/** Pages on which several notes are opened whenever they are one line: most journeys are about one of them. */
const reading = new WeakSet<Page>();

/** The gear while it has hints that nobody has asked for. */
export function foldedHints(page: Page): Locator {
  return page.locator('header summary[aria-label$=" hint"], header summary[aria-label$=" hints"]');
}

/** Several notes as one line. */
export function foldedNotes(page: Page): Locator {
  return page.getByRole('button', { name: /^\d+ notices$/, expanded: false });
}

/** Gives files to the picker that a person would use on this place of the page. */
export async function choose(
  page: Page,
  label: string,
  files: string[] | MadeFile[],
  { timeout }: { timeout?: number } = {},
): Promise<void> {
  const names = files.map((file) => (typeof file === 'string' ? file : file.name));
  // A folder, a model and an export say nothing of the time.
  const saysTime = label !== 'Open an export' && names.every((name) => /\.(?!onnx)[0-9a-z]+$/i.test(name));
  if (saysTime) await passTime(page, names);
  await page
    .locator(`input[type=file][aria-label="${label}"]`)
    .first()
    .setInputFiles(files, timeout === undefined ? {} : { timeout });
}

/** Lets the page learn what was given, check the rest of it, and shows what was learned. */
export async function learn(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Learn th/ }).click();
  await expect(page.locator('header select[aria-label="Camera"]')).toBeVisible();
  await batchIsDone(page);
  await openPlace(page, 'Camera');
}

/** Sets up a camera from the demo's clean snapshots through the form. */
export async function setUpCamera(
  page: Page,
  name = 'Reef',
  files: string[] | MadeFile[] = demo.reference,
): Promise<void> {
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill(name);
  await choose(page, 'choose files', files);
  await expect(page.getByTestId('chosen')).toContainText('clean pictures');
  await learn(page);
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
}

/**
 * Opens the page on a device that has something stored. The first test that wants such a device makes it by hand; for
 * the next ones of all workers what was stored is put in place, as after a reload: no model is open. Only for a page
 * that was not opened yet.
 *
 * @param contents - says what is stored. Another run has another address, and Playwright empties the folder when one
 *   begins.
 */
async function openDevice(
  page: Page,
  contents: readonly string[],
  { place, shown, make }: { place: string; shown: Locator; make: () => Promise<void> },
): Promise<void> {
  const context = page.context();
  const key = createHash('sha256')
    .update([PAGE, ...contents].join())
    .digest('hex')
    .slice(0, 16);
  const file = join(base.info().project.outputDir, 'devices', `${key}.json`);
  if (existsSync(file)) {
    await context.setStorageState(file);
    await open(page, place);
    await expect(shown).toBeVisible();
    return;
  }
  await make();
  const unfinished = `${file}.${process.pid}`;
  await context.storageState({ indexedDB: true, path: unfinished });
  renameSync(unfinished, file);
}

/** Opens the page on a device where the camera Reef was set up and these of the demo's snapshots were checked. */
export async function openWithCamera(page: Page, checked: readonly string[] = []): Promise<void> {
  if (checked.length === 0) {
    await openDevice(page, [], {
      place: '#reference',
      shown: page.getByText(/^Version 1: \d+ clean embeddings/),
      make: async () => {
        await open(page);
        await setUpCamera(page);
      },
    });
    return;
  }
  await openDevice(page, checked, {
    place: '#monitor',
    shown: page.getByRole('region', { name: 'Verdict' }),
    make: async () => {
      await openWithCamera(page);
      await check(page, [...checked]);
    },
  });
}

/** Opens the page on a device where the demo was played. */
export async function openWithDemo(page: Page): Promise<void> {
  const shown = page.getByRole('region', { name: 'Verdict' });
  await openDevice(page, ['the demo'], {
    place: '#monitor',
    shown,
    make: async () => {
      await open(page);
      await page.getByRole('button', { name: 'Try the demo camera' }).click();
      await expect.poll(() => jobsStored(page), { timeout: 60_000 }).toBe(demo.snapshots.length);
      await batchIsDone(page);
    },
  });
}

/** Lets pictures whose time only the dates of their files tell be judged, as a person can under Settings. */
export async function countFileDates(page: Page): Promise<void> {
  await openPlace(page, 'Settings');
  await page.getByLabel('Count the dates of files as capture times').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
}

/** Scores files on the Monitor and waits until the batch is done. */
export async function check(page: Page, files: string[] | MadeFile[]): Promise<void> {
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  const picker = page.locator('input[type=file][aria-label="Check pictures"]');
  // In an alarm, which may begin right now, another button comes first.
  await expect(async () => {
    if ((await picker.count()) === 0) await openDetails(page);
    await choose(page, 'Check pictures', files, { timeout: 5000 });
  }).toPass();
  await batchIsDone(page);
}

/**
 * Waits until nothing is at work. Snapshots just given make the page busy at once, before any progress is shown: then
 * no other camera can be chosen. What is read before its batch begins, an archive or the demo, is waited for by what
 * it changes.
 */
export async function batchIsDone(page: Page): Promise<void> {
  const isAtWork = page.getByRole('region', { name: 'Progress' }).or(page.locator('header select:disabled'));
  await expect(isAtWork).toHaveCount(0, { timeout: 60_000 });
}

/** Opens a part of the page that is folded. */
export async function unfold(page: Page, title: string): Promise<void> {
  const summary = page.locator('summary').filter({ hasText: title });
  const isOpen = await summary.evaluate((element) => (element.parentElement as HTMLDetailsElement).open);
  if (!isOpen) await summary.click();
}

/** The page's stored results, through its own export. */
export async function results(page: Page): Promise<StoredResult[]> {
  // The page is drawn before scripting is loaded.
  await page.waitForFunction(() => 'porthole' in globalThis);
  const json = await page.evaluate(() => globalThis.porthole.exportResults('json'));
  return (JSON.parse(json) as { jobs: StoredResult[] }).jobs;
}

export interface StoredResult {
  image_name: string;
  captured_at: string;
  distance: number | null;
  verdict: string;
  conclusion: string;
  cover: number | null;
  view: string | null;
  embedding?: number[];
  error?: unknown;
}

/** Drops files and folders on the page as the operating system does. */
export async function dropOnPage(page: Page, paths: string[]): Promise<void> {
  if (paths.every((path) => captureTimeFromName(path) !== null)) await passTime(page, paths);
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  const at = { x: 300, y: 300 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await client.send('Input.dispatchDragEvent', { type, ...at, data });
  }
}

function pathsIn(folder: string): string[] {
  return readdirSync(join(DEMO, folder))
    .sort()
    .map((name) => join(DEMO, folder, name));
}

export function read(path: string): Buffer {
  return readFileSync(path);
}

/** Snapshots of the reef upside down, an hour apart: another view, from a clean lens. */
export async function turned(page: Page, count: number, from = 0): Promise<MadeFile[]> {
  return redrawn(page, demo.reference.slice(0, 12), count, { scale: -1, right: 0, from });
}

/** Snapshots of a camera that was turned to the left: the scene lies further right, by a share of the width. */
export async function panned(page: Page, count: number, right: number): Promise<MadeFile[]> {
  return redrawn(page, demo.reference, count, { scale: 1, right });
}

/**
 * Snapshots of a clean lens, with a box in a place of the picture or without it.
 *
 * @param from - hours after 1 June 2026
 * @param right - by how much of the width the scene lies further right; the box does not
 */
export async function withBox(
  page: Page,
  hasBox: boolean,
  count: number,
  from: number,
  right = 0,
): Promise<MadeFile[]> {
  return redrawn(page, demo.reference, count, { scale: 1, right, hasBox, from });
}

/** Snapshots an hour apart from 1 June 2026 on, drawn from these again and again. */
async function redrawn(
  page: Page,
  paths: readonly string[],
  count: number,
  how: {
    readonly scale: 1 | -1;
    readonly right: number;
    readonly hasBox?: boolean;
    readonly from?: number;
  },
): Promise<MadeFile[]> {
  const { from = 0 } = how;
  const sources = paths.map((path) => read(path).toString('base64'));
  const drawn = await page.evaluate(
    async ({ sources, scale, right, hasBox }) => {
      const drawn: string[] = [];
      for (const source of sources) {
        const blob = new Blob([Uint8Array.from(atob(source), (byte) => byte.charCodeAt(0))]);
        const picture = await createImageBitmap(blob);
        const { width, height } = picture;
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext('2d')!;
        const place = (left: number, top: number, wide: number, high: number) =>
          [left * width, top * height, wide * width, high * height] as const;
        if (scale < 0) context.translate(0, height);
        context.scale(1, scale);
        // The new part of the view is another part of the picture.
        context.drawImage(picture, (right - 1) * width, 0);
        context.drawImage(picture, right * width, 0);
        // A part of the reef again: a drawn thing that is in every picture would be taken for a caption.
        if (hasBox)
          context.drawImage(picture, ...place(0.22, 0.3, 0.24, 0.4), ...place(0.55, 0.3, 0.24, 0.4));
        const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
        const bytes = new Uint8Array(await jpeg.arrayBuffer());
        drawn.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
      }
      return drawn;
    },
    { sources, ...how },
  );
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2026, 5, 1) + (from + i) * 3_600_000).toISOString().replace(/[-:]/g, '');
    const bytes = Buffer.from(drawn[i % drawn.length]!, 'base64');
    // A comment at the end makes each a file of its own.
    const own = Buffer.concat([bytes, Buffer.from(String(from + i))]);
    return made(`${at.slice(0, 8)}-${at.slice(9, 15)}-DEMO.jpg`, own);
  });
}

/**
 * axe's findings on the present page. In the dark and the night theme only colours are checked: nothing else differs
 * from the light one, and axe is the slowest part of the journeys.
 */
export async function violations(page: Page): Promise<string[]> {
  const theme = await page.evaluate(() => document.documentElement.dataset['theme']);
  // Else AxeBuilder opens a second page for each look, for frames of other origins, and tells all that passed.
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  const axe = new AxeBuilder({ page, ...(isThere && { axeSource: ';' }) })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  if (theme === 'dark' || theme === 'night') axe.withRules(['color-contrast']);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`);
}

/**
 * Works on the page's database beside the page, as a person can with the browser's own tools.
 *
 * @param work - runs in the page, and sees nothing of the test but `given`
 */
export async function inDatabase<R, T = undefined>(
  page: Page,
  work: (db: IDBDatabase, given: T) => R | Promise<R>,
  given?: T,
): Promise<R> {
  const db = await page.evaluateHandle(
    () =>
      new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('porthole');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error('the database could not be opened'));
      }),
  );
  try {
    return await db.evaluate(work as (db: IDBDatabase, given: unknown) => R | Promise<R>, given);
  } finally {
    await db.evaluate((db) => db.close());
    await db.dispose();
  }
}

/** Everything of one of the page's stores, whatever it shows. */
export async function storedIn<T>(page: Page, store: string): Promise<T[]> {
  return inDatabase(
    page,
    (db, store) =>
      new Promise<T[]>((resolve) => {
        const asking: IDBRequest<T[]> = db.transaction(store).objectStore(store).getAll();
        // Playwright brings no Map out of a page.
        const plain = (row: T) => (row instanceof Map ? (Object.fromEntries(row) as T) : row);
        asking.onsuccess = () => resolve(asking.result.map(plain));
      }),
    store,
  );
}

/** How many jobs are stored, whatever the page shows. */
export async function jobsStored(page: Page): Promise<number> {
  return inDatabase(
    page,
    (db) =>
      new Promise<number>((resolve) => {
        const counting = db.transaction('jobs').objectStore('jobs').count();
        counting.onsuccess = () => resolve(counting.result);
      }),
  );
}

/** Reloads the page once eight snapshots of a batch are stored, before it stores another. */
export async function reloadInBatch(page: Page): Promise<void> {
  const reloaded = page.waitForEvent('load');
  await onceStored(page, 8, null).catch(() => undefined);
  await reloaded;
  await page.waitForFunction(() => 'porthole' in globalThis);
}

/**
 * Chooses a camera once so many snapshots are stored, or reloads without one. The page does it by itself: a quick one may be
 * done before it hears of a test.
 */
export async function onceStored(page: Page, count: number, camera: string | null): Promise<void> {
  await inDatabase(
    page,
    async (db, { count, camera }) => {
      // The page goes on until its successor is there; a transaction that asks all the time lets nobody else write.
      const hold = (store: IDBObjectStore): void => {
        store.count().onsuccess = () => hold(store);
      };
      await new Promise<void>((done) => {
        const look = () => {
          const store = db.transaction('jobs', 'readwrite').objectStore('jobs');
          const counting = store.count();
          counting.onsuccess = () => {
            if (counting.result < count) look();
            else if (camera !== null) done();
            else {
              location.reload();
              hold(store);
            }
          };
        };
        look();
      });
      const choice = document.querySelector<HTMLSelectElement>('header select')!;
      choice.value = [...choice.options].find(({ label }) => label === camera)?.value ?? '';
      choice.dispatchEvent(new Event('change', { bubbles: true }));
    },
    { count, camera },
  );
}

/** Puts rows into the page's stores, in one transaction; null empties a store. */
export async function writeStored(
  page: Page,
  rows: Readonly<Record<string, readonly object[] | null>>,
): Promise<void> {
  await inDatabase(
    page,
    async (db, rows) => {
      const tx = db.transaction(Object.keys(rows), 'readwrite');
      for (const [store, all] of Object.entries(rows)) {
        if (!all) tx.objectStore(store).clear();
        for (const row of all ?? []) tx.objectStore(store).put(row);
      }
      await new Promise((resolve) => (tx.oncomplete = resolve));
    },
    rows,
  );
}

/**
 * Leaves the learned distance alone with the verdict, as on a device whose references and jobs have no pictures: nothing
 * is left by which growth and loss could be looked for.
 */
export async function forgetGlass(page: Page): Promise<void> {
  const jobs = await storedIn<Job & { glass?: unknown }>(page, 'jobs');
  await writeStored(page, {
    jobs: jobs.map(({ glass: _, ...job }) => job),
    thumbnails: null,
    glassFits: null,
    sights: null,
  });
  await page.reload();
}

/** Stores each scored job, with its embedding, so many times more: an hour apart, with numbers of its own. */
export async function multiplyJobs(page: Page, times: number): Promise<void> {
  await inDatabase(
    page,
    async (db, times) => {
      const transaction = db.transaction(['jobs', 'embeddings'], 'readwrite');
      const [jobs, embeddings] = [transaction.objectStore('jobs'), transaction.objectStore('embeddings')];
      const all: IDBRequest<Job[]> = jobs.getAll();
      all.onsuccess = () => {
        for (const job of all.result) {
          if (job.jobStatus !== 'Completed') continue;
          const found: IDBRequest<Float32Array> = embeddings.get(job.id);
          found.onsuccess = () => {
            for (let i = 1; i <= times; i += 1) {
              const id = `${job.id} ${i}`;
              const wave = Math.sin(i * 12.9898 + job.capturedAt) * 0.02;
              jobs.put({
                ...job,
                id,
                contentSha256: `${job.contentSha256} ${i}`,
                capturedAt: job.capturedAt + i * 3_600_000,
                distance: job.distance === null ? null : job.distance + wave,
                properties: { ...job.properties, contrast: job.properties!.contrast + wave },
              });
              embeddings.put(found.result, id);
            }
          };
        }
      };
      await new Promise((resolve) => (transaction.oncomplete = resolve));
    },
    times,
  );
}

/** Writes files into a folder of the page's own storage, which stands in for one of the computer; given by paths or texts. */
export async function writeToFolder(
  page: Page,
  folder: string,
  paths: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): Promise<void> {
  const files = [
    ...paths.map((path) => ({ name: basename(path), base64: read(path).toString('base64') })),
    ...Object.entries(texts).map(([name, text]) => ({ name, base64: Buffer.from(text).toString('base64') })),
  ];
  await page.evaluate(
    async ({ folder, files }) => {
      let inside = await navigator.storage.getDirectory();
      for (const name of folder.split('/')) inside = await inside.getDirectoryHandle(name, { create: true });
      for (const { name, base64 } of files) {
        const stream = await (await inside.getFileHandle(name, { create: true })).createWritable();
        await stream.write(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
        await stream.close();
      }
    },
    { folder, files },
  );
}

/** Opens what a chip over the verdict stands for. */
export async function openChip(page: Page, name: string | RegExp): Promise<Locator> {
  const chip = page.locator('.chip').filter({ hasText: name });
  if (!(await chip.isVisible())) await openDetails(page);
  await chip.click();
  return page.getByRole('dialog');
}

/** Opens every number of the Monitor's verdict. */
export async function openNumbers(page: Page): Promise<Locator> {
  const details = await openDetails(page);
  const numbers = details.locator('details');
  if ((await numbers.getAttribute('open')) === null) await numbers.locator('summary').click();
  return details;
}

/** Opens what the Monitor's verdict rests on. */
export async function openDetails(page: Page): Promise<Locator> {
  const details = page.locator('details.details');
  await expect(details).toBeVisible();
  if ((await details.getAttribute('open')) === null) await details.locator('summary').first().click();
  await expect(details.locator('[aria-keyshortcuts="D"]')).toBeVisible();
  return details;
}

/** Closes the dialog that is open. */
export async function closeDialog(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** Opens the log below the chart. */
export async function openLog(page: Page): Promise<void> {
  const log = page.getByRole('region', { name: 'Cleanings and notes' }).locator('details').first();
  const isOpen = await log.evaluate((details) => (details as HTMLDetailsElement).open);
  if (!isOpen) await log.locator('summary').first().click();
}

/** Opens the Calibrate place, where limits can be measured. */
export async function openCalibrate(page: Page): Promise<void> {
  await openPlace(page, 'Calibrate');
  await expect(page.getByRole('heading', { name: 'Calibrate', level: 1 })).toBeVisible();
}
