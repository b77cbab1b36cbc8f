import type { AlertedVerdict } from './pure/verdict-change';
import { inLanguage } from '../../core/i18n/language';
import { t } from '../../core/i18n/messages';
import type { VerdictNow } from '../../core/session/history/verdict-now';
import { capital } from '../../core/i18n/wording';
import en from '../../words/alerts.en.js';

/** Why no notification is shown. */
export type NotificationProblem = keyof typeof en.refusals;

const catalog = inLanguage('alerts', en);

/** Every sentence that tells of a change of verdict, in the language of the page. */
export const al = {
  ...catalog,
  title: (camera: string, { latest, verdict, blindness, silence }: VerdictNow, word: string) =>
    latest && !blindness && !silence && verdict !== 'warming-up'
      ? `${capital(word)}: ${lowerFirst(t.verdict.instruction[verdict])} – ${camera} – ${t.app.name}`
      : `${latest || blindness ? capital(word) : t.verdict.instruction['not-checked']} – ${camera} – ${t.app.name}`,
  changed: (camera: string, to: AlertedVerdict) => catalog.changed({ camera, heading: catalog.heading[to] }),
  stands: (camera: string, heading: string) => catalog.changed({ camera, heading }),
  notTold: (reason: NotificationProblem) => `${catalog.notTold} ${catalog.refusals[reason]}`,
};

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
