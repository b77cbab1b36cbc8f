import { untrack } from 'svelte';
import type { CompletedJob } from '../../domain/camera/job';
import type { Cover } from '../glass/cover';
import type { Session } from '../session.svelte';
import { free, smallPair, wholePair, type PicturePair } from './picture-pair';

/**
 * A snapshot's pair as a component shows it, with the glass that is covered: thumbnails at once, then the files where they
 * are at hand, freed when others take their place. Made while a component is.
 */
export class ShownPair {
  /** stays until the next one is there */
  pair = $state.raw<PicturePair | null>(null);
  cover = $state.raw<Cover | null>(null);
  readonly #session: Session;

  /** @param jobOf - undefined while nothing new is wanted */
  constructor(session: Session, jobOf: () => CompletedJob | undefined) {
    this.#session = session;
    // A job is a new object with each number that is added: only these change what is shown.
    const asked = $derived(
      [jobOf()?.id, jobOf()?.glass === undefined, session.followers.watchedFolder].join(' '),
    );
    $effect(() => {
      const given = [asked, session.cameras.references, session.cameras.events];
      let isWanted = true;
      untrack(async () => {
        const job = jobOf();
        if (job && given.length > 0) await this.#open(job, () => isWanted);
      }).catch(session.work.report);
      return () => (isWanted = false);
    });
    $effect(() => {
      const drawn = this.pair;
      return () => {
        if (drawn) free(drawn);
      };
    });
  }

  async #open(job: CompletedJob, isWanted: () => boolean): Promise<void> {
    const session = this.#session;
    const { coverAt } = await import('../glass/cover');
    const [small, cover] = await Promise.all([smallPair(session, job), coverAt(session, job)]);
    if (!isWanted()) return;
    // Growth of the window before lies on another scene than that of this picture.
    this.cover = job.glass?.view.isAside ? null : cover;
    // Keeps a picture of full size while it is unchanged, so that it does not flicker.
    if (this.pair?.job.id !== job.id) this.pair = small;
    const { own, clean } = this.pair;
    const isSame = clean?.key === small.clean?.key;
    if (own?.isWhole && isSame && clean?.isWhole !== false) return;
    const whole = await wholePair(session, small);
    if (isWanted()) this.pair = whole;
    else free(whole);
  }
}
