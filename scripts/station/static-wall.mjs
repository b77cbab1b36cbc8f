/**
 * The wall as a folder for a web server or a share: rewritten while the station works, each file in one step, so that
 * nobody reads half a file.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const WALL = 'index.html';
const DATA = 'wall.json';
/** A wall older than this is a dead station's, in milliseconds: one is written each minute, and after each batch. */
const NEXT_IN = 5 * 60_000;
const MOST_NAME = 60;

export class StaticWall {
  #settings;
  #cameras;
  #unguarded;
  #station;
  /** names of cameras of which something is new since their files were written; at the start nobody knows */
  #changed;
  #verdicts = new Map();
  /** by `performance.now`, which nobody sets back */
  #writtenAt = new Map();
  #newest = null;
  #isWriting = false;
  #isEnding = false;

  /**
   * @param {{ folder: string, pictures: boolean, reports: boolean, exports: boolean, files_every: number }} settings -
   *   of `[wall]`
   * @param {readonly string[]} names - of the cameras
   * @param {readonly ('door' | 'sandbox')[]} unguarded - what the wall warns of
   * @param {import('./station.mjs').Station} station
   */
  constructor(settings, names, unguarded, station) {
    this.#settings = settings;
    this.#unguarded = unguarded;
    this.#station = station;
    this.#cameras = [...fileNames(names)].map(([name, file]) => ({
      name,
      ...(settings.reports ? { report: `report-${file}.html` } : {}),
      ...(settings.exports
        ? { csv: `${file}.csv`, json: `${file}.json`, usable: `${file}.usable.json` }
        : {}),
    }));
    this.#changed = new Set(names);
  }

  /** A camera has a new snapshot. */
  changed(name) {
    this.#changed.add(name);
  }

  /** Writes what is new, as soon as what is being written is there. @param standings - of all cameras */
  async write(standings) {
    this.#newest = standings.filter(({ name }) => this.#cameras.some((camera) => camera.name === name));
    for (const { name, verdict } of this.#newest) {
      if (this.#verdicts.has(name) && this.#verdicts.get(name) !== verdict) this.#changed.add(name);
      this.#verdicts.set(name, verdict);
    }
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      await this.#clear();
      while (this.#newest && !this.#isEnding) {
        const cameras = this.#newest;
        this.#newest = null;
        await this.#writeWall(cameras);
        await this.#writeFiles(cameras);
      }
      this.#station.solve('wall');
    } catch (error) {
      // A page that ended is opened again, and the wall is written then.
      if (!this.#isEnding && error.code !== undefined) {
        this.#station.tell(
          'wall',
          `The wall can't be written into ${this.#settings.folder} (${error.code}). Is its disk full or gone? It is tried again each minute.`,
        );
      } else if (!this.#isEnding)
        this.#station.emit('note', `Not all of the wall could be written: ${firstLine(error)}`);
    } finally {
      this.#isWriting = false;
    }
  }

  /** Begins nothing more. */
  end() {
    this.#isEnding = true;
  }

  async #writeWall(standings) {
    const asked = {
      cameras: this.#cameras,
      data: DATA,
      nextIn: NEXT_IN,
      unguarded: this.#unguarded,
      hasPictures: this.#settings.pictures,
    };
    await this.#put(WALL, await this.#station.ask((page) => page.evaluate(wallOf, asked)));
    const written = { written_at: new Date().toISOString(), cameras: standings };
    await this.#put(DATA, `${JSON.stringify(written, null, 2)}\n`);
  }

  /** Reports and exports take long for a long history: they wait, and are written for one camera after the other. */
  async #writeFiles(standings) {
    const since = performance.now() - this.#settings.files_every * 60_000;
    const empty = new Set(standings.filter(({ latest }) => latest === null).map(({ name }) => name));
    for (const { name, ...files } of this.#cameras) {
      // One that was written before anything is judged would stand until the next turn.
      if (empty.has(name)) continue;
      if (!this.#changed.has(name) || (this.#writtenAt.get(name) ?? -Infinity) > since) continue;
      this.#changed.delete(name);
      try {
        for (const [kind, file] of Object.entries(files)) {
          if (this.#isEnding) return;
          await this.#put(file, await this.#station.ask((page) => page.evaluate(fileOf, { name, kind })));
        }
      } catch (error) {
        this.#changed.add(name);
        throw error;
      }
      this.#writtenAt.set(name, performance.now());
      if (this.#newest) return;
    }
  }

  /** Removes files that a kill left half written. */
  async #clear() {
    const { folder } = this.#settings;
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name.startsWith('.porthole-')) await rm(join(folder, name));
    }
  }

  async #put(name, text) {
    const { folder } = this.#settings;
    const half = join(folder, `.porthole-${name}`);
    await writeFile(half, text);
    await rename(half, join(folder, name));
  }
}

/**
 * A name for each camera's files that every file system and every address takes. Of cameras whose names come out alike,
 * the first has the plain one, the others have one with a hash of their name.
 *
 * @param {readonly string[]} names
 * @returns {Map<string, string>}
 */
function fileNames(names) {
  const taken = new Set([DATA.replace('.json', '')]);
  return new Map(
    names.map((name) => {
      const letters = name
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .slice(0, MOST_NAME)
        .replace(/^-|-$/g, '');
      const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
      const file = letters === '' || taken.has(letters) ? `${letters || 'camera'}-${hash}` : letters;
      taken.add(file);
      return [name, file];
    }),
  );
}

function firstLine(error) {
  return String(error.message).split('\n')[0];
}

// The rest runs in the page.

export async function wallOf(asked) {
  return (await globalThis.porthole.station()).wall(asked);
}

async function fileOf({ name, kind }) {
  const station = await globalThis.porthole.station();
  if (kind === 'usable') return station.usable(name);
  return kind === 'report' ? station.report(name) : station.results(name, kind);
}
