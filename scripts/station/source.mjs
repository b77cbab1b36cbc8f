/** Fetches the pictures of cameras from their snapshot addresses into folders, which the station follows as any other. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { authorizationFor } from './http-auth.mjs';

const DAY = 86_400_000;
/** Between two tries after a failure, in milliseconds, or `every` if that is less; doubled up to the second. */
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 10 * 60_000;
/** Between two looks for pictures that are old enough to go. */
const CLEAR_EVERY = 3_600_000;
const LONGEST_SLEEP = 60_000;
const MOST_BYTES = 32 * 2 ** 20;
/** Bytes at a JPEG's end among which its last marker stands: some cameras fill up the last block. */
const TAIL = 4096;
/** Megabytes that stay free, for logs and alerts. */
const LEAST_ROOM = 100;
const NAME = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)Z?-(.+)\.jpg$/;
const [JPEG, JPEG_END] = [Buffer.from('ffd8ff', 'hex'), Buffer.from('ffd9', 'hex')];

/** A sentence's end for a person: no picture came because of it. `isLasting`: until that person has done something. */
class NoPicture extends Error {
  constructor(message, isLasting = false) {
    super(message);
    this.isLasting = isLasting;
  }
}

/** All cameras with an address. */
export class Sources {
  #station;
  /** by the camera's name */
  #followed = new Map();

  /** @param {import('./station.mjs').Station} station - is told what is wrong, and knows which pictures it has scored */
  constructor(station) {
    this.#station = station;
  }

  /** Follows the cameras with an address, and no others any more. @param cameras - of `readConfig` */
  follow(cameras) {
    const asked = new Map(cameras.filter(({ fetch }) => fetch).map((camera) => [camera.name, camera]));
    for (const [name, { source, settings }] of this.#followed) {
      // One that fails may have been put right.
      if (JSON.stringify(asked.get(name)) === settings && !source.isFailing) continue;
      source.end();
      this.#followed.delete(name);
    }
    for (const key of this.#station.problems.keys()) {
      const [, name] = /^(?:source|frozen) (.+)$/.exec(key) ?? [];
      if (name !== undefined && !asked.has(name)) this.#station.solve(key);
    }
    for (const [name, camera] of asked) {
      if (this.#followed.has(name)) continue;
      const source = new Source(camera, this.#station);
      this.#followed.set(name, { source, settings: JSON.stringify(camera) });
      void source.run();
    }
  }

  end() {
    for (const { source } of this.#followed.values()) source.end();
  }
}

/** One camera's address. */
class Source {
  #camera;
  #station;
  #stem;
  #end = new AbortController();
  #etag = null;
  /** the picture that came last: its hash, when it came first, and how often it came since */
  #last = { hash: null, at: null, times: 0 };
  #failures = { count: 0, since: 0, why: '' };
  /** by `performance.now`, which nobody sets back */
  #clearedAt = -Infinity;

  /** @param camera - of `readConfig` @param {import('./station.mjs').Station} station */
  constructor(camera, station) {
    this.#camera = camera;
    this.#station = station;
    this.#stem = stemOf(camera.name);
    try {
      // The station looks into it before the first picture has come.
      mkdirSync(camera.folder, { recursive: true });
    } catch {
      // That is told with the first picture.
    }
  }

  /** Works until `end`. */
  async run() {
    await this.#recall();
    // A station that is started again and again asks no more often.
    let wait = this.#regular(this.#last.at === null ? Infinity : Math.abs(Date.now() - this.#last.at));
    while (await this.#sleep(wait)) {
      const began = performance.now();
      const failure = await this.#try();
      const regular = this.#regular(performance.now() - began);
      wait = failure === null ? regular : this.#backOff(failure, regular);
    }
  }

  end() {
    this.#end.abort();
  }

  get isFailing() {
    return this.#failures.count > 0;
  }

  /** Fetches once and tells how it went. @returns {Promise<NoPicture | null>} */
  async #try() {
    const { name, fetch } = this.#camera;
    const failures = this.#failures;
    try {
      const { bytes, etag } = await pictureOf(fetch, this.#etag, this.#end.signal);
      if (bytes === null || hashOf(bytes) === this.#last.hash) this.#mindFrozen();
      else await this.#keep(bytes, Date.now());
      this.#etag = etag;
      failures.count = 0;
      this.#station.solve(`source ${name}`);
      await this.#clear();
      return null;
    } catch (error) {
      if (this.#end.signal.aborted) return null;
      const failure = asNoPicture(error);
      const { message: why, isLasting } = failure;
      if (failures.count === 0) failures.since = performance.now();
      if (failures.count === 0 || failures.why !== why)
        this.#station.emit('note', `${name}: no picture from ${fetch.shown}: ${why}. It is tried again.`);
      Object.assign(failures, { count: failures.count + 1, why });
      if (isLasting || performance.now() - failures.since >= fetch.patience * 60_000) {
        const last = this.#last.at === null ? '' : ` The last one came ${utcMinute(this.#last.at)}.`;
        this.#station.tell(
          `source ${name}`,
          `${name}: no picture comes from ${fetch.shown}: ${why}.${last} It is tried again and again.`,
        );
      }
      return failure;
    }
  }

  #mindFrozen() {
    const { name, fetch } = this.#camera;
    this.#last.times += 1;
    const { at, times } = this.#last;
    if (times !== fetch.frozen_after) return;
    this.#station.tell(
      `frozen ${name}`,
      `${name}: frozen source: ${fetch.shown} has sent the same picture since ${utcMinute(at)}, ${times} times by now. Nothing of it is scored again. Start the camera again, or what sends its pictures.`,
    );
  }

  /** Keeps a picture that is another one than before, whole or not at all. */
  async #keep(bytes, at) {
    const { name, folder, fetch } = this.#camera;
    const time = new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
    const stem = `${time}${fetch.zone}-${this.#stem}`;
    let file = `${stem}.jpg`;
    // A clock that was set back, or two in one second.
    for (let i = 2; existsSync(join(folder, file)); i += 1) file = `${stem}-${i}.jpg`;
    const half = join(folder, `.${file}.part`);
    try {
      await mkdir(folder, { recursive: true });
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < LEAST_ROOM * 2 ** 20) throw new NoPicture(`the disk of ${folder} is full`);
      await writeFile(half, bytes, { flush: true });
      await rename(half, join(folder, file));
    } catch (error) {
      await rm(half, { force: true }).catch(() => undefined);
      throw error instanceof NoPicture ? error : new NoPicture(`${folder} can't be written (${error.code})`);
    }
    this.#last = { hash: hashOf(bytes), at, times: 1 };
    this.#station.solve(`frozen ${name}`);
  }

  /** The picture that came last before the start; halves that a kill left go. */
  async #recall() {
    const { folder } = this.#camera;
    try {
      const names = (await readdir(folder)).sort();
      for (const name of names)
        if (/^\..*\.part$/.test(name) && this.#timeOf(name.slice(1, -5)) !== null)
          await rm(join(folder, name));
      const newest = names.findLast((name) => this.#timeOf(name) !== null);
      if (newest === undefined) return;
      const hash = hashOf(await readFile(join(folder, newest)));
      this.#last = { hash, at: this.#timeOf(newest), times: 1 };
    } catch {
      // That is told with the next picture.
    }
  }

  /** Removes pictures that were kept long enough and are scored. */
  async #clear() {
    const { name, folder, fetch } = this.#camera;
    if (performance.now() - this.#clearedAt < CLEAR_EVERY) return;
    this.#clearedAt = performance.now();
    const oldest = Date.now() - fetch.keep_days * DAY;
    for (const file of await readdir(folder).catch(() => [])) {
      const [at, path] = [this.#timeOf(file), join(folder, file)];
      if (at !== null && at < oldest && this.#station.isTaken(name, path))
        await rm(path, { force: true }).catch(() => undefined);
    }
  }

  /** When a picture of this source came, milliseconds since 1970; null for any other file. */
  #timeOf(file) {
    const [, year, month, day, hour, minute, second, stem] = NAME.exec(file) ?? [];
    if (stem !== this.#stem && stem?.replace(/-\d+$/, '') !== this.#stem) return null;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /** Milliseconds until the next fetch of a camera that is well. @param since - milliseconds since the last one */
  #regular(since) {
    const { every, at } = this.#camera.fetch;
    if (at === null) return every * 1000 - since;
    const now = Date.now() % DAY;
    return Math.min(...at.map((time) => ((time - now + DAY - 1) % DAY) + 1));
  }

  /** A camera may lock out who gives a wrong password again and again. */
  #backOff({ isLasting }, regular) {
    const { every, at } = this.#camera.fetch;
    if (isLasting) return Math.max(LONGEST_WAIT, regular);
    const first = Math.min(FIRST_WAIT, (every ?? Infinity) * 1000);
    const wait = Math.min(first * 2 ** Math.min(this.#failures.count - 1, 20), LONGEST_WAIT);
    return at === null ? wait : Math.min(wait, regular);
  }

  /** Waits in parts, since the clock may be set right meanwhile. @returns false if it was ended */
  async #sleep(wait) {
    const { signal } = this.#end;
    const [steady, clock] = [performance.now() + wait, Date.now() + wait];
    const left = () =>
      Math.min(steady - performance.now(), this.#camera.fetch.at ? clock - Date.now() : Infinity);
    while (!signal.aborted && left() > 0)
      await pause(Math.min(left(), LONGEST_SLEEP), undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }
}

/**
 * @param fetch - of `readConfig`
 * @param {string | null} known - the ETag of the picture before
 * @param {AbortSignal} end - gives up
 * @returns {Promise<{ bytes: Buffer | null, etag: string | null }>} `bytes`: null if it is the picture before
 */
async function pictureOf({ address, timeout, user, ...secret }, known, end) {
  const request = new AbortController();
  const giveUp = () => request.abort();
  const timer = setTimeout(giveUp, timeout * 1000);
  end.addEventListener('abort', giveUp);
  const headers = { accept: 'image/jpeg, */*;q=0.1', ...(known !== null && { 'if-none-match': known }) };
  // A password is not meant for another place.
  const options = { headers, signal: request.signal, redirect: 'manual' };
  try {
    const password = passwordOf(secret);
    const url = filled(address, user, password);
    let answer = await fetch(url, options);
    if (answer.status === 401 && password !== null) {
      await answer.body?.cancel();
      const challenges = answer.headers.get('www-authenticate') ?? '';
      const authorization = authorizationFor(challenges, { user, password }, `${url.pathname}${url.search}`);
      if (authorization === null)
        throw new NoPicture('it asks for a password by another way than Basic and Digest', true);
      answer = await fetch(url, { ...options, headers: { ...headers, authorization } });
    }
    if (answer.status === 304 && known !== null) return { bytes: null, etag: known };
    return { bytes: await pictureIn(answer, password !== null), etag: answer.headers.get('etag') };
  } catch (error) {
    if (request.signal.aborted) throw new NoPicture(`it did not answer in full within ${timeout} s`);
    throw error;
  } finally {
    clearTimeout(timer);
    end.removeEventListener('abort', giveUp);
    request.abort();
  }
}

/** The camera's part of a picture's name. */
export function stemOf(name) {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
  return letters.replace(/[^A-Z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'CAMERA';
}

/** @throws NoPicture for an answer that is no whole picture */
async function pictureIn(answer, hasPassword) {
  const { status, headers, body } = answer;
  if (status === 401 && hasPassword) throw new NoPicture('it refuses user or password (401)', true);
  if (status === 401) throw new NoPicture('it asks for a password (401)', true);
  if (status !== 200) throw new NoPicture(`it answers ${status}`);
  const [type] = /^[\w.+-]+\/[\w.+-]+/.exec(headers.get('content-type') ?? '') ?? ['no type'];
  if (type.startsWith('multipart/'))
    throw new NoPicture(`it sends a film (${type}) and no single pictures`, true);
  const parts = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > MOST_BYTES) throw new NoPicture(`it sends more than ${MOST_BYTES / 2 ** 20} MB`);
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  if (!bytes.subarray(0, JPEG.length).equals(JPEG))
    throw new NoPicture(`it sends no JPEG (${type}, ${size} bytes)`);
  if (!bytes.subarray(-TAIL).includes(JPEG_END)) throw new NoPicture('it sends pictures without their end');
  return bytes;
}

/** Read each time, so that a new password holds at once. @returns null without one */
function passwordOf({ password_file: file, password_env: variable }) {
  if (variable !== undefined) return process.env[variable] ?? '';
  if (file === undefined) return null;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new NoPicture(`${file} can't be read (${error.code})`, true);
  }
}

/** An address may ask for user and password in its query. */
function filled(address, user = '', password) {
  const given = { user, password: password ?? '' };
  return new URL(address.replace(/\{(user|password)\}/g, (_, key) => encodeURIComponent(given[key])));
}

/** Messages of others may repeat an address, with a password in it. */
function asNoPicture(error) {
  if (error instanceof NoPicture) return error;
  if (error.message === 'terminated')
    return new NoPicture('it ends the connection in the middle of its answer');
  const code = error.cause?.code ?? error.code;
  return new NoPicture(`it can't be reached (${code ?? error.name})`);
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('base64');
}

function utcMinute(at) {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
