import type { EarlierBoxes, EarlierDetector } from '../../../core/domain/camera/earlier-boxes';
import type { Job } from '../../../core/domain/camera/job';
import { isoSeconds } from '../../../core/domain/camera/summary';
import { csvLines, withoutFormula } from '../../../core/domain/files/csv';

export const BOX_COLUMNS = [
  ...['camera', 'captured_at', 'image_name', 'detector', 'class', 'score'],
  ...['left', 'top', 'width', 'height'],
];

/** Boxes of a picture: a line for each box, and one without a box where there was none. */
export function boxesCsv(
  camera: string,
  { capturedAt, imageName }: Pick<Job, 'capturedAt' | 'imageName'>,
  { boxes, detectorSha256 }: EarlierBoxes,
  detector: EarlierDetector | undefined,
): string {
  const picture = [
    withoutFormula(camera),
    isoSeconds(capturedAt),
    withoutFormula(imageName),
    withoutFormula(detector?.name ?? detectorSha256),
  ];
  if (boxes.length === 0) return csvLines([[...picture, '', '', '', '', '', '']]);
  const lines = boxes.map(({ classId, score, left, top, width, height }) => [
    ...picture,
    withoutFormula(detector?.classes[classId] ?? String(classId)),
    score.toFixed(4),
    ...[left, top, width, height].map((pixels) => pixels.toFixed(1)),
  ]);
  return csvLines(lines);
}
