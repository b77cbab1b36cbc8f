import { untrack } from 'svelte';
import { askForAll, isAllowed } from '../../core/browser/file-handles';
import type { FileOf } from '../../core/session/follower';
import { Turns } from '../../core/domain/turns';
import { FolderWatch, type WatchParts } from './folder-watch.svelte';

/** The watched folders of all cameras, whichever is looked at, in the tab that writes. */
export class Watches {
  /** one for each camera, whether it has a folder or not */
  list = $state.raw<readonly FolderWatch[]>([]);
  readonly #parts: WatchParts;
  readonly #turns = new Turns();

  /** the chosen camera's; null in a tab that only looks on */
  readonly chosen = $derived.by(() => this.of(this.#parts.cameras.chosen?.id));
  readonly watching = $derived.by(() => this.list.filter(({ status }) => status === 'watching'));
  /** folders that wait for a person's permission */
  readonly asking = $derived.by(() => this.list.filter(({ status }) => status === 'asks'));
  /** folders with a problem that permission does not solve */
  readonly troubled = $derived.by(() =>
    this.list.filter(
      ({ status, isTroubled }) => status === 'stopped' || (status === 'watching' && isTroubled),
    ),
  );
  /** true if the person has dismissed the folders that wait for permission */
  isDismissed = $state(false);
  readonly hasNews = $derived.by(
    () => this.troubled.length > 0 || (this.asking.length > 0 && !this.isDismissed),
  );

  constructor(parts: WatchParts) {
    this.#parts = parts;
    const { work, cameras } = parts;
    $effect.root(() => {
      $effect(() => {
        const ids = work.role === 'writer' ? cameras.all.map(({ id }) => id) : [];
        untrack(() => {
          this.#follow(ids);
        });
      });
    });
  }

  /** Watches these folders again, mostly all that wait for the person's word. Must be called while a click is handled. */
  async goOn(watches = this.asking): Promise<void> {
    const answers = await askForAll(watches.flatMap(({ folder }) => folder ?? []));
    await this.#parts.work.attempt(async () => {
      await Promise.all(watches.map((watch, i) => watch.goOn(answers[i] ?? false)));
      // An answer may have been for folders without a question.
      for (const watch of this.asking) {
        if (watch.folder && (await isAllowed(watch.folder))) await watch.goOn(true);
      }
    });
  }

  /** The file of a snapshot in its camera's folder. */
  async fileOf(of: FileOf): Promise<File | null> {
    return (await this.of(of.cameraId)?.find(of)) ?? null;
  }

  of(cameraId: string | undefined): FolderWatch | null {
    return this.list.find((watch) => watch.cameraId === cameraId) ?? null;
  }

  /** Cameras were set up or deleted, or this tab became the one that writes. */
  #follow(ids: readonly string[]): void {
    const gone = this.list.filter(({ cameraId }) => !ids.includes(cameraId));
    const { db, work, cameras, scoring } = this.#parts;
    const shared = { turns: this.#turns, count: () => this.watching.length };
    const parts = { db, work, cameras, scoring, ...shared };
    const fresh = ids.filter((id) => !this.of(id)).map((id) => new FolderWatch(id, parts));
    if (gone.length + fresh.length === 0) return;
    this.list = [...this.list.filter((watch) => !gone.includes(watch)), ...fresh];
    const changing = [...gone.map((watch) => watch.end()), ...fresh.map((watch) => watch.open())];
    Promise.all(changing).catch(work.report);
  }
}
