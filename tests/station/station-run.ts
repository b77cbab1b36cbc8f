import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { browserLaunchOptions } from '../../scripts/browser.mjs';
import { freePort } from '../../scripts/free-port.mjs';

const MOVED_CLOCK = new URL('moved-clock.mjs', import.meta.url).href;
const SCRIPT = fileURLToPath(new URL('../../scripts/station.mjs', import.meta.url));
export const DEMO = fileURLToPath(new URL('../../public/demo/', import.meta.url));
/** The user without rights of most Linux systems. */
const NOBODY = 65_534;
/** The demo's snapshots but the damaged one, which a station waits for. */
export const PICTURES = readdirSync(join(DEMO, 'snapshots'))
  .filter((name) => name !== '20260525-124512-DEMO.jpg')
  .sort();

/** One of the demo's pictures with a comment, so that no two texts give the same file. @param text - ASCII */
export function pictureWith(i: number, text: string): Buffer {
  const picture = readFileSync(join(DEMO, 'snapshots', PICTURES[i % PICTURES.length]!));
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), Buffer.from(text)]);
  return Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]);
}

/** A scored snapshot as the station's log has it. */
export interface LoggedLine {
  readonly id: string;
  readonly time: string;
  readonly camera: string;
  readonly image_name: string;
  readonly distance: number | null;
  readonly verdict: string;
  readonly conclusion: string | null;
  readonly set_aside?: string;
  readonly corrected?: true;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
}

function processes(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      // A renderer writes its whole command line into one word.
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split(/[\0 ]/);
      return [{ pid: Number(name), parent, words }];
    } catch {
      return [];
    }
  });
}

/** A folder with a station's configuration, and the command that was started with it. */
export class StationRun {
  readonly folder = mkdtempSync(join(tmpdir(), 'porthole-station-'));
  output = '';
  /** the page's */
  address = '';
  /** milliseconds */
  clockMovedBy = 0;
  /** true if root gives itself up for the station: it could read every file */
  isNobody = false;
  /** the command; else the one beside these tests */
  script = SCRIPT;
  readonly #modules: string[] = [];
  readonly #clock = join(this.folder, 'clock');
  #process: ChildProcess | null = null;
  #ended: Promise<number | null> = Promise.resolve(null);

  /** @param toml - after `[station]` with data and port */
  async configure(toml: string): Promise<void> {
    const port = await freePort();
    this.address = `http://localhost:${port}/`;
    writeFileSync(
      join(this.folder, 'station.toml'),
      `[station]\ndata = "data"\nport = ${port}\nlook_every = 0.5\n${toml}`,
    );
  }

  /** Makes the clock of the station and its page wrong, from now on or from its start. @param by - milliseconds */
  moveClock(by: number): void {
    this.clockMovedBy = by;
    writeFileSync(this.#clock, String(by));
  }

  /** @param module - loaded before the station */
  startWith(module: string): void {
    this.#modules.push('--import', new URL(module, import.meta.url).href);
    this.start();
  }

  /** @param more - further arguments */
  start(...more: readonly string[]): void {
    if (this.isNobody) chownSync(this.folder, NOBODY, NOBODY);
    const clock = existsSync(this.#clock) ? ['--import', MOVED_CLOCK] : [];
    const command = [
      ...clock,
      ...this.#modules,
      this.script,
      '--config',
      join(this.folder, 'station.toml'),
      ...more,
    ];
    const child = spawn(process.execPath, command, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORTHOLE_CLOCK: this.#clock, ...(this.isNobody && { HOME: this.folder }) },
      ...(this.isNobody && { uid: NOBODY, gid: NOBODY }),
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (this.output += String(text)));
    this.#ended = new Promise((resolve) => child.once('exit', resolve));
    this.#process = child;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** @returns the exit code; null after a signal that it did not handle */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#process?.kill(signal);
    return this.#ended;
  }

  /** Waits for its own end. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Ends the browser as the system does when memory is short. @returns whether there was one */
  killBrowser(): boolean {
    const profile = `--user-data-dir=${join(this.folder, 'data', 'profile')}`;
    const pids = processes().filter(({ words }) => words.includes(profile));
    for (const { pid } of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        // It may have ended meanwhile.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    }
    return pids.length > 0;
  }

  /** Stops the processes that show pages, as a debugger or a fault of the kernel does. @returns their ids */
  freezePage(): readonly number[] {
    const profile = `--user-data-dir=${join(this.folder, 'data', 'profile')}`;
    const all = processes();
    const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
    const browsers = new Set(all.filter(({ words }) => words.includes(profile)).map(({ pid }) => pid));
    const isOurs = (pid: number | undefined): boolean =>
      pid !== undefined && (browsers.has(pid) || isOurs(parents.get(pid)));
    const pages = all.filter(({ pid, words }) => words.includes('--type=renderer') && isOurs(pid));
    for (const { pid } of pages) process.kill(pid, 'SIGSTOP');
    return pages.map(({ pid }) => pid);
  }

  /** Everything of a kind that the log holds, in the order of its numbers. */
  logged(kind: string): Record<string, unknown>[] {
    const folder = join(this.folder, 'data', 'log');
    if (!existsSync(folder)) return [];
    return (
      readdirSync(folder)
        .sort()
        // On a full disk the rest of the last line waits.
        .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .sort((one, other) => Number(one['seq']) - Number(other['seq']))
        .filter((entry) => entry['kind'] === kind)
    );
  }

  /** One of each snapshot: the last, which holds. */
  get lines(): LoggedLine[] {
    const lines = this.logged('snapshot') as unknown as LoggedLine[];
    return [...new Map(lines.map((line) => [line.id, line])).values()];
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    this.killBrowser();
    // The browser's children go on writing for a moment.
    for (let left = 50; ; left -= 1) {
      try {
        rmSync(this.folder, { recursive: true, force: true });
        return;
      } catch (error) {
        if (left === 0) throw error;
        await pause(200);
      }
    }
  }
}

interface SmallDisk {
  readonly fill: () => void;
  readonly free: () => void;
  readonly unmount: () => void;
}

/**
 * A disk of its own for the station's data, in memory, which can be filled; null if mounting one is not allowed, and
 * where there is too little memory. A browser needs about a gigabyte of it.
 */
export function smallDisk(run: StationRun): SmallDisk | null {
  if (freemem() < 6 * 2 ** 30) return null;
  const data = join(run.folder, 'data');
  mkdirSync(data);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2g', 'tmpfs', data], {
      stdio: 'ignore',
    });
  } catch {
    return null;
  }
  const filler = join(data, 'filler');
  return {
    fill: () => {
      const { bavail, bsize } = statfsSync(data);
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize - 64 * 1024));
      } catch {
        // The browser took some of it meanwhile: it is full all the same.
      }
    },
    free: () => {
      rmSync(filler, { force: true });
    },
    unmount: () => execFileSync('umount', ['-l', data]),
  };
}

interface StoredJob {
  readonly jobStatus: string;
  readonly contentSha256: string;
  readonly imageName: string;
}

/** The jobs in a station's profile. */
export async function jobsIn(run: StationRun): Promise<StoredJob[]> {
  const context = await chromium.launchPersistentContext(
    join(run.folder, 'data', 'profile'),
    browserLaunchOptions(),
  );
  try {
    const page = context.pages()[0]!;
    await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: 'empty' }));
    await page.goto(run.address);
    return await page.evaluate(
      () =>
        new Promise<StoredJob[]>((resolve, reject) => {
          const opening = indexedDB.open('porthole');
          opening.onerror = () => reject(new Error('the database can’t be opened'));
          opening.onsuccess = () => {
            const asked = opening.result.transaction('jobs').objectStore('jobs').getAll();
            asked.onsuccess = () => resolve(asked.result as StoredJob[]);
          };
        }),
    );
  } finally {
    await context.close();
  }
}
