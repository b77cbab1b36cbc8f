/** A station backs itself up on time, and a new one that takes a backup in goes on where it ended. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { captureTimeFromName } from '../../src/core/domain/camera/time/capture-time';
import { freePort } from '../../scripts/free-port.mjs';
import { editRows, packed, type Parts } from '../journeys/exports';
import { startStandIn, type StandIn } from '../stand-in/server';
import { DEMO, PICTURES, StationRun } from './station-run';

const SCRIPT = fileURLToPath(new URL('../../scripts/station.mjs', import.meta.url));
const patience = { timeout: 120_000 };

/** A station that backs up every four seconds, and keeps two. */
async function configure(run: StationRun, more = '') {
  const port = await freePort();
  const told = join(run.folder, 'told.txt');
  writeFileSync(told, '');
  await run.configure(`name = "Reef 2"
[door]
listen = "127.0.0.1:${port}"
[backup]
folder = "backups"
every = 0.001
keep = 2
[alerts]
least_disk_mb = 1
[alerts.command]
run = ["/bin/sh", "-c", "echo $PORTHOLE_SUBJECT >> ${told}"]
${more}`);
  const folder = join(run.folder, 'backups');
  return {
    folder,
    ask: async (path: string) => (await fetch(`http://127.0.0.1:${port}/${path}`)).text(),
    subjects: () => readFileSync(told, 'utf8').split('\n').slice(0, -1),
    backups: () => readdirSync(folder).filter((name) => name.endsWith('.zip')),
  };
}

const camera = (folder: string, name = 'Pier') =>
  `[[camera]]\nname = "${name}"\nfolder = "${folder}"\nreference = "${DEMO}reference"\n`;

const partsOf = (file: string): Parts => unzipSync(readFileSync(file));

/** The rows of a store. */
function rows(parts: Parts, store: string): Record<string, unknown>[] {
  const path = Object.keys(parts).find((name) => name.endsWith(`/${store}.jsonl`))!;
  const lines = strFromU8(parts[path]!).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A backup after a person has told of a cleaning, as on a laptop that had opened it. */
function withCleaning(parts: Parts, at: number): Buffer {
  const [{ id }] = rows(parts, 'cameras') as [{ id: string }];
  const event = { id: 'cleaned-by-hand', cameraId: id, kind: 'cleaned', at, note: 'by the boat' };
  editRows(parts, 'events', (events) => [...(events as object[]), event]);
  return packed(parts);
}

/** A command to a station that is not at work. */
function command(run: StationRun, ...words: readonly string[]) {
  const config = join(run.folder, 'station.toml');
  return spawnSync(process.execPath, [SCRIPT, ...words, '--config', config], { encoding: 'utf8' });
}

const restore = (run: StationRun, backup: string) => command(run, 'restore', backup);

test('backs up on time, keeps the newest whole; a new station with one of them goes on and judges nothing twice @long', async () => {
  test.setTimeout(300_000);
  const standIn: StandIn = await startStandIn({ cors: true, rateLimit: null });
  const [run, next] = [new StationRun(), new StationRun()];
  try {
    const { mytoken } = standIn.newMytoken({ isRegistered: true });
    const snapshots = join(run.folder, 'snapshots');
    mkdirSync(snapshots);
    const bring = (names: readonly string[]) => {
      for (const name of names) copyFileSync(join(DEMO, 'snapshots', name), join(snapshots, name));
    };
    const driftwatch = `[driftwatch]
address = "${standIn.driftwatch.origin}"
mytoken_server = "${standIn.mytoken.url}"
token_file = "mytoken"
${camera(snapshots)}experiment = "Reef"
`;
    const first = await configure(run, driftwatch);
    const second = await configure(next, driftwatch);
    for (const { folder } of [run, next]) writeFileSync(join(folder, 'mytoken'), mytoken, { mode: 0o600 });
    for (const { folder } of [first, second]) mkdirSync(folder);
    const stranger = 'porthole-REEF-2026-05-01T12-00-00Z.zip';
    writeFileSync(join(first.folder, stranger), 'of another station');
    const arrived = () => {
      const reef = standIn.experiments().find(({ name }) => name === 'Reef');
      return reef ? standIn.records(reef.id).length : 0;
    };
    const own = () => first.backups().filter((name) => name !== stranger);

    bring(PICTURES.slice(0, 5));
    run.start();
    await expect.poll(() => run.lines.length, patience).toBe(5);
    await expect.poll(arrived, patience).toBe(5);
    const made = new Set<string>();
    await expect
      .poll(() => {
        for (const name of own()) if (!made.has(name)) partsOf(join(first.folder, name));
        for (const name of own()) made.add(name);
        return made.size;
      }, patience)
      .toBeGreaterThan(3);
    await expect.poll(own).toHaveLength(2);
    expect(first.backups()).toContain(stranger);
    for (const name of made)
      expect(name).toMatch(/^porthole-REEF-2-[\da-f]{8}-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.zip$/);
    const { last_backup: last } = JSON.parse(await first.ask('health')) as { last_backup: string };
    expect(Math.abs(Date.now() - Date.parse(last))).toBeLessThan(60_000);
    expect(await first.ask('metrics')).toMatch(/^porthole_backup_age_seconds \d/m);
    const before = own().sort().at(-1)!;
    await expect.poll(() => own().every((name) => name > before), patience).toBe(true);
    expect(await run.end()).toBe(0);
    expect(readdirSync(first.folder).filter((name) => name.startsWith('.'))).toEqual([]);

    const kept = partsOf(join(first.folder, own().sort().at(-1)!));
    const texts = Object.values(kept).map((bytes) => strFromU8(bytes));
    expect(texts.some((text) => text.includes(mytoken))).toBe(false);
    const [fifth, sixth] = PICTURES.slice(4, 6).map((name) => captureTimeFromName(name)!);
    const backup = join(run.folder, 'backup.zip');
    writeFileSync(backup, withCleaning(kept, (fifth! + sixth!) / 2));

    const missing = restore(next, join(run.folder, 'snapshots', PICTURES[0]!));
    expect(missing.status).toBe(1);
    expect(missing.stdout).toContain('That file is no zip');
    const restored = restore(next, backup);
    expect(restored.stdout).toContain('1 camera and 5 pictures added.');
    expect(restored.status).toBe(0);
    const again = restore(next, backup);
    expect(again.status).toBe(1);
    expect(again.stdout).toContain('This station has cameras, and nothing was changed: Pier.');

    next.start();
    bring(PICTURES.slice(5, 6));
    await expect
      .poll(() => next.lines.find((line) => line.image_name === PICTURES[5]), patience)
      // The cleaning emptied the window.
      .toMatchObject({ distance: null });
    await expect.poll(arrived, patience).toBe(6);
    const newest = () => {
      const name = second.backups().sort().at(-1);
      return name === undefined ? null : partsOf(join(second.folder, name));
    };
    await expect
      .poll(() => {
        const parts = newest();
        return parts && rows(parts, 'jobs').length;
      }, patience)
      .toBe(6);
    const after = newest()!;
    expect(rows(after, 'jobs').slice(0, 5)).toEqual(rows(kept, 'jobs'));
    for (const store of ['cameras', 'references', 'events', 'calibrations'])
      expect(rows(after, store), store).toEqual(rows(kept, store));
    expect(rows(after, 'events')).toMatchObject([{ kind: 'cleaned', note: 'by the boat' }]);
    expect(await next.end()).toBe(0);
    expect(arrived()).toBe(6);
    expect(run.logged('problem')).toEqual([]);
    expect(next.logged('problem')).toEqual([]);

    await test.step('a station without its database tells that its history is lost, until a backup is restored', async () => {
      const history = (kind: string) => run.logged(kind).filter(({ key }) => key === 'history');
      rmSync(join(run.folder, 'data', 'profile'), { recursive: true });
      run.start();
      await expect.poll(() => history('problem'), patience).toHaveLength(1);
      const sentence = String(history('problem')[0]!['sentence']);
      expect(sentence).toMatch(/^This station has lost its history: Pier was set up anew\. Stop it, delete /);
      expect(sentence).toContain(`restore ${join(first.folder, 'porthole-REEF-2-')}`);
      expect(JSON.parse(await first.ask('health'))).toMatchObject({
        status: 'problem',
        problems: [sentence],
      });
      expect(await run.end()).toBe(0);

      expect(command(run, 'remove', 'Reef')).toMatchObject({
        status: 1,
        stderr: 'There is no camera Reef. There are: Pier.\n',
      });
      expect(command(run, 'reference', 'Pier', join(DEMO, 'reference')).stdout).toMatch(
        /^Pier: \d+ clean snapshots are its reference from its next picture on\.$/m,
      );
      expect(command(run, 'rename', 'Pier', 'Reef')).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^Pier is Reef now\./m),
      });
      expect(command(run, 'remove', 'Reef')).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^Reef is removed\./m),
      });
      expect(restore(run, backup).status).toBe(0);
      run.start();
      await expect.poll(() => history('solved'), patience).toHaveLength(1);
      expect(await run.end()).toBe(0);
    });
  } finally {
    await run.remove();
    await next.remove();
    await standIn.close();
  }
});

test('while one camera grows, the whole backup of one that is gone stays and can be restored @long', async () => {
  test.setTimeout(300_000);
  const [run, next] = [new StationRun(), new StationRun()];
  try {
    const reef = camera('reef', 'Reef');
    const first = await configure(run, `${camera('pier')}${reef}`);
    for (const name of ['pier', 'reef', 'backups']) mkdirSync(join(run.folder, name));
    const bring = (to: string, names: readonly string[]) => {
      for (const name of names) copyFileSync(join(DEMO, 'snapshots', name), join(run.folder, to, name));
    };
    /** Snapshots by camera in each backup, the oldest first. */
    const kept = () => {
      const names = first.backups().sort();
      return names.map((name) => {
        const index = JSON.parse(strFromU8(partsOf(join(first.folder, name))['porthole.json']!)) as {
          cameras: { name: string; snapshots: number }[];
        };
        return Object.fromEntries(index.cameras.map(({ name, snapshots }) => [name, snapshots]));
      });
    };
    bring('pier', PICTURES.slice(0, 3));
    bring('reef', PICTURES.slice(0, 1));
    run.start();
    // One may go between two looks.
    await expect(() => expect(kept().at(-1)).toEqual({ Pier: 3, Reef: 1 })).toPass(patience);
    expect(await run.end()).toBe(0);

    expect(command(run, 'remove', 'Pier').status).toBe(0);
    await configure(run, reef);
    bring('reef', PICTURES.slice(1, 9));
    run.start();
    await expect(() => expect(kept()).toEqual([{ Pier: 3, Reef: 1 }, { Reef: 9 }, { Reef: 9 }])).toPass(
      patience,
    );
    const newest = first.backups().sort().at(-1)!;
    await expect(() => {
      const [oldest, ...others] = first.backups().sort();
      expect(others.every((name) => name > newest)).toBe(true);
      const sums = readdirSync(first.folder).filter((name) => name.endsWith('.sha256'));
      expect(sums.sort()).toEqual([oldest, ...others].map((name) => `${name}.sha256`));
    }).toPass(patience);
    expect(await run.end()).toBe(0);
    const [oldest] = first.backups().sort();
    expect(kept()[0]).toEqual({ Pier: 3, Reef: 1 });
    await configure(next, `${camera('pier')}${reef}`);
    expect(restore(next, join(first.folder, oldest!)).stdout).toContain('2 cameras and 4 pictures added.');
  } finally {
    await run.remove();
    await next.remove();
  }
});

test('a folder that is away or full is told once, nothing half is left in it, and snapshots go on @long', async () => {
  test.setTimeout(240_000);
  const run = new StationRun();
  const mounted: string[] = [];
  const unmount = () => {
    for (const path of mounted.splice(0)) execFileSync('umount', ['-l', path]);
  };
  try {
    const station = await configure(run, camera('snapshots'));
    const { folder, subjects } = station;
    mkdirSync(join(run.folder, 'snapshots'));
    let count = 0;
    /** Waits for so many more snapshots: the backup is tried meanwhile. */
    const bring = async (more: number) => {
      for (let left = more; left > 0; left -= 1) {
        const name = PICTURES[count]!;
        copyFileSync(join(DEMO, 'snapshots', name), join(run.folder, 'snapshots', name));
        count += 1;
        await expect.poll(() => run.lines.length, patience).toBe(count);
      }
    };
    run.start();
    await bring(4);
    await expect.poll(subjects, patience).toEqual([`No backup can be made in ${folder}`]);
    expect(JSON.parse(await station.ask('health'))).toMatchObject({
      problems: [expect.stringContaining('ENOENT')],
      last_backup: null,
    });
    expect(await station.ask('metrics')).not.toContain('porthole_backup_age_seconds');
    mkdirSync(folder);
    await expect.poll(subjects, patience).toHaveLength(2);
    expect(subjects()[1]).toMatch(/^Over: No backup can be made/);
    await expect.poll(station.backups, patience).toHaveLength(2);

    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
      mounted.push(folder);
    } catch {
      // Not everybody may mount.
    }
    if (mounted.length > 0) {
      await expect.poll(subjects, patience).toHaveLength(3);
      await bring(4);
      expect(run.logged('problem').at(-1)?.['sentence']).toContain('ENOSPC');
      await expect.poll(() => readdirSync(folder), patience).toEqual([]);
      unmount();
      await expect.poll(subjects, patience).toHaveLength(4);
    }
    expect(await run.end()).toBe(0);
    expect(run.logged('problem').map(({ key }) => key)).toEqual(
      Array.from({ length: subjects().length / 2 }, () => 'backup'),
    );
    for (const name of station.backups())
      expect(Object.keys(partsOf(join(folder, name)))).toContain('porthole.json');
  } finally {
    unmount();
    await run.remove();
  }
});
