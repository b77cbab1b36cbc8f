import { captureTime, exifTimeToUtc, imageNameOf } from '../domain/capture-time';
import { compareJobs, type CaptureTimeSource } from '../domain/job';

/** A file that may be a picture of the camera, with the time it was taken. */
export interface Snapshot {
  readonly file: File;
  readonly imageName: string;
  readonly capturedAt: number;
  readonly capturedAtSource: CaptureTimeSource;
}

/** Files by what Porthole does with them. */
export interface Intake {
  readonly snapshots: readonly File[];
  readonly configs: readonly File[];
  readonly models: readonly File[];
  /** `.npy`, `.npz`, and the pickles that are refused with a way out */
  readonly embeddings: readonly File[];
  /** neither pictures nor anything else we know: left alone, and said so */
  readonly ignored: readonly File[];
}

const PICTURE = /\.(jpe?g|png|webp|gif|bmp|avif|tiff?|svg|heic|heif|jfif)$/i;

/** Sorts files by their names alone; whether a picture is one shows when it is decoded. */
export function sortFiles(files: readonly File[]): Intake {
  const intake = {
    snapshots: [] as File[],
    configs: [] as File[],
    models: [] as File[],
    embeddings: [] as File[],
    ignored: [] as File[],
  };
  for (const file of files) {
    if (isDesktopLitter(file.name)) continue;
    if (PICTURE.test(file.name) || file.type.startsWith('image/')) intake.snapshots.push(file);
    else if (/\.toml$/i.test(file.name)) intake.configs.push(file);
    else if (/\.onnx$/i.test(file.name)) intake.models.push(file);
    else if (/\.(npy|npz|pth|pt|pkl|pickle)$/i.test(file.name)) intake.embeddings.push(file);
    else intake.ignored.push(file);
  }
  return intake;
}

/** Files that operating systems leave in folders. */
function isDesktopLitter(name: string): boolean {
  return name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini';
}

/**
 * All files of a drop, folders inside folders included.
 *
 * Must be called in the drop event itself: the browser forgets the items afterwards.
 */
export async function filesOfDrop(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (entries.length === 0) return [...transfer.files];
  const nested = await Promise.all(entries.map(filesOfEntry));
  return nested.flat();
}

async function filesOfEntry(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // One call gives at most 100 entries; an empty answer is the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return files;
    for (const nested of await Promise.all(entries.map(filesOfEntry))) files.push(...nested);
  }
}

/** The snapshots with their capture times, oldest first: by name, else EXIF, else the file's date as a guess. */
export async function inCaptureOrder(files: readonly File[]): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = [];
  for (const file of files) {
    let time = captureTime(file.name, null, file.lastModified);
    if (time.source === 'file-date') time = captureTime(file.name, await exifTime(file), file.lastModified);
    snapshots.push({
      file,
      imageName: imageNameOf(file.name),
      capturedAt: time.at,
      capturedAtSource: time.source,
    });
  }
  return snapshots.sort(compareJobs);
}

/** Milliseconds since 1970 from the picture's own EXIF, or null when it has none that can be read. */
async function exifTime(file: File): Promise<number | null> {
  const { default: exifr } = await import('exifr');
  try {
    const tags = (await exifr.parse(file, {
      pick: ['DateTimeOriginal', 'OffsetTimeOriginal'],
      reviveValues: false,
    })) as { DateTimeOriginal?: string; OffsetTimeOriginal?: string } | undefined;
    return tags?.DateTimeOriginal
      ? exifTimeToUtc(tags.DateTimeOriginal, tags.OffsetTimeOriginal ?? null)
      : null;
  } catch {
    // Not a picture, or one without EXIF: the decoder says which.
    return null;
  }
}
