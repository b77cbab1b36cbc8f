/** An encoder whose WebGPU is very fast until it is used: then it fails, or hangs, as `self.name` says. */
import { expose } from 'comlink';
import type { Backend, EncoderApi } from '../../src/core/encoder/encoder-api';

let backend: Backend = 'wasm';

const api: Pick<EncoderApi, 'live' | 'start' | 'openAlone' | 'open' | 'tryOut' | 'measure' | 'encode'> = {
  live: () => Promise.resolve(false),
  start: () => Promise.resolve({ ok: true, value: null }),
  openAlone: () => Promise.resolve({ ok: true, value: false }),
  open: (_model, asked) => {
    backend = asked;
    return Promise.resolve({ ok: true, value: null });
  },
  tryOut: () =>
    Promise.resolve({
      ok: true,
      value: { selfTestDifference: null, answer: new Float32Array(6), isOnnxRuntime: true },
    }),
  measure: () => Promise.resolve({ ok: true, value: backend === 'webgpu' ? 0.5 : 10 }),
  encode: (files) => {
    if (backend === 'webgpu') {
      if (self.name === 'hangs') return new Promise(() => undefined);
      return Promise.resolve({ ok: false, code: 'no-backend', detail: 'device lost' });
    }
    return Promise.resolve({
      ok: true,
      value: files.map((file) => ({ ok: false, contentSha256: file.name, code: 'not-an-image', detail: '' })),
    });
  },
};

expose(api);
