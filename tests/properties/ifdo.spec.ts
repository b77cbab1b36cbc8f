import { test } from '@playwright/test';
import fc from 'fast-check';
import { DEPLOYMENT } from '../../src/core/domain/camera/deployment';
import { readIfdo } from '../../src/core/domain/files/ifdo';
import { damagedBytes, hostileStrings, longTexts } from './hostile';
import { accepted, assertSound, holds } from './holds';

const YAML = `image-set-header:
  image-set-handle: https://doi.org/10.1594/PANGAEA.1
  image-latitude: 41.18
  image-longitude: 1.75
  image-altitude-meters: -19.5
  image-datetime-format: '%Y-%m-%d'
  image-event: &here {name: Vilanova}
  image-platform: *here
  image-creators: [{name: Ada}, UPC]
  image-license: {name: CC-BY}
image-set-items:
  a.jpg: [{image-datetime: '2026-03-01 10:00:00.5'}]
  b.jpg: {image-datetime: '2026-03-02 10:00:00'}
`;
const WRITTEN = [YAML, JSON.stringify({ 'image-set-header': { 'image-latitude': 1, 'image-depth': '2' } })];
const WORDS = [
  ...[
    'null',
    '.nan',
    '-.inf',
    '9'.repeat(30),
    '__proto__: ',
    '<<: *here',
    '&a [*a]',
    '*here',
    '!!js',
    '\u202e',
  ],
  ...['{', '[', '- ', '? ', '|\n', '%f%f', "'", '"', '\t', '\r\n', '---\n'],
];

test('a damaged iFDO is refused with a sentence, or gives a deployment that can be kept', async () => {
  const texts = fc.oneof(
    {
      weight: 4,
      arbitrary: damagedBytes(
        WRITTEN.map((text) => Buffer.from(text)),
        WORDS,
      ).map((bytes) => new TextDecoder().decode(bytes)),
    },
    { weight: 1, arbitrary: hostileStrings },
  );
  await holds(
    texts,
    async (text) => {
      const deployment = await accepted(() => readIfdo(text));
      if (!deployment) return;
      assertSound(deployment, 100 + text.length);
      DEPLOYMENT.taken(deployment);
    },
    { first: longTexts },
  );
});
