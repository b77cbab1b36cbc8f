import type { CompletedJob } from '../../domain/camera/job';
import { judgingReference } from '../../domain/camera/reference';
import { sameHour } from '../../domain/camera/time/same-hour';
import { unpacked } from '../../encoder/packed-file';
import type { FileOf } from '../follower';
import type { Cameras } from '../cameras.svelte';
import type { FilesAtHand } from './files-at-hand';
import { referenceThumbnailKey } from '../../storage/cameras';
import { picturesWords } from '../../../words/pictures';
import type { Session } from '../session.svelte';
import { snapshotWords } from '../../../words/snapshot';

/** A picture as it is shown. */
interface ShownPicture {
  readonly address: string;
  /** true for the file itself, false for the thumbnail */
  readonly isWhole: boolean;
}

/** The clean picture to compare with a snapshot. */
interface CleanPicture extends ShownPicture {
  readonly capturedAt: number;
  readonly isBeforeMove: boolean;
  /** key of its stored thumbnail */
  readonly key: string;
}

/** A snapshot and the clean picture of its hour; either is null where no picture of it is left. */
export interface PicturePair {
  readonly job: CompletedJob;
  readonly own: ShownPicture | null;
  readonly clean: CleanPicture | null;
}

/** Grey levels of 255, on average, by which two copies of one picture differ at most; two pictures of a reef by more. */
const SAME = 8;
const COMPARED = { width: 32, height: 18 } as const;

type Parts = Pick<Session, 'cameras' | 'history' | 'thumbnails' | 'filesAtHand' | 'ready'>;

/** The small pictures, which are always at hand. */
export async function smallPair(parts: Parts, job: CompletedJob): Promise<PicturePair> {
  const { cameras, thumbnails } = parts;
  const clean = cleanOf(cameras, job);
  const [own, other] = await Promise.all([
    thumbnails.address(job.id),
    clean && thumbnails.address(clean.key),
  ]);
  return {
    job,
    own: own === null ? null : { address: own, isWhole: false },
    clean: clean && other ? { ...clean, address: other, isWhole: false } : null,
  };
}

/** The pair of these thumbnails at full size, if the files are at hand. It is freed by `free`. */
export async function wholePair(parts: Parts, small: PicturePair): Promise<PicturePair> {
  const { cameras, history, filesAtHand } = parts;
  await parts.ready;
  const { job, clean } = small;
  const own = await wholeOf(filesAtHand, job, small.own);
  if (!clean) return { ...small, own };
  const { cameraId } = job;
  const name = judgingReference(job, cameras.references)?.names[indexOf(clean)] ?? '';
  // One that was scored too is kept by its content.
  const twin = history.jobs.find(
    ({ imageName, capturedAt }) => imageName === name && capturedAt === clean.capturedAt,
  );
  const of = { cameraId, imageName: name, capturedAt: clean.capturedAt, contentSha256: '', ...twin };
  const whole = name === '' ? clean : await wholeOf(filesAtHand, of, clean);
  return { job, own, clean: { ...clean, ...whole } };
}

/** Releases the files read for a pair. */
export function free({ own, clean }: PicturePair): void {
  for (const shown of [own, clean]) if (shown?.isWhole) URL.revokeObjectURL(shown.address);
}

function cleanOf(cameras: Cameras, job: CompletedJob): Omit<CleanPicture, keyof ShownPicture> | null {
  const reference = judgingReference(job, cameras.references);
  const moves = cameras.events.filter(({ kind, at }) => kind === 'moved' && at <= job.capturedAt);
  const movedAt = moves.length > 0 ? Math.max(...moves.map(({ at }) => at)) : null;
  const found = reference && sameHour(reference.capturedAt ?? [], job.capturedAt, movedAt);
  if (!found) return null;
  const { index, isBeforeMove } = found;
  const capturedAt = reference.capturedAt?.[index] ?? 0;
  return { capturedAt, isBeforeMove, key: referenceThumbnailKey(reference.id, index) };
}

/** As `Swipe` shows them. */
export function ownSide({ job, own }: PicturePair) {
  return {
    address: own?.address ?? null,
    alt: snapshotWords.pictureOf({ name: job.imageName }),
    tag: picturesWords.at({ at: job.capturedAt }),
  };
}

export function cleanSide({ clean }: PicturePair) {
  if (!clean) return null;
  const { address, capturedAt: at } = clean;
  return { address, alt: picturesWords.cleanAlt({ at }), tag: picturesWords.clean({ at }) };
}

const indexOf = ({ key }: CleanPicture) => Number(/\d+$/.exec(key)?.[0]);

/** The first file with the snapshot's name that matches its thumbnail; else the thumbnail. */
async function wholeOf<T extends ShownPicture | null>(
  filesAtHand: FilesAtHand,
  of: FileOf,
  small: T,
): Promise<T | ShownPicture> {
  for await (const file of filesAtHand.of(of)) {
    const shown = await decoded(file, small);
    if (shown) return shown;
  }
  return small;
}

/** @returns null for a file that can't be read by now, that the browser shows not, or that is of another picture */
async function decoded(file: File, small: ShownPicture | null): Promise<ShownPicture | null> {
  let address = '';
  try {
    address = URL.createObjectURL(await unpacked(file));
    const image = await imageAt(address);
    if (!small || differenceOf(image, await imageAt(small.address)) <= SAME)
      return { address, isWhole: true };
  } catch {
    // It was moved or deleted since, or is of a kind that is only read for judging.
  }
  if (address !== '') URL.revokeObjectURL(address);
  return null;
}

async function imageAt(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

function differenceOf(one: HTMLImageElement, other: HTMLImageElement): number {
  const [a, b] = [greysOf(one), greysOf(other)];
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

function greysOf(image: HTMLImageElement): number[] {
  const { width, height } = COMPARED;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d canvas');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return Array.from(
    { length: width * height },
    (_, i) => (data[4 * i]! + data[4 * i + 1]! + data[4 * i + 2]!) / 3,
  );
}
