import { AppError } from '../domain/errors';

/**
 * Waits for a part of the page that is loaded only when it is used.
 *
 * @param name - what a person would call it
 * @throws AppError `fetch-failed` when the page's own host is out of reach
 */
export async function loadPart<T>(name: string, part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (error) {
    throw new AppError('fetch-failed', name, { cause: error });
  }
}

/** What opens something once, however often it is asked for; after a failure it is tried again. */
export function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | null = null;
  return () => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
}
