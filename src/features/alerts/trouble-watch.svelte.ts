import { untrack } from 'svelte';
import { followMinutes } from '../../core/browser/minutes.svelte';
import type { Camera, Job } from '../../core/domain/camera/job';
import type { Session } from '../../core/session/session.svelte';
import { silenceOf, type Silence } from '../../core/session/silence';
import { loadHabit } from '../../core/session/glimpse';
import type { Unread } from '../../core/session/watched-files';
import { loadSetting, saveSetting } from '../../core/storage/settings';

interface Tell {
  silent(camera: Camera, silence: Silence): Promise<void>;
  unread(camera: Camera, unread: Unread): Promise<void>;
}

/** Tells once, in the tab that writes, of each camera that is silent or has had unreadable files for long. */
export class TroubleWatch {
  readonly #session: Session;
  readonly #tell: Tell;
  #isChecking = false;

  constructor(session: Session, tell: Tell) {
    this.#session = session;
    this.#tell = tell;
    $effect.root(() => {
      $effect(() => {
        followMinutes();
        const { role } = session.work;
        const { all: cameras } = session.cameras;
        if (role !== 'writer' || cameras.length === 0) return;
        untrack(() => {
          this.#check().catch(session.work.report);
        });
      });
    });
  }

  async #check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      for (const camera of this.#session.cameras.all) {
        await this.#lookForSilence(camera);
        await this.#lookForUnread(camera);
      }
    } finally {
      this.#isChecking = false;
    }
  }

  async #lookForSilence(camera: Camera): Promise<void> {
    const jobs = await this.#jobsOf(camera);
    const silence = silenceOf(jobs, camera, this.#session.cameras.now());
    if (!silence?.isNews) return;
    const { db } = this.#session;
    const told = (await loadSetting(db, 'silenceTold')) ?? {};
    if (told[camera.id] === silence.newestAt) return;
    await saveSetting(db, 'silenceTold', { ...told, [camera.id]: silence.newestAt });
    await this.#tell.silent(camera, silence);
  }

  async #lookForUnread(camera: Camera): Promise<void> {
    const unread = this.#session.followers.unreadOf(camera.id);
    if (!unread) return;
    const { db } = this.#session;
    const told = (await loadSetting(db, 'unreadTold')) ?? [];
    const isTold = told.includes(camera.id);
    if (isTold && unread.count === 0) {
      const others = told.filter((id) => id !== camera.id);
      await saveSetting(db, 'unreadTold', others);
    } else if (!isTold && unread.isLong) {
      await saveSetting(db, 'unreadTold', [...told, camera.id]);
      await this.#tell.unread(camera, unread);
    }
  }

  async #jobsOf({ id }: Camera): Promise<readonly Job[]> {
    if (id === this.#session.cameras.chosen?.id) return this.#session.history.jobs;
    return loadHabit(this.#session.db, id);
  }
}
