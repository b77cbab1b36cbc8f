/** That each stored job gets its record, whenever a page of a browser dies, and that it costs little beside a long history. */
import { expect, test } from '@playwright/test';
import { startStandIn, type StandIn } from '../stand-in/server';
import type { Site } from './site';
import { crash, openSiteIn } from './site-page';

declare const site: Site;

/** `npm run endurance` has the full figures. */
const IS_LONG = process.env['PORTHOLE_ENDURANCE'] === '1';
const MANY = IS_LONG ? 100_000 : 20_000;
/** The page dies when it makes records for the n-th time. */
const DEATHS = IS_LONG ? [1, 4, 9, 13] : [1, 9];

let standIn: StandIn;
let mytoken: string;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
  ({ mytoken } = standIn.newMytoken({ isRegistered: true }));
});
test.afterEach(async () => {
  await standIn.close();
});

const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

const sentNames = () => {
  const [experiment] = standIn.experiments();
  const records = experiment ? standIn.records(experiment.id) : [];
  return records.map(({ parameters }) => parameters['image_name'] as string).sort();
};
const namesOf = (indices: readonly number[]) => indices.map((index) => `${index}.jpg`).sort();

test('pages that die at any moment while jobs are stored, made into records and sent lose none and send none twice', async ({
  context,
}) => {
  let page = await context.newPage();
  await openSiteIn(page, standIn, mytoken);
  await page.evaluate(() => site.sendAll());
  let stored = 0;
  for (const deathAt of DEATHS) {
    // Of this transaction the records are asked for when the page dies; it may be carried out or not.
    let die = () => {};
    const isTime = new Promise<void>((resolve) => (die = resolve));
    await page.exposeFunction('die', () => die());
    await page.evaluate(
      ({ from, deathAt }) => {
        const { transaction } = IDBDatabase.prototype; // eslint-disable-line @typescript-eslint/unbound-method -- called on each database below
        let made = 0;
        IDBDatabase.prototype.transaction = function (this: IDBDatabase, stores, mode, options) {
          const isMaking = mode === 'readwrite' && [stores].flat().includes('destinations');
          if (isMaking && ++made === deathAt) (globalThis as unknown as { die(): void }).die();
          return transaction.call(this, stores, mode, options);
        };
        void site.score(Array.from({ length: 20 }, (_, index) => from + index));
      },
      { from: stored, deathAt },
    );
    await isTime;
    await crash(page);
    page = await context.newPage();
    await openSiteIn(page, standIn, mytoken);
    const ids = await page.evaluate(() => site.db.getAllKeys('jobs'));
    expect(ids.length).toBeGreaterThan(stored);
    stored = ids.length;
    await expect
      .poll(async () => {
        await page.evaluate(() => site.settle());
        return sentNames();
      })
      .toEqual(namesOf(range(stored)));
  }
});

test(`beside ${MANY} jobs a wake reads no more than beside none, and a start reads keys alone @long`, async ({
  page,
}, testInfo) => {
  test.setTimeout(IS_LONG ? 400_000 : 90_000);
  await openSiteIn(page, standIn, mytoken);
  await page.evaluate(() => site.sync.account.setPaused(true));
  await page.evaluate(() => site.sendAll());
  const found = await page.evaluate(async (many) => {
    /** rows that were read, by store and method, and records that were made, by transaction */
    let reads: Record<string, number> = {};
    let made = new Map<IDBTransaction, number>();
    const results = (result: unknown) => (Array.isArray(result) ? result.length : 1);
    for (const prototype of [IDBObjectStore.prototype, IDBIndex.prototype]) {
      for (const name of ['get', 'getKey', 'getAll', 'getAllKeys', 'openCursor', 'openKeyCursor', 'count']) {
        const read = Reflect.get(prototype, name) as (...args: unknown[]) => IDBRequest;
        Object.assign(prototype, {
          [name](this: IDBObjectStore | IDBIndex, ...args: unknown[]) {
            const request = read.apply(this, args);
            const store = 'objectStore' in this ? this.objectStore.name : this.name;
            const key = `${store} ${name}`;
            request.addEventListener('success', () => {
              reads[key] = (reads[key] ?? 0) + results(request.result);
            });
            return request;
          },
        });
      }
    }
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on each store below.
    const { add } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...given) {
      if (this.name === 'deliveries') made.set(this.transaction, (made.get(this.transaction) ?? 0) + 1);
      return add.apply(this, given);
    };
    const { sync, db, jobOf } = site;
    const jobs = Array.from({ length: many }, (_, index) => jobOf(index));
    const follow = (known: typeof jobs) =>
      sync.follow({
        camera: { id: 'camera', name: 'Reef' } as never,
        references: [],
        jobs: () => Promise.resolve(known),
      });
    const measured = async (work: () => Promise<unknown>) => {
      // The last scoring looks at its counts a little later.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      reads = {};
      made = new Map();
      let [stall, last] = [0, performance.now()];
      const timer = setInterval(() => {
        stall = Math.max(stall, performance.now() - last);
        last = performance.now();
      });
      const began = performance.now();
      await work();
      const ms = performance.now() - began;
      clearInterval(timer);
      const sizes = [...made.values()];
      return {
        ms: Math.round(ms * 10) / 10,
        stall: Math.round(stall),
        reads: Object.fromEntries(Object.entries(reads).sort()),
        made: sizes.reduce((sum, size) => sum + size, 0),
        most: Math.max(0, ...sizes),
      };
    };
    const wake = async (index: number) => {
      const stored = await site.save([index]);
      return measured(() => sync.records.stored(stored));
    };

    await follow([]);
    const lonely = await wake(many);
    for (let i = 0; i < many; i += 2000) {
      const tx = db.transaction('jobs', 'readwrite');
      for (const job of jobs.slice(i, i + 2000)) void tx.store.add(job);
      await tx.done;
    }
    const first = await measured(() => follow(jobs));
    const crowded = await wake(many + 1);
    const again = await measured(() => follow(jobs));
    return { lonely, first, crowded, again };
  }, MANY);
  testInfo.annotations.push({ type: 'cost', description: JSON.stringify(found) });
  const { lonely, first, crowded, again } = found;
  expect(lonely).toMatchObject({ made: 1 });
  expect({ made: crowded.made, reads: crowded.reads }).toEqual({ made: 1, reads: lonely.reads });
  expect(first).toMatchObject({ made: MANY, most: 500 });
  expect(again.made).toBe(0);
  // Once by lane, and once by state: all of them wait here.
  expect(again.reads).toMatchObject({ 'deliveries getAllKeys': 2 * (MANY + 2) });
  const rows = ['get', 'getAll', 'openCursor'].flatMap((name) => [`jobs ${name}`, `deliveries ${name}`]);
  expect(Object.keys(again.reads).filter((read) => rows.includes(read))).toEqual([]);
});
