import type { SpanByHand } from '../../../core/domain/usable/span';
import { learnedOf } from '../../../core/domain/camera/time/reference-times';
import { oncePresent } from '../../../core/domain/usable/track';
import { madeByOf } from '../../../core/session/provenance-facts';
import type { Session } from '../../../core/session/session.svelte';
import { silenceOf } from '../../../core/session/silence';
import { loadSpansByHand } from '../../../core/storage/cameras';
import type { UsableSource } from '../pure/files/tables';
import { usableJson } from '../pure/files/usable-json';
import { usableTimeOf, type UsableTime } from '../pure/usable/spans';

/** The usable time of the chosen camera until now. @param byHand - a person's corrections of it */
export function usableTimeNow(
  { cameras, history }: Pick<Session, 'cameras' | 'history'>,
  byHand: readonly SpanByHand[],
): UsableTime {
  const { chosen: camera, events, reference, references } = cameras;
  if (!camera) return { spans: [], found: [], onsets: [], efforts: [] };
  const silence = silenceOf({ jobs: history.jobs, learned: learnedOf(reference) }, camera, cameras.now());
  return usableTimeOf({
    jobs: oncePresent(history.jobs, camera.modelSha256),
    events,
    byHand,
    references,
    silentUntil: silence?.isNews ? cameras.now() : null,
  });
}

type Parts = Pick<Session, 'db' | 'cameras' | 'history' | 'models'>;

/** The source of the chosen camera's files; null without a camera. @throws AppError `storage-failed` */
export async function usableSource(parts: Parts): Promise<UsableSource | null> {
  const { db, history, cameras } = parts;
  await history.whole;
  const { chosen: camera, references } = cameras;
  const byHand = camera ? await loadSpansByHand(db, camera.id) : [];
  const madeBy = madeByOf(parts);
  if (!camera || !madeBy || camera.id !== cameras.chosen?.id) return null;
  const jobs = oncePresent(history.jobs, camera.modelSha256);
  return { camera, time: usableTimeNow(parts, byHand), byHand, references, jobs, madeBy };
}

/** The same as the JSON that a person can save; null without a camera. @throws AppError `storage-failed` */
export async function usableText(parts: Parts): Promise<string | null> {
  const source = await usableSource(parts);
  return source && usableJson(source);
}
