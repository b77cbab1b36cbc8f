import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { DEMO, pictureWith, StationRun, type LoggedLine } from './station-run';

const SNAPSHOTS = readdirSync(join(DEMO, 'snapshots')).sort();
const MINUTE = 60_000;

/** Puts a picture into a folder as it was taken at some time, in milliseconds since 1970. */
function bring(picture: Buffer, folder: string, at: number): void {
  const time = new Date(at).toISOString().replace(/[-:]|\..*/g, '');
  const path = join(folder, `${time.replace('T', '-')}-PIER.jpg`);
  writeFileSync(path, picture);
  utimesSync(path, 0, 0);
}

const demo = (i: number) => readFileSync(join(DEMO, 'snapshots', SNAPSHOTS[i]!));
const told = ({ image_name, distance, verdict, conclusion }: LoggedLine) => ({
  ...{ image_name, distance, verdict, conclusion },
});

test('a late file adds a corrected line for each snapshot that says something else by then, once, also after a kill @long', async () => {
  test.setTimeout(240_000);
  const run = new StationRun();
  try {
    const [pier, calm] = ['pier', 'calm'].map((name) => join(run.folder, name));
    for (const folder of [pier!, calm!]) mkdirSync(folder);
    await run.configure(
      ['pier', 'calm']
        .map((name) => `[[camera]]\nname = "${name}"\nfolder = "${name}"\nreference = "${DEMO}reference"\n`)
        .join(''),
    );
    // Four snapshots of a lens that is being overgrown: the second comes last.
    const began = Date.now() - 60 * MINUTE;
    const [first, second, third, fourth] = [49, 50, 51, 52].map((i) => () => {
      bring(demo(i), pier!, began + i * MINUTE);
    });
    for (const i of [49, 50, 51, 52]) bring(demo(i), calm!, began + i * MINUTE);
    for (const come of [first, third, fourth]) come!();
    run.start();
    const linesOf = (name: string) => run.lines.filter(({ camera }) => camera === name);
    await expect
      .poll(() => [linesOf('pier').length, linesOf('calm').length], { timeout: 120_000 })
      .toEqual([3, 4]);
    second!();
    const logged = () => run.logged('snapshot') as unknown as LoggedLine[];
    const corrected = () => logged().filter((line) => line.corrected);
    await expect.poll(() => corrected().length, { timeout: 60_000 }).toBe(2);
    const before = logged().filter((line) => line.camera === 'pier');
    // The new line first, then those that it changed.
    expect(before.slice(-3).map(({ corrected = false }) => corrected)).toEqual([false, true, true]);
    const names = linesOf('calm').map(({ image_name }) => image_name);
    expect(before.slice(-3).map(({ image_name }) => image_name)).toEqual([names[1], names[2], names[3]]);
    const byTime = [...linesOf('pier')].sort((a, b) => (a.image_name < b.image_name ? -1 : 1));
    expect(byTime.map(told)).toEqual(linesOf('calm').map(told));
    expect(run.output).toMatch(/\tcorrected$/m);

    // Ended before the corrections were written down, it writes them at the next start.
    expect(await run.end()).toBe(0);
    const folder = join(run.folder, 'data', 'log');
    for (const name of readdirSync(folder)) {
      const lines = readFileSync(join(folder, name), 'utf8').split('\n');
      writeFileSync(
        join(folder, name),
        lines.filter((line) => !line.includes('"corrected":true')).join('\n'),
      );
    }
    expect(corrected()).toEqual([]);
    for (const _ of ['again', 'and again']) {
      const count = run.logged('standings').length;
      run.start();
      await expect.poll(() => run.logged('standings').length, { timeout: 60_000 }).toBeGreaterThan(count);
      expect(await run.end()).toBe(0);
      expect(corrected().map(told)).toEqual(before.slice(-2).map(told));
    }
  } finally {
    await run.remove();
  }
});

test('an alarm that late files raise is told once, and what others ask that show the lens wiped @long', async () => {
  test.setTimeout(300_000);
  const run = new StationRun();
  try {
    const folder = join(run.folder, 'camera');
    mkdirSync(folder);
    const file = join(run.folder, 'told.txt');
    const door = await freePort();
    await run.configure(`
[alerts]
least_disk_mb = 1
[alerts.command]
run = ["/bin/sh", "-c", "echo $PORTHOLE_SUBJECT >> ${file}"]
[door]
listen = "127.0.0.1:${door}"
[[camera]]
name = "Pier"
folder = "camera"
reference = "${DEMO}reference"
`);
    writeFileSync(file, '');
    const subjects = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${door}/${path}`)).text();
    const verdict = async () =>
      (JSON.parse(await ask('health')) as { cameras: LoggedLine[] }).cameras[0]?.verdict;
    const at = (i: number) => Date.now() - 10 * MINUTE * (53 - i);
    const times = new Map(SNAPSHOTS.map((_, i) => [i, at(i)]));
    const come = (...which: number[]) => {
      for (const i of which) bring(demo(i), folder, times.get(i)!);
    };
    // A clean one, and one of an overgrown lens, which alone is no alarm.
    come(39, 52);
    run.start();
    await expect.poll(() => run.logged('door').length, { timeout: 60_000 }).toBe(1);
    await expect.poll(verdict, { timeout: 90_000 }).toBe('normal');
    expect(subjects()).toEqual([]);

    come(41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51);
    await expect.poll(verdict, { timeout: 60_000 }).toBe('drift');
    await expect.poll(subjects).toEqual(['Pier: Clean the lens']);

    // Somebody had wiped it before the newest.
    for (let i = 0; i < 24; i += 1)
      bring(pictureWith(i % 12, `wiped ${i}`), folder, times.get(51)! + (i + 1) * 20_000);
    await expect.poll(verdict, { timeout: 60_000 }).toBe('warning');
    await expect.poll(subjects).toEqual(['Pier: Clean the lens', 'Pier: What happened?']);

    // A change of the past alone is logged, without an alert.
    const corrected = () => run.logged('snapshot').filter((line) => line['corrected']).length;
    const count = corrected();
    come(40);
    await expect.poll(corrected, { timeout: 60_000 }).toBeGreaterThan(count);
    const last = () => run.logged('snapshot').at(-1)!['time'] as string;
    await expect
      .poll(() => (run.logged('standings').at(-1)!['time'] as string) > last(), { timeout: 60_000 })
      .toBe(true);
    // A late line is no new snapshot.
    expect(await ask('metrics')).toContain('porthole_snapshots_total{camera="Pier"} 38\n');
    expect(await run.end()).toBe(0);
    expect(subjects()).toHaveLength(2);
  } finally {
    await run.remove();
  }
});
