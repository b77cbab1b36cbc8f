import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { isWithin } from '../../../scripts/prepare.mjs';

const PACKAGE = new URL('../../../package.json', import.meta.url);

test('a version of Node is held to each part of the range in package.json', () => {
  const { engines } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { engines: { node: string } };
  const range = engines.node;
  expect(range).toBe('^20.19 || ^22.13 || >=24');
  for (const version of ['20.19.0', '20.20.2', '22.13.0', '24.0.0', '25.1.0']) {
    expect(isWithin(version, range), version).toBe(true);
  }
  for (const version of ['18.20.0', '20.18.9', '21.7.3', '22.12.0', '23.11.0']) {
    expect(isWithin(version, range), version).toBe(false);
  }
});
