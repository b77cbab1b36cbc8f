import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { manifestInside } from '../../../src/core/domain/model/model-file';
import { TRAINED } from '../../storage/earlier-databases';
import { withMetadata } from '../onnx-writer';

test('a model that version 1 fitted to a camera says in its file what it is, and where it may decide', () => {
  const { sha256, bytes, file, ...inside } = TRAINED;
  const graph = new Uint8Array(readFileSync('tests/fixtures/onnx/autoencoder.onnx'));
  const model = withMetadata(graph, 'porthole.manifest', JSON.stringify(inside));
  expect(manifestInside(model, { sha256, bytes, file })).toEqual(TRAINED);
});
