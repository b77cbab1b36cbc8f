import { AppError } from '../../../core/domain/errors';
import { send } from './request-frame';

/** A proxy may answer with HTML, so the body is text until it was parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A page of a hundred records has 0.2 MB; with pictures of text in their parameters it may have more. */
const LARGEST_ANSWER = 5 * 2 ** 20;

/**
 * Sends one request and reads its whole answer, of any status. No cookies, no referrer, no cache: secrets must neither
 * be sent along unasked nor stay behind.
 *
 * @param timeout - milliseconds from sending until the last byte
 * @throws AppError `timed-out` or `no-answer` with the host; in both cases the server may have done what was asked;
 *   `answer-unreadable` when it is larger than any answer can be, which is then not read to its end;
 *   `fetch-failed` when a file of the page itself can't be had, and nothing was sent
 */
export async function ask(url: URL, init: RequestInit, timeout: number): Promise<Answer> {
  const isGet = (init.method ?? 'GET') === 'GET';
  try {
    const request: RequestInit = {
      ...init,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // Only for answers that could be kept: with this on a POST, Chromium sends a preflight (CORS) before each one.
      ...(isGet && { cache: 'no-store' }),
      signal: AbortSignal.timeout(timeout),
    };
    return await send(url, request, async (response) => ({
      status: response.status,
      headers: response.headers,
      text: await textOf(response),
    }));
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    throw new AppError(isTimeout ? 'timed-out' : 'no-answer', url.host, { cause: error });
  }
}

async function textOf({ body }: Response): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder();
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const parts: string[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.join('') + decoder.decode();
    length += value.byteLength;
    if (length > LARGEST_ANSWER) {
      await reader.cancel().catch(() => undefined);
      throw new AppError('answer-unreadable', `> ${LARGEST_ANSWER / 2 ** 20} MB`);
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
}

/** Seconds of a `Retry-After` header, or null; a page of another origin can seldom read it. */
export function retryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
