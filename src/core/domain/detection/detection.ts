import type { Size } from '../model/model';

/**
 * How a detector writes what it found, of N pictures:
 * - `v8`: [N, 4 + classes, anchors], centre, size and a score for each class (YOLOv8, YOLO11)
 * - `v5`: [N, anchors, 5 + classes], centre, size, a score that there is anything, and one for each class (YOLOv5, YOLOv7)
 * - `suppressed`: [N, boxes, 6], two corners, score, class (YOLOv10, and what was exported with suppression)
 * - `end2end`: [boxes, 7], number of the picture, two corners, class, score (YOLOv7)
 */
export const DETECTOR_LAYOUTS = ['v8', 'v5', 'suppressed', 'end2end'] as const;
export type DetectorLayout = (typeof DETECTOR_LAYOUTS)[number];

/** A detector of objects, such as fish, that a person has given: its ONNX file is kept beside this. */
export interface StoredDetector {
  readonly sha256: string;
  readonly name: string;
  /** by class number */
  readonly classes: readonly string[];
  /** false if the file names no classes: their names are then their numbers */
  readonly isNamed: boolean;
  readonly layout: DetectorLayout;
  /** in pixels */
  readonly input: Size;
  readonly bytes: number;
  /** for one picture of its size on this device, without decoding */
  readonly milliseconds: number;
  readonly addedAt: number;
}

export interface Box {
  /** pixels of the whole picture, from its upper left corner */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** 0 … 1 */
  readonly score: number;
  readonly classId: number;
}

export interface Detections {
  readonly jobId: string;
  readonly cameraId: string;
  readonly detectorSha256: string;
  /** the best first */
  readonly boxes: readonly Box[];
  /** of the picture that was looked at, in pixels */
  readonly size: Size;
  /** the overlap above which the lesser of two boxes of a class was left out, 0 … 1; null if the detector does that */
  readonly overlap: number | null;
  readonly madeAt: number;
}
