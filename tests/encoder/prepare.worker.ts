/** A worker around the code under test, as the encoder's: one question, one answer. */
import { Preprocessor } from '../../src/core/encoder/preprocess';
import type { Transform } from '../../src/core/domain/model/model';

const preprocessor = Preprocessor.create();

addEventListener('message', ({ data }: MessageEvent<{ bytes: ArrayBuffer; transform: Transform }>) => {
  void (async () => {
    const { height, width } = data.transform.resize;
    const tensor = new Float32Array(3 * height * width);
    const prepared = await (await preprocessor).prepare(data.bytes, data.transform, tensor, 0);
    postMessage(
      prepared.ok
        ? {
            ...prepared,
            resized: prepared.resized.slice(),
            tensor,
          }
        : prepared,
    );
  })();
});
