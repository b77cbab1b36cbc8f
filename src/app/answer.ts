import { AppError } from '../domain/errors';

/** What became of a question: an answer, or why there is none. */
export interface Answer<T> {
  readonly value: T | null;
  readonly problem: AppError | null;
}

/** Asks, and takes a failure as an answer too; one that nobody expected goes on to the console. */
export async function answerOf<T>(ask: () => Promise<T | null>): Promise<Answer<T>> {
  try {
    return { value: await ask(), problem: null };
  } catch (error) {
    if (error instanceof AppError) return { value: null, problem: error };
    console.error(error);
    const detail = error instanceof Error ? error.message : '';
    return { value: null, problem: new AppError('unexpected', detail, { cause: error }) };
  }
}
