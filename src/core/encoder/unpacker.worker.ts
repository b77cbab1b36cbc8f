import { expose } from 'comlink';
import { decompress } from 'fzstd';
import { alive } from '../thread/life';
import type { UnpackerApi } from './encoder-api';

const api: UnpackerApi = {
  ...alive,
  // All of it at once: in parts, fzstd moves its window of 8 MB for each block, which takes three times as long.
  unpack: async (packed) => Promise.resolve(new Blob([decompress(packed) as Uint8Array<ArrayBuffer>])),
};

expose(api);
