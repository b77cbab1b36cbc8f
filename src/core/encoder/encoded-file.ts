import type { CaptureTimeSource } from '../domain/camera/job';
import type { EncodeResult } from './encoder-api';

export interface StatedTime {
  /** milliseconds since 1970 */
  readonly at: number;
  readonly source: CaptureTimeSource;
}

/**
 * A snapshot that was encoded elsewhere, without its picture: what an encoder said of it is read when its turn comes.
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
    // It was taken for a picture, whatever its name.
    super([], name, { lastModified: facts.lastModified, type: 'image/*' });
    this.stated = facts.stated;
    this.contentSha256 = facts.contentSha256;
    this.#read = facts.read;
  }

  result(): Promise<EncodeResult> {
    return this.#read();
  }
}
