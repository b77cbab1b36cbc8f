/**
 * One process at a time works on a shard. `lease-N.json` in the shard's working folder says which one, and is written
 * again every two seconds while that process lives. A lease that is two minutes old is taken over by creating the file
 * with the next number, which only one process can. The unfinished shard is renamed with it, to `work-N`: a process that
 * was suspended and lost its lease finds no file to write to.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds. */
const EXPIRES_AFTER = 120_000;
const RENEW_EVERY = 2_000;
const LOOK_EVERY = 250;

const LEASE = /^lease-(\d{1,9})\.json$/;
const WORK = /^work-(\d{1,9})$/;
/** Its date is the file system's time, by which leases are judged: clocks of two machines differ. */
const CLOCK = 'clock';
const leaseName = (number) => `lease-${number}.json`;
const workName = (number) => `work-${number}`;

/**
 * @typedef {object} Held a lease as it was found
 * @property {number} number
 * @property {number} renewed - by the file system's clock, milliseconds since 1970
 * @property {string} holder - who has it: `process 12 on buoy`
 * @property {string | null} since - when it was taken by the holder's clock, ISO 8601; null if the file does not say
 * @property {number | null} process - its id if it is of this machine, else null
 */

export class Lease {
  #part;
  #number;
  #content;

  /**
   * Takes the lease of a shard. Waits while the holder gives no sign of life and its lease has not expired.
   *
   * @param {string} part - the shard's working folder, which is made if it is missing
   * @param {(seconds: number, of: number) => void} onWait
   * @returns {Promise<Lease | Held>} who else is at work, if it is not to be had
   */
  static async take(part, onWait) {
    const began = performance.now();
    for (let first = null; ;) {
      mkdirSync(part, { recursive: true });
      const names = namesIn(part);
      const held = leaseIn(part, names);
      first ??= held;
      const isRenewed = held && (held.number !== first.number || held.renewed !== first.renewed);
      // A lease without its text is being written.
      if (isRenewed && held.since !== null) return held;
      // The file system's clock may have been set back since.
      const age = Math.max(timeIn(part) - (held?.renewed ?? 0), performance.now() - began);
      if (held && !hasEnded(held) && age < EXPIRES_AFTER) {
        onWait(Math.round(age / 1000), EXPIRES_AFTER / 1000);
        await wait(LOOK_EVERY);
        continue;
      }
      // The number follows from the names that were judged, so that a faster process has the same one.
      const lease = create(part, 1 + Math.max(newest(names, LEASE), newest(names, WORK)));
      if (lease) return lease;
    }
  }

  constructor(part, number, content) {
    this.#part = part;
    this.#number = number;
    this.#content = content;
    setInterval(() => this.#renew(), RENEW_EVERY).unref();
  }

  /** The folder that only the holder of this lease writes to. */
  get work() {
    return join(this.#part, workName(this.#number));
  }

  /** @throws Error when another process has taken it over */
  check() {
    const isNewest = newest(namesIn(this.#part), LEASE) === this.#number;
    if (isNewest && contentOf(this.#path) === this.#content) return;
    const next = leaseIn(this.#part);
    const why = next
      ? `expired, and ${next.holder} took it over`
      : 'is gone: another process took it over, or its file was removed';
    throw new Error(`the lease of this process ${why}. Nothing more was written.`);
  }

  /** Makes what the process before left its own, and removes what nobody can use. */
  takeWork() {
    this.check();
    const last = newest(namesIn(this.#part), WORK);
    if (last > 0 && last < this.#number) renameSync(join(this.#part, workName(last)), this.work);
    for (const name of namesIn(this.#part)) {
      const isOthers = name === CLOCK || LEASE.test(name) || numberIn(name, WORK) >= this.#number;
      if (!isOthers) rmSync(join(this.#part, name), { recursive: true, force: true });
    }
  }

  /** Gives it up, at the end of the process too. */
  release() {
    try {
      if (contentOf(this.#path) !== this.#content) return;
      rmSync(this.#path);
      rmSync(join(this.#part, CLOCK), { force: true });
      rmdirSync(this.#part);
    } catch {
      // An unfinished shard stays, and a lease that can't be removed expires.
    }
  }

  get #path() {
    return join(this.#part, leaseName(this.#number));
  }

  #renew() {
    try {
      this.check();
      // A file that was removed in between is not made again.
      const file = openSync(this.#path, 'r+');
      writeSync(file, this.#content, 0);
      closeSync(file);
    } catch {
      // The next write to the shard says so.
    }
  }
}

/** @returns {Held | null} the newest lease in a shard's working folder */
export function leaseIn(part, names = namesIn(part)) {
  const number = newest(names, LEASE);
  if (number === 0) return null;
  try {
    // A network file system asks its server when a file is opened.
    const file = openSync(join(part, leaseName(number)), 'r');
    const renewed = fstatSync(file).mtimeMs;
    const content = readFileSync(file, 'utf8');
    closeSync(file);
    return { number, renewed, ...holderIn(content) };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** It may be read before it is written, or be anybody's text. */
function holderIn(content) {
  try {
    const { host, processes, process: id, since } = JSON.parse(content);
    if (/^[\w.-]{1,255}$/.test(host) && Number.isInteger(id) && /^[\dTZ:.-]{10,30}$/.test(since))
      return { holder: `process ${id} on ${host}`, since, process: processes === processSpace() ? id : null };
  } catch {
    // Said below.
  }
  return { holder: 'another process', since: null, process: null };
}

/** @returns {Lease | null} null when another process was first */
function create(part, number) {
  const path = join(part, leaseName(number));
  const content = JSON.stringify({
    host: hostname(),
    process: process.pid,
    processes: processSpace(),
    since: new Date().toISOString(),
    token: randomUUID(),
  });
  try {
    writeFileSync(path, content, { flag: 'wx' });
  } catch (error) {
    if (error.code === 'EEXIST' || error.code === 'ENOENT') return null;
    throw error;
  }
  const names = namesIn(part);
  const last = newest(names, LEASE);
  // One that is not the newest was created so late that others have had this number and the next.
  for (const name of names) {
    if (LEASE.test(name) && numberIn(name, LEASE) < last) rmSync(join(part, name), { force: true });
  }
  return last === number ? new Lease(part, number, content) : null;
}

/** @returns {boolean} true if the holder is known to have ended */
function hasEnded({ process: id }) {
  if (id === null) return false;
  // An earlier container's process may have had this one's number.
  if (id === process.pid) return true;
  try {
    process.kill(id, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Names the space of process numbers that this process is in: a start of a system, and a container of it. */
function processSpace() {
  try {
    const start = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${start} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Milliseconds since 1970 by the clock of the folder's file system. */
function timeIn(part) {
  const clock = join(part, CLOCK);
  try {
    writeFileSync(clock, '.');
    return statSync(clock).mtimeMs;
  } catch (error) {
    // The holder has just removed its lease and the folder.
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

function namesIn(part) {
  try {
    return readdirSync(part);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

/** @returns {number} 0 if there is none */
function newest(names, pattern) {
  return Math.max(0, ...names.map((name) => numberIn(name, pattern)));
}

function numberIn(name, pattern) {
  return Number(pattern.exec(name)?.[1] ?? 0);
}

/** @returns {string | null} null for a file that is gone */
function contentOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
