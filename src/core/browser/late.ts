import { AppError } from '../domain/errors';

/**
 * Opens a part of the page that is loaded when it is first wanted, and gives the part itself from then on, so that it
 * is drawn without a frame between. After a failure the next who asks tries again.
 */
export function late<T>(load: () => Promise<T>): () => T | Promise<T> {
  let part: { readonly opened: T } | null = null;
  let opening: Promise<T> | null = null;
  return () => {
    if (part) return part.opened;
    opening ??= load().then(
      (opened) => {
        part = { opened };
        return opened;
      },
      (error: unknown) => {
        opening = null;
        throw error;
      },
    );
    return opening;
  };
}

/** @param name - what a person would call it. @throws AppError `fetch-failed` when the page's host is out of reach */
export async function fetched<T>(name: string, modules: Promise<T>): Promise<T> {
  try {
    return await modules;
  } catch (error) {
    throw new AppError('fetch-failed', name, { cause: error });
  }
}
