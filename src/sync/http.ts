import { AppError } from '../domain/errors';
import { send } from './courier';

/** What came back: a proxy may answer with HTML, so the body is text until it was parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Sends one request and reads its whole answer, whatever its status. No cookies, no referrer, no cache: what a
 * token opens must neither be sent along by itself nor stay behind.
 *
 * @param timeout - milliseconds from sending until the last byte
 * @throws AppError `timed-out` or `no-answer` with the host; in both cases the server may have done what was asked;
 *   `fetch-failed` when a file of the page itself can't be had, and nothing was sent
 */
export async function ask(url: URL, init: RequestInit, timeout: number): Promise<Answer> {
  const isGet = (init.method ?? 'GET') === 'GET';
  try {
    const request: RequestInit = {
      ...init,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // Only what could be kept: with this on a POST, Chromium asks for leave (CORS) before each one.
      ...(isGet && { cache: 'no-store' }),
      signal: AbortSignal.timeout(timeout),
    };
    return await send(url, request, async (response) => ({
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    }));
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    throw new AppError(isTimeout ? 'timed-out' : 'no-answer', url.host, { cause: error });
  }
}

/** Seconds of a `Retry-After` header, or null; a page of another origin can seldom read it. */
export function retryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
