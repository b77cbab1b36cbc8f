import { expect, test } from '@playwright/test';
import { doiIn } from '../../../src/core/domain/camera/deployed.js';
import { positionIn, positionText } from '../../../src/core/domain/camera/deployment';
import { withDeployment } from '../../../src/core/domain/camera/camera';
import { wholeCamera } from '../../storage/whole-rows';

test('a position is read with decimal points or commas, and is refused beyond the globe', () => {
  const reef = { latitude: 41.182, longitude: -1.753 };
  for (const written of [
    '41.182, -1.753',
    ' 41.182 -1.753 ',
    '41.182;-1.753',
    '41,182; -1,753',
    '+41,182, -1,753',
  ]) {
    expect(positionIn(written), written).toEqual(reef);
  }
  expect(positionIn(positionText(reef))).toEqual(reef);
  for (const written of ['', '41.182', '91, 0', '0, 181', '41.182, 1.753, 2', '41° N, 1° E', '1e9, 0']) {
    expect(positionIn(written), written).toBeNull();
  }
});

test('a deployment that says nothing is left out of the camera', () => {
  const camera = wholeCamera();
  const placed = withDeployment(camera, { depth: 20 });
  expect(placed.deployment).toEqual({ depth: 20 });
  expect(withDeployment(placed, {})).toEqual(camera);
});

test('a DOI is read with or without what resolves it', () => {
  const doi = '10.1594/PANGAEA.896157';
  for (const written of [
    ...[doi, ` ${doi} `, `doi:${doi}`, `DOI: ${doi}`, `https://doi.org/${doi}`, `http://dx.doi.org/${doi}`],
    ...[`doi.org/${doi}`, `https://hdl.handle.net/${doi}`],
  ])
    expect(doiIn(written), written).toBe(doi);
  for (const written of [
    ...['', 'PANGAEA.896157', '10.1594', '10.1594/', '10.1594/a b', 'https://hdl.handle.net/20.500.12085/a'],
    ...[`https://example.org/${doi}`, `javascript:${doi}`],
  ])
    expect(doiIn(written), written).toBeNull();
});
