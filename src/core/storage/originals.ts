import { nameTime, timeStamp } from '../domain/camera/time/capture-time';
import { AppError } from '../domain/errors';
import type { Job } from '../domain/camera/job';

export type OriginalOf = Pick<Job, 'cameraId' | 'imageName' | 'capturedAt' | 'wallClock' | 'contentSha256'>;

const FOLDER = 'originals';
/** Number of hex digits of a picture's SHA-256 that separate it from another of the same name. */
const SUFFIX = 8;

/** True for a browser with files of the page's own (OPFS): plain http and some private windows have none. */
export function canKeepOriginals(): boolean {
  return globalThis.isSecureContext && 'storage' in navigator && 'getDirectory' in navigator.storage;
}

/**
 * Keeps a picture under the name it should have; one of another content there gives it a suffix. Call it in a worker:
 * Safari writes such files nowhere else.
 *
 * @param name - see `originalName`
 * @throws AppError `file-unreadable` for other bytes than the snapshot's, `disk-full` or `storage-failed`; then nothing
 * of it is kept
 */
export async function writeOriginal(of: OriginalOf, name: string, file: Blob): Promise<void> {
  try {
    const folder = await folderOf(of.cameraId, true);
    if (!folder) throw new AppError('storage-failed', 'no folder');
    const there = await fileIn(folder, name);
    if (there && (await sha256(await there.arrayBuffer())) === of.contentSha256) return;
    const bytes = await file.arrayBuffer();
    if ((await sha256(bytes)) !== of.contentSha256) throw new AppError('file-unreadable', of.imageName);
    const isTaken = there !== null || (await folderIn(folder, name, false)) !== null;
    await write(folder, isTaken ? withSuffix(name, of.contentSha256) : name, bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new AppError(isFull ? 'disk-full' : 'storage-failed', String(error), { cause: error });
  }
}

async function write(folder: FileSystemDirectoryHandle, name: string, bytes: ArrayBuffer): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  try {
    const access = await handle.createSyncAccessHandle();
    try {
      access.truncate(0);
      const written = access.write(bytes, { at: 0 });
      if (written < bytes.byteLength) throw new DOMException('cut off', 'QuotaExceededError');
      access.flush();
    } finally {
      access.close();
    }
  } catch (error) {
    await folder.removeEntry(name).catch(() => undefined);
    throw error;
  }
}

/** The kept picture of a snapshot, found by its content; null when none is kept. */
export async function findOriginal(
  of: OriginalOf,
  name: string,
): Promise<{ readonly name: string; readonly file: File } | null> {
  const folder = await folderOf(of.cameraId, false);
  if (!folder) return null;
  for (const candidate of [withSuffix(name, of.contentSha256), name]) {
    const file = await fileIn(folder, candidate);
    if (file && (await sha256(await file.arrayBuffer())) === of.contentSha256)
      return { name: candidate, file };
  }
  // The camera may have had another name then.
  const stamp = `${timeStamp(nameTime(of))}-`;
  for await (const other of folder.keys()) {
    if (!other.startsWith(stamp) || other === name) continue;
    const file = await fileIn(folder, other);
    if (file && (await sha256(await file.arrayBuffer())) === of.contentSha256) return { name: other, file };
  }
  return null;
}

export interface KeptOriginal {
  readonly name: string;
  readonly bytes: number;
}

/** All kept pictures of a camera, without their content. */
export async function listOriginals(cameraId: string): Promise<readonly KeptOriginal[]> {
  const folder = await folderOf(cameraId, false);
  const kept: KeptOriginal[] = [];
  if (!folder) return kept;
  for (const name of await originalNames(cameraId)) {
    const file = await fileIn(folder, name);
    if (file) kept.push({ name, bytes: file.size });
  }
  return kept;
}

export async function originalNames(cameraId: string): Promise<readonly string[]> {
  const names: string[] = [];
  const folder = await folderOf(cameraId, false);
  if (!folder) return names;
  for await (const [name, { kind }] of folder.entries()) if (kind === 'file') names.push(name);
  return names;
}

export async function camerasWithOriginals(): Promise<readonly string[]> {
  const ids: string[] = [];
  if (!canKeepOriginals()) return ids;
  const root = await navigator.storage.getDirectory();
  const all = await folderIn(root, FOLDER, false);
  if (!all) return ids;
  for await (const [name, { kind }] of all.entries()) {
    const id = kind === 'directory' ? decoded(name) : null;
    if (id !== null) ids.push(id);
  }
  return ids;
}

/** Forgets pictures of a camera; all of them without names. */
export async function deleteOriginals(cameraId: string, names?: readonly string[]): Promise<void> {
  if (names) {
    const folder = await folderOf(cameraId, false);
    for (const name of names) await folder?.removeEntry(name).catch(ignoreMissing);
    return;
  }
  if (!canKeepOriginals()) return;
  const root = await navigator.storage.getDirectory();
  const all = await folderIn(root, FOLDER, false);
  await all?.removeEntry(encodeURIComponent(cameraId), { recursive: true }).catch(ignoreMissing);
}

async function folderOf(cameraId: string, create: boolean): Promise<FileSystemDirectoryHandle | null> {
  if (!canKeepOriginals()) return null;
  const root = await navigator.storage.getDirectory();
  const all = await folderIn(root, FOLDER, create);
  return all && (await folderIn(all, encodeURIComponent(cameraId), create));
}

/** @returns null if there is no folder, or a file of that name; when creating one, such a file is moved away */
async function folderIn(
  parent: FileSystemDirectoryHandle,
  name: string,
  create: boolean,
): Promise<FileSystemDirectoryHandle | null> {
  const folder = await parent.getDirectoryHandle(name, { create }).catch(ignoreMissing);
  if (folder || !create) return folder ?? null;
  // Nothing of ours is a file here.
  await parent.removeEntry(name);
  return parent.getDirectoryHandle(name, { create });
}

/** @returns null for a name that no id of ours becomes */
function decoded(name: string): string | null {
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}

async function fileIn(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  const handle = await folder.getFileHandle(name).catch(ignoreMissing);
  return (await handle?.getFile()) ?? null;
}

/**
 * Errors for a missing entry, and for one of the other kind: a folder in place of a file, or a file in place of a
 * folder.
 */
const MISSING: ReadonlySet<string> = new Set(['NotFoundError', 'TypeMismatchError']);

function ignoreMissing(error: unknown): undefined {
  if (error instanceof DOMException && MISSING.has(error.name)) return undefined;
  throw error;
}

function withSuffix(name: string, sha256: string): string {
  return name.replace(/(\.[^.]*)?$/, (extension) => `-${sha256.slice(0, SUFFIX)}${extension}`);
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
