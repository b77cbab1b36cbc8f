/** Output of `npm run score`: lines, a summary, files, and an exit code. */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { placeOf } from '../folder.mjs';
import { isPicture, textOf } from '../line.mjs';
import { progressLine } from '../progress.mjs';
import { within } from '../within.mjs';

/** Lines that are asked for at a time. */
const AT_ONCE = 1000;
/** How often a person is told how far it is, in milliseconds. */
const TELL_EVERY = 500;
/** So long a zip may take, in milliseconds. */
const EXPORT_TIME = 7_200_000;

/** Exit codes of --fail-on. */
const FAILED = { warning: 3, drift: 4 };

/** The scored snapshots, from the page's camera, or from the archive alone, of which nothing is kept. */
export class Spoken {
  #page;
  #format;
  #isArchive;

  /** @param {{ format: string, isArchive: boolean }} how */
  constructor(page, { format, isArchive }) {
    this.#page = page;
    this.#format = format;
    this.#isArchive = isArchive;
  }

  /**
   * Lets the page score, telling a person how far it is, and prints the lines.
   *
   * @param {() => Promise<{ value: number } | { problem: string }>} work - gives how many lines there are
   * @returns {Promise<{ count: number, readable: number, undated: number } | null>} null, said, where it could not be done
   */
  async score(work) {
    const scored = await this.#told(work);
    if ('problem' in scored) {
      console.error(scored.problem);
      return null;
    }
    const count = scored.value;
    let readable = 0;
    let undated = 0;
    for (let from = 0; from < count; from += AT_ONCE) {
      // A text crosses the debugger's wire ten times as fast as what it says.
      const text = await this.#page.evaluate(
        async ([from, to]) => JSON.stringify(await globalThis.porthole.lines(from, to)),
        [from, from + AT_ONCE],
      );
      const lines = JSON.parse(text);
      const said = lines.map((line) => (this.#format === 'jsonl' ? JSON.stringify(line) : textOf(line)));
      process.stdout.write(said.map((line) => `${line}\n`).join(''));
      undated += lines.filter((line) => line.set_aside === 'time-unknown').length;
      readable += lines.filter(isPicture).length;
    }
    return { count, readable, undated };
  }

  /** Prints the summary, where no program reads it. */
  async sum() {
    const summary = await this.#ask('summaryLine');
    if (this.#format === 'jsonl') console.error(summary);
    else console.log(`\n${summary}`);
  }

  /** Writes all results as the page exports them. @param {string} out - as it was typed */
  async write(out) {
    const format = extname(out).slice(1);
    if (format !== 'zip') {
      writeFileSync(placeOf(out), await this.#ask('exportResults', format));
      return;
    }
    await within(EXPORT_TIME, `The page gave no export for ${out}`, this.#save(placeOf(out)));
  }

  async #save(path) {
    const [download] = await Promise.all([
      this.#page.waitForEvent('download', { timeout: 0 }),
      this.#page.evaluate(() => globalThis.porthole.exportBundle()),
    ]);
    await download.saveAs(path);
  }

  /**
   * @param {'warning' | 'drift' | undefined} failOn
   * @returns {Promise<number>} the exit code that the newest verdict stands for: 0, 3 or 4
   */
  async failure(failOn) {
    if (failOn === undefined) return 0;
    const verdict = await this.#ask('lastVerdict');
    if (verdict === 'warning' && failOn === 'drift') return 0;
    return FAILED[verdict] ?? 0;
  }

  async #told(work) {
    if (!process.stderr.isTTY) return work();
    const progress = progressLine('Scoring');
    const timer = setInterval(() => {
      this.#ask('progress')
        .then(({ done, total }) => progress.show(done, total))
        .catch(() => {});
    }, TELL_EVERY);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      progress.end();
    }
  }

  #ask(what, ...given) {
    return this.#page.evaluate(
      async ([isArchive, what, given]) => {
        const { porthole } = globalThis;
        return (isArchive ? await porthole.archive() : porthole)[what](...given);
      },
      [this.#isArchive, what, given],
    );
  }
}
