import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { causeWord, headlineOf } from '../../../src/core/i18n/conclusion-words';
import { conclusionWords } from '../../../src/words/conclusion';
import { questionWords } from '../../../src/words/question';
import { verdictWords } from '../../../src/words/verdict';

test('water that hides nearly all has a clear lens, and a scene that is not seen at all needs a look', () => {
  expect([headlineOf('murky', 'normal'), causeWord('murky', 'normal')]).toEqual([
    'Nothing on the lens',
    'murky water',
  ]);
  expect([headlineOf('murky', 'warning'), causeWord('murky', 'warning')]).toEqual([
    'Look at the camera',
    'nothing is seen',
  ]);
});

test('dirt is to be cleaned, soon or now, and what is no dirt for certain keeps its advice at both levels', () => {
  const both = (code: Parameters<typeof headlineOf>[0]) =>
    (['warning', 'drift'] as const).map((level) => headlineOf(code, level));
  for (const code of ['growth', 'film', 'silt', 'fouled'] as const) {
    expect(both(code), code).toEqual(['Clean it soon', 'Clean the lens']);
  }
  expect(both('blurred')).toEqual(['Check the focus', 'Check the focus']);
  expect(both('covered')).toEqual(['See what covers it', 'See what covers it']);
});

test('the technician’s page names each headline of the Monitor, and no other', () => {
  const { headlines, silent } = conclusionWords;
  const said = [
    ...Object.values(headlines),
    silent.instruction,
    silent.notCurrent,
    ...Object.values(verdictWords.instruction),
    verdictWords.cantTell.instruction,
    verdictWords.toGo({ left: 12 }),
    questionWords.short.replace('?', ' …?'),
  ];
  const page = readFileSync(new URL('../../../docs/technician.md', import.meta.url), 'utf8');
  const table = page.split('\n').filter((line) => line.startsWith('|'));
  const named = table.slice(2).flatMap((row) => row.split('|')[2]!.trim().split(', '));
  expect(named.toSorted()).toEqual([...new Set(said)].sort());
});
