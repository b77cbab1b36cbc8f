import type { ERROR_CODES } from './error-codes';
import { plainDetail, type Detail } from './detail';

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An expected failure: the code chooses the sentence, the detail is the fact that goes into it. */
export class AppError extends Error {
  override readonly name = 'AppError';
  /** One fact for the sentence, such as a file name, a length, or why; never shown alone. */
  readonly detail: Detail;

  /** @param detail - may come from a file or another server: it is cut to a length and letters that can be shown */
  constructor(
    readonly code: ErrorCode,
    detail: Detail = '',
    options?: ErrorOptions,
  ) {
    const plain = plainDetail(detail);
    const facts = typeof plain === 'string' ? plain : Object.values(plain).join(' ');
    super(facts === '' ? code : `${code}: ${facts}`, options);
    this.detail = plain;
  }
}

/** An expected failure as data: Comlink would keep an error's message and drop its code. */
export interface Failure {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: Detail;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | Failure;

/** Does work whose expected failure must cross to another thread. */
export async function asOutcome<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, code: error.code, detail: error.detail };
  }
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new AppError(outcome.code, outcome.detail);
  return outcome.value;
}
