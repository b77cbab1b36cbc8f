import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { markedIn, sealed, SEAL } from '../../../scripts/marked.mjs';
import { PAGES, ROOT, textOf } from '../../markdown';

/** Another spec compares it with the code. */
const NOT_OF_FIGURES = 'rules';

test('each table of figures fits its hash: `npm run judge` and `npm run report` write them, no hand does', async () => {
  const marked = PAGES.flatMap((page) =>
    Array.from(textOf(page).matchAll(/^<!-- \/([\w-]+) -->$/gm), ([, name]) => ({ page, name: name! })),
  ).filter(({ name }) => name !== NOT_OF_FIGURES);
  expect(new Set(marked.map(({ page }) => page))).toEqual(
    new Set(['benchmark/RESULTS.md', 'docs/calibration.md', 'docs/science.md']),
  );
  for (const { page, name } of marked) {
    const text = markedIn(join(ROOT, page), name);
    expect(text, `${page}: ${name}`).toBe(await sealed(text.replace(SEAL, '')));
  }
});
