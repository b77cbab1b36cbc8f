import type { Detail } from '../domain/detail';
import type { Backend } from './encoder-api';

/** Reason for the backend, once that is decided: WebGPU was faster, or why it is not used. */
type BackendReason = 'faster' | 'no-adapter' | 'slower' | 'wrong-answer' | 'failed' | 'lost';

export interface PoolStatus {
  readonly state: 'idle' | 'opening' | 'ready';
  readonly backend: Backend | null;
  readonly reason: BackendReason | null;
  /** the runtime's own words if there are any; for experts */
  readonly reasonDetail: Detail;
  readonly workers: number;
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
  milliseconds: null,
  speeds: { wasm: null, webgpu: null },
  selfTest: null,
  modelSha256: null,
};
