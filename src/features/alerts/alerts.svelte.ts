import { untrack } from 'svelte';
import {
  AlertPace,
  alertOf,
  changeBetween,
  standingOf,
  type LastVerdict,
  type VerdictChange,
} from './pure/verdict-change';
import type { Reminders } from '../../core/domain/camera/seen';
import { seenSentence } from '../../core/i18n/conclusion-words';
import { questionHeadline } from '../../core/i18n/question-words';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import type { Settings } from '../../core/storage/schema';
import { appWords } from '../../core/i18n/app-words';
import { verdictWords } from '../../words/verdict';
import { alertsWords } from '../../words/alerts';
import { lastBreak } from '../../core/domain/camera/event';
import { compareJobs, type Job } from '../../core/domain/camera/job';
import { overviewOf, loadRecent, type Recent } from '../../core/session/camera-overview';
import type { ChangedJob } from '../../core/session/scoring/known-jobs';
import { Turns } from '../../core/domain/turns';
import type { Session } from '../../core/session/session.svelte';
import { TroubleWatch } from './trouble-watch.svelte';
import {
  instructionOf,
  drawnAs,
  standingNow,
  tellVerdict,
  verdictWord,
  type ShownVerdict,
  type VerdictNow,
} from '../../core/session/history/verdict-now';
import { capital } from '../../core/i18n/wording';
import { VERDICT_SHAPES } from '../../core/ui/verdict-shapes';

/** Why no notification is shown. */
type NotificationProblem = keyof typeof alertsWords.refusals;

/** Colours that stand out from a light and from a dark row of tabs. */
const COLOURS: Readonly<Record<ShownVerdict | 'asking', string>> = {
  normal: '#2e9e5b',
  warning: '#e08c00',
  drift: '#e0392f',
  asking: '#2a93a6',
  silent: '#7d8893',
  'warming-up': '#7d8893',
  'not-checked': '#7d8893',
};

/** Shows the verdict on the tab, and notifies the person, who has chosen it, when new snapshots change it. */
export class Alerts {
  /** true if a person has chosen notifications */
  isOn = $state(false);
  /** how often an alarm that stands is told again */
  reminders = $state<Reminders>('never');
  /** why no notification is shown: it did not work when it was needed, or was refused when it was chosen */
  refusal = $state.raw<NotificationProblem | null>(null);
  readonly isOffered = 'Notification' in globalThis;

  readonly #session: Session;
  /** the newest change, null before the first */
  #last = $state.raw<{
    readonly cameraId: string;
    readonly text: string;
    /** its camera's newest snapshot then: a cleaning after that ends it */
    readonly newestAt: number;
    /** the camera that was shown when it was told: on another one's page it is not read again */
    readonly shown: string | undefined;
  } | null>(null);
  readonly #now = $derived.by(() => standingNow(this.#session).now);
  /** the newest change, for who hears the page; after a cleaning what the Monitor says instead */
  readonly said = $derived.by(() => {
    const { chosen: camera, events } = this.#session.cameras;
    const last = this.#last;
    if (!camera || last?.shown !== camera.id) return '';
    if (last.cameraId !== camera.id) return last.text;
    const isOver = (lastBreak(events, this.#session.cameras.now()) ?? -Infinity) > last.newestAt;
    return isOver
      ? alertsWords.changed({ camera: camera.name, heading: instructionOf(this.#now) })
      : last.text;
  });
  /** of each camera that something was told of, and what waits to be told */
  readonly #paces = new Map<string, { readonly pace: AlertPace; waiting?: ReturnType<typeof setTimeout> }>();
  /** as it was when the batch at work began */
  #before: (LastVerdict & { readonly cameraId: string }) | null = null;
  /** the same of cameras that are not shown */
  readonly #beforeElsewhere = new Map<string, LastVerdict>();
  readonly #elsewhere = new Turns();

  private constructor(session: Session, { notification, reminders = 'never' }: Settings['alerts']) {
    this.#session = session;
    this.isOn = notification;
    this.reminders = reminders;
    $effect.root(() => {
      $effect(() => {
        this.#showOnTab();
      });
      $effect(() => {
        const { isWorking } = session.scoring.batches;
        untrack(() => {
          if (isWorking) this.#begin();
          else this.#settle();
        });
      });
      $effect(() => {
        if (session.scoring.isBehind) return;
        this.#elsewhere.take(() => this.#settleElsewhere()).catch(session.work.report);
      });
    });
    new TroubleWatch(session, () => this.reminders, {
      silent: async ({ id: cameraId, name: camera }, { newestAt }) => {
        const text = alertsWords.silent({ camera, age: session.cameras.now() - newestAt });
        this.#say({ cameraId, text, newestAt });
        await this.#notify(alertsWords.silentHeading, text);
      },
      failed: async ({ id: cameraId, name: camera }, { count, since }) => {
        const text = alertsWords.failed({ camera, count, age: session.cameras.now() - (since ?? NaN) });
        this.#say({ cameraId, text, newestAt: Infinity });
        await this.#notify(alertsWords.failedHeading, text);
      },
      again: async ({ camera: { name }, now, run, seen }) => {
        const { latest } = now;
        if (!latest) return;
        const parts = [tellVerdict({ ...now, latest }, run), seen && seenSentence(seen)];
        const sentence = parts.filter((part) => part !== null).join(' ');
        const heading = alertsWords.reminder({ word: instructionOf(now) });
        await this.#notify(heading, alertsWords.notice({ camera: name, sentence }));
      },
    });
    // An earlier version may have left its mark on the icon of the installed page.
    if ('clearAppBadge' in navigator) navigator.clearAppBadge().catch(() => undefined);
  }

  static async open(session: Session): Promise<Alerts> {
    return new Alerts(session, (await loadSetting(session.db, 'alerts')) ?? { notification: false });
  }

  /** Turns notifications on or off; on only when the browser permits them. */
  async choose(isOn: boolean): Promise<void> {
    this.refusal = null;
    if (isOn) {
      const permission = await Notification.requestPermission();
      if (permission !== 'granted') {
        this.refusal = permission === 'denied' ? 'denied' : 'unanswered';
        return;
      }
    }
    this.isOn = isOn;
    await this.#save();
  }

  async remind(every: Reminders): Promise<void> {
    this.reminders = every;
    await this.#save();
  }

  async #save(): Promise<void> {
    const { isOn: notification, reminders } = this;
    await saveSetting(this.#session.db, 'alerts', { notification, reminders });
  }

  /** Tells a drift that is none. */
  async tryOut(): Promise<void> {
    await this.#tell(
      alertsWords.heading.drift,
      this.#session.cameras.chosen?.name ?? appWords.app.name,
      alertsWords.panel.sample,
    );
  }

  /** Looks again whether the browser still permits what was chosen: that can be taken back at any time. */
  checkPermission(): void {
    const isLost = this.isOn && this.isOffered && Notification.permission !== 'granted';
    if (isLost) this.refusal = 'lost';
    else if (this.refusal === 'lost') this.refusal = null;
  }

  #showOnTab(): void {
    const { chosen: camera } = this.#session.cameras;
    if (!camera) {
      document.title = appWords.app.name;
      return;
    }
    const now = this.#now;
    document.title = titleOf(camera.name, now);
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = verdictIcon(drawnAs(now));
  }

  /** Remembers how the camera stands when a batch begins. */
  #begin(): void {
    const { watched, jobs } = this.#session.history;
    const now = this.#session.cameras.now();
    const standing = watched && standingOf(jobs, watched.events, now, this.#now.question);
    this.#before = standing && { cameraId: watched.camera.id, ...standing };
  }

  /** Tells what the batch that has ended has changed. */
  #settle(): void {
    const { history } = this.#session;
    const { events } = this.#session.cameras;
    const { role } = this.#session.work;
    const now = this.#session.cameras.now();
    const before = this.#before;
    this.#before = null;
    if (!before || role !== 'writer' || history.watched?.camera.id !== before.cameraId) return;
    const after = standingOf(history.jobs, events, now, this.#now.question);
    const change = changeBetween(before.cameraId, before, after);
    if (change) this.#pass(change);
  }

  /**
   * Remembers how cameras that are not shown stood before these jobs were stored, and others changed. What that has
   * changed is told once their batch has ended: what a part of it ends with may be over in the next.
   */
  async storedElsewhere(jobs: readonly Job[], changed: readonly ChangedJob<Job>[]): Promise<void> {
    await this.#elsewhere.take(async () => {
      await this.#beginElsewhere(jobs, changed);
      if (!this.#session.scoring.isBehind) await this.#settleElsewhere();
    });
  }

  async #beginElsewhere(jobs: readonly Job[], changed: readonly ChangedJob<Job>[]): Promise<void> {
    const { all: cameras, chosen: shown } = this.#session.cameras;
    if (this.#session.work.role !== 'writer') return;
    const was = new Map(changed.toReversed().map(({ before }) => [before.id, before]));
    const begunAt = Math.min(...jobs.map(({ createdAt }) => createdAt));
    const ids = new Set([...jobs, ...was.values()].map(({ cameraId }) => cameraId));
    for (const camera of cameras.filter(({ id }) => ids.has(id) && id !== shown?.id)) {
      if (this.#beforeElsewhere.has(camera.id)) continue;
      const recent = await loadRecent(this.#session.db, camera);
      const earlier = recent.jobs
        .filter(({ createdAt }) => createdAt < begunAt)
        .map((job) => was.get(job.id) ?? job)
        .sort(compareJobs);
      this.#beforeElsewhere.set(camera.id, this.#standingOf({ ...recent, jobs: earlier }));
    }
  }

  async #settleElsewhere(): Promise<void> {
    for (const [cameraId, before] of this.#beforeElsewhere) {
      this.#beforeElsewhere.delete(cameraId);
      const camera = this.#session.cameras.all.find(({ id }) => id === cameraId);
      if (!camera) continue;
      const after = this.#standingOf(await loadRecent(this.#session.db, camera));
      const change = changeBetween(cameraId, before, after);
      if (change) this.#pass(change);
    }
  }

  #standingOf(recent: Recent): LastVerdict {
    const now = this.#session.cameras.now();
    return standingOf(recent.jobs, recent.events, now, overviewOf(recent, now).now.question);
  }

  /** Tells a change, at most one of a camera in a minute. */
  #pass(change: VerdictChange): void {
    const paced = this.#paces.get(change.cameraId) ?? { pace: new AlertPace() };
    this.#paces.set(change.cameraId, paced);
    const wait = paced.pace.take(change, Date.now());
    clearTimeout(paced.waiting);
    if (wait === null) return;
    paced.waiting = setTimeout(() => {
      const due = paced.pace.release(Date.now());
      if (due) this.#tellChange(due).catch(this.#session.work.report);
    }, wait);
  }

  async #tellChange(change: VerdictChange): Promise<void> {
    const { cameraId } = change;
    const session = this.#session;
    const camera = session.cameras.all.find(({ id }) => id === cameraId);
    if (!camera) return;
    const isShown = cameraId === session.cameras.chosen?.id;
    const { now, run } = isShown
      ? standingNow(session)
      : overviewOf(await loadRecent(session.db, camera), session.cameras.now());
    const { latest, question, verdict } = now;
    const told = alertOf(change, question !== null, verdict);
    if (told === null) return;
    const heading = told === 'asked' ? questionHeadline(question!, camera) : alertsWords.heading[told];
    // A snapshot that lies ahead of now was there before the next cleaning all the same.
    const newestAt = Math.min(latest?.capturedAt ?? -Infinity, session.cameras.now() - 1);
    this.#say({ cameraId, text: alertsWords.changed({ camera: camera.name, heading }), newestAt });
    await this.#tell(heading, camera.name, latest ? tellVerdict({ ...now, latest }, run) : '');
  }

  #say(last: { readonly cameraId: string; readonly text: string; readonly newestAt: number }): void {
    this.#last = { ...last, shown: this.#session.cameras.chosen?.id };
  }

  async #tell(heading: string, name: string, sentence: string): Promise<void> {
    await this.#notify(heading, alertsWords.notice({ camera: name, sentence }));
  }

  async #notify(heading: string, notice: string): Promise<void> {
    if (this.isOn && this.isOffered) this.refusal = await notify(heading, notice);
  }
}

/** The page's title: the verdict with its cause, and where. */
function titleOf(camera: string, now: VerdictNow): string {
  const isKnown = now.latest ?? now.blindness;
  const word = isKnown ? capital(verdictWord(now)) : verdictWords.instruction['not-checked'];
  return `${word} – ${camera} – ${appWords.app.name}`;
}

/** The verdict as an icon of the tab, as a data URL. */
function verdictIcon(verdict: ShownVerdict | 'asking'): string {
  const colour = COLOURS[verdict];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" color="${colour}" fill="${colour}">${VERDICT_SHAPES[verdict]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Shows a notification of the device; a press brings this tab to the front. @returns why it was not shown, or null */
async function notify(title: string, body: string): Promise<NotificationProblem | null> {
  if (Notification.permission !== 'granted') return 'lost';
  const icon = new URL('icon.svg', document.baseURI).href;
  const options = { body, icon, tag: 'porthole-verdict', renotify: true };
  try {
    // Phones show them only through a service worker, which then answers the press.
    const registration =
      'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined;
    if (registration?.active) {
      await registration.showNotification(title, options);
      return null;
    }
    const notification = new Notification(title, options);
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    return null;
  } catch {
    return 'failed';
  }
}
