import { DETECTORS } from '../drift/detectors';
import { JUDGING, type Judging } from '../drift/judging';
import { CELLS, QUESTION_ANSWERS } from '../glass/scene-answer';
import { isoDay } from '../instant';
import { INSTANT, isWithin } from '../ranges';
import * as kind from '../row';
import { isObject, isText, Misfit, type RowOf } from '../row';
import { DEPLOYMENT } from './deployment';
import type { Camera } from './camera';
import type { CameraEvent } from './event';

const TIME = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/;

/** A moment as people and programs write it, `2026-12-24` or `2026-12-24T09:30`: in UTC unless a zone stands there. */
export function momentIn(written: string): number {
  const [, day = '', time = 'T00:00', zone = 'Z'] = TIME.exec(written) ?? [];
  const at = Date.parse(`${day}${time}${zone}`);
  // A browser takes 30 February for 2 March.
  return isWithin(INSTANT, at) && isoDay(Date.parse(day)) === day ? at : NaN;
}

const moment = kind.single<string>(isText, (written) => !Number.isNaN(momentIn(written)));
const table = kind.single<Readonly<Record<string, unknown>>>(isObject);

/** Fields of every kind: the same id twice is said once. */
const said = <const K extends string>(name: K) => ({
  kind: kind.oneOf([name]),
  id: kind.optional(kind.text(200)),
});
const note = kind.optional(kind.note);

const KINDS = {
  cleaned: kind.row({ ...said('cleaned'), at: kind.optional(moment), note }),
  clean: kind.row({ ...said('clean'), at: kind.optional(moment), note }),
  seen: kind.row({ ...said('seen'), until: moment, note, who: kind.optional(kind.name) }),
  scene: kind.row({ ...said('scene'), answer: kind.oneOf(QUESTION_ANSWERS) }),
  mask: kind.row({ ...said('mask'), cells: CELLS }),
  settings: kind.row({
    ...said('settings'),
    thresholds: kind.optional(table),
    detector: kind.optional(table),
    persistence: kind.optional(table),
    deployment: kind.optional(DEPLOYMENT),
  }),
};
const TOLD = kind.either('kind', KINDS);

/** A person's word on a camera, said without the page's buttons. */
export type ToldWord = RowOf<typeof TOLD>;
export type ToldSettings = RowOf<typeof KINDS.settings>;

/** Names that `kind` may have, for a person who wrote another one. */
export const TOLD_KINDS = Object.keys(KINDS);

/** @throws Misfit at the first field that is not there or can't be used */
export function toldIn(given: unknown): ToldWord {
  const word = TOLD.taken(given);
  refuseUnknown(word, KINDS[word.kind].fields, '');
  return word;
}

/** True if a word says no more and nothing else than the event that it became before. */
export function isSaidBy({ kind, at, note, who = '', until, scene }: CameraEvent, told: ToldWord): boolean {
  if (told.kind === 'scene') return told.answer === (scene?.answer ?? kind);
  if (told.kind !== kind) return false;
  if ((told.note?.trim() ?? '') !== note) return false;
  if (told.kind === 'cleaned' || told.kind === 'clean')
    return told.at === undefined || momentIn(told.at) === at;
  return (told.who?.trim() ?? '') === who && momentIn(told.until) === until;
}

/**
 * A camera's settings where some were said: limits, detector and persistence keep the numbers that were not, the place
 * is the one that was said.
 *
 * @throws Misfit as above
 */
export function settingsTold(
  { deployment, ...given }: ToldSettings,
  camera: Judging,
): Partial<Pick<Camera, 'deployment' | keyof Judging>> {
  const { detector, thresholds, persistence } = JUDGING.fields;
  const merged = {
    ...(given.detector && { detector: mergedIn('detector', detector, camera, given) }),
    ...(given.thresholds && { thresholds: mergedIn('thresholds', thresholds, camera, given) }),
    ...(given.persistence && { persistence: mergedIn('persistence', persistence, camera, given) }),
    ...(deployment && { deployment }),
  };
  if (merged.detector && !DETECTORS.has(merged.detector.name)) throw new Misfit('detector.name');
  if (deployment) refuseUnknown(deployment, DEPLOYMENT.fields, 'deployment.');
  return merged;
}

function mergedIn<N extends keyof Judging>(
  name: N,
  part: (typeof JUDGING.fields)[N],
  camera: Judging,
  given: Omit<ToldSettings, 'deployment'>,
): Judging[N] {
  refuseUnknown(given[name] ?? {}, part.fields, `${name}.`);
  try {
    return part.taken({ ...camera[name], ...given[name] }) as Judging[N];
  } catch (error) {
    throw error instanceof Misfit ? new Misfit(`${name}.${error.path}`) : error;
  }
}

/** A misspelt field would be left out without a word. */
function refuseUnknown(given: object, known: object, at: string): void {
  const unknown = Object.keys(given).find((field) => !Object.hasOwn(known, field));
  if (unknown !== undefined) throw new Misfit(`${at}${unknown}`);
}
