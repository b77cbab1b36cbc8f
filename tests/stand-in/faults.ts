import { errorBody } from './driftwatch';
import { tooManyRequests } from './mytoken';
import { proxyPage, type Server, type WireAnswer } from './wire';

/** Facts about a request that are known before it is answered. */
interface FaultRequest {
  readonly server: Server;
  readonly method: string;
  /** As it was asked for, without the query. */
  readonly path: string;
  /** 1 for the first request of this method for this path at this server. */
  readonly count: number;
}

/**
 * A fault of one request:
 * - `answer`: this status before anything is done; a body of the server's own shape unless one is given
 * - `html`: a proxy's 502 page before anything is done
 * - `delay`: everything as usual, later
 * - `hold`: everything as usual after this moment, also if the client has gone
 * - `cut-before`: the connection breaks before anything is done
 * - `cut-after-write`: everything is done, then the connection breaks
 * - `hang-after-write`: everything is done, and no answer ever comes
 */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hold'; readonly until: Promise<void> }
  | { readonly kind: 'html' | 'cut-before' | 'cut-after-write' | 'hang-after-write' };

export type FaultPlan = (request: FaultRequest) => Fault | null;

/** A status, or a kind of fault that needs no more to be said. */
type RandomFault = number | Exclude<Fault['kind'], 'answer' | 'hold'>;

export interface RandomFaultsOptions {
  /** How many of the requests fail, from 0 to 1. */
  readonly share: number;
  readonly seed: number;
  readonly kinds: readonly RandomFault[];
  /** How long a delay lasts at most, in milliseconds. */
  readonly longestDelay?: number;
}

/**
 * Faults by chance, the same every time the seed and the order of the requests are the same.
 */
export function randomFaults({ share, seed, kinds, longestDelay = 200 }: RandomFaultsOptions): FaultPlan {
  const random = mulberry32(seed);
  return () => {
    // Three draws for every request, so that a fault doesn't move those that follow.
    const [chance, choice, length] = [random(), random(), random()];
    const kind = kinds[Math.floor(choice * kinds.length)];
    if (chance >= share || kind === undefined) return null;
    if (typeof kind === 'number') return { kind: 'answer', status: kind };
    if (kind === 'delay') return { kind, ms: Math.ceil(length * longestDelay) };
    return { kind };
  };
}

/** The answer in place of the real one, or null when the request is to be worked on. */
export function answerInstead(fault: Fault, server: Server): WireAnswer | null {
  if (fault.kind === 'html') return proxyPage(502, 'Bad Gateway');
  if (fault.kind !== 'answer') return null;
  const usual = usualAnswer(fault.status, server);
  return {
    status: fault.status,
    headers: { ...usual.headers, ...fault.headers },
    body: fault.body ?? usual.body,
  };
}

function usualAnswer(status: number, server: Server): WireAnswer {
  if (status === 429) return tooManyRequests(1);
  if (status === 503) return proxyPage(503, 'Service Temporarily Unavailable');
  if (status === 413) return proxyPage(413, 'Request Entity Too Large');
  if (status === 502 || status === 504)
    return proxyPage(status, status === 502 ? 'Bad Gateway' : 'Gateway Time-out');
  const headers = { 'content-type': 'application/json' };
  if (server === 'mytoken') {
    const error =
      status >= 500 ? 'internal_server_error' : status === 401 ? 'invalid_token' : 'invalid_request';
    return { status, headers, body: JSON.stringify({ error }) };
  }
  return {
    status,
    headers,
    body: errorBody(status, status === 401 ? 'User identity could not be determined' : null),
  };
}

/** @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
