import type { GlassFit } from '../domain/glass/glass';
import type { GlassSight } from '../domain/glass/sight';
import { inThisVersion, type EarlierFit } from '../domain/glass/fit-of-before';
import { isReadable } from '../domain/glass/glass-facts';
import { isSight } from '../domain/glass/sight';
import { orStorageError, type Database } from './database';

/** As it is stored; null if it was not made yet, or by a later method. */
export async function storedFit(db: Database, referenceId: string): Promise<GlassFit | EarlierFit | null> {
  const fit: { version: unknown } | undefined = await orStorageError(db.get('glassFits', referenceId));
  return isReadable(fit?.version) ? (fit as GlassFit | EarlierFit) : null;
}

/** The same for this version. */
export async function loadGlassFit(db: Database, referenceId: string): Promise<GlassFit | null> {
  const fit = await storedFit(db, referenceId);
  return fit && inThisVersion(fit);
}

export async function fittedAmong(
  db: Database,
  referenceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { store } = db.transaction('glassFits');
  const keys = await orStorageError(Promise.all(referenceIds.map((id) => store.getKey(id))));
  return new Set(keys.filter((key) => key !== undefined));
}

/** Keeps the fit made from a reference's pictures after it was frozen. */
export async function saveGlassFit(db: Database, referenceId: string, fit: GlassFit): Promise<void> {
  await orStorageError(db.put('glassFits', fit, referenceId));
}

/** The sights of these jobs by job id; one that is not there, or of an earlier version, is left out. */
export async function loadSights(
  db: Database,
  jobIds: readonly string[],
): Promise<ReadonlyMap<string, GlassSight>> {
  const { store } = db.transaction('sights');
  const found = await orStorageError(Promise.all(jobIds.map((id) => store.get(id))));
  return new Map(
    jobIds.flatMap((id, i) => {
      const sight = found[i];
      return isSight(sight) ? [[id, sight] as const] : [];
    }),
  );
}
