/** One run of `npm run score` in an open page, from the camera to the exit code. */
import { basename } from 'node:path';
import { handFiles, withFiles } from '../drive.mjs';
import { listed } from '../folder.mjs';
import { giveEvents, unaskedSentence } from './events.mjs';
import { filesFor as snapshotsIn } from '../reference.mjs';
import { Spoken } from './output.mjs';
import { markOf, watchFolder } from './watch.mjs';

export class Scoring {
  #page;
  #options;
  #state;
  #archive;
  #isKept;
  #ending;
  #spoken;

  /**
   * @param {import('@playwright/test').Page} page
   * @param {object} of
   * @param {import('./options.mjs').Options} of.options
   * @param {import('./state.mjs').State | null} of.state
   * @param {Awaited<ReturnType<typeof import('./shards.mjs').shardsIn>> | null} of.archive
   * @param {boolean} of.isKept - whether the page keeps what is scored
   * @param {AbortSignal | null} of.ending - ends watching; null if nothing is watched
   */
  constructor(page, { options, state, archive, isKept, ending }) {
    this.#page = page;
    this.#options = options;
    this.#state = state;
    this.#archive = archive;
    this.#isKept = isKept;
    this.#ending = ending;
    this.#spoken = new Spoken(page, { format: options.format, isArchive: archive !== null && !isKept });
  }

  /**
   * @param {import('./camera.mjs').ReferenceGiven | null} given - null if the state has the camera
   * @param {string} address - of the page
   * @returns {Promise<number>} an exit code
   */
  async run(given, address) {
    const problem = this.#archive && (await this.#openArchive());
    if (problem) {
      console.error(`${problem} Nothing was scored.`);
      return 2;
    }
    const { events } = this.#options;
    const fault = events === undefined ? null : await giveEvents(this.#page, events);
    if (fault) {
      console.error(`${fault} Nothing was scored.`);
      return 2;
    }
    if (!this.#state?.isSetUp) {
      const code = await given.setUp(this.#page, this.#archive?.with.model.sha256);
      if (code !== 0) return code;
    } else if (this.#options['time-zone'] !== undefined) {
      const zone = await this.#page.evaluate(() => globalThis.porthole.timeZone());
      console.error(`The camera in ${this.#options.state} keeps its time zone, ${zone}.`);
    }
    if (this.#state?.isSetUp && this.#options['file-dates']) {
      await this.#page.evaluate(() => globalThis.porthole.countFileDates());
    }
    if (this.#archive && !(await this.#isEmbeddedAlike())) {
      console.error('The shards were embedded with another model or transform than this camera has.');
      return 2;
    }
    this.#state?.keepCamera(address);
    const scored = this.#options.watch ? await this.#watch() : await this.#score();
    if (!scored) return 1;
    await this.#spoken.sum();
    const unasked = events === undefined ? null : await unaskedSentence(this.#page, events);
    if (unasked) console.error(unasked);
    if (scored.undated > 0) console.error(undatedSentence(scored.undated));
    if (this.#options.out !== undefined) await this.#spoken.write(this.#options.out);
    // With results kept from run to run, a run without new files is no failure.
    if (scored.readable === 0 && !this.#state && !this.#ending) {
      if (scored.count === 0) console.error('There was no snapshot to score.');
      else if (scored.undated < scored.count) console.error('None of the files could be read as a picture.');
      return 2;
    }
    return this.#spoken.failure(this.#options['fail-on']);
  }

  /** @returns {Promise<{ count: number, readable: number, undated: number } | null>} null if it could not be done */
  async #score() {
    if (this.#archive) return this.#scoreArchive();
    if (this.#options.snapshots === undefined) return this.#scoreBeside();
    const files = snapshotsIn(this.#options.snapshots);
    return this.#scoreFiles(this.#state ? this.#state.fresh(files) : files);
  }

  async #scoreFiles(files) {
    // A log may say something of what was scored before.
    if (files.length === 0 && this.#options.events === undefined)
      return { count: 0, readable: 0, undated: 0 };
    const looked = files.map((file) => ({ file, mark: markOf(file) }));
    const scored = await withFiles(this.#page, files, (handle) =>
      this.#spoken.score(() =>
        this.#page.evaluate(
          ([given, isOnlyNew]) =>
            globalThis.porthole.tryTo(() => globalThis.porthole.scoreMany([...given.files], isOnlyNew)),
          [handle, this.#state !== null],
        ),
      ),
    );
    // Files that were not reached or could not be read are given again.
    if (scored && this.#state && !this.#ending?.aborted) {
      const unread = new Set(await this.#page.evaluate(() => globalThis.porthole.unread()));
      this.#state.keepGiven(looked.filter(({ file }) => !unread.has(basename(file))));
    }
    return scored;
  }

  async #scoreBeside() {
    return this.#spoken.score(() =>
      this.#page.evaluate(() => {
        const { porthole } = globalThis;
        return porthole.tryTo(() => porthole.scoreMany(porthole.snapshotsBesideReference()));
      }),
    );
  }

  async #scoreArchive() {
    return this.#spoken.score(() =>
      this.#page.evaluate(
        ([isKept, isOnlyNew]) => {
          const { porthole } = globalThis;
          return porthole.tryTo(async () =>
            isKept
              ? porthole.scoreMany((await porthole.archive()).beside(), isOnlyNew)
              : porthole.judgeArchive(),
          );
        },
        [this.#isKept, this.#state !== null],
      ),
    );
  }

  async #watch() {
    const { snapshots, every } = this.#options;
    const sum = { count: 0, readable: 0, undated: 0 };
    let hasFailed = false;
    this.#ending.addEventListener('abort', () => {
      this.#page.evaluate(() => globalThis.porthole.cancel()).catch(() => {});
    });
    const all = listed(snapshots).map(({ file }) => file);
    const fresh = new Set(this.#state ? this.#state.fresh(all) : all);
    const take = async (files) => {
      const scored = await this.#scoreFiles(files);
      hasFailed ||= !scored;
      sum.count += scored?.count ?? 0;
      sum.readable += scored?.readable ?? 0;
      sum.undated += scored?.undated ?? 0;
    };
    await take([]);
    console.error(`Watching ${snapshots}.`);
    await watchFolder(snapshots, {
      every: 1000 * Number(every),
      signal: this.#ending,
      known: all.filter((file) => !fresh.has(file)),
      take,
    });
    return hasFailed ? null : sum;
  }

  /** @returns {Promise<string | null>} which shard can't be used, and why */
  async #openArchive() {
    for (const { folder, rows, files } of this.#archive.shards) {
      const opened = await this.#openShard(files).catch((error) => {
        throw new Error(`${folder}: ${error.message}`, { cause: error });
      });
      if ('problem' in opened) return `${folder}: ${opened.problem}`;
      const found = opened.value;
      if (found === rows) continue;
      const again = 'Delete the shard and make it again.';
      if (typeof found === 'number')
        return `${folder} has ${found} rows in rows.jsonl, and ${rows} in shard.json. ${again}`;
      return `${folder}/rows.jsonl, line ${found.line}: ${problemWith(found.field)}. ${again}`;
    }
    return null;
  }

  async #openShard(files) {
    return this.#page.evaluate(
      (given) =>
        globalThis.porthole.tryTo(async () => (await globalThis.porthole.archive()).add([...given.files])),
      await handFiles(this.#page, files),
    );
  }

  async #isEmbeddedAlike() {
    return this.#page.evaluate(
      async (by) => (await globalThis.porthole.archive()).isFor(by),
      this.#archive.with,
    );
  }
}

function undatedSentence(count) {
  return `${count === 1 ? '1 snapshot states no time and was' : `${count} snapshots state no time and were`} set aside: only a file's date tells when. --file-dates lets these dates count.`;
}

function problemWith(field) {
  if (field === 'row') return 'this is no row of a shard';
  return field === 'path' ? 'path is missing, or has a row already' : `${field} is not valid`;
}
