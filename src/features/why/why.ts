import { dayOf } from '../../core/domain/drift/calibration';
import type { Embedding } from '../../core/domain/drift/embedding';
import type { Camera } from '../../core/domain/camera/camera';
import { lastBreak, type CameraEvent } from '../../core/domain/camera/event';
import { historyKey, type CompletedJob, type Job } from '../../core/domain/camera/job';
import { judgingReference, type Reference } from '../../core/domain/camera/reference';
import { standOf, type Stand } from '../../core/domain/glass/stand';
import {
  embeddingSpread,
  frozen,
  otherCamera,
  unusualProperties,
  type Finding,
} from '../../core/domain/picture/second-opinion';
import { DETECTORS, type SampleShare, type WindowWeigher } from '../../core/domain/drift/detectors';
import { referenceThumbnailKey } from '../../core/storage/cameras';
import { loadEmbeddings } from '../../core/storage/jobs';
import { scoredBy } from '../../core/session/history/history';
import { placeOf, windowBehind } from '../../core/domain/camera/window';
import { warmUpEmbeddings } from '../../core/domain/camera/warm-up';
import { prepare } from '../../core/session/history/window';
import type { Session } from '../../core/session/session.svelte';

/** One embedding of a window: a snapshot's, or one that stood there before the first snapshot. */
export type WindowMember =
  | { readonly kind: 'job'; readonly job: CompletedJob }
  | {
      readonly kind: 'warm-up';
      readonly from: 'reference' | 'kept-out';
      /** key of its picture among the thumbnails, if it is kept */
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

/** Facts of a job from the stored embeddings. */
export interface Explanation {
  readonly reference: Reference | null;
  /** null while the window fills, when the window can't be put together any more, or when the detector has no shares */
  readonly weights: Weights | null;
  /** true if its detector's distances are sums over snapshots */
  readonly hasShares: boolean;
}

/** Facts of the picture itself, beside the model. */
export interface SecondOpinion {
  readonly findings: readonly Finding[];
  readonly stand: Stand;
  /** true if the facts of the reference's pictures are known */
  readonly hasUsual: boolean;
  /** UTC days that the reference covers; null where that is not known */
  readonly days: number | null;
}

/** All that is found out about a job. */
export interface Answers {
  readonly explanation: Promise<Explanation>;
  readonly opinion: Promise<SecondOpinion>;
}

/** A stored distance and the same one computed on another processor differ by less. */
const SAME_DISTANCE = 1e-9;
/** Earlier snapshots among which equal pictures are looked for. */
const RECENT = 100;

type Parts = Pick<Session, 'db' | 'cameras' | 'history'>;

/** Explains jobs, whatever a person opens; keeps what costs most from one job to the next. */
export class Explainer {
  readonly #parts: Parts;
  #fitted: { readonly key: string; readonly weigher: WindowWeigher | null } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws AppError when storage fails, or the detector can't use what it holds */
  async explain(job: CompletedJob): Promise<Explanation> {
    const { db, cameras, history } = this.#parts;
    const { chosen: camera, events, references } = cameras;
    await history.whole;
    const { jobs } = history;
    const reference = judgingReference(job, references);
    await afterPaint();
    const window = camera && reference ? windowOf(job, jobs, events, camera, reference) : [];
    const ids = window.map(({ member }) => (member.kind === 'job' ? member.job.id : ''));
    const stored = await loadEmbeddings(db, [...new Set([job.id, ...ids])].filter(Boolean));
    const own = stored.get(job.id);
    const hasShares = DETECTORS.get(job.detector.name)?.weigherOf !== undefined;
    if (!reference || !own) return { reference, weights: null, hasShares };
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
    };
  }

  /** Looks at the picture itself, after everything more urgent. */
  async secondOpinion(job: CompletedJob, { reference }: Explanation): Promise<SecondOpinion> {
    const { db, history } = this.#parts;
    await history.whole;
    const until = history.jobs.slice(0, placeOf(job, history.jobs) + 1);
    const before = scoredBy(job.modelSha256, until);
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
    const earlier = before.slice(0, -1).flatMap(({ properties }) => properties ?? []);
    const { properties, imageName: name } = job;
    const other =
      properties &&
      otherCamera({ ...properties, name }, reference?.names ?? [], reference?.properties ?? earlier);
    if (other) findings.push(other);
    const stand = standOf(job.glass);
    if (stand.turn) findings.push({ kind: 'turned', ...stand.turn });
    findings.push(...(properties ? unusualProperties(properties, reference?.properties ?? []) : []));
    const times = reference?.capturedAt?.filter((at) => at !== null);
    const days = times && times.length > 0 ? new Set(times.map(dayOf)).size : null;
    return { findings, stand, hasUsual: reference?.properties !== undefined, days };
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
}

/** The window behind a job, oldest first; the embeddings of jobs are in storage. */
function windowOf(
  job: CompletedJob,
  jobs: readonly Job[],
  events: readonly CameraEvent[],
  camera: Camera,
  reference: Reference,
): { readonly member: WindowMember; readonly embedding: Embedding | null }[] {
  const members = windowBehind(jobs, placeOf(job, jobs), events).map((each) => ({
    member: { kind: 'job', job: each } as const,
    embedding: null,
  }));
  const missing = job.detector.windowSize - members.length;
  if (missing === 0 || lastBreak(events, job.capturedAt) !== null) return members;
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

/** Lets the page be drawn before work that would keep it from that. */
async function afterPaint(): Promise<void> {
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
