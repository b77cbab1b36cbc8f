import { expose } from 'comlink';
import type { InferenceSession } from 'onnxruntime-web';
import { AppError, asOutcome } from '../../../../core/domain/errors';
import { tooLargeForPicture } from '../../../../core/domain/files/file-size';
import { extractSubgraph, readOnnx, widenFloat16Weights } from '../../../../core/domain/model/onnx';
import { decode } from '../../../../core/encoder/decode';
import { createSession, loadRuntime, runtimeMessage } from '../../../../core/encoder/onnx-session';
import { sha256 } from '../../../../core/encoder/sha256';
import { alive } from '../../../../core/thread/life';
import { decodeBoxes } from '../../pure/detection/decode-boxes';
import { inspectDetector, type DetectorFile } from '../../pure/detection/inspect-detector';
import { layoutOf, type ReadAs } from '../../pure/detection/output-layout';
import { GREY, Letterbox } from '../../pure/detection/letterbox';
import type { DetectorApi, PictureBoxes, Sieve, TriedDetector } from './detector-api';

type Ort = Awaited<ReturnType<typeof loadRuntime>>;

/** Pixels that are read at once: 16 MB. */
const STRIP = 4_000_000;
const RED_FIRST = [0, 1, 2] as const;
const BLUE_FIRST = [2, 1, 0] as const;

interface Open {
  readonly ort: Ort;
  readonly session: InferenceSession;
  readonly file: DetectorFile;
  /** kept from picture to picture: of 640 × 640 it is 5 MB */
  readonly tensor: Float32Array<ArrayBuffer>;
  /** null until it was tried */
  readAs: ReadAs | null;
}

interface Output {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

let open: Open | null = null;

const api: DetectorApi = {
  ...alive,

  async start(runtime) {
    return asOutcome(async () => {
      await loadRuntime('wasm', runtime);
      return null;
    });
  },

  async open(bytes) {
    return asOutcome(async () => {
      const whole = new Uint8Array(bytes);
      const file = inspectDetector(readOnnx(whole));
      const ort = await loadRuntime('wasm');
      const part = widenFloat16Weights(extractSubgraph(whole, [file.output]));
      const session = await createSession(ort, part, { executionProviders: ['wasm'], logSeverityLevel: 3 });
      const { height, width } = file.input;
      open = { ort, session, file, tensor: new Float32Array(3 * height * width), readAs: null };
      return null;
    });
  },

  async tryOut() {
    return asOutcome(async (): Promise<TriedDetector> => {
      const detector = opened();
      const { file, tensor } = detector;
      const { classes, isSuppressed, input } = file;
      tensor.fill(GREY);
      const { dims } = await run(detector);
      const named = classes?.length ?? null;
      const size = { height: input.height, width: input.width };
      const readAs = layoutOf(dims, { name: file.output, named, isSuppressed, input: size });
      detector.readAs = readAs;
      // The first run makes the memory ready.
      const begun = performance.now();
      await run(detector);
      const milliseconds = performance.now() - begun;
      return {
        classes: classes ?? Array.from({ length: readAs.classCount ?? 0 }, (_, id) => String(id)),
        isNamed: classes !== null,
        layout: readAs.layout,
        input: size,
        milliseconds,
      };
    });
  },

  async detect(file, contentSha256, sieve) {
    return asOutcome(() => detect(file, contentSha256, sieve));
  },
};

expose(api);

async function detect(file: Blob, contentSha256: string, sieve: Sieve): Promise<PictureBoxes | null> {
  const detector = opened();
  if (!detector.readAs) throw new Error('try it out first');
  const tooLarge = tooLargeForPicture(file);
  if (tooLarge) throw tooLarge;
  const bytes = await file.arrayBuffer().catch((error: unknown) => {
    throw new AppError('file-unreadable', '', { cause: error });
  });
  if ((await sha256(bytes)) !== contentSha256) return null;
  const picture = await decode(file, bytes);
  const { height, width } = picture;
  const { tensor } = detector;
  const letterbox = new Letterbox(picture, detector.file.input);
  try {
    const places = picture.layout === 'BGRX' ? BLUE_FIRST : RED_FIRST;
    const rows = Math.max(2, Math.floor(STRIP / width));
    letterbox.begin(tensor);
    // Each strip begins with the last row of the one before: a pixel may lie between the two.
    for (let first = 0; ; first += rows - 1) {
      const count = Math.min(rows, height - first);
      const strip = new Uint8Array(count * width * 4);
      await picture.read(first, count, strip);
      letterbox.push(strip, first, places, tensor);
      if (first + count >= height) break;
    }
  } finally {
    picture.close();
  }
  const { data, dims } = await run(detector);
  const raw = decodeBoxes(data, dims, { ...detector.readAs, ...sieve });
  return { boxes: raw.flatMap((box) => letterbox.place(box) ?? []), size: { height, width } };
}

/** @throws AppError `model-operators` when it fails on this picture, `not-a-detector` when it gives something else */
async function run({ ort, session, file, tensor }: Open): Promise<Output> {
  const { name, height, width } = file.input;
  const picture = new ort.Tensor('float32', tensor, [1, 3, height, width]);
  let outputs: InferenceSession.OnnxValueMapType;
  try {
    outputs = await session.run({ [name]: picture }, [file.output]);
  } catch (error) {
    throw new AppError('model-operators', runtimeMessage(error), { cause: error });
  }
  const output = outputs[file.output]!;
  try {
    const { data, dims } = output;
    if (!(data instanceof Float32Array)) {
      const shape = `${file.output} ${output.type} [${dims.join(', ')}]`;
      throw new AppError('not-a-detector', { code: 'detector-shape', shape });
    }
    return { data: data.slice(), dims: [...dims] };
  } finally {
    output.dispose();
  }
}

function opened(): Open {
  if (!open) throw new Error('no detector is open');
  return open;
}
