import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { BEST_CLEAN, ENOUGH_CLEAN } from '../../../src/core/domain/camera/reference-size';
import { ROOT, textOf } from '../../markdown';

const README = textOf('README.md');

/** Cells of the rows of a table that begin with these two. */
function rowsOf(text: string, ...begin: readonly [string, string]): string[][] {
  return text
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, first, second]) => first === begin[0] && second === begin[1])
    .map((cells) => cells.slice(1, -1));
}

test('the versions of Node.js and the numbers of clean pictures in the README are those of the code', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const versions = engines.node.match(/\d+(\.\d+)?/g)!;
  expect(README).toContain(`${versions.slice(0, -1).join(', ')}, or ${versions.at(-1)!} and newer`);
  const [, enough, best] = /: (\d+) of one view, better (\w+);/.exec(README)!;
  const words: Readonly<Record<string, number>> = { forty: 40 };
  expect([Number(enough), words[best!]]).toEqual([ENOUGH_CLEAN, BEST_CLEAN]);
});

test('the README has the figures of one deployment that the judge has written', () => {
  const [, results] = /<!-- deployment -->(.*)<!-- \/deployment -->/s.exec(textOf('benchmark/RESULTS.md'))!;
  const written = (camera: string, method: string) => {
    const row = rowsOf(results!, camera, 'one deployment').find((cells) => cells[3] === method)!;
    return { clean: `${row[5]!} %`, fouled: `${row[8]!} %`, drifts: row[10]!, unasked: Number(row[14]) };
  };
  const told = (camera: string) => {
    const [, , clean, fouled, drifts] = rowsOf(README, camera, 'looked at')[0]!;
    return { clean: clean!.replace(/ ¹$/, ''), fouled, drifts };
  };
  const unasked: number[] = [];
  const days = (drifts: string) => drifts.match(/[+-]\d+(?= d)/g)!.map(Number);
  for (const [camera, method] of [
    ['OBSEA 2014, one deployment', 'own reference for each cycle'],
    ['the same, one reference for all', 'one reference for all'],
  ] as const) {
    const { clean, fouled, drifts } = written('OBSEA 2014', method);
    expect(told(camera), camera).toMatchObject({ clean, fouled });
    const [late, early] = told(camera).drifts!.split(';');
    const numbers = (text = '') => (text.match(/\d+/g) ?? []).map(Number);
    expect([...numbers(late), ...numbers(early).map((day) => -day)], camera).toEqual(days(drifts));
    unasked.push(written('OBSEA 2014', method).unasked);
  }
  expect(README).toContain(`¹ ${unasked.join(' and ')} % but for questions`);
  const own = written('OBSEA 2023', 'own reference for each cycle');
  const { clean, drifts } = told('OBSEA 2023, one deployment');
  expect({ clean, dirty: parseInt(drifts!) }).toEqual({
    clean: own.clean,
    dirty: Number(/\d+/.exec(own.drifts)![0]),
  });
});
