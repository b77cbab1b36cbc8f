/** The files of a folder of backups: those of this station, and others that have such a name. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stemOf } from './source.mjs';
import { zipTexts } from './zip-texts.mjs';

const INDEX = 'porthole.json';

/**
 * @typedef {object} BackupFile
 * @property {string} name
 * @property {number} at - by its name, milliseconds since 1970
 * @property {string | null} wrong - why it is no backup of this station; null for its own
 * @property {number} jobs
 * @property {number} events
 * @property {{ id: string, name: string }[]} cameras
 */
export class BackupFiles {
  #config;
  #identity;
  /** contents by path, size and date: a large file is read once */
  #read = new Map();

  /** @param config - of `readConfig` @param {import('./identity.mjs').Identity} identity */
  constructor(config, identity) {
    this.#config = config;
    this.#identity = identity;
  }

  /** The beginning of the names of its own files. */
  get stem() {
    return `porthole-${stemOf(this.#config.name)}-${this.#identity.id}-`;
  }

  /** Those in a folder by their names, the newest first. @returns {Promise<BackupFile[]>} none where it can't be read */
  async look(folder) {
    const named = new RegExp(`^porthole-${stemOf(this.#config.name)}-([\\da-f]{8}-)?[\\dT-]{19}Z\\.zip$`);
    const names = folder === undefined ? [] : await readdir(folder).catch(() => []);
    const read = new Map();
    const found = [];
    for (const name of names.filter((name) => named.test(name))) {
      const path = join(folder, name);
      // A share may go away between two looks.
      const facts = await stat(path).catch(() => null);
      if (!facts) continue;
      const { size, mtimeMs } = facts;
      const key = `${path} ${size} ${mtimeMs}`;
      const contents = this.#read.get(key) ?? (await contentsOf(path, size));
      // Here too, so what was wrong is read again.
      if (contents.wrong === null) read.set(key, contents);
      found.push({
        ...contents,
        name,
        at: timeOf(name),
        wrong: contents.wrong ?? this.#whyForeign(name, contents),
      });
    }
    this.#read = read;
    return found.sort((one, other) => other.at - one.at);
  }

  /** Version 1.0.0 gave neither name nor contents an id. */
  #whyForeign(name, { station }) {
    const hasId = /-[\da-f]{8}-.{24}$/.test(name);
    return station === (hasId ? this.#identity.id : null) ? null : 'of another station';
  }
}

/** Contents of a backup, or why it is none. */
export async function contentsOf(path, size) {
  const none = { station: null, cameras: [], jobs: 0, events: 0 };
  if (size === 0) return { ...none, wrong: 'empty' };
  try {
    const texts = await zipTexts(
      path,
      (name) => name === INDEX || /^cameras\/[^/]+\/events\.jsonl$/.test(name),
    );
    const { station = null, cameras } = JSON.parse(texts.get(INDEX));
    const lines = [...texts].map(([name, text]) => (name === INDEX ? 0 : text.split('\n').length - 1));
    return {
      station,
      cameras: cameras.map(({ id, name }) => ({ id, name })),
      jobs: cameras.reduce((sum, { snapshots }) => sum + snapshots, 0),
      events: lines.reduce((sum, count) => sum + count, 0),
      wrong: null,
    };
  } catch {
    return { ...none, wrong: 'broken' };
  }
}

/** Milliseconds since 1970 by a backup's name. */
function timeOf(name) {
  return Date.parse(`${name.slice(-24, -13)}${name.slice(-13, -4).replaceAll('-', ':')}`);
}

/** Those that may go when another one was made: none of the newest, and none that has more. */
export function surplus(made, others, keep) {
  return others.slice(keep - 1).filter(({ jobs, events }) => jobs <= made.jobs && events <= made.events);
}

/** Ids of cameras by name, of the newest backup that has one of that name. @param {readonly BackupFile[]} files */
export function camerasIn(files) {
  return new Map(files.toReversed().flatMap(({ cameras }) => cameras.map(({ id, name }) => [name, id])));
}

/** The backup with most of a camera; null where none has it. @param {readonly BackupFile[]} files */
export function fullest(files, cameraId) {
  const having = files.filter(({ cameras }) => cameras.some(({ id }) => id === cameraId));
  return having.toSorted((one, other) => other.jobs - one.jobs)[0] ?? null;
}
