/** A station's log: a line for a person, and the same as JSON, a file a day. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { printable } from '../line.mjs';

const DAY = 86_400_000;
const NAME = /^station-\d{4}-\d\d-\d\d\.jsonl$/;
/** So many of the newest files say what was told. */
const RECALLED = 3;
/** Bytes that wait at most for room on a full disk: the newest hours. */
const MOST_WAITING = 10_000_000;

export class Log {
  #folder;
  #keepDays;
  #day = '';
  /** lines that a full disk did not take, in order, each with its file */
  #waiting = [];

  /** @param {string} folder @param {number} keepDays */
  constructor(folder, keepDays) {
    this.#folder = folder;
    this.#keepDays = keepDays;
    mkdirSync(folder, { recursive: true });
  }

  /** @param {string} kind @param {Record<string, unknown>} facts @param {string | null} line - for the terminal */
  write(kind, facts, line) {
    if (line !== null) console.log(line.split('\t').map(printable).join('\t'));
    const time = new Date().toISOString();
    const day = time.slice(0, 10);
    const file = join(this.#folder, `station-${day}.jsonl`);
    // After a power cut the file may end in half a line.
    const isCut = this.#day === '' && existsSync(file) && readFileSync(file).at(-1) !== 10;
    const text = `${isCut ? '\n' : ''}${JSON.stringify({ time, kind, ...facts })}\n`;
    this.#waiting.push({ file, bytes: Buffer.from(text) });
    try {
      this.#flush();
      if (day !== this.#day) this.#forget();
      this.#day = day;
    } catch (error) {
      // A full disk must not end the station; the terminal has the line, and the file gets it when there is room.
      console.error(`The log can't be written: ${error.message}`);
    }
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
   * Reads what was logged before a kill, from the newest files.
   *
   * @returns lines of snapshots, the oldest first, of which the last one of an id holds; when something was told last,
   *   milliseconds since 1970, null for never; how the cameras stood, each time that it was told; and the lines since then
   */
  recall() {
    const entries = readdirSync(this.#folder)
      .filter((name) => NAME.test(name))
      .sort()
      .slice(-RECALLED)
      .flatMap((name) => readFileSync(join(this.#folder, name), 'utf8').split('\n'))
      .flatMap(parsed);
    const isSnapshot = ({ kind }) => kind === 'snapshot';
    const isStandings = ({ kind }) => kind === 'standings';
    const last = entries.findLastIndex(isStandings);
    return {
      told: entries.filter(isSnapshot).map(({ time: _time, kind: _kind, camera: _camera, ...line }) => line),
      stood: entries.filter(isStandings).map(({ standings }) => standings),
      untold: entries.slice(last + 1).filter(isSnapshot),
      lastAt: entries.length > 0 ? Date.parse(entries.at(-1).time) : null,
    };
  }

  #forget() {
    const oldest = new Date(Date.now() - this.#keepDays * DAY).toISOString().slice(0, 10);
    for (const name of readdirSync(this.#folder)) {
      if (NAME.test(name) && name < `station-${oldest}`) rmSync(join(this.#folder, name));
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
