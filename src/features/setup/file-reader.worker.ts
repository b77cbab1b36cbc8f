import { expose, transfer } from 'comlink';
import { parseConfig } from '../../core/domain/files/config-toml';
import { AppError, asOutcome } from '../../core/domain/errors';
import { readIfdo } from '../../core/domain/files/ifdo';
import { readEmbeddings } from '../../core/domain/files/npy';
import { alive } from '../../core/thread/life';
import type { FileReaderApi } from './file-reader-api';

const api: FileReaderApi = {
  ...alive,

  config: (file) =>
    asOutcome(async () => {
      const text = await readable(file.text());
      return { text, config: parseConfig(text) };
    }),

  ifdo: (file) => asOutcome(async () => readIfdo(await readable(file.text()))),

  async reference(file, name) {
    const outcome = await asOutcome(async () => {
      const { embeddings, names } = readEmbeddings(new Uint8Array(await readable(file.arrayBuffer())), name);
      const length = embeddings[0]?.length ?? 0;
      const values = new Float32Array(embeddings.length * length);
      for (const [i, embedding] of embeddings.entries()) values.set(embedding, i * length);
      return { count: embeddings.length, values, names };
    });
    return outcome.ok ? transfer(outcome, [outcome.value.values.buffer]) : outcome;
  },
};

/** The card was taken out, or the file was changed since it was chosen. */
async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new AppError('file-unreadable', error.name, { cause: error });
  }
}

expose(api);
