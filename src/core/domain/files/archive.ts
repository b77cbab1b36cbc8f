import { LARGEST_PICTURE } from './file-size';
import { plainName } from './plain-name';

export interface ArchiveEntry {
  /** with its folders, as the archive has it: only ever a name, never a place to write to */
  readonly path: string;
  /** bytes when unpacked, as declared */
  readonly size: number;
  readonly packedSize: number;
  readonly isEncrypted: boolean;
  readonly isFolder: boolean;
}

export type EntryRefusal =
  'encrypted' | 'too-large' | 'too-many' | 'nested' | 'damaged' | 'not-a-zip' | 'empty' | 'is-bundle';

/** Size limit for all nested zips together, because each is unpacked in memory. */
export const LARGEST_ARCHIVE = 2 ** 30;
/** Deflate can't do better than 1032 : 1. Pictures reach a tenth of it when all their pixels are the same. */
const HIGHEST_RATIO = 200;
/** Smaller entries do no harm, however well they are packed. */
const HARMLESS = 16 * 2 ** 20;
/** A year of snapshots, one each minute, is half a million; no one drops more. */
export const MOST_ENTRIES = 600_000;

/** One for each day of a year, and some more. */
export const MOST_NESTED = 400;

const SEPARATOR = /[/\\]/;

/** The name of a file without its folders; backslashes divide too, as some programs for Windows write them. */
export function nameInArchive(path: string): string {
  return plainName(path.split(SEPARATOR).at(-1) ?? path);
}

/** Folders, and files that operating systems add to archives. */
export function isArchiveLitter({ path, isFolder }: Pick<ArchiveEntry, 'path' | 'isFolder'>): boolean {
  const parts = path.split(SEPARATOR);
  const name = parts.at(-1) ?? '';
  return isFolder || name === '' || parts.includes('__MACOSX') || name.startsWith('.');
}

export function isArchiveName(name: string): boolean {
  return /\.zip$/i.test(name);
}

/**
 * Why an entry must not be unpacked, or null when it may: what a zip bomb declares, and what needs a password.
 *
 * @param depth - 0 for the archive that was dropped, 1 for one inside it
 */
export function entryRefusalOf(entry: ArchiveEntry, depth: number): EntryRefusal | null {
  if (entry.isEncrypted) return 'encrypted';
  const isArchive = isArchiveName(entry.path);
  if (isArchive && depth > 0) return 'nested';
  if (entry.size > (isArchive ? LARGEST_ARCHIVE : LARGEST_PICTURE)) return 'too-large';
  return isBomb(entry) ? 'too-large' : null;
}

/** True if an entry is packed so densely that it is made to fill the memory. */
export function isBomb({ size, packedSize }: Pick<ArchiveEntry, 'size' | 'packedSize'>): boolean {
  return size > HARMLESS && size > HIGHEST_RATIO * packedSize;
}
