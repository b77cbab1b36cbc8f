import { withManifest, type ManifestDraft } from '../../../core/domain/model/model-file';
import { selfTestTensor } from '../../../core/encoder/self-test';
import { OnnxSession } from '../../../core/encoder/onnx-session';
import { sha256 } from '../../../core/encoder/sha256';
import type { Made } from './adaptation-api';

/** Largest difference that another backend's arithmetic makes in numbers of about 1; measured as 2e-5 on WASM. */
const TOLERANCE = 5e-4;

/** Opens a new version of a model, as anyone who uses it will, and writes its manifest into it. */
export async function tried(draft: ManifestDraft, model: Uint8Array): Promise<Made> {
  const { input, outputs } = draft;
  const graph = { input: input.name, outputs: [outputs.embedding], batchSize: null };
  const session = await OnnxSession.start(model, graph, 'wasm');
  try {
    const [embedding] = await session.run(selfTestTensor(input), 1, input);
    const selfTest = {
      picture: 'xor-gradient',
      embedding: [...embedding!],
      tolerance: TOLERANCE,
    } as const;
    const inside = { ...draft, selfTest };
    const { buffer } = new Uint8Array(withManifest(model, inside));
    const facts = { file: `${draft.id}.onnx`, sha256: await sha256(buffer), bytes: buffer.byteLength };
    return { manifest: { ...inside, ...facts }, bytes: buffer };
  } finally {
    await session.release();
  }
}
