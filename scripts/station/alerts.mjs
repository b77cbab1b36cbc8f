/**
 * Tells people what they must know: each change of a verdict, silence, and each problem, once, by every way that the
 * configuration names. What could not be told is kept and tried again, also after a restart.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '../line.mjs';
import { NO_NEWS, rankOf } from './passing.mjs';

/** Between two tries of what could not be told, in milliseconds. */
const AGAIN = 60_000;
/** The same news is told again after so long, in milliseconds. */
const NEWS_EVERY = 86_400_000;
/** Messages that are older, or exceed the number, are given up. */
const OLDEST = 3 * 86_400_000;
const MOST_PENDING = 200;
/** Verdicts that are news when they come first: of a camera that begins well nobody need hear. */
const NEWS_AT_FIRST = ['warning', 'drift', 'silent'];

/** Notes by a camera's name or a problem's key: objects without any field but their own. */
const NOTES = ['verdicts', 'told', 'asked', 'problems', 'news'];
const noted = (notes) => Object.assign(Object.create(null), notes);

/**
 * @typedef {{ id: string, subject: string, text: string, at: number, camera?: string }} Message - `camera`: one with an alarm
 * @typedef {(message: Message) => Promise<void>} Way - rejects when it could not be told
 */
export class Alerts {
  #file;
  #ways;
  #onProblem;
  #wall;
  #state = { pending: [] };
  #counts;
  #timer = null;
  #sending = Promise.resolve();

  /**
   * @param {string} data - the station's folder
   * @param {Record<string, Way>} ways - by name
   * @param {(sentence: string) => void} onProblem - is told what could not be told
   * @param {string | null} wall - its address, or its file where it has none; null without a wall
   */
  constructor(data, ways, onProblem, wall = null) {
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
    if (this.#state.pending.length > 0) void this.#send();
  }

  /** Tells by other ways from now on. @param {Record<string, Way>} ways @param {string | null} wall */
  use(ways, wall = null) {
    this.#ways = ways;
    this.#wall = wall;
    for (const counted of Object.values(this.#counts))
      for (const way of Object.keys(ways)) counted.set(way, counted.get(way) ?? 0);
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
   * that came and went since then, or that stands and is to be told again.
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
        this.#add(`${name}: ${passed.word}`, passed.told);
      const asksMore = asks && asks !== this.#state.asked[name];
      const isPressing = ['warning', 'drift'].includes(verdict);
      // An earlier version has not noted when it told it.
      const isUndated = isPressing && this.#state.told[name] === undefined;
      if (verdict === before && !asksMore && !reminder && !isUndated) continue;
      this.#state.verdicts[name] = verdict;
      this.#state.told[name] = Date.now();
      if (asksMore) this.#state.asked[name] = asks;
      this.#keep();
      if (verdict === before && !asksMore && !reminder) continue;
      if (before === undefined && !NEWS_AT_FIRST.includes(verdict)) continue;
      const sentence = [told, asks, asks && this.#wall].filter(Boolean).join(' ');
      this.#add(`${name}: ${reminder ?? word}`, sentence, isPressing ? name : undefined);
    }
  }

  /** Tells something that is over already, at most once a day. */
  news(key, sentence) {
    if (Date.now() - (this.#state.news[key] ?? -Infinity) < NEWS_EVERY) return;
    this.#state.news[key] = Date.now();
    this.#add(subjectOf(sentence), sentence);
  }

  problem(key, sentence) {
    if (this.#state.problems[key] !== undefined) return;
    this.#state.problems[key] = sentence;
    this.#add(subjectOf(sentence), sentence);
  }

  solved(key) {
    const sentence = this.#state.problems[key];
    if (sentence === undefined) return;
    const others = Object.entries(this.#state.problems).filter(([other]) => other !== key);
    this.#state.problems = noted(Object.fromEntries(others));
    this.#add(`Over: ${subjectOf(sentence)}`, `This is over: ${sentence}`);
  }

  /** Sends one message of each kind by each way. @returns {Promise<string[]>} what could not be sent */
  async test() {
    const examples = [
      ['Test: Pier camera: Clean the lens', 'A verdict that changed comes like this, with what to do.'],
      ['Test: Pier camera: silent', 'A camera that has sent nothing for longer than usual comes like this.'],
      ['Test: the disk is full', 'A problem of the station comes like this, with what to do.'],
      ['Test: over', 'What is over comes like this.'],
    ];
    const failed = [];
    for (const [name, way] of Object.entries(this.#ways)) {
      for (const [subject, text] of examples) {
        await way({ id: 'test', subject, text, at: Date.now() }).catch((error) =>
          failed.push(`${name}: ${error.message}`),
        );
      }
    }
    return failed;
  }

  /** Ends after what is being sent. */
  async end() {
    clearTimeout(this.#timer);
    await this.#sending;
  }

  /** @param camera - whose pictures go with it */
  #add(about, text, camera) {
    const at = Date.now();
    // A subject is a line of a mail's head, and stands in the environment of a command.
    const subject = printable(about);
    for (const way of Object.keys(this.#ways)) {
      this.#state.pending.push({ way, id: `${at}-${subject}`, subject, text, at, camera });
    }
    this.#state.pending.splice(0, this.#state.pending.length - MOST_PENDING);
    this.#keep();
    void this.#send();
  }

  #send() {
    this.#sending = this.#sending.then(async () => {
      for (const message of [...this.#state.pending]) {
        const way = this.#ways[message.way];
        try {
          if (way && Date.now() - message.at < OLDEST) {
            await way(message);
            this.#count('sent', message);
          }
          this.#state.pending = this.#state.pending.filter((other) => other !== message);
          this.#keep();
        } catch (error) {
          this.#count('failed', message);
          this.#onProblem(`${message.way} could not be reached and is tried again: ${error.message}`);
        }
      }
      clearTimeout(this.#timer);
      if (this.#state.pending.length > 0) this.#timer = setTimeout(() => void this.#send(), AGAIN).unref();
    });
    return this.#sending;
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

/** The first sentence, without what stands in brackets. */
function subjectOf(sentence) {
  return sentence.split(/\. | \(/)[0];
}
