import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { CHECKS, reachedBy } from '../../../scripts/changed.mjs';
import { ROOT } from '../../../scripts/prepare.mjs';

const FAR = [
  'domain/model/onnx',
  'encoder/open-wasm',
  'journeys/monitor',
  'sync/vault',
  'station/tell',
  'thread/worker-handle',
];

for (const [changed, specs, checks] of [
  ['src/core/domain/drift/trend.ts', ['domain/drift/trend', 'journeys/monitor', 'station/tell'], 5],
  [
    'src/core/encoder/thumbnail/assembly/index.ts',
    ['encoder/open-wasm', 'journeys/monitor', 'station/tell'],
    4,
  ],
  ['src/features/monitor/MonitorPlace.svelte', ['journeys/monitor', 'station/tell'], 4],
  [
    'src/features/monitor/words/monitor.es.json',
    ['i18n/pure/sentences', 'journeys/monitor', 'station/tell'],
    1,
  ],
  ['scripts/station/tell.mjs', ['station/tell'], 3],
  ['tests/fixtures/mmd_batch.json', ['domain/drift/mmd-batch'], 0],
  ['docs/glass.md', ['scripts/pure/docs'], 0],
  ['package-lock.json', [...FAR, 'domain/drift/trend'], 5],
] as const)
  test(`a change of ${changed} reaches what it should, and no more`, () => {
    const reached = reachedBy([changed]);
    const has = (spec: string) => reached.specs.includes(`tests/${spec}.spec.ts`);
    expect(specs.filter((spec) => !has(spec))).toEqual([]);
    expect(FAR.filter((spec) => has(spec) && !(specs as readonly string[]).includes(spec))).toEqual([]);
    expect(reached.checks).toHaveLength(checks);
    expect(reached.specs.length === reached.of).toBe(changed === 'package-lock.json');
  });

test('each check of package.json but the formatting, which comes first, is known by the files that can fail it', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = Object.keys(scripts).filter((name) => name.startsWith('check:') && name !== 'check:format');
  expect(named.sort()).toEqual(Object.keys(CHECKS).map((check) => `check:${check}`));
});
