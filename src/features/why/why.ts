import { dayOf } from '../../core/domain/drift/calibration';
import type { Embedding } from '../../core/domain/drift/embedding';
import {
  historyKey,
  isSetAside,
  lastBreak,
  type Camera,
  type CameraEvent,
  type CompletedJob,
  type Job,
  type Reference,
} from '../../core/domain/camera/job';
import { estimateShift, type Grey, type Shift } from '../../core/domain/picture/picture-shift';
import {
  embeddingSpread,
  frozen,
  moved,
  otherCamera,
  unusualProperties,
  type Finding,
} from '../../core/domain/picture/second-opinion';
import { DETECTORS, type SampleShare, type WindowWeigher } from '../../core/domain/drift/detectors';
import { neighbours, type Neighbour } from './pure/neighbours';
import { referenceThumbnailKey } from '../../core/storage/cameras';
import { loadEmbeddings, loadThumbnail } from '../../core/storage/jobs';
import { scoredBy } from '../../core/session/history/history';
import type { Session } from '../../core/session/session.svelte';
import { warmUpEmbeddings } from '../../core/domain/camera/warm-up';
import { prepare } from '../../core/session/history/window';

/** One embedding of a window: a snapshot's, or one that stood there before the first snapshot. */
export type WindowMember =
  | { readonly kind: 'job'; readonly job: CompletedJob }
  | {
      readonly kind: 'warm-up';
      readonly from: 'reference' | 'kept-out';
      /** where its picture may be kept among the thumbnails */
      readonly pictureKey: string | null;
    };

interface Weights {
  /** those that raise the distance most come first */
  readonly members: readonly (SampleShare & { readonly member: WindowMember })[];
  readonly distance: number;
  readonly cleanFamiliarity: number | null;
  /** true if this window still gives the distance that was stored */
  readonly isAsStored: boolean;
}

/** The clean snapshot that looks most like a job's to the model. */
export interface Nearest extends Neighbour {
  /** empty when its name is not known */
  readonly name: string;
  readonly capturedAt: number | null;
  readonly pictureKey: string;
}

/** Facts of a job from the stored embeddings. */
export interface Explanation {
  readonly reference: Reference | null;
  /** null while the window fills, when the window can't be put together any more, or when the detector has no shares */
  readonly weights: Weights | null;
  /** true if its detector's distances are sums over snapshots */
  readonly hasShares: boolean;
  /** the whole reference, the nearest first; empty when the job's embedding is gone */
  readonly nearest: readonly Nearest[];
}

/** The scene's place against that in clean pictures. */
export type ScenePlace = 'in-place' | 'moved' | 'unsure' | 'logged-move' | 'no-pictures';

/** Facts of the picture itself, beside the model. */
export interface SecondOpinion {
  readonly findings: readonly Finding[];
  readonly placed: ScenePlace;
  /** true if the facts of the reference's pictures are known */
  readonly hasUsual: boolean;
  /** UTC days that the reference covers; null where that is not known */
  readonly days: number | null;
}

/** A stored distance and the same one computed on another processor differ by less. */
const SAME_DISTANCE = 1e-9;
/** Earlier snapshots among which equal pictures are looked for. */
const RECENT = 100;
/** Clean pictures that are asked whether the scene moved; two of them must agree. */
const WITNESSES = 3;
/** Shares of a side: unmoved pairs of the OBSEA camera scatter by 0.008. */
const AGREEING = 0.01;

/** Explains jobs, whatever a person opens; keeps what costs most from one job to the next. */
export class Explainer {
  readonly #session: Session;
  #fitted: { readonly key: string; readonly weigher: WindowWeigher | null } | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @throws AppError when storage fails, or the detector can't use what it holds */
  async explain(job: CompletedJob): Promise<Explanation> {
    const { db, camera, events, monitor, references } = this.#session;
    await monitor.whole;
    const { jobs } = monitor;
    const reference = references.find(({ id }) => id === job.referenceId) ?? null;
    await afterPaint();
    const window = camera && reference ? windowOf(job, jobs, events, camera, reference) : [];
    const ids = window.map(({ member }) => (member.kind === 'job' ? member.job.id : ''));
    const stored = await loadEmbeddings(db, [...new Set([job.id, ...ids])].filter(Boolean));
    const own = stored.get(job.id);
    const hasShares = DETECTORS.get(job.detector.name)?.weigherOf !== undefined;
    if (!reference || !own) return { reference, weights: null, hasShares, nearest: [] };
    const members = window.flatMap(({ member, embedding }) => {
      const known = member.kind === 'job' ? stored.get(member.job.id) : embedding;
      return known ? [{ member, embedding: known }] : [];
    });
    const isWhole = job.distance !== null && members.length === job.detector.windowSize;
    if (isWhole && hasShares) await prepare(job.detector, reference.embeddings);
    return {
      reference,
      weights: isWhole ? this.#weigh(job, reference, members) : null,
      hasShares,
      nearest: neighbours(own, reference.embeddings).map((neighbour) => ({
        ...neighbour,
        name: reference.names[neighbour.index] ?? '',
        capturedAt: reference.capturedAt?.[neighbour.index] ?? null,
        pictureKey: referenceThumbnailKey(reference.id, neighbour.index),
      })),
    };
  }

  /** Looks at the picture itself, after everything more urgent. */
  async secondOpinion(job: CompletedJob, { reference, nearest }: Explanation): Promise<SecondOpinion> {
    const { db, events, monitor } = this.#session;
    await monitor.whole;
    const before = completedBefore(job, monitor.jobs);
    await afterPaint();
    const findings: Finding[] = [];
    const recent = before.slice(-RECENT);
    const stored = await loadEmbeddings(
      db,
      recent.map(({ id }) => id),
    );
    const seen = recent.flatMap(({ id, capturedAt }) => {
      const embedding = stored.get(id);
      return embedding ? [{ capturedAt, embedding }] : [];
    });
    const still = reference && frozen(seen, embeddingSpread(reference.embeddings));
    if (still) findings.push(still);
    const other = otherCamera(
      { ...job.properties, name: job.imageName },
      reference?.names ?? [],
      reference?.properties ?? before.slice(0, -1).map(({ properties }) => properties),
    );
    if (other) findings.push(other);
    const { placed, finding } = await this.#placed(job, reference, nearest, events);
    if (finding) findings.push(finding);
    findings.push(...unusualProperties(job.properties, reference?.properties ?? []));
    const times = reference?.capturedAt?.filter((at) => at !== null);
    const days = times && times.length > 0 ? new Set(times.map(dayOf)).size : null;
    return { findings, placed, hasUsual: reference?.properties !== undefined, days };
  }

  #weigh(
    job: CompletedJob,
    reference: Reference,
    window: readonly { readonly member: WindowMember; readonly embedding: Embedding }[],
  ): Weights | null {
    const weigher = this.#weigherOf(job, reference);
    if (!weigher) return null;
    const { distance, cleanFamiliarity, samples } = weigher.weigh(window.map(({ embedding }) => embedding));
    const members = samples
      .map((sample, i) => ({ ...sample, member: window[i]!.member }))
      .sort((a, b) => b.contribution - a.contribution);
    const isAsStored = Math.abs(distance - (job.distance ?? NaN)) <= SAME_DISTANCE;
    return { members, distance, cleanFamiliarity, isAsStored };
  }

  #weigherOf(job: CompletedJob, reference: Reference): WindowWeigher | null {
    const key = historyKey(job);
    if (this.#fitted?.key !== key) {
      const kind = DETECTORS.get(job.detector.name);
      this.#fitted = { key, weigher: kind?.weigherOf?.(reference.embeddings, job.detector) ?? null };
    }
    return this.#fitted.weigher;
  }

  /** Asks the nearest clean pictures, taken since the camera was last moved, whether the scene stands where it stood. */
  async #placed(
    job: CompletedJob,
    reference: Reference | null,
    nearest: readonly Nearest[],
    events: readonly CameraEvent[],
  ): Promise<{ readonly placed: ScenePlace; readonly finding: Finding | null }> {
    const moves = events.filter(({ kind, at }) => kind === 'moved' && at <= job.capturedAt);
    const movedAt = Math.max(-Infinity, ...moves.map(({ at }) => at));
    const since = nearest.filter(({ capturedAt }) => (capturedAt ?? Infinity) >= movedAt);
    if (reference && since.length === 0) return { placed: 'logged-move', finding: null };
    const own = await loadThumbnail(this.#session.db, job.id);
    const pictures = await this.#picturesOf(since);
    if (!own || pictures.length === 0) return { placed: 'no-pictures', finding: null };
    const after = await greyOf(own);
    const shifts: Shift[] = [];
    for (const picture of pictures) {
      const before = await greyOf(picture);
      if (before.height !== after.height || before.width !== after.width) continue;
      const shift = estimateShift(before, after);
      if (shift) shifts.push(shift);
      await afterPaint();
    }
    const agreed = agreement(shifts);
    const finding = moved(agreed);
    return { placed: finding ? 'moved' : agreed ? 'in-place' : 'unsure', finding };
  }

  async #picturesOf(nearest: readonly Nearest[]): Promise<ArrayBuffer[]> {
    const pictures = await Promise.all(
      nearest.slice(0, WITNESSES).map(({ pictureKey }) => loadThumbnail(this.#session.db, pictureKey)),
    );
    return pictures.filter((picture) => picture !== null);
  }
}

/**
 * The window when a job was scored: a snapshot that came late, and was scored after this job, was not in it.
 *
 * @returns oldest first; the embeddings of jobs are in storage
 */
function windowOf(
  job: CompletedJob,
  jobs: readonly Job[],
  events: readonly CameraEvent[],
  camera: Camera,
  reference: Reference,
): { readonly member: WindowMember; readonly embedding: Embedding | null }[] {
  const { windowSize } = job.detector;
  const since = lastBreak(events, job.capturedAt);
  const members = completedBefore(job, jobs)
    .filter(
      (each) =>
        each.createdAt <= job.createdAt && each.capturedAt >= (since ?? -Infinity) && wasInWindow(each, job),
    )
    .slice(-windowSize)
    .map((each) => ({ member: { kind: 'job', job: each } as const, embedding: null }));
  const missing = windowSize - members.length;
  if (since !== null || missing === 0) return members;
  const warmUp = warmUpEmbeddings({ ...camera, detector: job.detector }, reference).slice(-missing);
  const isReference = camera.warmUp === 'reference';
  const first = reference.embeddings.length - warmUp.length;
  return [
    ...warmUp.map((embedding, i) => ({
      member: {
        kind: 'warm-up' as const,
        from: isReference ? ('reference' as const) : ('kept-out' as const),
        pictureKey: isReference ? referenceThumbnailKey(reference.id, first + i) : null,
      },
      embedding,
    })),
    ...members,
  ];
}

/** True for a snapshot before a job in the job's window: one set aside only afterwards was in it. */
function wasInWindow(each: CompletedJob, { glass }: CompletedJob): boolean {
  if (!isSetAside(each)) return true;
  return each.glass?.isAfterwards === true && (!glass || glass.isAfterwards === true);
}

/** The snapshots of the same model up to this one, in capture order. */
function completedBefore(job: CompletedJob, jobs: readonly Job[]): CompletedJob[] {
  const end = jobs.findIndex(({ id }) => id === job.id) + 1;
  return scoredBy(job.modelSha256, jobs.slice(0, end));
}

/** The mean of the first two shifts that agree; a single witness may have seen a fish. */
function agreement(shifts: readonly Shift[]): Shift | null {
  for (const [i, one] of shifts.entries()) {
    const other = shifts
      .slice(i + 1)
      .find(
        ({ right, down }) => Math.max(Math.abs(right - one.right), Math.abs(down - one.down)) <= AGREEING,
      );
    if (!other) continue;
    return {
      right: (one.right + other.right) / 2,
      down: (one.down + other.down) / 2,
      confidence: Math.min(one.confidence, other.confidence),
    };
  }
  return null;
}

const asJpeg = (bytes: ArrayBuffer) => new Blob([bytes], { type: 'image/jpeg' });

async function greyOf(bytes: ArrayBuffer): Promise<Grey> {
  const bitmap = await createImageBitmap(asJpeg(bytes));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  });
  if (!context) throw new Error('no 2d canvas');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < values.length; i++, at += 4) {
    values[i] = (299 * data[at]! + 587 * data[at + 1]! + 114 * data[at + 2]!) / 1000;
  }
  return { values, width, height };
}

/** Lets the page be drawn before work that would keep it from that. */
async function afterPaint(): Promise<void> {
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
