import { expose, transfer } from 'comlink';
import { parseConfig } from '../domain/files/config-toml';
import { AppError, asOutcome } from '../domain/errors';
import { LARGEST_ARRAY, LARGEST_TABLE, refuseLarger } from '../domain/files/file-size';
import { readIfdo } from '../domain/files/ifdo';
import { readEmbeddings } from '../domain/files/npy';
import { rowContent, rowsOfArray, rowsOfJson, rowsOfTable } from '../domain/table/rows';
import { alive } from '../thread/life';
import type { FileReaderApi } from './file-reader-api';
import { sha256 } from './sha256';
import { textOf } from './text-of';

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

  rows: (file, name) =>
    asOutcome(async () => {
      const isArray = /\.np[yz]$/i.test(file.name);
      refuseLarger(file, isArray ? LARGEST_ARRAY : LARGEST_TABLE);
      const bytes = new Uint8Array(await readable(file.arrayBuffer()));
      const ofText = /\.(csv|tsv|txt)$/i.test(file.name) ? rowsOfTable : rowsOfJson;
      const rows = isArray
        ? rowsOfArray(readEmbeddings(bytes, name, 1), file)
        : ofText(textOf(bytes).text, file);
      return Promise.all(
        rows.map(async (row) => ({ ...row, contentSha256: await sha256(rowContent(row).buffer) })),
      );
    }),
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
