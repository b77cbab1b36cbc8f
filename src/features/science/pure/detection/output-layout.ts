import type { DetectorLayout } from '../../../../core/domain/detection/detection';
import { AppError } from '../../../../core/domain/errors';
import type { Size } from '../../../../core/domain/model/model';

export interface ReadAs {
  readonly layout: DetectorLayout;
  /** null where only a run can show how many there are */
  readonly classCount: number | null;
}

/** Facts of a detector beside the shape of its output. */
export interface Known {
  /** of its output, for a person */
  readonly name: string;
  /** how many classes the file names; null where it names none */
  readonly named: number | null;
  /** true if the file says that it leaves out the lesser of boxes that overlap */
  readonly isSuppressed: boolean;
  /** of the pictures that it takes */
  readonly input: Size;
}

/** Strides of the grids that YOLO detectors look through, in pixels. */
const GRIDS = [
  [8, 16, 32],
  [8, 16, 32, 64],
  [4, 8, 16, 32],
  [16, 32],
] as const;
/** Boxes for each cell of a grid in YOLOv5 and YOLOv7. */
const ANCHORS = 3;

/**
 * Which layout an output has, by its shape and what the file says of itself; nothing is guessed.
 *
 * @param dims - of the output of a run with one picture
 * @throws AppError `not-a-detector` with why it has none of those that are read, or could have several
 */
export function layoutOf(dims: readonly number[], { name, named, isSuppressed, input }: Known): ReadAs {
  const shape = `${name} [${dims.join(', ')}]`;
  if (dims.length === 2 && dims[1] === 7) return { layout: 'end2end', classCount: named };
  const [pictures, rows = 0, columns = 0] = dims;
  if (dims.length !== 3 || pictures !== 1) throw refusal({ code: 'detector-shape', shape });
  const isGrid = (count: number, boxes: number) =>
    GRIDS.some((strides) => {
      const cells = strides.map(
        (stride) => Math.ceil(input.height / stride) * Math.ceil(input.width / stride),
      );
      return boxes * cells.reduce((sum, cell) => sum + cell, 0) === count;
    });
  const found: ReadAs[] = [];
  if (isSuppressed) {
    if (columns === 6) found.push({ layout: 'suppressed', classCount: named });
  } else {
    if (columns === 6 && !isGrid(rows, 1) && !isGrid(rows, ANCHORS)) {
      found.push({ layout: 'suppressed', classCount: named });
    }
    if (rows > 4 && (named === null ? isGrid(columns, 1) : rows === 4 + named)) {
      found.push({ layout: 'v8', classCount: rows - 4 });
    }
    // With one class it has as many columns as what was suppressed.
    const isSure = named !== null && columns !== 6;
    if (
      columns > 5 &&
      (named === null || columns === 5 + named) &&
      (isGrid(rows, ANCHORS) || (isSure && !isGrid(rows, 1)))
    ) {
      found.push({ layout: 'v5', classCount: columns - 5 });
    }
  }
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only) throw refusal({ code: 'detector-unclear', shape });
  if (isGrid(rows, 1)) throw refusal({ code: 'detector-grid', shape });
  if (named !== null && !isSuppressed && (isGrid(columns, 1) || isGrid(rows, ANCHORS))) {
    throw refusal({ code: 'detector-classes', shape, named });
  }
  throw refusal({ code: 'detector-shape', shape });
}

function refusal(detail: ConstructorParameters<typeof AppError>[1]): AppError {
  return new AppError('not-a-detector', detail);
}
