/**
 * Tells people what they must know: each change of a verdict, silence, and each problem, once, by every way that the
 * configuration names. What could not be told is kept and tried again, also after a restart.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '../line.mjs';
import { NO_NEWS, rankOf } from './passing.mjs';

const DAY = 86_400_000;
/** Between two tries of what could not be told, in milliseconds. */
const AGAIN = 60_000;
/** The same news is told again after so long, in milliseconds. */
const NEWS_EVERY = DAY;
/** A cause that was told of the same alarm is told again after so long, in milliseconds: two may take turns. */
const CAUSE_EVERY = DAY / 4;
/** Messages that are older, or more than the number for one way, are dropped. */
const OLDEST = 3 * DAY;
const MOST_PENDING = 500;
/** Key of the message that says how many were. */
const DROPPED = 'dropped';
/** How keys of cameras' verdicts begin. */
export const VERDICT = 'verdict';
/** Verdicts that are news when they come first: of a camera that begins well nobody need hear. */
const NEWS_AT_FIRST = ['warning', 'drift', 'silent'];

/** A problem's key ends with its camera's name; `token file` has none. */
const KEY_OF_CAMERA = /^(?!token )\S+ (.+)$/;

/** Notes by a camera's name or a problem's key: objects without any field but their own. */
const NOTES = ['verdicts', 'told', 'asked', 'causes', 'problems', 'news'];
const noted = (notes) => Object.assign(Object.create(null), notes);

/**
 * @typedef {object} About
 * @property {string} key - the same for all that is told of one thing
 * @property {string} [camera] - the camera's name, if it is about one
 * @property {'critical' | 'warning'} severity - of that thing, also when it is over
 * @property {'raised' | 'over'} state
 *
 * @typedef {About & { id: string, subject: string, text: string, at: number }} Message
 * @typedef {(message: Message) => Promise<void>} Way - rejects when it could not be told
 */
export class Alerts {
  #file;
  #ways;
  #onProblem;
  #wall;
  #again;
  #state = { pending: [] };
  #counts;
  /** passes at work, and timers of the next ones, by way: one that hangs keeps no other from telling */
  #passes = new Map();
  #timers = new Map();

  /**
   * @param {string} data - the station's folder
   * @param {Record<string, Way>} ways - by name
   * @param {(sentence: string) => void} onProblem - is told what could not be told
   * @param {string | null} wall - its address, or its file where it has none; null without a wall
   * @param {number} again - milliseconds between two tries
   */
  constructor(data, ways, onProblem, wall = null, again = AGAIN) {
    this.#again = again;
    this.#file = join(data, 'alerts.json');
    this.#ways = ways;
    const none = () => new Map(Object.keys(ways).map((way) => [way, 0]));
    this.#counts = { sent: none(), failed: none() };
    this.#onProblem = onProblem;
    this.#wall = wall;
    if (existsSync(this.#file)) {
      try {
        this.#state = { ...this.#state, ...JSON.parse(readFileSync(this.#file, 'utf8')) };
      } catch {
        onProblem(`${this.#file} can't be read: what was told before is not known any more.`);
      }
    }
    for (const kind of NOTES) this.#state[kind] = noted(this.#state[kind]);
    this.#sendAll();
  }

  /** Tells by other ways from now on. @param {Record<string, Way>} ways @param {string | null} wall */
  use(ways, wall = null) {
    this.#ways = ways;
    this.#wall = wall;
    for (const counted of Object.values(this.#counts))
      for (const way of Object.keys(ways)) counted.set(way, counted.get(way) ?? 0);
    this.#sendAll();
  }

  /** Messages since the start by way, tries that failed, and how many wait. */
  get counts() {
    return { ...this.#counts, waiting: this.#state.pending.length };
  }

  /** Problems that were told and are not over, by key: over a restart too. */
  get problems() {
    return Object.entries(this.#state.problems);
  }

  /** The verdict that was told last of each camera, and when, in milliseconds since 1970. */
  get told() {
    const { verdicts, told } = this.#state;
    return Object.fromEntries(
      Object.entries(told).map(([name, at]) => [name, { verdict: verdicts[name], at }]),
    );
  }

  /**
   * Tells of each camera whose verdict is another one than was told last or that asks another question, and of an alarm
   * that came and went since then, or that stands and has another cause or is to be told again.
   */
  standings(standings) {
    for (const { name, verdict, isNews, word, told, asks, passed, reminder } of standings) {
      const before = this.#state.verdicts[name];
      if (NO_NEWS.includes(verdict) || !isNews) continue;
      if (
        passed &&
        before !== undefined &&
        rankOf(passed.verdict) > Math.max(rankOf(before), rankOf(verdict))
      )
        this.#add(
          aboutVerdict('passed', name, passed.verdict, 'over'),
          `${name}: ${passed.word}`,
          passed.told,
        );
      const isSame = verdict === before;
      const isPressing = rankOf(verdict) > 0;
      const causes = isSame ? this.#state.causes[name] : [];
      const asksMore = asks && asks !== this.#state.asked[name];
      const isNew = !isSame || asksMore || reminder || (isPressing && isOther(causes, word));
      // An earlier version has not noted when it told an alarm, nor of which cause.
      const isUnnoted = isPressing && (this.#state.told[name] === undefined || causes === undefined);
      if (!isNew && !isUnnoted) continue;
      const at = Date.now();
      this.#state.verdicts[name] = verdict;
      this.#state.told[name] = at;
      this.#state.causes[name] = [...(causes ?? []).filter((cause) => cause.word !== word), { word, at }];
      if (asksMore) this.#state.asked[name] = asks;
      this.#keep();
      if (!isNew) continue;
      const isOver = !NEWS_AT_FIRST.includes(verdict);
      if (before === undefined && isOver) continue;
      const sentence = [told, asks, asks && this.#wall].filter(Boolean).join(' ');
      const about = isOver
        ? aboutVerdict(VERDICT, name, before, 'over')
        : aboutVerdict(VERDICT, name, verdict, 'raised');
      this.#add(about, `${name}: ${reminder ?? word}`, sentence);
    }
  }

  /** Tells something that is over already, at most once a day. */
  news(key, sentence) {
    if (Date.now() - (this.#state.news[key] ?? -Infinity) < NEWS_EVERY) return;
    this.#state.news[key] = Date.now();
    this.#add(aboutProblem(key, 'over'), subjectOf(sentence), sentence);
  }

  problem(key, sentence) {
    if (this.#state.problems[key] !== undefined) return;
    this.#state.problems[key] = sentence;
    this.#add(aboutProblem(key, 'raised'), subjectOf(sentence), sentence);
  }

  solved(key) {
    const sentence = this.#state.problems[key];
    if (sentence === undefined) return;
    const others = Object.entries(this.#state.problems).filter(([other]) => other !== key);
    this.#state.problems = noted(Object.fromEntries(others));
    this.#add(aboutProblem(key, 'over'), `Over: ${subjectOf(sentence)}`, `This is over: ${sentence}`);
  }

  /** Sends one message of each kind by each way. @returns {Promise<string[]>} what could not be sent */
  async test() {
    const about = { key: 'test', severity: 'warning', state: 'raised' };
    const ofCamera = { ...about, camera: 'Pier camera' };
    const examples = [
      [
        ofCamera,
        'Test: Pier camera: Clean the lens',
        'A verdict that changed comes like this, with what to do.',
      ],
      [
        ofCamera,
        'Test: Pier camera: silent',
        'A camera that has sent nothing for longer than usual comes like this.',
      ],
      [about, 'Test: the disk is full', 'A problem of the station comes like this, with what to do.'],
      [{ ...about, state: 'over' }, 'Test: over', 'What is over comes like this.'],
    ];
    const failed = [];
    for (const [name, way] of Object.entries(this.#ways)) {
      for (const example of examples) {
        await way({ ...messageOf(...example), id: 'test' }).catch((error) =>
          failed.push(`${name}: ${error.message}`),
        );
      }
    }
    return failed;
  }

  /** Ends after what is being sent. */
  async end() {
    await Promise.all(this.#passes.values());
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** @param {About} about */
  #add(about, subject, text) {
    for (const way of Object.keys(this.#ways))
      this.#state.pending.push({ way, ...messageOf(about, subject, text) });
    this.#keep();
    this.#sendAll();
  }

  #sendAll() {
    const { pending } = this.#state;
    this.#state.pending = pending.filter(({ way }) => this.#ways[way]);
    for (const way of Object.keys(this.#ways)) this.#send(way);
  }

  /** Sends what waits for a way; a pass at work takes what comes meanwhile. */
  #send(way) {
    if (this.#passes.has(way)) return;
    clearTimeout(this.#timers.get(way));
    this.#passes.set(
      way,
      Promise.resolve().then(() => this.#pass(way)),
    );
  }

  /** Ends with the first try that fails: the next one would fail as slowly. */
  async #pass(way) {
    for (let message = this.#next(way); message; message = this.#next(way)) {
      try {
        await this.#ways[way](message);
        this.#count('sent', message);
        this.#state.pending = this.#state.pending.filter((other) => other !== message);
        this.#keep();
      } catch (error) {
        message.tries = (message.tries ?? 0) + 1;
        this.#count('failed', message);
        this.#onProblem(`${way} could not be reached and is tried again: ${error.message}`);
        this.#timers.set(way, setTimeout(() => this.#send(way), this.#again).unref());
        break;
      }
    }
    this.#passes.delete(way);
  }

  /** The message that is due: of each thing the oldest, and of these what failed least, so that none keeps others back. */
  #next(way) {
    this.#drop(way);
    const keys = new Set();
    const oldest = this.#state.pending.filter(
      (message) => message.way === way && !keys.has(message.key) && keys.add(message.key),
    );
    return oldest.sort((one, other) => (one.tries ?? 0) - (other.tries ?? 0))[0];
  }

  /** Gives up what is too old or too much, and puts how many these were in its place. */
  #drop(way) {
    const said = this.#state.pending.find((message) => message.way === way && message.key === DROPPED);
    const waiting = this.#state.pending.filter((message) => message.way === way && message !== said);
    const surplus = waiting.length - MOST_PENDING;
    const dropped = waiting.filter(({ at }, i) => i < surplus || Date.now() - at >= OLDEST);
    if (dropped.length === 0) return;
    this.#onProblem(`${way} was told nothing of this: ${dropped.map(({ subject }) => subject).join('; ')}`);
    const count = dropped.length + (said?.count ?? 0);
    const message = messageOf(
      aboutProblem(DROPPED, 'over'),
      `${count === 1 ? '1 alert was' : `${count} alerts were`} dropped`,
      `They could not be sent here for ${OLDEST / DAY} days, or more than ${MOST_PENDING} waited. The station's log names them.`,
    );
    this.#state.pending = this.#state.pending.filter((other) => other !== said && !dropped.includes(other));
    this.#state.pending.push({ way, count, ...message });
    this.#keep();
  }

  #count(what, { way }) {
    this.#counts[what].set(way, this.#counts[what].get(way) + 1);
  }

  #keep() {
    try {
      // In one step: a file that is half written would forget what was told.
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#state));
      renameSync(`${this.#file}.new`, this.#file);
    } catch (error) {
      this.#onProblem(`${this.#file} can't be written: ${error.message}`);
    }
  }
}

/** @param causes - of an alarm, the one told last at the end */
function isOther(causes = [], word) {
  const last = causes.at(-1);
  const same = causes.find((cause) => cause.word === word);
  return last !== undefined && last !== same && Date.now() - (same?.at ?? -Infinity) >= CAUSE_EVERY;
}

/** @returns {About} */
function aboutVerdict(kind, camera, verdict, state) {
  return { key: `${kind} ${camera}`, camera, severity: verdict === 'drift' ? 'critical' : 'warning', state };
}

/** @returns {About} */
function aboutProblem(key, state) {
  return { key, camera: KEY_OF_CAMERA.exec(key)?.[1], severity: 'warning', state };
}

/** @param {About} about @returns {Message} */
function messageOf(about, words, text) {
  const at = Date.now();
  // A subject is a line of a mail's head, and stands in the environment of a command.
  const subject = printable(words);
  return { ...about, id: `${at}-${subject}`, subject, text, at };
}

/** The first sentence, without what stands in brackets. */
function subjectOf(sentence) {
  return sentence.split(/\. | \(/)[0];
}
