import type { GlassPicture } from '../src/core/domain/glass/picture';

/** A picture as a BMP file, whose rows begin at the bottom and are blue first. */
export function bitmap({ height, width, data }: GlassPicture): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + 3 * width * height, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const pixels = Buffer.alloc(3 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      const to = 3 * ((height - 1 - y) * width + x);
      for (let k = 0; k < 3; k++) pixels[to + 2 - k] = data[i + k]!;
    }
  }
  return Buffer.concat([header, pixels]);
}
