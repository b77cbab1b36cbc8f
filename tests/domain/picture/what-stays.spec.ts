import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { medians } from '../../../src/core/domain/glass/order';
import { whatStays } from '../../../src/core/domain/picture/what-stays';

interface Fixture {
  readonly height: number;
  readonly width: number;
  readonly cases: readonly {
    readonly pictures: readonly string[];
    readonly moves: readonly { readonly down: number; readonly right: number }[];
    readonly median: string;
    readonly unseen: number;
  }[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/what-stays.json', import.meta.url), 'utf8'),
) as Fixture;
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

test('what stays is numpy’s median of the pictures that show a place, moved back, and black where none does', () => {
  expect(fixture.cases.some(({ unseen }) => unseen > 0)).toBe(true);
  for (const { pictures, moves, median } of fixture.cases) {
    const given = pictures.map(bytes);
    const { height, width } = fixture;
    const placed = given.map((data, i) => ({ picture: { height, width, data }, move: moves[i]! }));
    expect(whatStays(placed, { medians })).toEqual({ height, width, data: bytes(median) });
    expect(given).toEqual(pictures.map(bytes));
  }
});
