import type { Deployment } from '../domain/camera/deployment';
import type { Config } from '../domain/files/config-toml';
import { AppError, valueOf, type ErrorCode } from '../domain/errors';
import { LARGEST_IFDO, refuseLarger } from '../domain/files/file-size';
import type { NamedEmbeddings } from '../domain/files/npy';
import { WorkerHandle, type WorkerLost } from '../thread/worker-handle';
import type { FileReaderApi, ReadRow } from './file-reader-api';
import { unpacked } from './packed-file';

/** Milliseconds. The largest file that is read takes a few seconds on a slow computer. */
const LONGEST = 60_000;
const LOST_AS: Readonly<Record<WorkerLost['how'], ErrorCode>> = {
  failed: 'fetch-failed',
  ended: 'worker-ended',
  'too-slow': 'file-too-slow',
};

/**
 * A configuration file and its text.
 *
 * @param signal - gives up the reading
 * @throws AppError as `parseConfig`, `file-unreadable`, `file-too-slow`, `worker-ended`; the signal's reason
 */
export async function readConfig(
  file: File,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly config: Config }> {
  const plain = await unpacked(file);
  return valueOf(await ask((api) => api.config(plain), file.name, signal));
}

/**
 * The deployment in an iFDO file.
 *
 * @param signal - gives up the reading
 * @throws AppError as `readIfdo`, `file-too-large`, `file-unreadable`, `file-too-slow`, `worker-ended`; the signal's reason
 */
export async function readDescription(file: File, signal: AbortSignal): Promise<Deployment> {
  const plain = await unpacked(file);
  refuseLarger(plain, LARGEST_IFDO);
  return valueOf(await ask((api) => api.ifdo(plain), file.name, signal));
}

/**
 * The embeddings of an `.npy` or `.npz` file.
 *
 * @param name - for the message
 * @param signal - gives up the reading
 * @throws AppError as `readEmbeddings`, `file-unreadable`, `file-too-slow`, `worker-ended`; the signal's reason
 */
export async function readReference(file: File, name: string, signal: AbortSignal): Promise<NamedEmbeddings> {
  const plain = await unpacked(file);
  const { count, values, names } = valueOf(await ask((api) => api.reference(plain, name), name, signal));
  const length = values.length / count;
  return {
    // Copies: storing a part of an array would store all of it, each time.
    embeddings: Array.from({ length: count }, (_, i) => values.slice(i * length, (i + 1) * length)),
    names: names && [...names],
  };
}

/** The rows of numbers in a table, `.npy` or `.npz` file, as `rowsOfTable` and `rowsOfArray` read them. @throws AppError as these, or as `readReference` */
export async function readRows(file: File, signal: AbortSignal): Promise<readonly ReadRow[]> {
  const plain = await unpacked(file);
  return valueOf(await ask((api) => api.rows(plain, file.name), file.name, signal));
}

/**
 * Asks a worker of its own, which can be ended however long its work would take: these files come from anybody.
 *
 * @param name - of the file, for the message
 */
async function ask<T>(
  question: (api: FileReaderApi) => Promise<T>,
  name: string,
  signal: AbortSignal,
): Promise<T> {
  const lostAs = ({ how }: WorkerLost) =>
    new AppError(LOST_AS[how], how === 'too-slow' ? name : 'file-reader');
  const worker = new WorkerHandle<FileReaderApi>(startWorker, { signal, lostAs });
  try {
    return await worker.call(question, LONGEST);
  } finally {
    worker.end();
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./file-reader.worker.ts', import.meta.url), {
    type: 'module',
    name: 'file-reader',
  });
}
