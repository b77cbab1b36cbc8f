import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { State } from '../../../scripts/score/state.mjs';

/** As version 1.0.0 wrote it after `--reference clean/ --sigma 0.3`, before there were files. */
const CAMERA = 'a1bda78319c87118488c0a8fd18f0355b2682f4cc2b9a7a59ad50dae4f9bbe27';

/** After `--reference clean/ --model small.onnx --adapt --dirty dirty/ --adapt-anyway`. */
const ADAPTED = '6b449a23d30c69e4971356269ce3fd3db18bee6f0a5330d0f7d959270b3fd58f';

function keptBefore(camera: string): string {
  const state = mkdtempSync(join(tmpdir(), 'porthole-'));
  const kept = { format: 1, port: 40_000, camera, given: {} };
  writeFileSync(join(state, 'state.json'), JSON.stringify(kept));
  return state;
}

test('a folder that version 1 kept its camera in goes on with the same options', () => {
  const state = keptBefore(CAMERA);
  const opened = new State({ state, reference: 'clean/', sigma: '0.3' }, []);
  expect(opened).toMatchObject({ isSetUp: true, port: 40_000 });
});

test('one that was set up with --adapt goes on without --reference', () => {
  const opened = new State({ state: keptBefore(ADAPTED) }, []);
  expect(opened).toMatchObject({ isSetUp: true, port: 40_000 });
});
