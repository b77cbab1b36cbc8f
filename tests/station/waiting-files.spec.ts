/** Files that can't be judged now: they wait, are counted and told, and are judged as soon as they can be. */
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { DEMO, pictureWith, StationRun } from './station-run';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Health {
  readonly status: string;
  readonly problems: readonly string[];
  readonly cameras: readonly {
    readonly unread_files: number;
    readonly unread_since: string | null;
    readonly skipped_files: { readonly link: number };
  }[];
}

test('a file that can’t be read is counted, told after an hour and judged when it is whole; a clock set right needs no restart @long', async () => {
  test.setTimeout(240_000);
  test.skip(!existsSync('/proc'), 'the browser is found and ended by /proc, which this system lacks');
  const run = new StationRun();
  const patience = { timeout: 60_000 };
  try {
    const folder = join(run.folder, 'camera');
    mkdirSync(folder);
    const port = await freePort();
    await run.configure(
      `[door]\nlisten = "127.0.0.1:${port}"\n[[camera]]\nname = "Demo"\nfolder = "camera"\nreference = "${DEMO}reference"\nfile_dates = true\n`,
    );
    const health = async () => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as Health;
    const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const unread = async () => (await health()).cameras[0]?.unread_files;
    const linesOf = (name: string) => run.lines.filter(({ image_name }) => image_name === name);
    const bring = (name: string, bytes: Buffer) => {
      writeFileSync(join(folder, name), bytes);
      utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
    };
    const time = new Date(Date.now() - 60_000).toISOString().replace(/[-:]|\..*/g, '');
    const ahead = `${time.replace('T', '-')}-DEMO.jpg`;

    // The camera's clock is right, and this computer's three days behind.
    run.moveClock(-3 * DAY);
    run.start();
    bring(ahead, pictureWith(0, 'ahead'));
    await expect.poll(() => linesOf(ahead).length, patience).toBe(1);
    expect(linesOf(ahead)[0]).toMatchObject({ distance: null, verdict: 'not-checked' });
    run.moveClock(0);
    const names = [`${'深'.repeat(83)}.jpg`, '"quoted\'.jpg', 'two\nlines.jpg', 'צלול 🐟.jpg'];
    for (const [i, name] of names.entries()) bring(name, pictureWith(i, `name ${i}`));
    await expect.poll(() => linesOf(ahead)[0]!.distance, patience).not.toBeNull();
    expect(linesOf(ahead)).toMatchObject([{ corrected: true }]);
    const half = pictureWith(5, 'half');
    bring('half.jpg', half.subarray(0, 2000));
    symlinkSync('/etc', join(folder, 'out'));
    await expect.poll(() => run.lines.length, patience).toBe(1 + names.length);
    await expect.poll(unread, patience).toBe(1);
    expect(await health()).toMatchObject({
      status: 'ok',
      problems: [],
      cameras: [{ skipped_files: { link: 1, name: 0 } }],
    });
    expect(await metrics()).toContain('porthole_unread_files{camera="Demo"} 1\n');
    expect(await metrics()).toContain('porthole_skipped_files{camera="Demo",why="link"} 1\n');
    expect(run.output).toContain('lead out of its folder and are skipped: 1.');

    run.moveClock(HOUR + 60_000);
    await expect.poll(async () => (await health()).status, patience).toBe('problem');
    const [problem] = (await health()).problems;
    expect(problem).toMatch(
      /^Demo: 1 file can't be read since 20\d\d-\d\d-\d\d \d\d:\d\d UTC\. The first is .*half\.jpg\. /,
    );
    expect(run.logged('problem')).toMatchObject([{ key: 'unread Demo' }]);

    // It is given its old date again, as rsync does.
    bring('half.jpg', half);
    await expect.poll(() => linesOf('half.jpg').length, patience).toBe(1);
    expect(linesOf('half.jpg')[0]!.distance).not.toBeNull();
    await expect.poll(async () => (await health()).status, patience).toBe('ok');
    expect(run.logged('solved')).toMatchObject([{ key: 'unread Demo' }]);

    // Nothing of it is waited for once it is gone.
    bring('half.jpg', half.subarray(0, 3000));
    await expect.poll(unread, patience).toBe(1);
    rmSync(join(folder, 'half.jpg'));
    await expect.poll(unread, patience).toBe(0);
    expect(run.output.split('Ready after')).toHaveLength(2);
    expect(run.lines.filter(({ distance }) => distance === null)).toEqual([]);
    expect(await run.end()).toBe(0);
  } finally {
    await run.remove();
  }
});

test('a file over which the page ends is left out, and is still counted @long', async () => {
  test.setTimeout(240_000);
  const run = new StationRun();
  const patience = { timeout: 90_000 };
  try {
    mkdirSync(join(run.folder, 'camera'));
    const port = await freePort();
    await run.configure(
      `[door]\nlisten = "127.0.0.1:${port}"\n[[camera]]\nname = "Demo"\nfolder = "camera"\nreference = "${DEMO}reference"\nfile_dates = true\n`,
    );
    for (const [i, name] of ['a.jpg', 'deadly.jpg', 'z.jpg'].entries()) {
      writeFileSync(join(run.folder, 'camera', name), pictureWith(i, name));
      utimesSync(join(run.folder, 'camera', name), 1_700_000_000 + i, 1_700_000_000 + i);
    }
    run.startWith('deadly-file.mjs');
    await expect
      .poll(() => run.lines.map(({ image_name }) => image_name), patience)
      .toEqual(['a.jpg', 'z.jpg']);
    expect(run.output).toContain('deadly.jpg is left out: the page ended over it 3 times.');
    const health = async () => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as Health;
    await expect.poll(async () => (await health()).cameras[0]?.unread_files, patience).toBe(1);
    expect((await health()).cameras[0]?.unread_since).toMatch(/^20\d\d-/);
    // As where its share is away for a moment: it is no other file after that.
    const openings = () => run.output.split('Ready after').length;
    const before = openings();
    const [deadly, elsewhere] = [join(run.folder, 'camera', 'deadly.jpg'), join(run.folder, 'deadly.jpg')];
    renameSync(deadly, elsewhere);
    await expect.poll(async () => (await health()).cameras[0]?.unread_files, patience).toBe(0);
    renameSync(elsewhere, deadly);
    await expect.poll(async () => (await health()).cameras[0]?.unread_files, patience).toBe(1);
    expect(openings()).toBe(before);
    rmSync(deadly);
    await expect.poll(async () => (await health()).cameras[0]?.unread_files, patience).toBe(0);
    expect(await run.end()).toBe(0);
  } finally {
    await run.remove();
  }
});
