import type { StatedTime } from '../domain/camera/time/capture-time';
import type { EncodeResult } from './encoder-api';

/** Results that are read at a time: 8 MB. */
const READ_AT_ONCE = 128;

/**
 * A snapshot that was encoded elsewhere, without its picture: its result is read when its turn comes.
 *
 * To the page it is a file like any other, by its name and date. Who makes one knows that it was encoded with the model
 * and the transform that it is asked about.
 */
export class EncodedFile extends File {
  readonly stated: StatedTime;
  readonly contentSha256: string;
  readonly #read: () => Promise<EncodeResult>;

  /** @param read - gives the same result each time it is called */
  constructor(
    name: string,
    facts: {
      readonly lastModified: number;
      readonly stated: StatedTime;
      readonly contentSha256: string;
      readonly read: () => Promise<EncodeResult>;
    },
  ) {
    // Its type is an image's, under any name.
    super([], name, { lastModified: facts.lastModified, type: 'image/*' });
    this.stated = facts.stated;
    this.contentSha256 = facts.contentSha256;
    this.#read = facts.read;
  }

  result(): Promise<EncodeResult> {
    return this.#read();
  }
}

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
