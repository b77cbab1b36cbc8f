import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { markedIn, sealed, SEAL, writeMarked } from '../../../scripts/marked.mjs';
import { PAGES, ROOT, textOf } from '../../markdown';

/** Another spec compares it with the code. */
const NOT_OF_FIGURES = 'rules';

test('each table of figures fits its hash: `npm run judge` and `npm run report` write them, no hand does', async () => {
  const marked = PAGES.flatMap((page) =>
    Array.from(textOf(page).matchAll(/^<!-- \/([\w-]+) -->$/gm), ([, name]) => ({ page, name: name! })),
  ).filter(({ name }) => name !== NOT_OF_FIGURES);
  expect(new Set(marked.map(({ page }) => page))).toEqual(
    new Set(['benchmark/RESULTS.md', 'docs/science.md']),
  );
  for (const { page, name } of marked) {
    const text = markedIn(join(ROOT, page), name);
    expect(text, `${page}: ${name}`).toBe(await sealed(text.replace(SEAL, '')));
  }
});

test('a table is written between marks with nothing between, and a second time equally', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-marked-'));
  const page = join(folder, 'page.md');
  const table = await sealed('| a | b |\n| - | - |\n| 1 | 2 |');
  try {
    writeFileSync(page, 'Before\n\n<!-- x -->\n\n<!-- /x -->\n\nafter\n');
    writeMarked(page, 'x', table);
    const once = readFileSync(page, 'utf8');
    expect(once).toBe(`Before\n\n<!-- x -->\n\n${table}\n\n<!-- /x -->\n\nafter\n`);
    expect(markedIn(page, 'x')).toBe(table);
    writeMarked(page, 'x', table);
    expect(readFileSync(page, 'utf8')).toBe(once);
    expect(() => writeMarked(page, 'y', table)).toThrow(/has no marks for y/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
