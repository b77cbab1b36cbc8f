/** Backups: the page's own export of all cameras, made on time into a folder, and the way back into a new station. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFiles } from '../drive.mjs';
import { BackupFiles, contentsOf, isWhole, sha256Of, sumNameOf, surplus } from './backup-files.mjs';
import { openStationPage } from './browser.mjs';
import { Identity } from './identity.mjs';

const HOUR = 3_600_000;
/** Between two tries of a backup that failed, in milliseconds, at most. */
const AGAIN = 600_000;

export class Backup {
  #config;
  #station;
  #files;
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
    this.#files = new BackupFiles(config, station.identity);
    station.on('loop', () => this.#isAtWork || void this.#mind(config.backup));
  }

  /** The files that are there, the newest first. */
  look() {
    return this.#files.look(this.#config.backup?.folder);
  }

  #tellWrong(files) {
    const [first] = files;
    if (!first) return this.#station.solve('backup files');
    const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
    this.#station.tell(
      'backup files',
      `In the folder of backups is what is none of this station: ${first.name} (${first.wrong})${more}. It is neither counted nor deleted. Move it away; stations that share a folder need names of their own.`,
    );
  }

  async #mind(backup) {
    this.#isAtWork = true;
    try {
      const every = (backup?.every ?? Infinity) * HOUR;
      const files = await this.look();
      this.#tellWrong(files.filter(({ wrong }) => wrong !== null));
      // One from the future is no reason to wait for it.
      this.madeAt = files.find(({ wrong, at }) => wrong === null && at <= Date.now())?.at ?? null;
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

  /** A backup is there whole or not at all, and older ones go only when newer ones have all of their cameras. */
  async #make({ folder, keep }) {
    const part = join(folder, `.${this.#files.stem}part`);
    try {
      // A folder that can't be written is told without an export.
      await writeFile(part, '');
      const at = new Date();
      // Not awaited in its turn: the page's worker reads what is stored, and judging goes on.
      const { exporting } = await this.#station.ask(async (page) => ({ exporting: this.#exported(page) }));
      const download = await exporting;
      const hash = createHash('sha256');
      const bytes = hashed(createReadStream(await download.path()), hash);
      await writeFile(part, bytes, { flush: true }).finally(() => download.delete());
      const sum = hash.digest('hex');
      if ((await sha256Of(part)) !== sum)
        throw Object.assign(new Error('The disk gave back other bytes than were written'), { code: 'EIO' });
      const name = `${this.#files.stem}${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z.zip`;
      await writeFile(sumNameOf(part), `${sum}  ${name}\n`, { flush: true });
      await rename(sumNameOf(part), join(folder, sumNameOf(name)));
      await rename(part, join(folder, name));
      const files = await this.look();
      const made = files.find((file) => file.name === name && file.wrong === null);
      if (!made) throw new Error(`${name} can't be read`);
      this.madeAt = at.getTime();
      this.#station.emit('note', `Backup: ${name}.`);
      const others = files.filter((file) => file !== made && file.wrong === null);
      const going = await surplus(made, others, keep, (file) => isWhole(join(folder, file.name)));
      for (const { name } of going)
        for (const each of [sumNameOf(name), name]) await rm(join(folder, each), { force: true });
    } finally {
      for (const each of [part, sumNameOf(part)]) await rm(each, { force: true }).catch(() => undefined);
    }
  }

  async #exported(page) {
    const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage);
    if (this.#station.room < (2 * usage) / 2 ** 20 + this.#config.alerts.least_disk_mb)
      throw Object.assign(new Error('The disk of the data has too little room'), { code: 'ENOSPC' });
    const save = (id) => globalThis.porthole.tryTo(() => globalThis.porthole.exportBundle(id));
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 2 * HOUR }),
      page
        .evaluate(save, this.#station.identity.id)
        .then(({ problem }) => problem && Promise.reject(new Error(problem))),
    ]);
    return download;
  }
}

/** The same bytes, which a hash has had when they are through. */
async function* hashed(bytes, hash) {
  for await (const each of bytes) {
    hash.update(each);
    yield each;
  }
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
  else new Identity(config.data).become(await contentsOf(file, (await stat(file)).size));
  return value?.isWhole ?? false;
}
