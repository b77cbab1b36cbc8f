/** A station fed through a share that comes and goes: each picture is judged once, and none is lost. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { DEMO, jobsIn, pictureWith, StationRun, type LoggedLine } from './station-run';

/** `npm run endurance` feeds it for half an hour. */
const FULL = process.env['PORTHOLE_ENDURANCE'] !== undefined;
const STEPS = FULL ? 1500 : 60;
/** Between two steps, in milliseconds. */
const STEP = 1200;
const DAY = 86_400_000;
/** Names in the ring buffer. */
const SLOTS = 4;
/** Steps after which a file is made whole or readable, 25 seconds. */
const LATER = 21;

/** How pictures come, in turn. */
const KINDS = ['named', 'day folder', 'rsync', 'ring', 'locked', 'half', 'away', 'odd name', 'copy'] as const;
type Kind = (typeof KINDS)[number];

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Puts pictures into a camera's folder. */
class Feeder {
  /** contents of whole pictures, by kind */
  readonly fed = new Map<string, Kind>();
  readonly damaged: string[] = [];
  /** actions for a later step */
  readonly #later = new Map<number, (() => void)[]>();
  /** how often each name of the ring was written */
  readonly #ring = Array.from({ length: SLOTS }, () => 0);
  readonly #folder: string;
  readonly #judged: (name: string) => number;
  readonly #began = Date.now();
  #last: Buffer = Buffer.alloc(0);

  constructor(folder: string, judged: (name: string) => number) {
    this.#folder = folder;
    this.#judged = judged;
  }

  step(i: number): void {
    this.#do(i);
    this.#bring(KINDS[i % KINDS.length]!, i);
  }

  /** Does everything that was left for later. */
  end(): void {
    for (const step of [...this.#later.keys()].sort((a, b) => a - b)) this.#do(step);
  }

  #do(step: number): void {
    for (const work of this.#later.get(step) ?? []) work();
    this.#later.delete(step);
  }

  /** A picture that stays damaged. */
  damage(i: number): void {
    const path = `damaged-${i}.jpg`;
    this.#write(path, pictureWith(i, `damaged ${i}`).subarray(0, 1500), Date.now());
    this.damaged.push(path);
  }

  #bring(kind: Kind, i: number): void {
    const bytes = kind === 'copy' ? this.#last : pictureWith(i, `${kind} ${i}`);
    const yesterday = this.#began - DAY + i * 1000;
    const day = `day/${String(20 + (i % 7))}`;
    // Equal names in different folders, whose pictures are older than others that were judged.
    const old = this.#began - (2 + (i % 7)) * DAY + i * 1000;
    switch (kind) {
      case 'named':
        this.#write(`${stampOf(this.#began - DAY / 2 + i * 1000)}-PIER.jpg`, bytes, Date.now());
        break;
      case 'day folder':
        this.#write(`${day}/${String(Math.floor(i / 63))}/120000.jpg`, bytes, old);
        break;
      case 'rsync':
        this.#write(`synced/.image-${i}.jpg.Xy12`, bytes, yesterday);
        renameSync(
          join(this.#folder, `synced/.image-${i}.jpg.Xy12`),
          join(this.#folder, `synced/image-${i}.jpg`),
        );
        break;
      case 'ring': {
        const slot = i % SLOTS;
        // A camera whose ring is faster than its reader loses pictures whatever reads it.
        if (this.#judged(`ring-${slot}.jpg`) < this.#ring[slot]!) return;
        this.#ring[slot]! += 1;
        this.#write(`ring-${slot}.jpg`, bytes, Date.now());
        break;
      }
      case 'locked':
        this.#write(`locked/${i}.jpg`, bytes, yesterday);
        chmodSync(join(this.#folder, `locked/${i}.jpg`), 0);
        this.#at(i + LATER, () => {
          chmodSync(join(this.#folder, `locked/${i}.jpg`), 0o644);
        });
        break;
      case 'half':
        this.#write(`half/${i}.jpg`, bytes.subarray(0, bytes.length / 2), Date.now());
        this.#at(i + LATER, () => {
          this.#write(`half/${i}.jpg`, bytes, yesterday);
        });
        break;
      case 'away': {
        const path = join(this.#folder, `away-${i}.jpg`);
        this.#write(`away-${i}.jpg`, bytes, yesterday);
        this.#at(i + 1, () => {
          renameSync(path, `${path}.elsewhere`);
          symlinkSync('nowhere.jpg', path);
        });
        this.#at(i + 4, () => {
          renameSync(`${path}.elsewhere`, path);
        });
        break;
      }
      case 'odd name':
        this.#write(`${'深'.repeat(79)}${String(i).padStart(5, '0')}.jpg`, bytes, yesterday);
        this.#write(`line\nbreak "${i}'.jpg`, pictureWith(i, `second ${i}`), yesterday);
        this.fed.set(sha256(pictureWith(i, `second ${i}`)), kind);
        break;
      case 'copy':
        this.#write(`copies/${stampOf(this.#began - 3 * DAY + i * 1000)}.jpg`, bytes, old);
        return;
    }
    this.fed.set(sha256(bytes), kind);
    this.#last = bytes;
  }

  #write(path: string, bytes: Buffer, modifiedAt: number): void {
    const file = join(this.#folder, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, bytes);
    utimesSync(file, modifiedAt / 1000, modifiedAt / 1000);
  }

  #at(step: number, work: () => void): void {
    this.#later.set(step, [...(this.#later.get(step) ?? []), work]);
  }
}

function stampOf(at: number): string {
  return new Date(at)
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-');
}

test('through a share that comes and goes, files without permission, half files and kills each picture is judged once @long', async () => {
  test.setTimeout(FULL ? 3_600_000 : 600_000);
  test.skip(process.platform !== 'linux', 'the browser is found and ended by /proc');
  const run = new StationRun();
  run.isNobody = process.getuid?.() === 0;
  const patience = { timeout: FULL ? 900_000 : 360_000, intervals: [500] };
  const [share, store, empty] = ['share', 'store', 'empty'].map((name) => join(run.folder, name));
  /** Connects the share with a folder, or with none. */
  const connect = (folder: string | null) => {
    rmSync(share!, { force: true });
    if (folder !== null) symlinkSync(folder, share!);
  };
  const events = { drops: 0, kills: 0, browserKills: 0 };
  try {
    for (const folder of [store!, empty!]) mkdirSync(folder);
    connect(store!);
    const port = await freePort();
    await run.configure(
      `sandbox = false\n[door]\nlisten = "127.0.0.1:${port}"\n[[camera]]\nname = "Pier"\nfolder = "share"\nreference = "${DEMO}reference"\nfile_dates = true\n`,
    );
    const idsOf = (is: (line: LoggedLine) => boolean) =>
      new Set(run.lines.filter(is).map(({ id }) => id)).size;
    const feeder = new Feeder(store!, (name) => idsOf(({ image_name }) => image_name === name));
    run.start();
    await expect.poll(() => run.output, patience).toContain('Ready after');
    for (let i = 0; i < STEPS; i += 1) {
      feeder.step(i);
      const round = i % 60;
      if (round === 10 || round === 30) connect(null);
      // As where the share should be mounted.
      if (round === 13) connect(empty!);
      if (round === 17 || round === 33) {
        connect(store!);
        events.drops += 1;
      }
      if (round === 24) {
        await run.end('SIGKILL');
        run.start();
        events.kills += 1;
      }
      if (round === 45 && run.killBrowser()) events.browserKills += 1;
      if (i === 7 || i === 41) feeder.damage(i);
      await pause(STEP);
    }
    feeder.end();
    const unread = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health`);
      const { cameras } = (await answer.json()) as { cameras: { unread_files: number }[] };
      return cameras[0]?.unread_files;
    };
    await expect.poll(() => idsOf(({ conclusion }) => conclusion !== null), patience).toBe(feeder.fed.size);
    await expect.poll(unread, patience).toBe(feeder.damaged.length);
    expect(await run.end()).toBe(0);

    const jobs = await jobsIn(run);
    const judged = jobs.flatMap((job) => (job.jobStatus === 'Completed' ? job.contentSha256 : []));
    const table = [...new Set(feeder.fed.values())].map((kind) => {
      const fed = [...feeder.fed].flatMap(([content, other]) => (other === kind ? content : []));
      const times = fed.map((content) => judged.filter((other) => other === content).length);
      return {
        kind,
        fed: fed.length,
        once: times.filter((count) => count === 1).length,
        twice: times.filter((count) => count > 1).length,
        lost: times.filter((count) => count === 0).length,
      };
    });
    console.table(table);
    console.log({ ...events, failed: jobs.length - judged.length, waiting: feeder.damaged.length });
    expect(judged.sort()).toEqual([...feeder.fed.keys()].sort());
    expect(jobs.filter(({ jobStatus }) => jobStatus !== 'Completed')).toEqual([]);
    // Nothing but the kills opened the page again.
    const openings = run.output.split('Ready after').length - 1;
    expect(openings).toBeLessThanOrEqual(1 + events.kills + events.browserKills);
  } finally {
    await run.remove();
  }
});
