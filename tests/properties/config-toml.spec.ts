import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import {
  parseConfig,
  writeConfig,
  type Config,
  type ConfigSource,
} from '../../src/core/domain/files/config-toml';
import { judgingProblem } from '../../src/core/domain/drift/judging-problem';
import { matchFiles } from '../../src/features/setup/pure/match-files';
import { damagedBytes, hostileNumbers, hostileStrings, longTexts } from './hostile';
import { accepted, assertSound, holds } from './holds';

const CAMERA: ConfigSource = {
  name: 'Reef',
  transform: { resize: { height: 216, width: 384 }, mean: [0, 0.5, 0], std: [1, 1, 0.25] },
  detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  persistence: { raiseAfter: 1, clearAfter: 3, clearBelow: 0.8 },
  deployment: {
    ...{ position: { latitude: 41.182, longitude: 1.753 }, depth: 20, note: 'north side' },
    ...{ platform: 'OBSEA', sensor: 'IPC608', site: 'Vilanova', licence: 'CC-BY-4.0' },
    ...{ begin: Date.UTC(2023, 6, 1), end: Date.UTC(2023, 6, 30, 10, 0, 0, 5) },
    ...{ creators: ['Ada “L”', 'UPC'], doi: '10.1594/PANGAEA.1' },
  },
  clean: ['20230730-083036-A.jpg', 'b.jpg'],
  dirty: ['c.jpg'],
  calibration: {
    modelSha256: 'ab12',
    referenceSize: 2,
    judging: {
      detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
      thresholds: { warning: 0.05, drift: 0.1 },
      persistence: { raiseAfter: 1, clearAfter: 3, clearBelow: 0.8 },
    },
    evidence: {
      ...{
        snapshots: 60,
        days: 11,
        windows: 49,
        effectiveWindows: 4.083,
        highestDistance: 0.0081,
        measured: true,
      },
      ...{ heldOutEvents: 1, heldOutDaysInAlarm: 2, heldOutDays: 10, independentDrift: 0.003 },
      ...{
        independentFalseAlarmEvents: 4,
        independentFalseAlarmDays: 9,
        dirtySnapshots: 0,
        dirtyDelay: null,
      },
    },
  },
};
const WRITTEN = Buffer.from(writeConfig(CAMERA, null));
const SHIPPED = readFileSync(new URL('../../public/demo/config.toml', import.meta.url));
const WORDS = [
  ...[
    'nan',
    '-inf',
    '1e400',
    '9'.repeat(30),
    '-0',
    '0x7f',
    '1979-05-27',
    '07:32:00',
    '1979-05-27T07:32:00',
    '"""',
    "'''",
    '"',
    "'",
    '\\',
    '\\ud800',
  ],
  ...[
    '__proto__',
    'constructor',
    '\n[__proto__]\n',
    '\n[detector]\n',
    '[[',
    ']]',
    '{',
    '}',
    ' = ',
    '.',
    '#',
    '\r\n',
  ],
  ...['\n[porthole]\nformat = 1\n', '\u202e', '\ufeff', 'a.'.repeat(50), '['.repeat(80), '"../../x"', '""'],
];

const texts = fc.oneof(
  {
    weight: 4,
    arbitrary: damagedBytes([WRITTEN, SHIPPED], WORDS).map((bytes) => new TextDecoder().decode(bytes)),
  },
  { weight: 1, arbitrary: hostileStrings },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...WRITTEN.toString().match(/^\w+ = .*$/gm)!),
        fc.oneof(hostileNumbers, hostileStrings),
      )
      .map(([line, value]) => {
        const written = typeof value === 'number' ? tomlNumber(value) : JSON.stringify(value);
        return WRITTEN.toString().replace(line, `${line.split(' ')[0]!} = ${written}`);
      }),
  },
);

function tomlNumber(value: number): string {
  return String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
}

/** A camera as a file describes it, with what that leaves out. */
function cameraOf(config: Config): ConfigSource {
  return {
    name: config.cameraName ?? CAMERA.name,
    transform: config.transform,
    detector: { ...CAMERA.detector, ...config.detector },
    thresholds:
      config.thresholds.drift === undefined || config.thresholds.warning === undefined
        ? CAMERA.thresholds
        : { warning: config.thresholds.warning, drift: config.thresholds.drift },
    persistence: { ...CAMERA.persistence, ...config.persistence },
    deployment: config.deployment,
  };
}

test('a damaged configuration is refused with a sentence, or gives settings that can be used', async () => {
  await holds(
    texts,
    async (text) => {
      const config = await accepted(() => parseConfig(text));
      if (!config) return;
      const { clean, dirty, ...settings } = config;
      assertSound(settings, 100 + text.length);
      const { detector, thresholds, persistence, calibration } = config;
      for (const judging of [{ detector, thresholds, persistence }, calibration?.judging]) {
        assert.equal(
          judgingProblem({ ...judging?.detector, ...judging?.thresholds, ...judging?.persistence }),
          null,
        );
      }
      assert.ok([...clean, ...dirty].every((name) => name.trim() !== ''));
      const { problems } = matchFiles(config, ['20230730-083036-A.jpg', 'd/c.jpg']);
      assert.ok(problems.length <= clean.length + dirty.length + 2);
    },
    { first: longTexts },
  );
});

test('what was read of a damaged configuration is written, and read again as the same', async () => {
  await holds(texts, async (text) => {
    const config = await accepted(() => parseConfig(text));
    if (!config) return;
    const camera = cameraOf(config);
    const again = parseConfig(writeConfig(camera, text));
    assert.deepEqual(
      { ...cameraOf(again), clean: again.clean, dirty: again.dirty },
      { ...camera, clean: config.clean, dirty: config.dirty },
    );
    const once = writeConfig(camera, text);
    assert.equal(writeConfig(camera, once), once);
  });
});
