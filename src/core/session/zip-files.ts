import { BlobReader, ZipReader, type Entry, type FileEntry } from '@zip.js/zip.js/lib/zip-core-native.js';
import {
  isArchiveLitter,
  isArchiveName,
  LARGEST_ARCHIVE,
  MOST_ENTRIES,
  MOST_NESTED,
  nameInArchive,
  entryRefusalOf,
  type ArchiveEntry,
  type EntryRefusal,
} from '../domain/files/archive';
import { bundleFolder } from '../domain/files/bundle';
import { crc32, headerLength, LOCAL_HEADER, STORED } from '../domain/files/zip-entry';
import { AppError } from '../domain/errors';
import { plainName } from '../domain/files/plain-name';
import { PackedFile } from '../encoder/packed-file';
import { Breather } from '../browser/breather';
import { withPath } from '../browser/given-path';

/** Entries of one archive that were skipped or failed, for one reason. */
export interface UnusedEntries {
  readonly archive: string;
  readonly refusal: EntryRefusal;
  /** names of the entries; empty when it is the archive as a whole */
  readonly names: readonly string[];
}

/** Files with the content of their archives. */
export interface UnpackedFiles {
  /** in the order given, an archive's files in its place */
  readonly files: readonly File[];
  /** exports of everything that Porthole keeps */
  readonly bundles: readonly File[];
  readonly unused: readonly UnusedEntries[];
}

/**
 * Opens the archives among files. Only their directories are read; each file is taken out when it is needed.
 *
 * Entries that can't or must not be read are reported once for each archive and reason, and the rest goes on.
 *
 * @param onRead - how many files were found so far
 * @param room - bytes that archives inside archives may have when they are unpacked, which stay in memory
 */
export async function openArchives(
  files: readonly File[],
  onRead: (count: number) => void = () => undefined,
  room = LARGEST_ARCHIVE,
): Promise<UnpackedFiles> {
  const found: UnpackProgress = { files: [], bundles: [], unused: [], room, archives: MOST_NESTED };
  for (const file of files) {
    if (isArchiveName(file.name)) await openArchive(file, 0, found, onRead);
    else found.files.push(file);
  }
  return { files: found.files, bundles: found.bundles, unused: found.unused };
}

/** Files found so far, and the room left for nested archives: in bytes, and how many. */
interface UnpackProgress {
  readonly files: File[];
  readonly bundles: File[];
  readonly unused: UnusedEntries[];
  room: number;
  archives: number;
}

async function openArchive(
  archive: File,
  depth: number,
  found: UnpackProgress,
  onRead: (count: number) => void,
): Promise<void> {
  const unused = new Map<EntryRefusal, string[]>();
  const refuse = (refusal: EntryRefusal, name: string) => {
    const names = unused.get(refusal) ?? [];
    names.push(name);
    unused.set(refusal, names);
  };
  const paths: string[] = [];
  const files: File[] = [];
  const nested: FileEntry[] = [];
  const breather = new Breather();
  try {
    let count = 0;
    // Names are names here, and nothing is ever written to them: `..` in one does no harm.
    const reader = new ZipReader(new BlobReader(archive), {
      useWebWorkers: false,
      useCompressionStream: true,
      filenameValidation: 'tolerant',
    });
    for await (const entry of reader.getEntriesGenerator()) {
      count += 1;
      if (count > MOST_ENTRIES) {
        unused.set('too-many', []);
        break;
      }
      await breather.pause();
      const described = describe(entry);
      if (entry.directory || isArchiveLitter(described)) continue;
      const isArchive = isArchiveName(entry.filename);
      const refusal = entryRefusalOf(described, depth) ?? (isArchive ? noRoom(described, found) : null);
      if (refusal) refuse(refusal, nameInArchive(entry.filename));
      else if (isArchive) {
        nested.push(entry);
        found.room -= described.size;
        found.archives -= 1;
      } else {
        paths.push(entry.filename);
        files.push(withPath(packedFile(archive, entry), entry.filename));
      }
      if (count % 100 === 0) onRead(found.files.length + files.length);
    }
  } catch {
    // The directory stands at the end: an archive that was cut off has none.
    unused.set('not-a-zip', []);
  }
  if (files.length + nested.length + unused.size === 0) unused.set('empty', []);
  if (bundleFolder(paths) !== null) {
    found.bundles.push(archive);
    return;
  }
  for (const file of files) found.files.push(file);
  onRead(found.files.length);
  for (const [refusal, names] of unused)
    found.unused.push({ archive: plainName(archive.name), refusal, names });
  for (const entry of nested) {
    try {
      await openArchive(await packedFile(archive, entry).unpack(), depth + 1, found, onRead);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const names = [nameInArchive(entry.filename)];
      found.unused.push({ archive: plainName(archive.name), refusal: 'damaged', names });
    }
  }
}

function noRoom({ size }: ArchiveEntry, { room, archives }: UnpackProgress): EntryRefusal | null {
  if (archives === 0) return 'nested';
  return size > room ? 'too-large' : null;
}

function describe(entry: Entry): ArchiveEntry {
  return {
    path: entry.filename,
    size: entry.uncompressedSize,
    packedSize: entry.compressedSize,
    isEncrypted: entry.encrypted,
    isFolder: entry.directory,
  };
}

function packedFile(archive: File, entry: FileEntry): PackedFile {
  const name = nameInArchive(entry.filename);
  const lastModified = entry.lastModDate.getTime();
  return new PackedFile(name, lastModified, async () => {
    try {
      const content = (await storedPart(archive, entry)) ?? (await unpackedParts(entry));
      return new File(content, name, { lastModified });
    } catch (error) {
      throw new AppError('entry-damaged', name, { cause: error });
    }
  });
}

/** Bytes of what is extra in a local header, in archives of the usual programs. */
const MOST_EXTRA = 64;
/** Longer entries, such as archives, would hold the page up; zip.js reads them in pieces. */
const MOST_AT_ONCE = 32 * 2 ** 20;

/**
 * An entry that is not compressed as the part of the archive that it is, so that it is read from there. The streams of
 * zip.js take some milliseconds for each.
 *
 * @returns null where only zip.js can tell
 */
async function storedPart(archive: File, entry: FileEntry): Promise<Blob[] | null> {
  const { offset, compressedSize: size, uncompressedSize, compressionMethod, rawFilename } = entry;
  if (compressionMethod !== STORED || size !== uncompressedSize || size > MOST_AT_ONCE) return null;
  const end = offset + LOCAL_HEADER + rawFilename.length + MOST_EXTRA + size;
  const bytes = new Uint8Array(await archive.slice(offset, end).arrayBuffer());
  const length = headerLength(bytes);
  if (length === null || length + size > bytes.length) return null;
  if (crc32(bytes.subarray(length, length + size)) !== entry.crc32) return null;
  return [archive.slice(offset + length, offset + length + size)];
}

async function unpackedParts(entry: FileEntry): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const writable = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(part) {
      size += part.byteLength;
      // An entry that yields more than it declares is damaged, or means harm: stop it before it fills the memory.
      if (size > entry.uncompressedSize) throw new Error('more than declared');
      parts.push(part);
    },
  });
  await entry.getData(writable, { checkCrc32: true });
  return parts;
}
