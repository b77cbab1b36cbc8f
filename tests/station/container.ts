/** The image of deploy/Containerfile, as far as it can be had without a builder. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WORKDIR = '/opt/porthole/';

/** Instructions of the last stage, which is what is shipped: names, and what is said after them. */
export function shippedStage(): readonly (readonly [name: string, said: string])[] {
  const text = readFileSync(join(ROOT, 'deploy/Containerfile'), 'utf8');
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const instructions = lines
    .filter((line) => line.trim() !== '')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  return instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'));
}

/** An instruction of the last stage, without its name. */
export function said(name: string): string {
  const found = shippedStage().find(([given]) => given === name);
  if (!found) throw new Error(`deploy/Containerfile has no ${name}.`);
  return found[1];
}

/** Paths that are copied into the image, from the repository's folder, with their places below the working directory. */
export function copied(): readonly (readonly [from: string, to: string])[] {
  return shippedStage()
    .filter(([name]) => name === 'COPY')
    .flatMap(([, given]) => {
      const paths = given.split(' ').filter((word) => !word.startsWith('--'));
      const to = paths.pop()!;
      return paths
        .map((from) => from.replace(WORKDIR, ''))
        .map((from) => [from, /\/$|^[.]$/.test(to) ? join(to, basename(from)) : to] as const);
    });
}

/** Puts the files of the image's working directory into a folder; packages as its `npm ci` would. */
export function packTree(folder: string): void {
  for (const [from, to] of copied()) {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(join(ROOT, from), join(folder, to), { recursive: true, preserveTimestamps: true });
  }
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; optional?: true; devOptional?: true }>;
  };
  for (const [path, { dev, optional, devOptional }] of Object.entries(packages)) {
    if (path === '' || dev || optional || devOptional) continue;
    cpSync(join(ROOT, path), join(folder, path), {
      recursive: true,
      // Packages in a package have a line of their own.
      filter: (from) => from === join(ROOT, path) || basename(from) !== 'node_modules',
    });
  }
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}');
}
