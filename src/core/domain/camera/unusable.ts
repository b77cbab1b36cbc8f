import type { Embedding } from '../drift/embedding';
import { packSamples } from '../drift/kernel';
import { AppError } from '../errors';
import type { FailedJob } from './job';
import type { Reference } from './reference';

/** Why no judge takes an embedding, such as one with NaN in it; null if one does. */
export function problemOf(
  embedding: Embedding,
  { embeddings: [known] }: Pick<Reference, 'embeddings'>,
): Pick<FailedJob, 'code' | 'detail'> | null {
  try {
    packSamples([embedding], known?.length);
    return null;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, detail: error.detail };
    throw error;
  }
}
