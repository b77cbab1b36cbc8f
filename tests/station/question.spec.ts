import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Alerts } from '../../scripts/station/alerts.mjs';

const TOLD = 'Something in a part of the picture has changed.';
const ASKS = 'Something changed here on 19 September, 09:40. Is it on the glass?';
const WALL = 'https://reef.example.org/wall/';

test('an alert about a change carries the question and the wall’s address, once, also where a warning stood before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-question-'));
  const texts: string[] = [];
  try {
    const way = async ({ text }: { text: string }) => void texts.push(text);
    const alerts = new Alerts(folder, { way }, (problem) => texts.push(problem), WALL);
    const standing = { name: 'Pier', verdict: 'warning', isNews: true, word: 'See what changed' };
    alerts.standings([{ ...standing, told: 'Haze.', asks: null, passed: null }]);
    alerts.standings([{ ...standing, told: TOLD, asks: ASKS, passed: null }]);
    alerts.standings([{ ...standing, told: TOLD, asks: ASKS, passed: null }]);
    alerts.standings([{ ...standing, verdict: 'drift', told: 'Growth.', asks: null, passed: null }]);
    await alerts.end();
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(texts).toEqual(['Haze.', `${TOLD} ${ASKS} ${WALL}`, 'Growth.']);
});
