import { expect, type Page } from '@playwright/test';
import type { Fleet } from '../../src/features/driftwatch/fleet/fleet.svelte';
import type { DriftRecord } from '../stand-in/driftwatch';
import { startStandIn, type StandIn, type StandInOptions } from '../stand-in/server';
import { test } from '../shared-page';

/** Runs in a page served by Vite, against the stand-in on another origin. */
declare const fleet: Fleet;
declare const forms: typeof import('../../src/features/driftwatch/pure/record-fields');

let standIn: StandIn;

test.afterEach(async () => {
  await standIn.close();
});

async function start(page: Page, options: StandInOptions = {}): Promise<void> {
  standIn = await startStandIn({ cors: true, ...options });
  await page.evaluate(async (baseUrl) => {
    const [{ Fleet }, { DriftWatch }, forms] = await Promise.all([
      import('/src/features/driftwatch/fleet/fleet.svelte.ts'),
      import('/src/features/driftwatch/remote/driftwatch.ts'),
      import('/src/features/driftwatch/pure/record-fields.ts'),
    ]);
    const client = new DriftWatch({ baseUrl, access: null, timeout: 10_000 });
    Object.assign(globalThis, {
      fleet: new Fleet({ client: () => client, onRead: () => Promise.resolve() }),
      forms,
    });
  }, standIn.driftwatch.url);
}

/** An experiment with records, one a minute, the first the oldest. */
function seed(name: string, count: number, more: (i: number) => Partial<DriftRecord> = () => ({})): string {
  const { id } = standIn.seedExperiment({ name, public: true });
  for (let i = 0; i < count; i += 1) standIn.seedRecord(id, { ...recordAt(i), ...more(i) });
  return id;
}

function recordAt(i: number): Partial<DriftRecord> {
  const created = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString().replace('Z', '000');
  return { created_at: created, parameters: { distance: i / 1000, place: i } };
}

/** Opens an experiment as a person does, and says what is shown then. */
async function show(page: Page, name: string) {
  await page.evaluate(async (name) => {
    await fleet.list();
    await fleet.show(fleet.experiments.find((experiment) => experiment.name === name)!);
  }, name);
  return shown(page);
}

async function shown(page: Page) {
  return page.evaluate(() => ({
    name: fleet.open?.name,
    places: fleet.records.map(({ parameters }) => parameters['place'] as number),
    total: fleet.total,
    hasMore: fleet.hasMore,
    isLoading: fleet.isLoading,
    problem: fleet.problem?.code ?? null,
  }));
}

const down = (from: number, to = -1) => Array.from({ length: from - to }, (_, i) => from - i);

test('250 records load completely and once, newest first, although 30 arrive meanwhile', async ({ page }) => {
  await start(page);
  const id = seed('camera', 250);
  standIn.setFaults(({ method, count }) => {
    const arrivals = method === 'POST' && count > 1 ? 15 : 0;
    for (let i = 0; i < arrivals; i += 1) standIn.seedRecord(id, recordAt(1000 * count + i));
    return null;
  });
  expect(await show(page, 'camera')).toEqual({
    name: 'camera',
    places: down(249),
    total: 250,
    hasMore: false,
    isLoading: false,
    problem: null,
  });
  expect(standIn.records(id)).toHaveLength(280);

  standIn.setFaults(null);
  await page.evaluate(() => fleet.refresh());
  const { places, total } = await shown(page);
  expect(places).toHaveLength(280);
  expect(places.slice(30)).toEqual(down(249));
  expect(total).toBe(280);
});

test('without X-Pagination all records load too, and nobody claims to know how many there are', async ({
  page,
}) => {
  await start(page, { cors: { exposePagination: false } });
  seed('camera', 200);
  expect(await show(page, 'camera')).toMatchObject({ places: down(199), total: null, hasMore: false });
});

test('all 2,130 records load by themselves, unless a person stops it and goes on later', async ({ page }) => {
  await start(page);
  const id = seed('camera', 2130);
  expect(await show(page, 'camera')).toMatchObject({ places: down(2129), total: 2130, hasMore: false });
  standIn.setFaults(({ path }) => (path.includes(id) ? { kind: 'delay', ms: 50 } : null));
  const read = await page.evaluate(async () => {
    const loading = fleet.show(fleet.open!);
    while (fleet.read < 300) await new Promise((resolve) => setTimeout(resolve, 10));
    fleet.stopLoading();
    await loading;
    return fleet.records.length;
  });
  expect(read).toBeGreaterThanOrEqual(300);
  expect(await shown(page)).toMatchObject({ total: 2130, hasMore: true, isLoading: false });
  await page.evaluate(() => fleet.loadMore());
  expect(await shown(page)).toMatchObject({ places: down(2129), total: 2130, hasMore: false });
});

test('a record that nobody can read hides none of the others', async ({ page }) => {
  await start(page);
  const id = seed('camera', 3);
  standIn.setFaults(({ method, path }) =>
    method === 'POST' && path.endsWith('/drift/search')
      ? { kind: 'answer', status: 200, body: JSON.stringify([{ id: 'no id' }, ...standIn.records(id)]) }
      : null,
  );
  expect(await show(page, 'camera')).toMatchObject({ places: down(2), problem: null });
});

test('a record with NaN reads like the others, and is not plotted as a number', async ({ page }) => {
  await start(page);
  const id = seed('module', 3);
  standIn.seedRecord(id, { parameters: { distance: NaN, place: 99, scores: { inner: Infinity } } });
  expect((await show(page, 'module')).places).toEqual([99, 2, 1, 0]);
  const seen = await page.evaluate(() => ({
    y: fleet.y?.path,
    status: forms.statusOf(fleet.records[0]!),
    points: forms.pointsOf(fleet.records, fleet.x, fleet.y!).map(({ y }) => y),
  }));
  expect(seen).toEqual({ y: 'distance', status: 'not-checked', points: [0, 0.001, 0.002] });
});

test('filters are asked of the server: tag, status, drift, and days by capture time or else by sending', async ({
  page,
}) => {
  await start(page);
  seed('camera', 6, (i) => ({
    tags: i % 2 === 0 ? ['OBSEA', 'left'] : ['OBSEA'],
    job_status: i === 3 ? 'Failed' : 'Completed',
    drift_detected: i > 3,
    parameters: {
      place: i,
      ...(i === 1 && { captured_at: '2023-07-30T23:59:59Z' }),
      ...(i === 2 && { captured_at: '2023-07-31 00:00:00' }),
    },
  }));
  await show(page, 'camera');
  const asked = (changes: Parameters<Fleet['ask']>[0]) =>
    page.evaluate(async (changes) => {
      await fleet.askForAll();
      await fleet.ask(changes);
      return fleet.records.map(({ parameters }) => parameters['place']).sort();
    }, changes);
  expect(await asked({ tag: ' left ' })).toEqual([0, 2, 4]);
  expect(await asked({ tag: 'left, OBSEA' })).toEqual([0, 2, 4]);
  expect(await asked({ tag: 'left, right' })).toEqual([]);
  expect(await asked({ status: 'Failed' })).toEqual([3]);
  expect(await asked({ drift: 'yes' })).toEqual([4, 5]);
  expect(await asked({ drift: 'no', tag: 'left' })).toEqual([0, 2]);
  expect(await asked({ from: '2023-07-30', until: '2023-07-30' })).toEqual([1]);
  expect(await asked({ from: '2023-07-31', until: '2023-07-31' })).toEqual([2]);
  expect(await asked({ from: '2026-01-01' })).toEqual([0, 3, 4, 5]);
  expect(await asked({ until: '2025-12-31' })).toEqual([1, 2]);
  expect(await asked({ tag: 'nobody’s' })).toEqual([]);
});

test('a slow answer to an earlier question never shows', async ({ page }) => {
  await start(page);
  const slow = seed('slow', 3, (i) => ({ parameters: { place: 100 + i } }));
  seed('quick', 2, (i) => ({ tags: i === 1 ? ['right'] : [] }));
  await show(page, 'quick');
  standIn.setFaults(({ path }) => (path.includes(slow) ? { kind: 'delay', ms: 700 } : null));
  const atOnce = await page.evaluate(async () => {
    const [slow, quick] = ['slow', 'quick'].map((name) =>
      fleet.experiments.find((experiment) => experiment.name === name)!,
    );
    const first = fleet.show(slow!);
    const empty = fleet.records.length;
    await fleet.show(quick!);
    const second = fleet.ask({ tag: 'right' });
    await Promise.all([first, second]);
    return empty;
  });
  expect(atOnce).toBe(0);
  expect(await shown(page)).toMatchObject({ name: 'quick', places: [1], isLoading: false, problem: null });
});

test('a private experiment and a deleted one are named as such, and nothing of the last one stays', async ({
  page,
}) => {
  await start(page);
  seed('open', 3);
  standIn.seedExperiment({ name: 'closed', public: false });
  await show(page, 'open');
  expect(await show(page, 'closed')).toMatchObject({
    places: [],
    problem: 'experiment-private',
    isLoading: false,
  });
  await page.evaluate(() => fleet.show({ ...fleet.open!, id: '00000000-0000-4000-8000-000000000000' }));
  expect(await shown(page)).toMatchObject({ places: [], problem: 'experiment-missing' });
  expect(await show(page, 'open')).toMatchObject({ places: [2, 1, 0], problem: null });
});

test('a failure half-way keeps what came, and the rest comes when it is asked for again', async ({
  page,
}) => {
  await start(page);
  seed('camera', 250);
  standIn.setFaults(({ method, path, count }) =>
    method === 'POST' && path.endsWith('/drift/search') && count === 2 ? { kind: 'html' } : null,
  );
  expect(await show(page, 'camera')).toMatchObject({
    places: down(249, 149),
    total: 250,
    hasMore: true,
    problem: 'gateway-failed',
  });
  await page.evaluate(() => fleet.loadMore());
  expect(await shown(page)).toMatchObject({ places: down(249), hasMore: false, problem: null });
});

test('a refresh that fails takes nothing away', async ({ page }) => {
  await start(page);
  seed('camera', 120);
  await show(page, 'camera');
  standIn.setFaults(() => ({ kind: 'html' }));
  await page.evaluate(() => fleet.refresh());
  expect(await shown(page)).toMatchObject({ places: down(119), problem: 'gateway-failed', isLoading: false });
});

test('records of one and the same time, more than a page of them, load completely and once', async ({
  page,
}) => {
  await start(page);
  seed('import', 250, () => ({ created_at: '2024-01-01T00:00:00Z' }));
  const { places, hasMore } = await show(page, 'import');
  expect(new Set(places).size).toBe(250);
  expect(places).toHaveLength(250);
  expect(hasMore).toBe(false);
});

test('all experiments are listed over several pages, and searched by name', async ({ page }) => {
  await start(page);
  for (let i = 0; i < 130; i += 1) standIn.seedExperiment({ name: `camera ${i}` });
  const found = await page.evaluate(async () => {
    await fleet.list();
    fleet.search = ' CAMERA 12 ';
    const one = fleet.found.map(({ name }) => name);
    fleet.search = '';
    return { one, all: fleet.found.length };
  });
  expect(found).toEqual({
    one: [
      'camera 12',
      'camera 120',
      'camera 121',
      'camera 122',
      'camera 123',
      'camera 124',
      'camera 125',
      'camera 126',
      'camera 127',
      'camera 128',
      'camera 129',
    ],
    all: 130,
  });
});
