import { SIZE } from '../model/model';
import { PICTURE_SIDE } from '../ranges';
import * as kind from '../row';
import type { RowOf } from '../row';

/**
 * How a detector writes what it found, of N pictures:
 * - `v8`: [N, 4 + classes, anchors], centre, size and a score for each class (YOLOv8, YOLO11)
 * - `v5`: [N, anchors, 5 + classes], centre, size, a score that there is anything, and one for each class (YOLOv5, YOLOv7)
 * - `suppressed`: [N, boxes, 6], two corners, score, class (YOLOv10, and what was exported with suppression)
 * - `end2end`: [boxes, 7], number of the picture, two corners, class, score (YOLOv7)
 */
const DETECTOR_LAYOUTS = ['v8', 'v5', 'suppressed', 'end2end'] as const;
export type DetectorLayout = (typeof DETECTOR_LAYOUTS)[number];

/** A detector of objects, such as fish, that a person has given: its ONNX file is kept beside this. */
export const STORED_DETECTOR = kind.row({
  sha256: kind.sha256,
  name: kind.name,
  /** by class number */
  classes: kind.listOf(kind.name),
  /** false if the file names no classes: their names are then their numbers */
  isNamed: kind.flag,
  layout: kind.oneOf(DETECTOR_LAYOUTS),
  /** in pixels */
  input: SIZE,
  bytes: kind.count(),
  /** for one picture of its size on this device, without decoding */
  milliseconds: kind.amount,
  addedAt: kind.instant,
});
export type StoredDetector = RowOf<typeof STORED_DETECTOR>;

const pixels = kind.number({ least: -PICTURE_SIDE.most, most: PICTURE_SIDE.most });
const share = kind.number({ least: 0, most: 1 });

const BOX = kind.row({
  /** pixels of the whole picture, from its upper left corner */
  left: pixels,
  top: pixels,
  width: pixels,
  height: pixels,
  /** 0 … 1 */
  score: share,
  classId: kind.count(),
});
export type Box = RowOf<typeof BOX>;

export const DETECTIONS = kind.row({
  jobId: kind.id,
  cameraId: kind.id,
  detectorSha256: kind.sha256,
  /** the best first */
  boxes: kind.listOf(BOX),
  /** of the picture that was looked at, in pixels */
  size: SIZE,
  /** the overlap above which the lesser of two boxes of a class was left out, 0 … 1; null if the detector does that */
  overlap: kind.orNull(share),
  madeAt: kind.instant,
});
export type Detections = RowOf<typeof DETECTIONS>;
