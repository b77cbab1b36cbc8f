import { existsSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { startStandIn, type StandIn } from '../stand-in/server';
import { DEMO, pictureWith, smallDisk, StationRun } from './station-run';

/** `npm run endurance` takes the full figures: a month of three cameras. */
const FULL = process.env['PORTHOLE_ENDURANCE'] !== undefined;
const CAMERAS = ['North', 'South', 'Pier'];
const EACH = FULL ? 1334 : 8;
const KILLS = FULL ? 20 : 3;
const HOUR = 3_600_000;
/** Between two snapshots of a camera, in milliseconds. */
const STEP = 1_900_000;
/** The last snapshot was taken a minute ago. */
const BEGAN = Date.now() - 60_000 - EACH * STEP;

/** The demo's pictures under new times, each with a comment of its own, so that no two files are alike. */
function snapshot(camera: string, i: number): { name: string; bytes: Buffer } {
  const time = new Date(BEGAN + i * STEP).toISOString().replace(/[-:]|\..*/g, '');
  return {
    name: `${time.replace('T', '-')}-${camera}.jpg`,
    bytes: pictureWith(i, `${camera.padEnd(8)}${String(i).padStart(6, '0')}`),
  };
}

/** Writes snapshots as a camera does, by the clock of the station. */
function bring(run: StationRun, camera: string, from: number, to: number, folder = camera): void {
  for (let i = from; i < Math.min(to, EACH); i += 1) {
    const { name, bytes } = snapshot(camera, i);
    const path = join(run.folder, folder, name);
    writeFileSync(path, bytes);
    const now = (Date.now() + run.clockMovedBy) / 1000;
    utimesSync(path, now, now);
  }
}

async function configure(run: StationRun, standIn: StandIn): Promise<void> {
  for (const camera of CAMERAS) mkdirSync(join(run.folder, camera));
  const { mytoken } = standIn.newMytoken({ isRegistered: true });
  writeFileSync(join(run.folder, 'mytoken'), mytoken, { mode: 0o600 });
  const cameras = CAMERAS.map(
    (camera) =>
      `[[camera]]\nname = "${camera}"\nfolder = "${camera}"\nreference = "${DEMO}reference"\nexperiment = "${camera}"\n`,
  );
  await run.configure(
    `[alerts]\nleast_disk_mb = 1\n[driftwatch]\naddress = "${standIn.driftwatch.origin}"\nmytoken_server = "${standIn.mytoken.url}"\ntoken_file = "mytoken"\n${cameras.join('')}`,
  );
}

/** How often the page was opened. */
const openings = (run: StationRun) => run.output.split('Ready after').length;

/** A camera's log in the order of its snapshots: a clock that is set back over midnight writes into the log of before. */
const logOf = (run: StationRun, name: string) =>
  run.lines.filter(({ camera }) => camera === name).sort((a, b) => (a.image_name < b.image_name ? -1 : 1));

/** The log's statements on each snapshot of a camera. */
const toldOf = (run: StationRun, name: string) =>
  logOf(run, name).map(({ image_name, distance, verdict, conclusion }) => ({
    image_name,
    distance,
    verdict,
    conclusion,
  }));

/** True if a camera's times in the log go back by nearly an hour or more. */
const wentBack = (run: StationRun, name: string) => {
  const times = logOf(run, name).map(({ time }) => Date.parse(time));
  return times.some((at, i) => i > 0 && at < times[i - 1]! - 0.9 * HOUR);
};

test('a month: kills, a folder unmounted, a full disk, DriftWatch down and a clock set back an hour cost and change nothing @long', async () => {
  test.setTimeout(FULL ? 3_600_000 : 600_000);
  test.skip(!existsSync('/proc'), 'the browser is found and ended by /proc, which this system lacks');
  const [calm, stormy] = [new StationRun(), new StationRun()];
  const standIns = [
    await startStandIn({ cors: true, rateLimit: null }),
    await startStandIn({ cors: true, rateLimit: null }),
  ];
  const all = CAMERAS.length * EACH;
  const patience = { timeout: FULL ? 1_500_000 : 120_000 };
  let disk: ReturnType<typeof smallDisk> = null;
  try {
    await configure(calm, standIns[0]!);
    for (const camera of CAMERAS) bring(calm, camera, 0, EACH);
    calm.start();
    await expect.poll(() => calm.lines.length, patience).toBe(all);
    expect(await calm.end()).toBe(0);

    const standIn = standIns[1]!;
    await configure(stormy, standIn);
    disk = smallDisk(stormy);
    // It is ahead, and set right before the last step.
    stormy.moveClock(HOUR);
    stormy.start();
    const steps = KILLS + 1;
    const until = (step: number) => Math.ceil((EACH * step) / steps);
    let killed = 0;
    let hasBeenFull = false;
    for (let step = 1; step <= steps; step += 1) {
      const told = stormy.lines.length;
      if (step === 2) await standIn.setOnline(false);
      // One camera's folder is away for a while; what is written meanwhile is found when it is back.
      const isAway = step === 3;
      if (isAway) renameSync(join(stormy.folder, 'Pier'), join(stormy.folder, 'Pier-away'));
      for (const camera of CAMERAS)
        bring(
          stormy,
          camera,
          until(step - 1),
          until(step),
          isAway && camera === 'Pier' ? 'Pier-away' : camera,
        );
      if (step === 2 && disk) {
        disk.fill();
        await expect
          .poll(() => JSON.stringify(stormy.logged('problem')) + stormy.output, patience)
          .toContain('is full');
        hasBeenFull = true;
        disk.free();
      }
      await expect.poll(() => stormy.lines.length, patience).toBeGreaterThan(told);
      const opened = openings(stormy);
      // After the clock was set back, too.
      if (stormy.killBrowser()) killed += 1;
      if (step === steps - 1) {
        // The page that is opened now finds nobody, and has to find DriftWatch later.
        await expect.poll(() => openings(stormy), patience).toBeGreaterThan(opened);
        expect(stormy.output).toContain('! DriftWatch: ');
        stormy.moveClock(0);
        await expect.poll(() => stormy.output, patience).toContain('The clock is wrong by 0 ms.');
        await standIn.setOnline(true);
        await expect.poll(() => JSON.stringify(stormy.logged('solved')), patience).toContain('"driftwatch"');
      }
      if (isAway) {
        await expect.poll(() => stormy.output, patience).toContain('Is its disk or share connected?');
        renameSync(join(stormy.folder, 'Pier-away'), join(stormy.folder, 'Pier'));
      }
      await pause(200);
    }
    await expect.poll(() => stormy.lines.length, patience).toBe(all);
    for (const camera of CAMERAS) {
      const experiment = standIn.experiments().find(({ name }) => name === camera);
      expect(experiment, camera).toBeDefined();
      const names = () =>
        standIn.records(experiment!.id).map(({ parameters }) => JSON.stringify(parameters['image_name']));
      await expect.poll(() => names().length, patience).toBe(EACH);
      expect(new Set(names()).size).toBe(EACH);
    }
    expect(await stormy.end()).toBe(0);
    for (const camera of CAMERAS) expect(toldOf(stormy, camera), camera).toEqual(toldOf(calm, camera));
    // A camera of which nothing was told before the clock was set back can't show it.
    expect(CAMERAS.some((camera) => wentBack(stormy, camera))).toBe(true);
    test.info().annotations.push({
      type: 'storm',
      description: `${killed} kills of the browser, ${hasBeenFull ? 'a full disk' : 'no full disk'}`,
    });
    expect(killed).toBeGreaterThan(KILLS / 2);
  } finally {
    await calm.remove();
    await stormy.end('SIGKILL');
    disk?.unmount();
    await stormy.remove();
    for (const standIn of standIns) await standIn.close();
  }
});
