import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { FOULINGS, fouledLens } from '../../../scripts/judge/dirt/fouled-lens.mjs';
import { Random } from '../../../scripts/judge/dirt/noise.mjs';
import { MersenneTwister } from '../../../src/core/domain/drift/mersenne-twister';

const SIZE = { height: 108, width: 192 };

/** Of two lenses each, as the page of version 1.0.0 drew them: figures that were published rest on them. */
const FIRST = {
  film: 'b0514fa9238c6319',
  silt: 'e3d19534e0b2642e',
  growth: '0246ef7a47fdea63',
  droplets: 'b52034a5d5d0892a',
  defocus: '9df58d68a6b1e512',
  cover: 'c9ff275e5fc3ac45',
  'grey-film': '16890ee5004b0971',
  barnacles: '67269216a42a91a6',
  tubes: 'dce038c9294a09d6',
  nets: '7c21262ebf77bbfb',
  rosettes: 'fb91a8ae0ec86a98',
};

test('drawn dirt comes out as it did, to the byte', () => {
  const length = SIZE.height * SIZE.width * 3;
  const picture = Uint8Array.from({ length }, (_, i) => (i * 37 + (i >> 5) * 11) % 256);
  const drawn = FOULINGS.map((kind) => {
    const hash = createHash('sha256');
    for (const severity of [3, 4]) {
      hash.update(fouledLens(kind, severity, SIZE, new Random(new MersenneTwister(11)))(picture));
    }
    return [kind, hash.digest('hex').slice(0, 16)];
  });
  expect(Object.fromEntries(drawn)).toEqual(FIRST);
});
