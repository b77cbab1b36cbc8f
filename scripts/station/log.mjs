/** A station's log: a line for a person, and the same as JSON, a file a day, or more of them where much is written. */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { printable } from '../line.mjs';

const DAY = 86_400_000;
/** A full file gets a number, `station-2026-05-01.0001.jsonl`. */
const NAME = /^(station-\d{4}-\d\d-\d\d)(?:\.\d{4})?\.jsonl$/;
/** The files of so many of the newest days say what was told. */
const RECALLED = 3;
/** All files together are so many times as large as one. */
const MOST_FILES = 10;
/** Bytes at the end of a file in which its last whole line is looked for first. */
const TAIL = 65_536;
/** Bytes that wait at most for room on a full disk: the newest hours. */
const MOST_WAITING = 10_000_000;

export class Log {
  #folder;
  /** number of the last line */
  #seq;
  #day = '';
  /** how the cameras stood when that was written last; null if a snapshot was written since */
  #standings = null;
  /** lines that a full disk did not take, in order, each with its file */
  #waiting = [];

  /** @param {string} folder @param {number} keepDays @param {number} [mostMb] - megabytes of all files together */
  constructor(folder, keepDays, mostMb = 500) {
    this.#folder = folder;
    this.keepDays = keepDays;
    this.mostMb = mostMb;
    mkdirSync(folder, { recursive: true });
    this.#seq = this.#files.at(-1)?.seq ?? 0;
  }

  /** @param {string} kind @param {Record<string, unknown>} facts @param {string | null} line - for the terminal */
  write(kind, facts, line) {
    if (line !== null) console.log(line.split('\t').map(printable).join('\t'));
    const time = new Date().toISOString();
    const day = time.slice(0, 10);
    const file = join(this.#folder, `station-${day}.jsonl`);
    // After a power cut the file may end in half a line.
    const isCut = this.#day === '' && existsSync(file) && readFileSync(file).at(-1) !== 10;
    const text = `${isCut ? '\n' : ''}${JSON.stringify({ seq: ++this.#seq, time, kind, ...facts })}\n`;
    this.#waiting.push({ file, bytes: Buffer.from(text) });
    if (kind === 'snapshot') this.#standings = null;
    try {
      this.#flush();
      if (this.#rotate(file) || day !== this.#day) this.#forget();
      this.#day = day;
    } catch (error) {
      // A full disk must not end the station; the terminal has the line, and the file gets it when there is room.
      console.error(`The log can't be written: ${error.message}`);
    }
  }

  /**
   * Writes how the cameras stand, if that has changed, a snapshot was written since, or the day is another: the newest
   * days must hold it.
   *
   * @param {object[]} standings
   */
  standings(standings) {
    const text = JSON.stringify([new Date().toISOString().slice(0, 10), standings]);
    if (text === this.#standings) return;
    this.write('standings', { standings }, null);
    this.#standings = text;
  }

  /** Writes what waits; of a line that is cut off by a full disk the rest waits. */
  #flush() {
    let size = this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
    // The first may be half written.
    while (size > MOST_WAITING && this.#waiting.length > 1)
      size -= this.#waiting.splice(1, 1)[0].bytes.length;
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting;
      const handle = openSync(first.file, 'a');
      try {
        while (first.bytes.length > 0) first.bytes = first.bytes.subarray(writeSync(handle, first.bytes));
      } finally {
        closeSync(handle);
      }
      this.#waiting.shift();
    }
  }

  /**
   * Reads what was logged before a kill, from the files of the days that were written last. Lines are in the order of
   * their numbers: a clock that was set back writes into the files of earlier days.
   *
   * @returns lines of snapshots, the oldest first, of which the last one of an id holds; when something was told last,
   *   milliseconds since 1970, null for never; how the cameras stood, each time that it was told; and the lines since then
   */
  recall() {
    const files = this.#files;
    const days = [...new Set(files.map(({ name }) => dayOf(name)).reverse())].slice(0, RECALLED);
    const entries = files
      .filter(({ name }) => days.includes(dayOf(name)))
      .flatMap(({ name }) => readFileSync(join(this.#folder, name), 'utf8').split('\n'))
      .flatMap(parsed)
      .sort((one, other) => seqOf(one) - seqOf(other));
    const isSnapshot = ({ kind }) => kind === 'snapshot';
    const isStandings = ({ kind }) => kind === 'standings';
    const last = entries.findLastIndex(isStandings);
    return {
      told: entries
        .filter(isSnapshot)
        .map(({ seq: _seq, time: _time, kind: _kind, camera: _camera, ...line }) => line),
      stood: entries.filter(isStandings).map(({ standings }) => standings),
      untold: entries.slice(last + 1).filter(isSnapshot),
      lastAt: entries.length > 0 ? Date.parse(entries.at(-1).time) : null,
    };
  }

  /** In the order in which they were written, each with the number of its last line. */
  get #files() {
    return readdirSync(this.#folder)
      .filter((name) => NAME.test(name))
      .sort()
      .map((name) => ({ name, seq: lastSeqIn(join(this.#folder, name)) }))
      .sort((one, other) => one.seq - other.seq);
  }

  /** Gives a full file a number, and its name to the next one. @returns {boolean} true if it was full */
  #rotate(file) {
    if (statSync(file).size < (this.mostMb / MOST_FILES) * 2 ** 20) return false;
    const stem = file.slice(0, -'.jsonl'.length);
    const before = this.#files
      .filter(({ name }) => name.startsWith(`${basename(stem)}.`))
      .map(({ name }) => name);
    const last =
      before
        .filter((name) => name !== basename(file))
        .sort()
        .at(-1) ?? '';
    const number = Number(/\.(\d+)\.jsonl$/.exec(last)?.[1] ?? 0) + 1;
    renameSync(file, `${stem}.${String(number).padStart(4, '0')}.jsonl`);
    return true;
  }

  /** Removes files that are too old, and the oldest beyond the room they may take. */
  #forget() {
    const oldest = new Date(Date.now() - this.keepDays * DAY).toISOString().slice(0, 10);
    let left = this.mostMb * 2 ** 20;
    for (const [i, { name }] of this.#files.reverse().entries()) {
      const path = join(this.#folder, name);
      left -= statSync(path).size;
      if (name < `station-${oldest}` || (left < 0 && i > 1)) rmSync(path);
    }
  }
}

/** A line that a kill cut off says nothing. */
function parsed(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

function dayOf(name) {
  return NAME.exec(name)[1];
}

/** A line's number; 0 in logs of 1.0.0, which have none. */
function seqOf({ seq = 0 }) {
  return seq;
}

/** The number of a file's last whole line, without reading all of a large one. */
function lastSeqIn(file, most = TAIL) {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, most));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    const last = String(bytes).split('\n').flatMap(parsed).at(-1);
    if (last) return seqOf(last);
    return most < size ? lastSeqIn(file, 16 * most) : 0;
  } finally {
    closeSync(handle);
  }
}
