import { plainName } from '../../core/domain/files/plain-name';
import type { Given } from '../../core/session/follower';
import type { Session } from '../../core/session/session.svelte';
import { readDescription } from '../../core/encoder/file-reader';
import { ifdoAmong } from './ifdo-among';
import { setupOf } from './setup-part.svelte';

/** Reads an iFDO among files that were given: what it says of a camera that is there is shown, to be taken over. */
export async function takeDescription(
  session: Session,
  given: Given,
): Promise<{ readonly rest: Given; readonly ofNew: readonly File[] }> {
  const { chosen, isSettingUpNew } = session.cameras;
  const ifdo = await ifdoAmong(given.descriptions);
  if (!ifdo) return { rest: given, ofNew: [] };
  const rest = { ...given, descriptions: given.descriptions.filter((file) => file !== ifdo) };
  if (!chosen || isSettingUpNew) return { rest, ofNew: [ifdo] };
  const deployment = await readDescription(ifdo, new AbortController().signal);
  setupOf(session).described = { file: plainName(ifdo.name), cameraId: chosen.id, deployment };
  return { rest, ofNew: [] };
}
