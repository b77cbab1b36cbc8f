import type { ModelSource } from '../encoder-api';
import { graphOf, tryOut, type Embedder } from '../onnx-session';
import { openWasm } from '../open-wasm';
import { Layers } from './layers';
import wasmUrl from './layers.wasm?url';

/**
 * Opens a model without ONNX Runtime.
 *
 * @returns null if ONNX Runtime has to say whether the model can be run: with an operator that isn't known here,
 *   without a known answer to compare with, with another answer, in a browser without SIMD; or if a person chose it
 */
export async function openLayers({
  manifest,
  bytes,
  encoder = 'automatic',
}: ModelSource): Promise<Embedder | null> {
  if (!manifest.selfTest || encoder !== 'automatic') return null;
  try {
    const file = new Uint8Array(bytes);
    const layers = new Layers(await openWasm(wasmUrl), file, graphOf(manifest, file), manifest.input);
    await tryOut(layers, manifest);
    return layers;
  } catch {
    // ONNX Runtime can do without this, or reports the model's fault.
    return null;
  }
}
