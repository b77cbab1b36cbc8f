/**
 * What can go wrong in a way that a person can act on. Each code has its sentence in src/app/messages.ts;
 * anything else that is thrown is a bug.
 */
export type ErrorCode =
  // a snapshot
  | 'file-unreadable'
  | 'empty-file'
  | 'file-too-large'
  | 'not-an-image'
  | 'image-damaged'
  | 'image-too-large'
  | 'image-too-small'
  | 'worker-lost'
  | 'entry-damaged'
  // a model
  | 'model-not-onnx'
  | 'model-external-data'
  | 'model-input'
  | 'model-no-embedding'
  | 'model-operators'
  | 'model-not-trainable'
  | 'model-not-adaptable'
  | 'adaptation-too-few'
  | 'training-diverged'
  | 'model-checksum'
  | 'model-missing'
  | 'model-manifest'
  | 'self-test'
  | 'no-backend'
  // a detector
  | 'reference-too-small'
  | 'embedding-length'
  | 'embedding-not-finite'
  | 'detector-settings'
  | 'not-fitted'
  // files that describe
  | 'config-syntax'
  | 'config-value'
  | 'config-newer'
  | 'npy-format'
  | 'npy-pickle'
  | 'npy-shape'
  // storage
  | 'disk-full'
  | 'storage-failed'
  | 'storage-blocked'
  | 'storage-refused'
  | 'not-the-writer'
  | 'fetch-failed'
  // another server: what came back, or did not
  | 'address'
  | 'offline'
  | 'no-answer'
  | 'timed-out'
  | 'cors-blocked'
  | 'wrong-base-path'
  | 'answer-unreadable'
  | 'server-busy'
  | 'server-failed'
  | 'gateway-failed'
  // DriftWatch
  | 'token-missing'
  | 'token-locked'
  | 'token-refused'
  | 'not-registered'
  | 'email-unverified'
  | 'no-platform-access'
  | 'not-permitted'
  | 'experiment-missing'
  | 'record-missing'
  | 'name-taken'
  | 'record-refused'
  | 'record-poison'
  | 'record-changed'
  // mytoken
  | 'mytoken-no-answer'
  | 'mytoken-refused'
  | 'mytoken-restricted'
  | 'mytoken-failed'
  | 'transfer-code'
  | 'passphrase'
  | 'no-web-crypto'
  // the page itself
  | 'busy'
  | 'worker-ended'
  | 'unexpected';

/** An expected failure: the code chooses the sentence, the detail is the fact that goes into it. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    /** One fact for the sentence, such as a file name, a length or a line number; never shown alone. */
    readonly detail = '',
    options?: ErrorOptions,
  ) {
    super(detail === '' ? code : `${code}: ${detail}`, options);
  }
}

/** An expected failure as data: Comlink would keep an error's message and drop its code. */
export interface Failure {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: string;
}

/** What a worker answers. */
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

/** @throws AppError what had gone wrong on the other thread */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new AppError(outcome.code, outcome.detail);
  return outcome.value;
}
