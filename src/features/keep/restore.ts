import type { Session } from '../../core/session/session.svelte';
import { careWords } from '../../words/care';
import { bundleWords } from '../../words/bundle';
import { importedSentence, partsNamed, problemSentence, unusableSentence } from './bundle-sentences';
import { keepOf } from './keep.svelte';

/** An export's fate, in sentences. */
export interface RestoreReport {
  readonly told: readonly string[];
  /** false if anything is missing */
  readonly isWhole: boolean;
}

/**
 * Takes an export into a device without cameras, as a person does who says yes to all but its destinations.
 *
 * @throws AppError what stopped it
 */
export async function restore(session: Session, file: File): Promise<RestoreReport> {
  const names = session.cameras.all.map(({ name }) => name).join(', ');
  if (names !== '') return { told: [bundleWords.notEmpty({ names })], isWhole: false };
  const { bundles } = await keepOf(session).openCare();
  await bundles.look(file);
  const { plan, problem } = bundles;
  if (problem) return { told: [problemSentence(careWords, problem)], isWhole: false };
  await bundles.accept();
  const { imported } = bundles;
  if (!plan || !imported) throw session.work.problem ?? new Error('not taken in');
  const { open } = careWords;
  const damaged = [...new Set([...plan.damaged, ...imported.damaged])];
  const { leftOut, missingModels, unusable } = plan;
  const missing = [
    ...(damaged.length > 0 ? [open.damaged(partsNamed(damaged))] : []),
    ...(leftOut.length > 0 ? [open.leftOut(partsNamed(leftOut))] : []),
    ...(missingModels.length > 0 ? [open.missingModel(partsNamed(missingModels))] : []),
    ...(unusable.count > 0 ? [unusableSentence(unusable.named, unusable.count)] : []),
  ];
  return { told: [importedSentence(imported), ...missing], isWhole: missing.length === 0 };
}
