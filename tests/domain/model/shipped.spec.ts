import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseManifest } from '../../../src/core/domain/model/manifest';

/** Cameras, exports and the demo's reference name them; training/README.md says how each was made. */
const SHIPPED = {
  'obsea-autoencoder-2': '58a442b31ccb03614662de1e8c5c523cbb4d627da36214715a38892483edd871',
  'obsea-autoencoder-1': '3b944975c605cc169974c4907e6fd07f9c883a3309b080395fe910d1e2c404cf',
};

test('the shipped models are the very files that were judged', () => {
  for (const [id, sha256] of Object.entries(SHIPPED)) {
    const folder = `public/models/${id}`;
    const manifest = parseManifest(JSON.parse(readFileSync(`${folder}/model.json`, 'utf8')));
    const file = readFileSync(`${folder}/${manifest.file}`);
    expect(createHash('sha256').update(file).digest('hex'), id).toBe(sha256);
    expect(manifest, id).toMatchObject({ id, sha256, bytes: file.length });
  }
});
