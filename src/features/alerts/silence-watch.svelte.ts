import { untrack } from 'svelte';
import { followMinutes } from '../../core/browser/minutes.svelte';
import type { Camera, Job } from '../../core/domain/camera/job';
import type { Session } from '../../core/session/session.svelte';
import { silenceOf, type Silence } from '../../core/session/silence';
import { loadHabit } from '../../core/session/glimpse';
import { loadSetting, saveSetting } from '../../core/storage/settings';

/** Tells once of each camera that has gone silent, whichever is looked at, in the tab that writes. */
export class SilenceWatch {
  readonly #session: Session;
  readonly #tell: (camera: Camera, silence: Silence) => Promise<void>;
  #isChecking = false;

  constructor(session: Session, tell: (camera: Camera, silence: Silence) => Promise<void>) {
    this.#session = session;
    this.#tell = tell;
    $effect.root(() => {
      $effect(() => {
        followMinutes();
        const { role, cameras } = session;
        if (role !== 'writer' || cameras.length === 0) return;
        untrack(() => {
          this.#check().catch(session.report);
        });
      });
    });
  }

  async #check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      for (const camera of this.#session.cameras) await this.#look(camera);
    } finally {
      this.#isChecking = false;
    }
  }

  async #look(camera: Camera): Promise<void> {
    const jobs = await this.#jobsOf(camera);
    const silence = silenceOf(jobs, camera, this.#session.now());
    if (!silence?.isNews) return;
    const { db } = this.#session;
    const told = (await loadSetting(db, 'silenceTold')) ?? {};
    if (told[camera.id] === silence.newestAt) return;
    await saveSetting(db, 'silenceTold', { ...told, [camera.id]: silence.newestAt });
    await this.#tell(camera, silence);
  }

  async #jobsOf({ id }: Camera): Promise<readonly Job[]> {
    if (id === this.#session.camera?.id) return this.#session.monitor.jobs;
    return loadHabit(this.#session.db, id);
  }
}
