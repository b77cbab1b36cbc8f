import type { Box, StoredDetector } from '../../../../core/domain/detection/detection';
import type { Outcome } from '../../../../core/domain/errors';
import type { Size } from '../../../../core/domain/model/model';
import type { Alive } from '../../../../core/thread/life';

export type TriedDetector = Pick<StoredDetector, 'classes' | 'isNamed' | 'layout' | 'input' | 'milliseconds'>;

export interface Sieve {
  /** scores below it are left out, 0 … 1 */
  readonly floor: number;
  /** overlap above which the lesser of two boxes of one class is left out, 0 … 1 */
  readonly overlap: number;
}

export interface PictureBoxes {
  /** the best first */
  readonly boxes: readonly Box[];
  readonly size: Size;
}

/** The only door between the page and a worker that runs a detector; it keeps nothing but the one that it opened. */
export interface DetectorApi extends Alive {
  /** Has ONNX Runtime ready. @param runtime - see `runtimeFile` */
  start(runtime: Blob): Promise<Outcome<null>>;
  /** Reads an ONNX file and opens it; nothing of it runs yet. */
  open(file: ArrayBuffer): Promise<Outcome<null>>;
  /** Runs the open detector on a grey picture, which shows how its output is to be read; one with a loop may never end. */
  tryOut(): Promise<Outcome<TriedDetector>>;
  /** @param contentSha256 - of the file that is meant. @returns null for a file of another content */
  detect(file: Blob, contentSha256: string, sieve: Sieve): Promise<Outcome<PictureBoxes | null>>;
}
