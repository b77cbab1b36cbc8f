import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Alerts } from '../../scripts/station/alerts.mjs';

const TOLD = 'One place changed and stayed.';
const ASKS = 'What happened on 19 September about 09:30?';
const WALL = 'https://reef.example.org/wall/';

test('an alert about a change carries the question and the wall’s address, once, also where a warning stood before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-question-'));
  const texts: string[] = [];
  try {
    const way = async ({ text }: { text: string }) => void texts.push(text);
    const alerts = new Alerts(folder, { way }, (problem) => texts.push(problem), WALL);
    const standing = { name: 'Pier', verdict: 'warning', isNews: true, word: 'What happened?' };
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

test('a camera of the name of a field that every object has is told of once, over a restart too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-field-'));
  const subjects: string[] = [];
  const names = ['__proto__', 'constructor'];
  try {
    const way = async ({ subject }: { subject: string }) => void subjects.push(subject);
    const standings = names.map((name) => ({
      name,
      verdict: 'drift',
      isNews: true,
      word: 'Clean',
      told: 'Growth.',
    }));
    for (let start = 0; start < 2; start += 1) {
      const alerts = new Alerts(folder, { way }, (problem) => subjects.push(problem));
      alerts.standings(standings);
      alerts.standings(standings);
      alerts.problem('constructor', 'The disk is full.');
      await alerts.end();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(subjects).toEqual([...names.map((name) => `${name}: Clean`), 'The disk is full.']);
});

test('an alarm that stands is told again under a heading of its own when the page says that it is due', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-reminder-'));
  const subjects: string[] = [];
  try {
    const way = async ({ subject }: { subject: string }) => void subjects.push(subject);
    const alerts = new Alerts(folder, { way }, (problem) => subjects.push(problem));
    const standing = {
      name: 'Pier',
      verdict: 'drift',
      isNews: true,
      word: 'Clean the lens',
      told: 'Growth.',
    };
    alerts.standings([{ ...standing, reminder: null }]);
    alerts.standings([{ ...standing, reminder: null }]);
    const { at } = alerts.told['Pier']!;
    alerts.standings([{ ...standing, reminder: 'Still so: Clean the lens' }]);
    expect(alerts.told['Pier']).toMatchObject({ verdict: 'drift' });
    expect(alerts.told['Pier']!.at).toBeGreaterThanOrEqual(at);
    await alerts.end();
    // When it was told is known after a restart.
    expect(new Alerts(folder, { way }, () => undefined).told).toEqual(alerts.told);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(subjects).toEqual(['Pier: Clean the lens', 'Pier: Still so: Clean the lens']);
});
