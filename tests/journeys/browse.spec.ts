import { expect, type Page } from '@playwright/test';
import { startStandIn, type StandIn } from '../stand-in/server';
import { open, test } from './support';

/** `npm run endurance` has the full figure. */
const IS_LONG = process.env['PORTHOLE_ENDURANCE'] === '1';
const COUNT = IS_LONG ? 30_000 : 3000;
/** The longest task that a person does not notice, in milliseconds. */
const LONGEST_TASK = 50;

let standIn: StandIn;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
});
test.afterEach(async () => {
  await standIn.close();
});

/** Two cameras that somebody's module wrote of, a record each half an hour. */
function seed(name: string): string {
  const { id } = standIn.seedExperiment({ name, public: true });
  const first = Date.UTC(2025, 0, 1);
  for (let i = 0; i < COUNT; i += 1) {
    const at = first + Math.floor(i / 2) * 1_800_000;
    standIn.seedRecord(id, {
      created_at: new Date(at + 5000 + i).toISOString().replace('Z', '000'),
      model: 'vae-2',
      tags: [i % 2 === 0 ? 'north' : 'south'],
      drift_detected: i % 2 === 1 && i > COUNT / 2,
      parameters: {
        captured_at: new Date(at).toISOString(),
        image_name: `${String(i).padStart(6, '0')}.jpg`,
        distance: 0.05 + 0.04 * Math.sin(i / 500),
        drift_distance: 0.1,
        warning_distance: 0.12,
        scores: { inner: i, outer: i % 7 },
        link: 'https://example.org/picture.jpg',
      },
    });
  }
  return id;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** microseconds */
  readonly ts?: number;
  readonly dur?: number;
  /** microseconds of the thread's own work: others on a busy machine do not count */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** How long the main thread of the page worked on each task in which the page does anything, in milliseconds. */
function mainThreadTasks(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${String(pid)} ${String(tid)}`),
  );
  const ours = traceEvents.filter(({ pid, tid }) => threads.has(`${String(pid)} ${String(tid)}`));
  // Chromium sends what was traced in tasks of its own, in which the page does next to nothing.
  const work = ours
    .filter(({ name }) =>
      /^(?:FunctionCall|v8\.callFunction|EvaluateScript|Layout|UpdateLayoutTree)$/.test(name),
    )
    .sort((a, b) => a.ts! - b.ts!);
  let next = 0;
  return ours
    .filter(({ name, dur }) => /RunTask$/.test(name) && dur !== undefined)
    .sort((a, b) => a.ts! - b.ts!)
    .filter(({ ts = 0, dur = 0, tdur: whole = 0 }) => {
      while (next < work.length && work[next]!.ts! < ts) next += 1;
      let most = 0;
      for (let i = next; i < work.length && work[i]!.ts! <= ts + dur; i += 1) {
        most = Math.max(most, work[i]!.tdur ?? 0);
      }
      return most >= whole / 10;
    })
    .map(({ tdur = 0 }) => tdur / 1000);
}

async function browse(page: Page, name: string): Promise<void> {
  await open(page, '#driftwatch');
  await page.getByLabel('Address of DriftWatch').fill(standIn.driftwatch.origin);
  await page.getByRole('button', { name: 'Save and test' }).click();
  await expect(page.getByTestId('connection-report')).toContainText('DriftWatch answers');
  await page.getByRole('button', { name: 'Browse' }).click();
  await expect(page.getByRole('button', { name })).toBeVisible();
}

test(`the first of ${COUNT} records are there at once, and the rest follows while the page answers @long`, async ({
  page,
}, testInfo) => {
  test.setTimeout(20 * 60_000);
  seed('obsea');
  await browse(page, 'obsea');
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'v8'] });
  const began = Date.now();
  await page.getByRole('button', { name: 'obsea' }).click();
  await expect(page.getByRole('table', { name: /obsea/ }).getByRole('row').nth(1)).toBeVisible();
  const shown = Date.now() - began;
  await expect(page.getByRole('progressbar', { name: 'Records read' })).toBeVisible();
  await expect(page.getByText(`${COUNT.toLocaleString('en')} records, newest first.`)).toBeVisible({
    timeout: 15 * 60_000,
  });
  const whole = Date.now() - began;
  const tasks = mainThreadTasks(await browser.stopTracing());
  const longest = Math.max(0, ...tasks);
  const said = { shown, whole, over50: tasks.filter((task) => task > LONGEST_TASK).length, longest };
  testInfo.annotations.push({ type: 'browse', description: JSON.stringify(said) });
  console.log(`${COUNT} records: ${JSON.stringify(said)} ms`);
  expect(tasks.length).toBeGreaterThan(0);
});
