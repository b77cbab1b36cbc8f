import { glassSize, type GlassPicture } from '../../src/core/domain/glass/picture';
import { GlassPictures } from '../../src/core/encoder/glass/glass-pictures';

let opened: Promise<GlassPictures> | null = null;
let turn: Promise<unknown> = Promise.resolve();

/** A made picture as an encoder gives it, in a page: its thumbnail, and the picture that the thumbnail is read as. */
export async function asEncoded(picture: GlassPicture) {
  const encoded = turn.then(async () => {
    const pictures = await (opened ??= GlassPictures.create());
    const thumbnail = pictures.write(picture);
    return { thumbnail, glass: await pictures.read(thumbnail, glassSize) };
  });
  turn = encoded;
  return encoded;
}
