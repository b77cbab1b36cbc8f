import type { Detail } from '../domain/detail';
import type { Backend } from './encoder-api';

/** Reason for the backend, once that is decided: chosen, WebGPU was faster, or why it is not used. */
type BackendReason =
  'chosen' | 'faster' | 'no-adapter' | 'ends-page' | 'slower' | 'wrong-answer' | 'failed' | 'lost';

export interface PoolStatus {
  readonly state: 'idle' | 'opening' | 'ready';
  readonly backend: Backend | null;
  readonly reason: BackendReason | null;
  /** the runtime's own words if there are any; for experts */
  readonly reasonDetail: Detail;
  readonly workers: number;
  /** how many of them said that ONNX Runtime computes; our own code does in the others */
  readonly onnxWorkers: number;
  /** milliseconds of one encoding on the backend in use, without decoding; null until that was measured */
  readonly milliseconds: number | null;
  /** the same for each backend that was tried */
  readonly speeds: { readonly wasm: number | null; readonly webgpu: number | null };
  /** largest difference to the manifest's known answer; null when it has none */
  readonly selfTest: { readonly difference: number; readonly tolerance: number } | null;
  readonly modelSha256: string | null;
}

export const IDLE: PoolStatus = {
  state: 'idle',
  backend: null,
  reason: null,
  reasonDetail: '',
  workers: 0,
  onnxWorkers: 0,
  milliseconds: null,
  speeds: { wasm: null, webgpu: null },
  selfTest: null,
  modelSha256: null,
};

/** Engine for embeddings: our own code on WebAssembly, or ONNX Runtime. */
type Engine = 'own' | 'onnx-wasm' | 'onnx-webgpu';

/** @returns null until a model is open */
export function engineOf({ backend, onnxWorkers }: PoolStatus): Engine | null {
  if (backend === null) return null;
  if (backend === 'webgpu') return 'onnx-webgpu';
  return onnxWorkers > 0 ? 'onnx-wasm' : 'own';
}

/** Embeddings that all workers give in a second, without decoding; null until that was measured. */
export function picturesPerSecond({ backend, milliseconds, workers }: PoolStatus): number | null {
  // A tiny model may take less than a clock of the browser shows.
  if (milliseconds === null || milliseconds === 0) return null;
  // All workers share one graphics processor.
  return Math.round(((backend === 'webgpu' ? 1 : workers) * 1000) / milliseconds);
}
