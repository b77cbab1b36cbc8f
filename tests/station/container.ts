/** The images of deploy, as far as they can be had without a builder. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WORKDIR = '/opt/porthole/';
const STATION = 'deploy/Containerfile';
/** The module of the AI4OS hub, whose files are in the folder of its Dockerfile. */
export const MODULE = 'deploy/ai4os/Dockerfile';

/** Instructions of the last stage, which is what is shipped: names, and what is said after them. */
export function shippedStage(file = STATION): readonly (readonly [name: string, said: string])[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
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
export function said(name: string, file = STATION): string {
  const found = shippedStage(file).find(([given]) => given === name);
  if (!found) throw new Error(`${file} has no ${name}.`);
  return found[1];
}

/** Paths that are copied into the image, from the repository's folder, with their places below the working directory. */
export function copied(file = STATION): readonly (readonly [from: string, to: string])[] {
  return shippedStage(file)
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

/**
 * Puts the files that the module's image has beside the station's into the same folder, and its commands into another.
 *
 * @param folder - of {@link packTree}
 * @param bin - in place of the folders of `PATH`
 */
export function packModule(folder: string, bin: string): void {
  for (const [from, to] of copied(MODULE))
    cpSync(join(ROOT, dirname(MODULE), from), join(folder, to), { preserveTimestamps: true });
  for (const [, given] of shippedStage(MODULE))
    for (const [, to, name] of given.matchAll(/ln -s \/opt\/porthole\/(\S+) \/usr\/local\/bin\/(\S+)/g))
      symlinkSync(join(folder, to!), join(bin, name!));
}
