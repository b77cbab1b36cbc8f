/** The Markdown files of the repository that a reader is sent to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Their paths below the repository's folder. */
export const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...['docs', 'benchmark', 'training', 'deploy', 'src'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => [folder, ...name.split(sep)].join('/')),
  ),
].sort();

/** @param page - below the repository's folder */
export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** Blocks of code in a language. */
export function blocksOf(page: string, language: string): string[] {
  const blocks = textOf(page).matchAll(/^( *)```(\w+)\n(.*?)^\1```$/gms);
  return Array.from(blocks, ([, , name, block]) => (name === language ? block! : '')).filter(Boolean);
}
