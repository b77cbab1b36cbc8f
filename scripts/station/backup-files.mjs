/** The files of a folder of backups: those of this station, and others that have such a name. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stemOf } from './source.mjs';
import { zipTexts } from './zip-texts.mjs';

const INDEX = 'porthole.json';
/** Their rows of a camera are counted, as its jobs are. */
const STORES = ['references', 'events', 'calibrations', 'spansByHand'];

/**
 * @typedef {object} BackupFile
 * @property {string} name
 * @property {number} at - by its name, milliseconds since 1970
 * @property {string | null} wrong - why it is no backup of this station; null for its own
 * @property {{ id: string, name: string, counts: number[] }[]} cameras - `counts`: of its jobs, then of each of STORES
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
  const none = { station: null, cameras: [] };
  if (size === 0) return { ...none, wrong: 'empty' };
  try {
    const texts = await zipTexts(
      path,
      (name) => name === INDEX || STORES.some((store) => name.endsWith(`/${store}.jsonl`)),
    );
    const { station = null, cameras } = JSON.parse(texts.get(INDEX));
    const countIn = (folder, store) => (texts.get(`${folder}/${store}.jsonl`) ?? '').split('\n').length - 1;
    return {
      station,
      cameras: cameras.map(({ id, name, folder, snapshots }) => ({
        id,
        name,
        counts: [snapshots, ...STORES.map((store) => countIn(folder, store))],
      })),
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

/** The name of the file with a backup's SHA-256, as `sha256sum -c` reads it. */
export function sumNameOf(name) {
  return `${name}.sha256`;
}

/** SHA-256 of a file as it is on the disk, in hex. */
export async function sha256Of(path) {
  // Else the system answers from memory. Only GNU's dd can drop a file from there.
  await promisify(execFile)('dd', [`if=${path}`, 'iflag=nocache', 'count=0']).catch(() => undefined);
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest('hex');
}

/** True if a backup is on the disk as it was written. False without a checksum: 2.0.0 and earlier made none. */
export async function isWhole(path) {
  try {
    const sum = await readFile(sumNameOf(path), 'utf8');
    return sum.startsWith(await sha256Of(path));
  } catch {
    return false;
  }
}

/**
 * Those that may go when another one was made: none of the newest, and none with a camera of which no newer, whole one
 * has as much. A camera is known by its id.
 *
 * @param {BackupFile} made - was just read back
 * @param {readonly BackupFile[]} others - newest first
 * @param {number} keep - how many stay in any case
 * @param {(file: BackupFile) => Promise<boolean>} isWhole - reads a whole file, so it is asked at most once for each
 * @returns {Promise<BackupFile[]>}
 */
export async function surplus(made, others, keep, isWhole) {
  const files = [made, ...others];
  const whole = new Map([[made, true]]);
  const isIn = async ({ id, counts }, newer) => {
    for (const file of newer) {
      const same = file.cameras.find((camera) => camera.id === id);
      if (!same || counts.some((count, i) => count > same.counts[i])) continue;
      if (!whole.has(file)) whole.set(file, await isWhole(file));
      if (whole.get(file)) return true;
    }
    return false;
  };
  const going = [];
  for (let i = keep; i < files.length; i += 1) {
    let isSpare = true;
    for (const camera of files[i].cameras) isSpare &&= await isIn(camera, files.slice(0, i));
    if (isSpare) going.push(files[i]);
  }
  return going;
}

/** Ids of cameras by name, of the newest backup that has one of that name. @param {readonly BackupFile[]} files */
export function camerasIn(files) {
  return new Map(files.toReversed().flatMap(({ cameras }) => cameras.map(({ id, name }) => [name, id])));
}

/** The backup with most jobs of a camera; null where none has it. @param {readonly BackupFile[]} files */
export function fullest(files, cameraId) {
  const jobsIn = ({ cameras }) => cameras.find(({ id }) => id === cameraId)?.counts[0] ?? -1;
  const having = files.filter((file) => jobsIn(file) >= 0);
  return having.toSorted((one, other) => jobsIn(other) - jobsIn(one))[0] ?? null;
}
