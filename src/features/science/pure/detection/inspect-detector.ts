import { AppError } from '../../../../core/domain/errors';
import { plainText } from '../../../../core/domain/files/plain-name';
import type { Size } from '../../../../core/domain/model/model';
import { describeValues, type OnnxModel } from '../../../../core/domain/model/onnx';
import { LONGEST_NAME } from '../../../../core/domain/model/onnx-wire';
import { readClassNames } from './class-names';

/** A detector's facts in its ONNX file, before it is run. */
export interface DetectorFile {
  readonly input: Size & { readonly name: string };
  readonly output: string;
  /** names of the classes, by their number; null where the file has none that can be read */
  readonly classes: readonly string[] | null;
  /** true if the file says that it leaves out the lesser of boxes that overlap */
  readonly isSuppressed: boolean;
}

/** YOLO detectors are trained with it; used if neither the graph nor the metadata says another one. */
const USUAL_SIDE = 640;
const LONGEST_SIDE = 4096;
const SHORTEST_SIDE = 32;

/**
 * Finds the picture that a detector takes and the output with its boxes.
 *
 * @throws AppError `model-input` for anything but one float32 picture, `not-a-detector` with why it is none
 */
export function inspectDetector(model: OnnxModel): DetectorFile {
  const { inputs, outputs, metadata } = model;
  const { task } = metadata;
  if (task !== undefined && task !== 'detect') {
    throw refusal({ code: 'detector-task', task: plainText(task, LONGEST_NAME) });
  }
  const [input] = inputs;
  if (!input || inputs.length > 1 || input.type !== 'float32' || input.dims?.length !== 4) {
    throw new AppError('model-input', describeValues(inputs, 'input'));
  }
  const [batch, channels, height, width] = input.dims;
  if (typeof channels === 'number' && channels !== 3) {
    throw new AppError('model-input', describeValues(inputs, 'input'));
  }
  if (typeof batch === 'number' && batch !== 1) throw refusal({ code: 'detector-batch', count: batch });
  const said = imageSize(metadata['imgsz']);
  const size = {
    height: typeof height === 'number' ? height : (said?.height ?? USUAL_SIDE),
    width: typeof width === 'number' ? width : (said?.width ?? USUAL_SIDE),
  };
  if (Math.max(size.height, size.width) > LONGEST_SIDE || Math.min(size.height, size.width) < SHORTEST_SIDE) {
    throw refusal({ code: 'detector-size', ...size, least: SHORTEST_SIDE, most: LONGEST_SIDE });
  }
  // YOLOv5 also gives what its three grids hold, of rank 5.
  const candidates = outputs.filter(
    ({ type, dims }) => type === 'float32' && (dims === null || dims.length === 2 || dims.length === 3),
  );
  const others = outputs.filter((output) => !candidates.includes(output));
  const [output] = candidates;
  if (!output || candidates.length > 1 || others.some(({ dims }) => dims?.length !== 5)) {
    const { list } = describeValues(outputs, 'output');
    throw refusal({ code: 'detector-outputs', list });
  }
  return {
    input: { name: input.name, ...size },
    output: output.name,
    classes: classNames(metadata['names'] ?? ''),
    isSuppressed: saysSuppressed(metadata),
  };
}

/** As they can be shown; one without a name is called by its number. */
function classNames(text: string): readonly string[] | null {
  const names = readClassNames(text);
  return names && names.map((name, id) => plainText(name, LONGEST_NAME).trim() || String(id));
}

/** `[480, 640]` as ultralytics writes it, or `640`. */
function imageSize(text = ''): Size | null {
  const pair = /^\s*[[(]?\s*(\d{1,5})\s*(?:,\s*(\d{1,5})\s*)?[\])]?\s*$/.exec(text);
  if (!pair) return null;
  const height = Number(pair[1]);
  return { height, width: Number(pair[2] ?? height) };
}

/** Ultralytics writes the arguments of an export, and whether a model needs no suppression. */
function saysSuppressed({ args = '', end2end = '', nms = '' }: Readonly<Record<string, string>>): boolean {
  return /['"]nms['"]\s*:\s*true/i.test(args) || /^true$/i.test(end2end) || /^true$/i.test(nms);
}

function refusal(detail: ConstructorParameters<typeof AppError>[1]): AppError {
  return new AppError('not-a-detector', detail);
}
