import { AppError } from '../domain/errors';

/** @param path - relative to the page, such as `models/index.json`. @throws AppError `fetch-failed` with the path */
export async function fetchAsset(path: string): Promise<Response> {
  try {
    const response = await fetch(new URL(path, document.baseURI));
    if (response.ok) return response;
  } catch (error) {
    throw new AppError('fetch-failed', path, { cause: error });
  }
  throw new AppError('fetch-failed', path);
}

/** @throws AppError `fetch-failed`; also for a host that answers a missing file with a page of its own */
export async function fetchJson<T>(path: string): Promise<T> {
  const response = await fetchAsset(path);
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new AppError('fetch-failed', path, { cause: error });
  }
}
