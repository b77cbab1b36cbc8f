import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { noticeOf } from '../../../scripts/licences.mjs';

test('a bundled package without a licence text ends the build with its name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-licences-'));
  try {
    const facts = { name: '@sea/chart', version: '1.2.3', license: 'ISC' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(facts));
    expect(() => noticeOf(folder)).toThrow(
      '@sea/chart 1.2.3 has no licence text. Put one into scripts/licences/@sea-chart.txt.',
    );
    writeFileSync(join(folder, 'LICENSE.md'), 'Copy it.\n');
    writeFileSync(join(folder, 'NOTICE'), 'Drawn by hand.\n');
    expect(noticeOf(folder)).toBe('@sea/chart 1.2.3 (ISC)\n\nCopy it.\n\nDrawn by hand.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
