import { isArchiveName } from '../../core/domain/files/archive';
import { AppError } from '../../core/domain/errors';
import { isPictureName } from '../../core/domain/files/picture-name';
import { sortFiles } from '../../core/session/intake';
import type { Session } from '../../core/session/session.svelte';
import {
  discardAside,
  listAside,
  MOST_ATTEMPTS,
  onPutAside,
  putAside,
  TooMuchAside,
  useAside,
  type AsideBatch,
} from './put-aside';
import { SHARE_OUTCOMES, type ShareOutcome } from './share-target';

/** https://wicg.github.io/web-app-launch/#launchqueue-interface; Chromium alone has it. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

/**
 * Files that the system opens with Porthole or that were shared with it. Any website can post as if it shared, so
 * nothing of them is decoded or stored before a person says yes.
 */
export class HandedFiles {
  /** what waits for a person's word */
  waiting = $state.raw<readonly AsideBatch[]>([]);
  /** why something did not come to wait; null when there is nothing to tell */
  told = $state.raw<Exclude<ShareOutcome, 'kept'> | null>(null);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Begins to receive them. @returns what ends it */
  receive(): () => void {
    const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
    launchQueue?.setConsumer(({ files = [] }) => {
      if (files.length === 0) return;
      void this.#session.attempt(async () => {
        await this.#keep(await Promise.all(files.map((file) => file.getFile())));
      });
    });
    this.#readAddress();
    this.look();
    return onPutAside(() => {
      this.look();
    });
  }

  /** Looks what waits. */
  look(): void {
    // By plain http from another host there is neither a service worker nor a place to put anything aside.
    if (!('caches' in globalThis)) return;
    listAside().then(
      (waiting) => (this.waiting = waiting),
      (error: unknown) => {
        this.#session.report(new AppError('storage-failed', '', { cause: error }));
      },
    );
  }

  /** The person said yes: takes a batch as if it had been dropped on the Monitor. What can't be taken now stays. */
  async use({ id, by }: AsideBatch): Promise<void> {
    const session = this.#session;
    this.waiting = this.waiting.filter((batch) => batch.id !== id);
    try {
      await useAside(id, async (files) => {
        if (session.camera) session.place = 'monitor';
        return by === 'share' ? await this.#checkShared(files) : await session.take(files, [], false);
      });
    } catch (error) {
      session.report(new AppError('storage-failed', '', { cause: error }));
    }
    this.look();
  }

  /** The person said no. */
  async discard({ id }: AsideBatch): Promise<void> {
    await this.#session.attempt(() => discardAside(id));
    this.look();
  }

  /** Of what a website may have sent, snapshots alone; an archive may hold anything. */
  async #checkShared(given: readonly File[]): Promise<boolean> {
    const session = this.#session;
    return session.attempt(async () => {
      const { files, bundles } = await session.arrivals.open(given);
      for (const { name } of bundles) session.arrivals.refuse(name, 'is-bundle');
      const { snapshots } = sortFiles(files);
      const taken = new Set<File>(snapshots);
      const problem = (await session.take(snapshots, [], false)) ? null : session.problem;
      session.arrivals.ignored = files.filter((file) => !taken.has(file));
      if (problem) throw problem;
    });
  }

  /** What became of a share, the service worker says by the address. */
  #readAddress(): void {
    const address = new URL(location.href);
    const said = address.searchParams.get('shared');
    if (said === null) return;
    address.searchParams.delete('shared');
    history.replaceState(null, '', address);
    const outcome = SHARE_OUTCOMES.find((known) => known === said);
    if (outcome && outcome !== 'kept') this.told = outcome;
  }

  async #keep(files: readonly File[]): Promise<void> {
    try {
      await putAside(files, 'system');
    } catch (error) {
      if (!(error instanceof TooMuchAside)) throw new AppError('disk-full', '', { cause: error });
      this.told = 'too-much';
    }
    this.look();
  }
}

/** Whether its use began twice and never ended: one of its files may be what ends the page. */
export function isGivenUp({ attempts }: AsideBatch): boolean {
  return attempts >= MOST_ATTEMPTS;
}

/** Whether there is nothing but snapshots in it, as far as names tell. */
export function isToBeChecked({ files }: AsideBatch): boolean {
  return files.every(
    ({ name, type }) => isPictureName(name) || type.startsWith('image/') || isArchiveName(name),
  );
}
