/** Backups: the page's own export of all cameras, made on time into a folder, and the way back into a new station. */
import { createReadStream } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFiles } from '../drive.mjs';
import { openStationPage } from './browser.mjs';
import { stemOf } from './source.mjs';

const HOUR = 3_600_000;
/** Between two tries of a backup that failed, in milliseconds, at most. */
const AGAIN = 600_000;

export class Backup {
  #config;
  #station;
  #isAtWork = false;
  #failures = 0;
  /** by `performance.now` */
  #triedAt = -Infinity;
  /** when the newest that is there was made, milliseconds since 1970; null without one */
  madeAt = null;

  /** @param config - of `readConfig` @param {import('./station.mjs').Station} station */
  constructor(config, station) {
    this.#config = config;
    this.#station = station;
    station.on('loop', () => this.#isAtWork || void this.#mind(config.backup));
  }

  async #mind(backup) {
    this.#isAtWork = true;
    try {
      const every = (backup?.every ?? Infinity) * HOUR;
      const times = (await this.#namesIn(backup?.folder)).map(timeOf);
      // One from the future is no reason to wait for it.
      this.madeAt = times.find((at) => at <= Date.now()) ?? null;
      if (performance.now() - this.#triedAt < Math.min(every, AGAIN)) return;
      if (Date.now() - this.madeAt >= every) {
        this.#triedAt = performance.now();
        await this.#make(backup);
      }
      this.#failures = 0;
      this.#station.solve('backup');
    } catch (error) {
      this.#failures += 1;
      // A browser may end over an export; what the system says is told at once, and nothing twice.
      const isNews = error.code !== undefined || this.#failures > 1;
      const why = error.message.split('\n')[0];
      if (isNews && !this.#station.problems.has('backup'))
        this.#station.tell('backup', `No backup can be made in ${backup.folder}. ${why}. It is tried again.`);
    } finally {
      this.#isAtWork = false;
    }
  }

  /** A backup is there whole or not at all, and older ones go only when it is safe. */
  async #make({ folder, keep }) {
    const part = join(folder, `.${this.#stem}part`);
    try {
      // A folder that can't be written is told without an export.
      await writeFile(part, '');
      const at = new Date();
      // Not awaited in its turn: the page's worker reads what is stored, and judging goes on.
      const { exporting } = await this.#station.ask(async (page) => ({ exporting: this.#exported(page) }));
      const download = await exporting;
      const bytes = createReadStream(await download.path());
      await writeFile(part, bytes, { flush: true }).finally(() => download.delete());
      const name = `${this.#stem}${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z.zip`;
      await rename(part, join(folder, name));
      this.madeAt = at.getTime();
      this.#station.emit('note', `Backup: ${name}.`);
      const others = (await this.#namesIn(folder)).filter((other) => other !== name);
      for (const other of others.slice(keep - 1)) await rm(join(folder, other));
    } finally {
      await rm(part, { force: true }).catch(() => undefined);
    }
  }

  async #exported(page) {
    const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage);
    if (this.#station.room < (2 * usage) / 2 ** 20 + this.#config.alerts.least_disk_mb)
      throw Object.assign(new Error('The disk of the data has too little room'), { code: 'ENOSPC' });
    const save = () => globalThis.porthole.tryTo(() => globalThis.porthole.exportBundle());
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 2 * HOUR }),
      page.evaluate(save).then(({ problem }) => problem && Promise.reject(new Error(problem))),
    ]);
    return download;
  }

  get #stem() {
    return `porthole-${stemOf(this.#config.name)}-`;
  }

  /** This station's backups, the newest first. */
  async #namesIn(folder) {
    const own = new RegExp(`^${this.#stem}[\\dT-]{19}Z\\.zip$`);
    const names = folder === undefined ? [] : await readdir(folder).catch(() => []);
    return names
      .filter((name) => own.test(name))
      .toSorted()
      .reverse();
  }
}

/** Milliseconds since 1970 by a backup's name. */
function timeOf(name) {
  return Date.parse(`${name.slice(-24, -13)}${name.slice(-13, -4).replaceAll('-', ':')}`);
}

/** Takes a backup into a profile without cameras. @returns {Promise<boolean>} false, said, if anything is missing then */
export async function restore(file, address, config) {
  const profile = join(config.data, 'profile');
  const { page, close } = await openStationPage(profile, address, { ...config, language: 'en' }, () => {});
  const take = async ({ files }) => globalThis.porthole.tryTo(() => globalThis.porthole.restore(files[0]));
  const taking = withFiles(page, [file], (input) => page.evaluate(take, input));
  const { value, problem } = await taking.finally(close);
  for (const sentence of value?.told ?? [problem]) console.log(sentence);
  if (!value?.isWhole) console.error(`To restore into this station anew, delete ${profile} first.`);
  return value?.isWhole ?? false;
}
