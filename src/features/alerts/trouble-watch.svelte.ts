import { untrack } from 'svelte';
import { followMinutes } from '../../core/browser/minutes.svelte';
import type { Camera } from '../../core/domain/camera/camera';
import type { Job } from '../../core/domain/camera/job';
import { silenceOf, type Silence } from '../../core/session/silence';
import { isReminderDue, type Reminders } from '../../core/domain/camera/seen';
import { loadHabit, loadRecent, overviewOf, type CameraOverview } from '../../core/session/camera-overview';
import { isAlarm } from '../../core/session/history/verdict-now';
import type { FailedFiles } from '../../core/session/watched-files';
import { loadLearned } from '../../core/storage/cameras';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import type { Session } from '../../core/session/session.svelte';

/** An alarm is looked at again so often, in milliseconds: its camera's history is read for that. */
const LOOK_AGAIN = 3_600_000;

interface Tell {
  silent(camera: Camera, silence: Silence): Promise<void>;
  failed(camera: Camera, files: FailedFiles): Promise<void>;
  again(overview: CameraOverview): Promise<void>;
}

type Parts = Pick<Session, 'db' | 'work' | 'cameras' | 'history' | 'followers'>;

/**
 * Tells once, in the tab that writes, of each camera that is silent or whose files have been failing for long; and of
 * an alarm that stands again and again, as chosen.
 */
export class TroubleWatch {
  readonly #parts: Parts;
  readonly #tell: Tell;
  readonly #reminders: () => Reminders;
  /** when each camera's alarm was looked at, by `performance.now` */
  readonly #lookedAt = new Map<string, number>();
  #isChecking = false;

  constructor(parts: Parts, reminders: () => Reminders, tell: Tell) {
    this.#parts = parts;
    const { work, cameras } = parts;
    this.#reminders = reminders;
    this.#tell = tell;
    $effect.root(() => {
      $effect(() => {
        followMinutes();
        const { role } = work;
        if (role !== 'writer' || cameras.all.length === 0) return;
        untrack(() => {
          this.#check().catch(work.report);
        });
      });
    });
  }

  async #check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      for (const camera of this.#parts.cameras.all) {
        await this.#lookForSilence(camera);
        await this.#lookForAlarm(camera);
        await this.#lookForFailed(camera);
      }
    } finally {
      this.#isChecking = false;
    }
  }

  async #lookForSilence(camera: Camera): Promise<void> {
    const jobs = await this.#jobsOf(camera);
    const learned = await loadLearned(this.#parts.db, camera);
    const silence = silenceOf({ jobs, learned }, camera, this.#parts.cameras.now());
    if (!silence?.isNews) return;
    const { db } = this.#parts;
    const silences = await loadSetting(db, 'silenceTold');
    if (silences?.get(camera.id) === silence.newestAt) return;
    await saveSetting(db, 'silenceTold', new Map(silences).set(camera.id, silence.newestAt));
    await this.#tell.silent(camera, silence);
  }

  async #lookForFailed(camera: Camera): Promise<void> {
    const failed = this.#parts.followers.failedFiles(camera.id);
    if (!failed) return;
    const { db } = this.#parts;
    const cameraIds = (await loadSetting(db, 'unreadTold')) ?? [];
    const isTold = cameraIds.includes(camera.id);
    if (isTold && failed.count === 0) {
      const others = cameraIds.filter((id) => id !== camera.id);
      await saveSetting(db, 'unreadTold', others);
    } else if (!isTold && failed.isLong) {
      await saveSetting(db, 'unreadTold', [...cameraIds, camera.id]);
      await this.#tell.failed(camera, failed);
    }
  }

  async #lookForAlarm(camera: Camera): Promise<void> {
    const lookedAt = this.#lookedAt.get(camera.id) ?? -Infinity;
    // The demo's time is its own.
    if (camera.isDemo || performance.now() - lookedAt < LOOK_AGAIN) return;
    this.#lookedAt.set(camera.id, performance.now());
    const { db, cameras } = this.#parts;
    const now = cameras.now();
    const overview = overviewOf(await loadRecent(db, camera), now);
    const { verdict } = overview.now;
    const alarms = new Map(await loadSetting(db, 'alarmTold'));
    const alarm = alarms.get(camera.id);
    if (!isAlarm(overview.now)) {
      if (alarms.delete(camera.id)) await saveSetting(db, 'alarmTold', alarms);
      return;
    }
    const isSame = alarm?.verdict === verdict;
    if (isSame && !isReminderDue(this.#reminders(), alarm, overview.seen, now)) return;
    await saveSetting(db, 'alarmTold', alarms.set(camera.id, { verdict, at: now }));
    // The first time its batch has told it.
    if (isSame) await this.#tell.again(overview);
  }

  async #jobsOf({ id }: Camera): Promise<readonly Job[]> {
    if (id === this.#parts.cameras.chosen?.id) return this.#parts.history.jobs;
    return loadHabit(this.#parts.db, id);
  }
}
