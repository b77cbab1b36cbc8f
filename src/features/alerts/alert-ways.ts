import type { SpokenVerdict } from './pure/verdict-change';
import type { TellingProblem } from './messages-alerts';

/** A note of a tone: its pitch in hertz, when it begins and how long it lasts, in seconds. */
type Note = readonly [hertz: number, at: number, length: number];

/** Told apart by their number and direction, so that nobody needs an ear for pitch. */
const TONES: Readonly<Record<SpokenVerdict, readonly Note[]>> = {
  drift: [
    [880, 0, 0.22],
    [660, 0.28, 0.22],
    [440, 0.56, 0.5],
  ],
  warning: [
    [660, 0, 0.2],
    [660, 0.3, 0.2],
  ],
  normal: [
    [523, 0, 0.16],
    [784, 0.2, 0.34],
  ],
};
/** Milliseconds on, off, on … */
const PULSES: Readonly<Record<SpokenVerdict, readonly number[]>> = {
  drift: [400, 150, 400, 150, 400],
  warning: [200, 150, 200],
  normal: [120],
};
const LOUDNESS = 0.25;

let audio: AudioContext | null = null;

/** Opens the way for sounds: browsers allow them only after a touch or a key, so it is called in one. */
export function readySound(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

/** Plays a verdict's tones. @returns why they were not heard, or null */
export async function sound(verdict: SpokenVerdict): Promise<TellingProblem | null> {
  audio ??= new AudioContext();
  const context = audio;
  // Without a touch before, resuming is never answered.
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  if (context.state !== 'running') return 'sound-silent';
  for (const [hertz, at, length] of TONES[verdict]) {
    const [from, to] = [context.currentTime + at, context.currentTime + at + length];
    const tone = new OscillatorNode(context, { type: 'triangle', frequency: hertz });
    // Tones that begin and end at once click.
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.02);
    gain.gain.setValueAtTime(LOUDNESS, to - 0.06);
    gain.gain.linearRampToValueAtTime(0, to);
    tone.connect(gain).connect(context.destination);
    tone.start(from);
    tone.stop(to);
  }
  return null;
}

export function vibrate(verdict: SpokenVerdict): TellingProblem | null {
  return navigator.vibrate([...PULSES[verdict]]) ? null : 'vibration-failed';
}

/** Marks the icon of the installed page: a number for drift, a dot for a warning, nothing when all is well. */
export async function badge(verdict: SpokenVerdict | null): Promise<TellingProblem | null> {
  try {
    if (verdict === 'drift') await navigator.setAppBadge(1);
    else if (verdict === 'warning') await navigator.setAppBadge();
    else await navigator.clearAppBadge();
    return null;
  } catch {
    return 'badge-failed';
  }
}

/** Shows a notification of the device; a press on it brings this tab to the front. */
export async function notify(title: string, body: string, icon: string): Promise<TellingProblem | null> {
  if (Notification.permission !== 'granted') return 'notification-lost';
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
    return 'notification-failed';
  }
}

/** What this browser offers at all. */
export function offered(): Readonly<Record<'notification' | 'sound' | 'vibration' | 'badge', boolean>> {
  return {
    notification: 'Notification' in globalThis,
    sound: 'AudioContext' in globalThis,
    vibration: 'vibrate' in navigator,
    badge: 'setAppBadge' in navigator,
  };
}
