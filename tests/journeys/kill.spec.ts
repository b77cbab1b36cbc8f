import { chromium, expect, type Browser, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { browserLaunchOptions, installedChromium } from '../../scripts/browser.mjs';
import { Random } from '../random';
import {
  batchIsDone,
  choose,
  demo,
  inDatabase,
  jobsStored,
  limit,
  open,
  read,
  results,
  setUpCamera,
  test,
} from './support';

const { count, kills } =
  process.env['PORTHOLE_ENDURANCE'] === '1' ? { count: 500, kills: 20 } : { count: 40, kills: 2 };
/** Which points it is killed at, together with what the machine does at the time. */
const SEED = Number(process.env['PORTHOLE_SEED'] ?? 20261125);
/** Milliseconds that the browser may live on after the job that was waited for, so that no moment is left out. */
const LONGEST_GRACE = 120;

test(`a browser killed ${String(kills)} times in ${String(count)} snapshots loses none, counts none twice, and gives the same distances @long`, async ({
  page,
}) => {
  test.setTimeout(30 * 60_000);
  const folder = mkdtempSync(join(tmpdir(), 'porthole-kill-'));
  const files = manyHours(folder);
  await open(page);
  await setUpCamera(page);
  await begin(page, files);
  await expect.poll(() => jobsStored(page), { timeout: 300_000 }).toBe(count);
  await batchIsDone(page);
  const uninterrupted = await results(page);

  const profile = join(folder, 'profile');
  let killed = await launch(profile);
  await open(killed.page);
  await setUpCamera(killed.page);
  const random = new Random(SEED);
  const points = Array.from({ length: kills }, () => Math.floor(random.uniform(1, count - 8))).sort(
    (a, b) => a - b,
  );
  const kept: number[] = [];
  for (const point of points) {
    await begin(killed.page, files);
    const seen = await storedAtLeast(killed.page, point);
    await wait(random.uniform(0, LONGEST_GRACE));
    await killed.kill();
    killed = await launch(profile);
    await open(killed.page);
    const stored = await jobsStored(killed.page);
    kept.push(stored);
    expect(stored, `stored after the kill at ${String(point)}`).toBeGreaterThanOrEqual(seen);
    const whole = await results(killed.page);
    expect(whole, 'what is stored is what an uninterrupted run has').toEqual(
      uninterrupted.filter(({ image_name: name }) => whole.some((job) => job.image_name === name)),
    );
  }
  await begin(killed.page, files);
  await expect.poll(() => jobsStored(killed.page), { timeout: 300_000 }).toBe(count);
  await batchIsDone(killed.page);
  const interrupted = await results(killed.page);
  const lost = uninterrupted.filter(
    (job) => !interrupted.some((other) => other.image_name === job.image_name),
  );
  const names = new Set(interrupted.map((job) => job.image_name));
  const others = uninterrupted.filter((job, i) => job.distance !== interrupted[i]?.distance);
  console.log(
    `${String(kills)} kills in ${String(count)} snapshots (seed ${String(SEED)}), after which ${kept.join(', ')} were stored: ` +
      `${String(lost.length)} lost, ${String(interrupted.length - names.size)} twice, ${String(others.length)} other distances`,
  );
  expect(interrupted).toEqual(uninterrupted);
  await killed.kill();
  // A killed browser's last children may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

/** A browser of its own process, with a profile on the disk. */
async function launch(profile: string): Promise<{ readonly page: Page; readonly kill: () => Promise<void> }> {
  const child = spawn(
    installedChromium() ?? chromium.executablePath(),
    [
      ...(browserLaunchOptions().args ?? []),
      '--headless',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-default-browser-check',
      'about:blank',
    ],
    // A group of its own, so that all of the browser can be killed at once.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const browser = await chromium.connectOverCDP(await addressOf(child));
  const context = browser.contexts()[0] ?? (await browser.newContext());
  await limit(context);
  return { page: await context.newPage(), kill: () => kill(child, browser) };
}

function addressOf({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr?.on('data', (part: Buffer) => {
      said += part.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    stderr?.on('end', () => {
      reject(new Error(said));
    });
  });
}

/** As when the power fails: the process that writes to the disk ends at once, and its children with it. */
async function kill(child: ChildProcess, browser: Browser): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await ended;
  await browser.close().catch(() => undefined);
}

async function begin(page: Page, files: string[]): Promise<void> {
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(page, 'Check pictures', files);
}

/** Waits until so many jobs are stored. @returns how many were, which may be more */
function storedAtLeast(page: Page, least: number): Promise<number> {
  return inDatabase(
    page,
    async (db, least) => {
      for (;;) {
        const count = await new Promise<number>((resolve) => {
          const counting = db.transaction('jobs').objectStore('jobs').count();
          counting.onsuccess = () => resolve(counting.result);
        });
        if (count >= least) return count;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    least,
  );
}

/** A snapshot for each hour, each another picture by content: some bytes more after the end of the JPEG. */
function manyHours(folder: string): string[] {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2026, 3, 10) + i * 3_600_000).toISOString().replace(/[-:]|\..*/g, '');
    const path = join(folder, `${at.replace('T', '-')}-DEMO.jpg`);
    const picture = read(demo.snapshots[i % 24] ?? '');
    writeFileSync(
      path,
      Buffer.concat([picture, Buffer.from([0xff, 0xd9]), Buffer.alloc(1 + Math.floor(i / 24))]),
    );
    return path;
  });
}
