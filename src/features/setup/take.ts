import type { KeptHandle } from '../../core/browser/file-handles';
import { areOfSeveral, byName } from '../../core/domain/camera/by-name';
import { AppError } from '../../core/domain/errors';
import { plainName } from '../../core/domain/files/plain-name';
import type { Given } from '../../core/session/follower';
import type { Session } from '../../core/session/session.svelte';
import { readDescription } from '../../core/encoder/file-reader';
import { ifdoAmong } from './ifdo-among';
import { setupOf } from './setup-part.svelte';

/** Reads an iFDO among files that were given: what it says of a camera that is there is shown, to be taken over. */
async function takeDescription(
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

/** Takes of what was given all that a reference is made from, and opens its place with it. @returns the rest */
export async function takeForReference(
  session: Session,
  all: Given,
  handles: readonly KeptHandle[],
): Promise<Given> {
  const { rest: given, ofNew } = await takeDescription(session, all);
  const { snapshots, configs, embeddings } = given;
  const isNew = session.cameras.isSettingUpNew || !session.cameras.chosen;
  const tables = isNew && given.place !== 'science' && snapshots.length === 0 ? given.tables : [];
  const describesReference = configs.length + embeddings.length + tables.length + ofNew.length > 0;
  const goesToReference = given.place === 'reference' || !session.cameras.chosen;
  if (!describesReference && !(goesToReference && snapshots.length > 0)) return given;
  const [maker, several] = await Promise.all([setupOf(session).openMaker(), setupOf(session).openSeveral()]);
  await maker.look.stop();
  if (maker.work.progress.isRunning || maker.given.reading !== null) throw new AppError('busy');
  const named = byName(snapshots);
  const isOfPictures = snapshots.length > 0 && !describesReference && !maker.given.hasFiles;
  if (isNew && isOfPictures && (several.cameras.length > 0 || areOfSeveral(named))) {
    several.add(named);
    session.place = 'reference';
    return { ...given, snapshots: [] };
  }
  await maker.given.add([...snapshots, ...configs, ...embeddings, ...tables, ...ofNew], handles);
  session.place = 'reference';
  const rest = given.tables.filter((table) => !tables.includes(table));
  return { ...given, snapshots: [], configs: [], embeddings: [], tables: rest };
}
