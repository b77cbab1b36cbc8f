import { isoInstant } from '../domain/instant';
import { handlesOfDrop, type KeptHandle } from '../browser/file-handles';
import { filesOfHandles } from '../browser/folder-files';
import { withPath } from '../browser/given-path';

const PICTURE_NAME = /\.(jpe?g|png|webp|gif|bmp|avif|tiff?|svg|heic|heif|jfif)$/i;

/** Files by their use in Porthole. */
export interface Intake {
  readonly snapshots: readonly File[];
  readonly configs: readonly File[];
  readonly models: readonly File[];
  /** `.npy`, `.npz`, and the pickles that are refused with a way out */
  readonly embeddings: readonly File[];
  /** tables as text; they are among the skipped ones too, because few people have a use for them */
  readonly tables: readonly File[];
  /** YAML and JSON, which may describe a camera or pictures, in the same way among the skipped ones */
  readonly descriptions: readonly File[];
  /** neither pictures nor any other known kind; reported */
  readonly skipped: readonly File[];
}

/** True if a file of this name may be a snapshot; only its content proves it. */
export function isSnapshotName(name: string): boolean {
  return PICTURE_NAME.test(name) && !isDesktopLitter(name);
}

/**
 * A picture that was taken this moment, renamed by its time: phones call all of theirs the same.
 *
 * @param now - milliseconds since 1970
 */
export function takenNow(file: File, now: number): File {
  const time = isoInstant(now).replace(/[-:]|\..*/g, '');
  return new File([file], `${time.replace('T', '-')}-${file.name}`, {
    type: file.type,
    lastModified: file.lastModified,
  });
}

/** Sorts files by their names alone; whether a picture is one shows when it is decoded. */
export function sortFiles(files: readonly File[]): Intake {
  const intake = {
    snapshots: [] as File[],
    configs: [] as File[],
    models: [] as File[],
    embeddings: [] as File[],
    tables: [] as File[],
    descriptions: [] as File[],
    skipped: [] as File[],
  };
  for (const file of files) {
    if (isDesktopLitter(file.name)) continue;
    if (PICTURE_NAME.test(file.name) || file.type.startsWith('image/')) intake.snapshots.push(file);
    else if (/\.toml$/i.test(file.name)) intake.configs.push(file);
    else if (/\.onnx$/i.test(file.name)) intake.models.push(file);
    else if (/\.(npy|npz|pth|pt|pkl|pickle)$/i.test(file.name)) intake.embeddings.push(file);
    else {
      if (/\.(csv|tsv|txt)$/i.test(file.name)) intake.tables.push(file);
      if (/\.(ya?ml|json)$/i.test(file.name)) intake.descriptions.push(file);
      intake.skipped.push(file);
    }
  }
  // A folder with pictures and several arrays is a data set, and none of the arrays is meant as the reference.
  if (intake.snapshots.length > 0 && intake.embeddings.length > 1) {
    intake.skipped.push(...intake.embeddings.splice(0));
  }
  return intake;
}

/** Files that operating systems leave in folders. */
function isDesktopLitter(name: string): boolean {
  return name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini';
}

/** Content of a drop. */
export interface DropContent {
  readonly files: readonly File[];
  /** names of files and folders that the browser could not open */
  readonly failed: readonly string[];
  /** handles to read the same files again after the page was closed; empty if the browser has none */
  readonly handles: readonly KeptHandle[];
}

/**
 * All files of a drop, folders inside folders included.
 *
 * Must be called in the drop event itself: the browser forgets the items afterwards.
 *
 * @param onRead - how many files were found so far
 */
export async function filesOfDrop(
  transfer: DataTransfer,
  onRead: (count: number) => void,
): Promise<DropContent> {
  const asked = handlesOfDrop(transfer);
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (entries.length === 0) return { files: [...transfer.files], failed: [], handles: [] };
  const handles = await asked;
  // The file of an entry holds the page up until the browser knows it: 10,000 took three times as long.
  if (handles.length === entries.length) return { ...(await filesOfHandles(handles, onRead)), handles };
  const found: FoundFiles = { files: [], failed: [], onRead };
  for (let next = 0; next < entries.length; next += AT_ONCE) {
    await collectAll(entries.slice(next, next + AT_ONCE), found);
  }
  return { files: found.files, failed: found.failed, handles };
}

/** Number of files asked for at the same time: as many as a folder gives in one call. */
const AT_ONCE = 100;

interface FoundFiles {
  readonly files: File[];
  readonly failed: string[];
  readonly onRead: (count: number) => void;
}

async function collectAll(entries: readonly FileSystemEntry[], found: FoundFiles): Promise<void> {
  await Promise.all(entries.filter((entry) => entry.isFile).map((entry) => collect(entry, found)));
  found.onRead(found.files.length);
  // One folder after the other, however many there are.
  for (const entry of entries) if (!entry.isFile) await collect(entry, found);
}

async function collect(entry: FileSystemEntry, found: FoundFiles): Promise<void> {
  try {
    if (entry.isFile) {
      const file = (entry as FileSystemFileEntry).file.bind(entry);
      found.files.push(withPath(await new Promise<File>(file), entry.fullPath));
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // One call gives at most 100 entries; an empty answer is the end.
    for (;;) {
      const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (entries.length === 0) return;
      await collectAll(entries, found);
    }
  } catch {
    // A broken link or a removed card: the rest of the drop continues.
    found.failed.push(entry.name);
  }
}
