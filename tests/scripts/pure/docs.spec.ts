import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@playwright/test';
import { PAGES, ROOT, textOf } from '../../markdown';

const DOCS = PAGES.filter((page) => page.startsWith('docs/'));

function wordsOf(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

/** A heading's anchor, as GitHub makes it. */
function anchorsOf(page: string): string[] {
  const headings = textOf(page)
    .replace(/^ *```.*?^ *```$/gms, '')
    .matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('the documentation is short enough to be read', () => {
  expect(wordsOf(textOf('README.md'))).toBeLessThan(700);
  expect(DOCS.reduce((sum, page) => sum + wordsOf(textOf(page)), 0)).toBeLessThan(20_000);
});

test('a version’s part of the changelog has less than forty lines, and a date', () => {
  const [, ...parts] = textOf('CHANGELOG.md').split(/^## /m);
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) {
    const [title = '', ...lines] = part.split('\n');
    expect(title).toMatch(/^(Unreleased|\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d)$/);
    expect(lines.length, title).toBeLessThan(40);
  }
});

test('the map of the documentation names each of its pages', () => {
  const map = textOf('docs/README.md');
  for (const page of DOCS.filter((page) => page !== 'docs/README.md')) {
    expect(map, page).toContain(`](${page.replace('docs/', '')})`);
  }
});

test('links lead to files and headings that there are, and pictures of docs are shown', () => {
  const shown = new Set<string>();
  for (const page of PAGES) {
    const text = textOf(page).replace(/^ *```.*?^ *```$/gms, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)];
    for (const [, markdown, html] of links) {
      const link = markdown ?? html!;
      // The last are GitHub's own pages of the repository.
      if (/^(https?|mailto):|^\.\.\/\.\.\/(deployments|releases|issues|security)\b/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const target = path ? normalize(join(dirname(page), path)) : page;
      expect(existsSync(join(ROOT, target)), `${page}: ${link}`).toBe(true);
      shown.add(target);
      if (anchor === undefined) continue;
      if (target.endsWith('.md')) expect(anchorsOf(target), `${page}: ${link}`).toContain(anchor);
    }
  }
  const pictures = readdirSync(join(ROOT, 'docs')).filter((name) => /\.(jpg|png)$/.test(name));
  expect(pictures.filter((name) => !shown.has(`docs/${name}`))).toEqual([]);
});

test('comments of the code name pages and headings that there are', () => {
  const files = ['src', 'scripts', 'tests', 'deploy', 'training'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((name) => /(\.(ts|js|mjs|svelte|py|json|ya?ml|toml|service|conf)|file)$/.test(name)),
  );
  for (const file of files.filter((file) => statSync(join(ROOT, file)).isFile())) {
    for (const [, page, anchor] of readFileSync(join(ROOT, file), 'utf8').matchAll(
      /\b(docs\/[\w-]+\.md)(?:#([\w-]+))?/g,
    )) {
      expect(PAGES, file).toContain(page);
      if (anchor) expect(anchorsOf(page!), `${file}: ${page!}#${anchor}`).toContain(anchor);
    }
  }
});
