import type { EncodeResult } from './encoder-api';
import type { EncodedFile } from './encoded-file';

/** Results that are read at a time: 8 MB. */
const READ_AT_ONCE = 128;

/** In order, the next ones being read while the caller is busy with some. */
export async function* resultsOf(
  files: readonly EncodedFile[],
  signal: AbortSignal,
): AsyncGenerator<EncodeResult[], void> {
  const readFrom = (first: number) => {
    const reading = Promise.all(files.slice(first, first + READ_AT_ONCE).map((file) => file.result()));
    reading.catch(() => undefined);
    return reading;
  };
  let ahead = readFrom(0);
  for (let next = 0; next < files.length && !signal.aborted; next += READ_AT_ONCE) {
    const results = await ahead;
    ahead = readFrom(next + READ_AT_ONCE);
    yield results;
  }
}
