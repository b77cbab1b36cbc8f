import { AppError } from '../domain/errors';

/**
 * Fetches a file that ships with the page.
 *
 * @param path - relative to the page, such as `models/index.json`
 * @throws AppError `fetch-failed` with the path
 */
export async function fetchAsset(path: string): Promise<Response> {
  try {
    const response = await fetch(new URL(path, document.baseURI));
    if (response.ok) return response;
  } catch (error) {
    throw new AppError('fetch-failed', path, { cause: error });
  }
  throw new AppError('fetch-failed', path);
}
