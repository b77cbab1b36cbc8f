import { PICTURE_SIDE } from '../ranges';
import * as kind from '../row';
import type { RowOf } from '../row';

/** A detector of objects, such as fish, that version 1 ran on a camera's pictures. */
export const EARLIER_DETECTOR = kind.row({
  sha256: kind.sha256,
  name: kind.name,
  /** by class number */
  classes: kind.listOf(kind.name),
});
export type EarlierDetector = RowOf<typeof EARLIER_DETECTOR>;

const pixels = kind.number({ least: -PICTURE_SIDE.most, most: PICTURE_SIDE.most });

/** Boxes found in a picture. */
export const EARLIER_BOXES = kind.row({
  jobId: kind.id,
  cameraId: kind.id,
  detectorSha256: kind.sha256,
  /** the best first */
  boxes: kind.listOf(
    kind.row({
      /** pixels of the whole picture, from its upper left corner */
      left: pixels,
      top: pixels,
      width: pixels,
      height: pixels,
      /** 0 … 1 */
      score: kind.number({ least: 0, most: 1 }),
      classId: kind.count(),
    }),
  ),
});
export type EarlierBoxes = RowOf<typeof EARLIER_BOXES>;
