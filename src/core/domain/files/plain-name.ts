import { UNSEEN } from './unseen.js';

/** File systems allow 255; only archives hold longer names. */
const MOST = 255;
const KEPT_AT_END = 24;

/** A text as it can be shown: without what can't be seen or turns the text around it, and no longer than that. */
export function plainText(text: string, most = text.length): string {
  const seen = text.slice(0, 2 * most).replace(UNSEEN, ' ');
  const letters = Array.from(seen);
  return letters.length <= most && text.length <= 2 * most ? seen : `${letters.slice(0, most - 1).join('')}…`;
}

/** A file's name as it can be shown, stored and sent: without tricks, and no longer than file systems allow. */
export function plainName(name: string): string {
  const seen = name.replace(UNSEEN, '_');
  if (seen.length <= MOST) return seen;
  const letters = Array.from(seen);
  if (letters.length <= MOST) return seen;
  return `${letters.slice(0, MOST - KEPT_AT_END - 1).join('')}…${letters.slice(-KEPT_AT_END).join('')}`;
}
