import { untrack } from 'svelte';
import {
  AlertPace,
  changeBetween,
  standingOf,
  type SpokenVerdict,
  type Standing,
  type Told,
} from './pure/verdict-change';
import type { AlertChoices } from '../../core/storage/schema';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import { badge, notify, offered, readySound, sound, vibrate } from './alert-ways';
import { t } from '../../core/i18n/messages';
import { al, type Refusal } from './messages-alerts';
import type { Session } from '../../core/session/session.svelte';
import { silenceNow } from '../../core/session/silence';
import { SilenceWatch } from './silence-watch.svelte';
import { verdictIcon } from './verdict-icon';
import {
  latestOf,
  runOf,
  shownAs,
  tellingOf,
  verdictNow,
  verdictSentence,
  verdictWord,
} from '../../core/session/verdict-now';
import { tellingHistory } from '../../core/session/history';

export type AlertWay = keyof AlertChoices;
export const ALERT_WAYS: readonly AlertWay[] = ['notification', 'sound', 'vibration', 'badge'];

const NONE: AlertChoices = { notification: false, sound: false, vibration: false, badge: false };

/** Shows the verdict on the tab, and tells in the ways the person chose when new snapshots change it. */
export class Alerts {
  choices = $state.raw<AlertChoices>(NONE);
  /** the newest change, for who hears the page */
  said = $state('');
  /** what of the chosen ways did not work when it was needed, or was refused when it was chosen */
  refusals = $state.raw<readonly Refusal[]>([]);
  readonly offered = offered();

  readonly #session: Session;
  readonly #pace = new AlertPace();
  /** as it was when the batch at work began */
  #before: (Standing & { readonly cameraId: string }) | null = null;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  private constructor(session: Session, choices: AlertChoices) {
    this.#session = session;
    this.choices = choices;
    $effect.root(() => {
      $effect(() => {
        this.#showOnTab();
      });
      $effect(() => {
        const { isWorking } = session.monitor;
        untrack(() => {
          if (isWorking) this.#begin();
          else this.#settle();
        });
      });
    });
    new SilenceWatch(session, async (camera, { newestAt }) => {
      this.said = al.silent({ camera: camera.name, age: session.now() - newestAt });
      await this.#give('warning', al.silentHeading, this.said);
    });
    // Whoever touches the page has seen it.
    const seen = () => {
      if (this.choices.badge) void badge(null);
      if (this.choices.sound) readySound();
    };
    for (const type of ['pointerdown', 'keydown', 'focus'] as const) addEventListener(type, seen);
  }

  static async open(session: Session): Promise<Alerts> {
    return new Alerts(session, { ...NONE, ...(await loadSetting(session.db, 'alerts')) });
  }

  /** Turns a way of telling on or off; a notification only when the browser permits it. */
  async choose(way: AlertWay, isOn: boolean): Promise<void> {
    this.refusals = this.refusals.filter((refusal) => !refusal.startsWith(way));
    if (way === 'notification' && isOn) {
      const permission = await Notification.requestPermission();
      if (permission !== 'granted') {
        const refusal = permission === 'denied' ? 'notification-denied' : 'notification-unanswered';
        this.refusals = [...this.refusals, refusal];
        return;
      }
    }
    if (way === 'sound' && isOn) readySound();
    this.choices = { ...this.choices, [way]: isOn };
    await saveSetting(this.#session.db, 'alerts', this.choices);
    // Nothing else would take away what it shows.
    if (way === 'badge' && !isOn) await badge(null);
  }

  /** Tells a drift that is none, in every chosen way. */
  async tryOut(): Promise<void> {
    await this.#tell('drift', al.panel.sample);
  }

  /** Looks again whether the browser still permits what was chosen: that can be taken back at any time. */
  checkPermission(): void {
    const isLost =
      this.choices.notification && this.offered.notification && Notification.permission !== 'granted';
    const others = this.refusals.filter((refusal) => refusal !== 'notification-lost');
    this.refusals = isLost ? [...others, 'notification-lost'] : others;
  }

  #showOnTab(): void {
    const { camera, events } = this.#session;
    if (!camera) {
      document.title = t.app.name;
      return;
    }
    const session = this.#session;
    const now = verdictNow(latestOf(session), events, session.now(), session.blindness, silenceNow(session));
    document.title = al.title(camera.name, now, verdictWord(now));
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = verdictIcon(shownAs(now));
  }

  /** Remembers how the camera stands when a batch begins. */
  #begin(): void {
    const { watched, jobs } = this.#session.monitor;
    const now = this.#session.now();
    this.#before = watched && { cameraId: watched.camera.id, ...standingOf(jobs, watched.events, now) };
  }

  /** Tells what the batch that has ended has changed. */
  #settle(): void {
    const { monitor, events, role } = this.#session;
    const now = this.#session.now();
    const before = this.#before;
    this.#before = null;
    if (!before || role !== 'writer' || monitor.watched?.camera.id !== before.cameraId) return;
    const change = changeBetween(before.cameraId, before, standingOf(monitor.jobs, events, now));
    if (!change) return;
    const wait = this.#pace.take(change, Date.now());
    clearTimeout(this.#waiting);
    if (wait === null) return;
    this.#waiting = setTimeout(() => {
      const due = this.#pace.release(Date.now());
      if (due && due.cameraId === this.#session.camera?.id) void this.#tellChange(due.to);
    }, wait);
  }

  async #tellChange(to: Told): Promise<void> {
    const { camera, events, monitor } = this.#session;
    if (!camera) return;
    this.said = al.changed(camera.name, to);
    const jobs = tellingOf(tellingHistory(monitor.jobs, camera, events), this.#session.now());
    const now = verdictNow(jobs.at(-1), events, this.#session.now());
    await this.#tell(to, verdictSentence(now, runOf(jobs, now.verdict), this.#session));
  }

  async #tell(told: Told, sentence: string): Promise<void> {
    // A move is as pressing as a warning.
    const verdict: SpokenVerdict = told === 'moved' ? 'warning' : told;
    const name = this.#session.camera?.name ?? t.app.name;
    await this.#give(verdict, al.heading[told], al.notice({ camera: name, sentence }));
  }

  /** Says it in all chosen ways. */
  async #give(verdict: SpokenVerdict, heading: string, notice: string): Promise<void> {
    const { choices, offered } = this;
    const answers = await Promise.all([
      choices.notification && offered.notification
        ? notify(heading, notice, new URL('icon.svg', document.baseURI).href)
        : null,
      choices.sound && offered.sound ? sound(verdict) : null,
      choices.badge && offered.badge ? badge(verdict) : null,
    ]);
    const shaken = choices.vibration && offered.vibration ? vibrate(verdict) : null;
    this.refusals = [...answers, shaken].filter((answer) => answer !== null);
  }
}
