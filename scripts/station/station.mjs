/** One station at work: folders in, scored snapshots out, through a page that is opened again whenever it ends. */
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROW_FILE } from '../../src/core/domain/table/row-file.js';
import { modelGiven, withFiles } from '../drive.mjs';
import { printable } from '../line.mjs';
import { filesFor, isOfSensor, pathsOf, UNUSABLE } from '../reference.mjs';
import { Backup } from './backup.mjs';
import { camerasIn, fullest } from './backup-files.mjs';
import { memoryOf, NoBrowser, openStationPage } from './browser.mjs';
import { canBeRead, Folder, isInReach } from './folder.mjs';
import { Identity } from './identity.mjs';
import { Outbox } from './outbox.mjs';
import { Passing } from './passing.mjs';

/** Snapshots that are handed over at once: what a kill costs is scored again in seconds. */
const BATCH = 32;
/** Between two tries to open the page, in milliseconds; doubled up to the second. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
/** All looks into the folders may take this share of the time: a folder of many years is looked at less often. */
const LOOK_SHARE = 0.1;
/** A picture is given to so many pages, since one may end by it. */
const ATTEMPTS = 2;
/** A clock may be set back by so much, in milliseconds: what was scored so long before the last word is asked for again. */
const CLOCK_MARGIN = 2 * 3_600_000;
/** So many of the newest lines that were told are remembered. */
const MOST_TOLD = 50_000;
/** Files that can't be read for so long are told, in milliseconds. */
const UNREAD_PATIENCE = 3_600_000;
/** Between two notes on overwritten names, in milliseconds. */
const OVERWRITTEN_EVERY = 3_600_000;
/** How long the page may take for an answer, in milliseconds: a reference of a thousand snapshots on a slow machine. */
const PATIENCE = 20 * 60_000;
/** Megabytes that must be free for the browser to be open: on a full disk its database is cut in the middle of a write. */
const LEAST_ROOM = 200;
/** A station that does nothing for so long will do nothing more, in milliseconds: longer than the page's patience. */
const LIVE = 30 * 60_000;
/** How long a person waits at most after asking it to end, in milliseconds. */
const FAREWELL = 20_000;

/**
 * Emits `line` (camera, scored line; `corrected` where an earlier line of the snapshot no longer holds), `standings` (how all cameras stand, after something was scored and each minute),
 * `problem` (key, sentence; the same key once until `solved`), `solved` (key), `note` (sentence), `news` (sentence for people), `started` (its page was
 * opened, or is tried again), `heard` (camera, what a person said of it that is new), `loop` (after each good look into all folders, and each batch in it).
 */
export class Station extends EventEmitter {
  #config;
  #address;
  #profile;
  #folders;
  #open = null;
  /** one question after the other, as one worker of DEEPaaS would */
  #turn = Promise.resolve();
  #problems;
  #isEnding = false;
  #end = new AbortController();
  #running = null;
  /** the page is open and does not answer */
  #isSilent = false;
  /** when there was a good look or batch, and when anything went on at all, by `performance.now` */
  #loopedAt = performance.now();
  #aliveAt = performance.now();
  /** until the page is opened again after it ended; short again once something was scored */
  #wait = FIRST_WAIT;
  /** by `performance.now`, which nobody sets back */
  #standingsAt = -Infinity;
  /** hash of each job's last report, by job id */
  #told;
  #toldAt;
  #passing = new Passing();
  #reminding;

  /**
   * @param config - of `readConfig`
   * @param {string} address - where the page is served
   * @param {{ told: object[], lastAt: number | null, stood: object[][], untold: object[], problems: Iterable<[string, string]> }} before -
   *   what was told before, of `Log.recall` and `Alerts.problems`
   */
  constructor(config, address, { told, lastAt, stood, untold, problems, reminding }) {
    super();
    for (const standings of stood) this.#passing.told(standings);
    for (const line of untold) this.#passing.note(line.camera, line);
    this.#problems = new Map(problems);
    this.#reminding = reminding;
    this.#told = new Map(told.map((line) => [line.id, hashOf(line)]));
    this.#toldAt = lastAt ?? Date.now();
    this.#config = config;
    this.outbox = new Outbox(config, this);
    this.identity = new Identity(config.data);
    this.backup = new Backup(config, this);
    this.#address = address;
    this.#profile = join(config.data, 'profile');
    this.#folders = config.cameras.map(followedOf);
  }

  /**
   * Follows the cameras that its configuration names by now, after the batch in work.
   *
   * @param {boolean} isAnother - true if it needs another page: its language and where results go are given to a new one
   * @throws SetUpError for a camera that can't be set up: all is as before
   */
  async follow(isAnother) {
    try {
      await this.ask((page) => this.#setUp(page));
    } catch (error) {
      // The next page is set up by the new configuration anyway.
      if (!(error instanceof PageGone)) throw error;
    }
    const before = new Map(this.#folders.map((followed) => [followed.camera.name, followed]));
    this.#folders = this.#config.cameras.map((camera) => {
      const followed = before.get(camera.name);
      before.delete(camera.name);
      return followed?.camera.folder === camera.folder
        ? Object.assign(followed, { camera })
        : followedOf(camera);
    });
    for (const name of before.keys())
      for (const key of ['folder', 'unread', 'score']) this.solve(`${key} ${name}`);
    if (isAnother) await this.#closePage();
  }

  /** Works until `end`. @throws when the page can't be opened at all the first time */
  async run() {
    try {
      await this.ask(async () => undefined);
    } catch (error) {
      // Any other error may not happen again, so the station goes on.
      if (error instanceof SetUpError || error instanceof NoBrowser) throw error;
    }
    this.emit('started');
    this.#running = this.#work();
    await this.#running;
  }

  /** Ends after what is being scored. */
  async end() {
    this.#isEnding = true;
    this.#end.abort();
    await Promise.race([this.#running, pause(FAREWELL)]);
    await this.#open?.close();
  }

  /** True if the page is open and answers. */
  get isReady() {
    return this.#open !== null && !this.#isEnding && !this.#isSilent;
  }

  /** False if nothing has gone on for so long that the station has to be started again. */
  get isLive() {
    return performance.now() - this.#aliveAt < LIVE;
  }

  /** Seconds since the last good look into all folders, or batch of one. */
  get lastLoop() {
    return (performance.now() - this.#loopedAt) / 1000;
  }

  /** Files that were found and are not scored yet, by camera. */
  get waiting() {
    return new Map(this.#folders.map(({ camera, waiting }) => [camera.name, waiting]));
  }

  /** Seconds since the oldest of them was found, by camera; 0 where none waits. */
  get queueAge() {
    const now = performance.now();
    return new Map(
      this.#folders.map(({ camera, waitingSince: at }) => [camera.name, at === null ? 0 : (now - at) / 1000]),
    );
  }

  /** Files that can't be read, by camera: how many, since when, and the first of them. */
  get unread() {
    return new Map(this.#folders.map((followed) => [followed.camera.name, unreadIn(followed)]));
  }

  /** How many files are passed over, by camera and reason. */
  get skipped() {
    return new Map(this.#folders.map(({ camera, skipped }) => [camera.name, skipped]));
  }

  /** Versions of names since the start that changed before they were read, by camera. */
  get overwritten() {
    return new Map(this.#folders.map(({ camera, folder }) => [camera.name, folder.overwritten]));
  }

  /** True if a file in a camera's folder is scored and stored. */
  isTaken(name, path) {
    return this.#folders.some(({ camera, folder }) => camera.name === name && folder.isTaken(path));
  }

  /** Megabytes of the browser; null where the system doesn't tell. */
  get memory() {
    return memoryOf(this.#profile);
  }

  /** The module's own metadata. */
  metadata() {
    return this.ask((page) => page.evaluate(() => globalThis.porthole.getMetadata()));
  }

  /**
   * Scores one picture for a camera, in its turn.
   *
   * @param {{ path: string, name: string }} file - `name`: as who sent it calls it
   * @returns what `predict` answers; null if the file is no picture
   * @throws when the page fails, or for bad arguments
   */
  async predict(name, file, args) {
    const answer = await this.#insist((page) =>
      withFiles(page, [file.path], (files) =>
        page.evaluate(predictOne, { name, args, files, fileName: file.name }),
      ),
    );
    if ('problem' in answer) throw new Error(answer.problem);
    this.#tellLines(name, answer.value.lines);
    return answer.value.prediction;
  }

  /**
   * Has the page take what a person says of a camera, in its turn.
   *
   * @param {{ id: string }} said - the same id twice is said once
   * @returns how the camera stands then, or the problem for which nothing was changed
   */
  async hear(name, said) {
    const answer = await this.#insist((page) => page.evaluate(hearOne, { name, said }));
    if ('problem' in answer) return answer;
    if (answer.isNew) this.emit('heard', name, said);
    this.#tellLines(name, answer.lines, true);
    const standings = await this.#tellStandings(true);
    return { standing: standings.find((standing) => standing.name === name) };
  }

  /** Asks again if the page ends meanwhile. */
  async #insist(question) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.ask(question);
      } catch (error) {
        if (!(error instanceof PageGone) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Problems that stand, by key. */
  get problems() {
    return new Map(this.#problems);
  }

  /** The pictures of what stays, of a camera with an alarm: data URLs by the names of files. */
  stays(name) {
    return this.ask((page) => page.evaluate(staysOf, name));
  }

  /** How far a camera's pictures can be used, as JSON. */
  usable(name) {
    return this.ask((page) => page.evaluate(usableOf, name));
  }

  /**
   * Asks the page something, after what was asked before; opens it when it is not open.
   *
   * @template T
   * @param {(page: import('@playwright/test').Page) => Promise<T>} question
   * @returns {Promise<T>}
   */
  async ask(question) {
    const asked = this.#turn.then(async () => {
      if (this.#isEnding && !this.#open) throw new PageGone('the station ends');
      if (!this.#open && !this.#hasRoom) throw new PageGone('the disk is full');
      const isOver = new AbortController();
      const silent = pause(PATIENCE, undefined, { signal: isOver.signal, ref: false }).then(() => {
        throw new PageGone('the page gave no answer');
      });
      silent.catch(() => undefined);
      let forget = () => undefined;
      try {
        const { page, onGone } = (this.#open ??= await Promise.race([this.#start(), silent]));
        const gone = new Promise((_, reject) => {
          forget = onGone((why) => reject(new PageGone(why)));
        });
        return await Promise.race([question(page), gone, silent]);
      } finally {
        this.#aliveAt = performance.now();
        forget();
        isOver.abort();
      }
    });
    this.#turn = asked.catch(() => undefined);
    try {
      return await asked;
    } catch (error) {
      // A closed page refuses questions in its own words.
      if (error instanceof PageGone || /has been closed|crashed|Target closed/i.test(String(error))) {
        const why = String(error.message).split('\n')[0];
        if (this.#open && !this.#isEnding) this.#tellGone(why);
        await this.#forget();
        throw new PageGone(why);
      }
      throw error;
    }
  }

  async #forget() {
    const open = this.#open;
    this.#open = null;
    await open?.close();
  }

  #tellGone(why) {
    // A full disk is what ended it, and is told by itself.
    this.#mindMachine();
    if (!this.#hasRoom) return;
    this.tell('page', `The page ended or can't be opened: ${why}. It is opened again, and nothing is lost.`);
  }

  #mindSilence(isSilent) {
    this.#isSilent = isSilent;
    const { silent_after: told, restart_after: most } = this.#config;
    if (!isSilent) this.solve('page');
    else
      this.tell(
        'page',
        `The page gives no answer for ${told} s. After ${most} s its browser is started again; nothing is lost.`,
      );
  }

  async #start() {
    const began = performance.now();
    const open = await openStationPage(this.#profile, this.#address, this.#config, (isSilent) =>
      this.#mindSilence(isSilent),
    );
    this.#isSilent = false;
    try {
      await this.#setUp(open.page);
      await this.outbox.connect(open.page);
      await this.#catchUp(open.page);
    } catch (error) {
      await open.close();
      throw error;
    }
    this.emit('note', `Ready after ${((performance.now() - began) / 1000).toFixed(1)} s.`);
    return open;
  }

  /** Tells what was stored and not told, because page or station ended in between. */
  async #catchUp(page) {
    for (const { name } of this.#config.cameras) {
      const since = this.#toldAt - CLOCK_MARGIN;
      const { made, after } = JSON.parse(await page.evaluate(linesSince, { name, since }));
      this.#tellLines(name, [...made, ...after.filter(({ id }) => this.#told.has(id))]);
    }
  }

  /** Tells each scored snapshot once, and again where late ones have changed what its line says, or all `areChanged`. */
  #tellLines(camera, lines, areChanged = false) {
    const undated = lines.filter(({ id, set_aside }) => set_aside === 'time-unknown' && !this.#told.has(id));
    for (const given of lines) {
      const before = this.#told.get(given.id);
      const hash = hashOf(given);
      if (before === hash) continue;
      this.#told.set(given.id, hash);
      if (this.#told.size > MOST_TOLD) this.#told.delete(this.#told.keys().next().value);
      this.#toldAt = Date.now();
      const line = before === undefined && !areChanged ? given : { ...given, corrected: true };
      this.#passing.note(camera, line);
      this.emit('line', camera, line);
    }
    if (undated.length > 0)
      this.emit(
        'note',
        `${camera}: ${undated.length} set aside: neither name nor EXIF states a time. With file_dates = true the dates of files count.`,
      );
  }

  /** Makes the cameras that are not there yet, from their references. */
  async #setUp(page) {
    const known = (await page.evaluate(cameraIds)).map(([name]) => name);
    for (const camera of this.#config.cameras) {
      const { name, reference, model, time_zone: timeZone, file_dates: countsFileDates } = camera;
      if (known.includes(name)) {
        if (countsFileDates && (await page.evaluate(countFileDates, name)))
          this.emit('note', `${name}: where a picture states no time, its file's date counts from now on.`);
        continue;
      }
      const given = await modelGiven(page, model);
      if (given.unknown)
        throw new SetUpError(`${name}: there is no model ${model}. There are: ${given.unknown.join(', ')}.`);
      const files = filesFor(reference);
      const paths = pathsOf(reference, files);
      const built = await withFiles(page, files, (files) =>
        page.evaluate(setUpCamera, {
          ...{ name, files, paths, modelSha256: given.sha256, timeZone, countsFileDates },
          deployment: deploymentOf(camera),
          isSensor: isOfSensor(reference),
        }),
      );
      if ('problem' in built && !UNUSABLE.includes(built.code)) throw new Error(built.problem);
      if ('problem' in built)
        throw new SetUpError(`${name} can't be set up from ${reference}: ${built.problem}`);
      for (const note of built.value.notes) this.emit('note', `${name}: ${note}`);
      this.emit('note', `${name}: set up with ${built.value.clean} clean snapshots.`);
    }
    await this.#mindHistory(known, new Map(await page.evaluate(cameraIds)));
  }

  /** Tells of a camera that was known before and had to be set up anew: a database can be lost. */
  async #mindHistory(known, present) {
    const names = this.#config.cameras.map(({ name }) => name);
    const files = await this.backup.look();
    const isAnew = names.some((name) => !known.includes(name));
    const lost = this.identity.follow(names, present, isAnew ? camerasIn(files) : new Map());
    const [[name, id] = []] = lost;
    if (name === undefined) return this.solve('history');
    const file = fullest(files, id)?.name;
    const remedy = file
      ? `Stop it, delete ${this.#profile} and restore ${join(this.#config.backup.folder, file)}.`
      : 'There is no backup of it.';
    this.tell(
      'history',
      `This station has lost its history: ${[...lost.keys()].join(', ')} was set up anew. ${remedy} If you deleted it yourself: npm run station -- remove "${name}".`,
    );
  }

  async #work() {
    while (!this.#isEnding) {
      try {
        this.#aliveAt = performance.now();
        this.#mindMachine();
        if (!this.#hasRoom) {
          await this.#closePage();
          await this.#pause(this.#config.look_every * 1000);
          continue;
        }
        let looked = 0;
        for (const each of this.#folders) if (!this.#isEnding) looked += await this.#check(each);
        await this.#tellStandings(false);
        await this.outbox.mind();
        if (!this.#isSilent) this.solve('page');
        this.#wait = FIRST_WAIT;
        this.#wentOn();
        await this.#mindMemory();
        await this.#pause(Math.max(this.#config.look_every * 1000, looked / LOOK_SHARE));
      } catch (error) {
        if (this.#isEnding) return;
        // A set-up that fails will fail again until a person has put it right; it is tried again all the same.
        this.#tellGone(String(error.message).split('\n')[0]);
        // A page that a full disk has cut off from its database stays so until it is opened anew.
        await this.#closePage();
        await this.#pause(this.#wait);
        this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
      }
    }
  }

  #wentOn() {
    this.#loopedAt = performance.now();
    this.emit('loop');
  }

  /** Hands over the files of one camera's folder that are due. @returns milliseconds that the look took */
  async #check(followed) {
    const { camera, folder } = followed;
    const { name } = camera;
    const began = performance.now();
    let look;
    try {
      look = await folder.look();
    } catch (error) {
      this.#tellLost(camera, { path: camera.folder, code: error.code });
      return 0;
    }
    if (look.lost) this.#tellLost(camera, look.lost);
    else this.solve(`folder ${name}`);
    this.#noteSkipped(followed, look);
    this.#noteOverwritten(followed);
    let took = performance.now() - began;
    const found = this.#withoutLeftOut(followed, look.files);
    if (found.length > 0 || followed.unread.count > 0) {
      const given = { name, facts: factsOf(found), isWhole: look.lost === null };
      const { seen, due } = await this.ask(async (page) => {
        const asked = performance.now();
        const answer = await page.evaluate(lookInto, given);
        took += performance.now() - asked;
        return answer;
      });
      folder.take(seen.map((i) => found[i]));
      await this.#countUnread(followed);
      await this.#handOver(
        followed,
        due.map((i) => found[i]),
      );
    }
    this.#mindUnread(followed);
    return took;
  }

  #tellLost({ name }, { path, code }) {
    this.tell(
      `folder ${name}`,
      `${name}: the folder ${printable(path)} can't be read (${code}). Is its disk or share connected? What comes meanwhile is scored when it is back.`,
    );
  }

  #noteSkipped(followed, { links, names }) {
    const { camera, skipped } = followed;
    const say = (sentence) => this.emit('note', `${camera.name}: ${sentence}`);
    if (links > 0 && skipped.link === 0)
      say(`links that lead out of its folder and are skipped: ${links}. Put the files themselves there.`);
    if (names > 0 && skipped.name === 0)
      say(`names in its folder that are not UTF-8, so that they are skipped: ${names}. Rename them.`);
    followed.skipped = { link: links, name: names };
  }

  #noteOverwritten(followed) {
    const { camera, folder, overwritten } = followed;
    if (folder.overwritten === overwritten.noted || performance.now() - overwritten.at < OVERWRITTEN_EVERY)
      return;
    followed.overwritten = { noted: folder.overwritten, at: performance.now() };
    this.emit(
      'note',
      `${camera.name}: pictures that were lost since the start, because their file was overwritten before it was read: ${folder.overwritten}. Give each a name of its own.`,
    );
  }

  /** A file that was left out comes again once it has changed, not by being away or out of reach for a while. */
  #withoutLeftOut({ leftOut }, files) {
    const there = new Map(files.map((file) => [file.path, file]));
    for (const [path, out] of leftOut) {
      const file = there.get(path);
      out.isThere = file !== undefined;
      if (file && isInReach(file) && file.stamp !== out.stamp) leftOut.delete(path);
    }
    return files.filter(({ path }) => !leftOut.has(path));
  }

  async #handOver(followed, left) {
    followed.waiting = left.length;
    followed.waitingSince ??= performance.now();
    while (left.length > 0 && !this.#isEnding && this.#hasRoom) {
      // After a page that ended one at a time tells whether a file ended it.
      const batch = left.slice(0, followed.careful > 0 ? 1 : BATCH);
      if (!(await this.#score(followed, batch))) return;
      left.splice(0, batch.length);
      followed.waiting = left.length;
      followed.careful = Math.max(0, followed.careful - batch.length);
    }
    if (left.length === 0) followed.waitingSince = null;
  }

  /** The page ended over these files. One that it ended over again and again is left out, and said. */
  #suspect(followed, batch) {
    if (batch.length > 1) {
      followed.careful = batch.length;
      return;
    }
    const [{ path, stamp }] = batch;
    const { path: last, times } = followed.suspect;
    followed.suspect = { path, times: path === last ? times + 1 : 1 };
    if (followed.suspect.times < ATTEMPTS + 1) return;
    followed.leftOut.set(path, { stamp, since: Date.now(), isThere: true });
    this.emit(
      'note',
      `${printable(path)} is left out: the page ended over it ${followed.suspect.times} times.`,
    );
  }

  /** @returns whether the next batch may follow: these are scored and stored, or can't be read now */
  async #score(followed, batch) {
    const { name } = followed.camera;
    const files = await this.#readable(followed, batch);
    if (files.length === 0) return true;
    const paths = files.map(({ path }) => path);
    const given = { name, facts: factsOf(files), toldUntil: this.#toldAt - CLOCK_MARGIN };
    await followed.folder.beforeReading(files);
    let answer;
    try {
      answer = await this.ask((page) =>
        withFiles(page, paths, (input) => page.evaluate(checkFiles, { ...given, files: input })),
      );
    } catch (error) {
      if (error instanceof PageGone) this.#suspect(followed, files);
      // Playwright refuses files that went away after they were read here; the others come with the next look.
      else if ((await this.#readable(followed, files)).length < files.length) return false;
      throw error;
    }
    if ('problem' in answer) {
      this.tell(`score ${name}`, `${name}: ${answer.problem}`);
      // A part may be stored.
      await this.ask((page) => this.#catchUp(page));
      return false;
    }
    this.solve(`score ${name}`);
    this.#wait = FIRST_WAIT;
    followed.folder.wereRead(files);
    this.#tellLines(name, answer.value);
    await this.#countUnread(followed);
    await this.#tellStandings(true);
    this.#wentOn();
    return true;
  }

  /** Those of the files that can be read now; of the others the page is told when to try them again. */
  async #readable(followed, files) {
    const can = await Promise.all(files.map(canBeRead));
    const missed = files.filter((_, i) => !can[i]);
    if (missed.length > 0) {
      const given = { name: followed.camera.name, facts: factsOf(missed) };
      await this.ask((page) => page.evaluate(missFiles, given));
      await this.#countUnread(followed);
    }
    return files.filter((_, i) => can[i]);
  }

  async #countUnread(followed) {
    const { name } = followed.camera;
    followed.unread = await this.ask((page) => page.evaluate(unreadFiles, name));
    this.#mindUnread(followed);
  }

  /** A share that was away for a moment, or a file that is being copied, is no news. */
  #mindUnread(followed) {
    const { name } = followed.camera;
    const { count, since, first } = unreadIn(followed);
    if (since === null || Date.now() - since < UNREAD_PATIENCE) this.solve(`unread ${name}`);
    else if (!this.#problems.has(`unread ${name}`)) {
      const at = new Date(since).toISOString().slice(0, 16).replace('T', ' ');
      this.tell(
        `unread ${name}`,
        `${name}: ${count === 1 ? "1 file can't" : `${count} files can't`} be read since ${at} UTC. The first is ${printable(first)}. Nothing is lost, and each is tried again. Is the disk or share connected, may the station read them, and are they whole?`,
      );
    }
  }

  /** After something was scored, and once a minute: silence comes by itself. */
  async #tellStandings(isNews) {
    if (!isNews && performance.now() - this.#standingsAt < 60_000) return null;
    this.#standingsAt = performance.now();
    const asked = { alarms: this.#passing.alarms, reminding: this.#reminding() };
    const standings = await this.ask((page) => page.evaluate(standingsNow, asked));
    this.#passing.told(standings);
    this.emit('standings', standings);
    return standings;
  }

  /** A browser that has grown is replaced by a new one of the same profile. */
  async #mindMemory() {
    const memory = memoryOf(this.#profile);
    if (memory === null || memory < this.#config.most_memory) return;
    this.emit('news', `The browser takes ${memory.toFixed(0)} MB and is started again. Nothing is lost.`);
    await this.#closePage();
  }

  /** Ends the browser after what it is being asked; the next question opens another. */
  async #closePage() {
    this.#turn = this.#turn.then(() => this.#forget());
    await this.#turn;
  }

  /** Megabytes that are free where the browser writes. */
  get room() {
    const { bavail, bsize } = statfsSync(this.#config.data);
    return (bavail * bsize) / 2 ** 20;
  }

  get #hasRoom() {
    return this.room >= LEAST_ROOM;
  }

  /** Warns before room on the disk runs out. */
  #mindMachine() {
    const { data, alerts } = this.#config;
    const { room } = this;
    if (room < LEAST_ROOM) {
      this.tell(
        'disk',
        `The disk of ${data} is full: less than ${LEAST_ROOM} MB are free. Nothing is scored until there is room, and nothing is lost: what comes waits in its folder. Make room.`,
      );
    } else if (room < alerts.least_disk_mb) {
      this.tell(
        'disk',
        `The disk of ${data} is nearly full: less than ${alerts.least_disk_mb} MB are free. Nothing is lost yet; make room, or nothing is scored below ${LEAST_ROOM} MB.`,
      );
    } else this.solve('disk');
  }

  /** Says that something doesn't work, once until it is solved. */
  tell(key, sentence) {
    if (this.#problems.get(key) === sentence) return;
    this.#problems.set(key, sentence);
    this.emit('problem', key, sentence);
  }

  /** Says that it works again, where it was told that it didn't. */
  solve(key) {
    if (this.#problems.delete(key)) this.emit('solved', key);
  }

  async #pause(milliseconds) {
    this.#aliveAt = performance.now() + milliseconds;
    await pause(milliseconds, undefined, { signal: this.#end.signal }).catch(() => undefined);
  }
}

function followedOf(camera) {
  return {
    camera,
    folder: new Folder(camera.folder, isOfSensor(camera.reference) ? ROW_FILE : undefined),
    waiting: 0,
    waitingSince: null,
    // how many files are handed over one at a time, since the page ended over some of them
    careful: 0,
    suspect: { path: null, times: 0 },
    // files over which the page ended again and again, until they change, by path
    leftOut: new Map(),
    unread: { count: 0, since: null, first: null },
    skipped: { link: 0, name: 0 },
    // how many were in the last note, and when that was, by performance.now
    overwritten: { noted: 0, at: -Infinity },
  };
}

/** Two lines with the same hash say the same. */
function hashOf({ corrected: _corrected, ...line }) {
  return createHash('sha256').update(JSON.stringify(line)).digest('base64');
}

/** Files that the page can't read now, and those that are there and left out. */
function unreadIn({ unread, leftOut }) {
  let { count, since, first } = unread;
  for (const [path, out] of leftOut) {
    if (!out.isThere) continue;
    count += 1;
    if (since === null || out.since < since) [since, first] = [out.since, path];
  }
  return { count, since, first };
}

/** The facts of files that the page goes by. */
function factsOf(files) {
  return files.map(({ path, size, modifiedAt }) => ({ path, size, modifiedAt }));
}

/** The page ended while it was asked; the question may be asked again. */
export class PageGone extends Error {}

/** A camera of the configuration can't be set up. */
export class SetUpError extends Error {}

// The rest runs in the page.

/** The place of a camera as its page keeps it; undefined where the file says none, and its reference may. */
function deploymentOf(camera) {
  const { latitude, longitude, depth, note, platform, sensor, site, begin, end, licence, creators, doi } =
    camera;
  const position = latitude !== undefined && longitude !== undefined ? { latitude, longitude } : undefined;
  const facts = { position, depth, note, platform, sensor, site, begin, end, licence, creators, doi };
  const said = Object.entries(facts).filter(([, fact]) => fact !== undefined);
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}

async function cameraIds() {
  return (await globalThis.porthole.station()).cameraIds();
}

async function countFileDates(name) {
  return (await globalThis.porthole.station()).countFileDates(name);
}

async function setUpCamera({
  name,
  files,
  paths,
  modelSha256,
  timeZone,
  countsFileDates,
  deployment,
  isSensor,
}) {
  const { porthole } = globalThis;
  const station = await porthole.station();
  const choices = {
    paths,
    isSensor,
    ...(modelSha256 !== null && { modelSha256 }),
    ...(timeZone !== undefined && { timeZone }),
    ...(countsFileDates && { countsFileDates }),
    ...(deployment !== undefined && { deployment }),
  };
  return porthole.tryTo(() => station.setUp(name, [...files.files], choices));
}

async function lookInto({ name, facts, isWhole }) {
  return (await globalThis.porthole.station()).look(name, facts, isWhole);
}

async function missFiles({ name, facts }) {
  const station = await globalThis.porthole.station();
  await (await station.watchedFiles(name)).missed(facts);
}

async function unreadFiles(name) {
  const station = await globalThis.porthole.station();
  const { count, since, paths } = (await station.watchedFiles(name)).failed;
  return { count, since, first: paths[0] ?? null };
}

async function predictOne({ name, args, files, fileName }) {
  const { porthole } = globalThis;
  const station = await porthole.station();
  const [file] = files.files;
  const input_file = new File([file], fileName, { lastModified: file.lastModified });
  return porthole.tryTo(() => station.predict(name, { ...args, input_file }));
}

async function hearOne({ name, said }) {
  return (await globalThis.porthole.station()).tell(name, said);
}

async function staysOf(name) {
  return (await globalThis.porthole.station()).stays(name);
}

async function usableOf(name) {
  return (await globalThis.porthole.station()).usable(name);
}

async function standingsNow({ alarms, reminding }) {
  return (await globalThis.porthole.station()).standings(alarms, reminding);
}

async function linesSince({ name, since }) {
  // A text crosses the debugger's wire ten times as fast as what it says.
  return JSON.stringify(await (await globalThis.porthole.station()).linesSince(name, since));
}

async function checkFiles({ name, files, facts, toldUntil }) {
  const { porthole } = globalThis;
  const station = await porthole.station();
  return porthole.tryTo(() => station.check(name, [...files.files], facts, toldUntil));
}
