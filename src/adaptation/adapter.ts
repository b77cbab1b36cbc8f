import {
  FEWEST_DAYS,
  FEWEST_SNAPSHOTS,
  performanceOf,
  type AdaptationEvidence,
  type FouledWindow,
  type Seen,
} from '../domain/adaptation-evidence';
import { adaptedEmbedding, contentScaleOf, type Adaptation } from '../domain/adapted-model';
import { dayOf, splitByDays } from '../domain/calibration';
import { joinParts, PARTS, type ConditionHead } from '../domain/condition-head';
import { AppError, type ErrorCode } from '../domain/errors';
import { FOULINGS } from '../domain/fouling';
import { spreadSample } from '../domain/sets';
import type { Transform } from '../domain/model';
import type { ModelSource } from '../encoder/api';
import type { Look, Made, ManifestDraft, PackedViews } from './api';
import { Crew } from './crew';

/** More are not read: of them a sample, spread over all, stands for all. */
const MOST_CLEAN = 240;
const MOST_DIRTY = 60;
/** Share of the days that the head is fitted on; the newest others are kept out. */
const FITTED_SHARE = 0.75;
/** Clean views, and as many dirtied ones, over all snapshots: half as many let 13 % of clean windows alarm. */
const VIEWS = 800;
/** Lenses of each kind and severity, none of which is among the views'. */
const LENS_SEEDS = [7, 8];
const SEVERITIES = [1, 2, 3, 4, 5];
const LENSES = FOULINGS.flatMap((kind) =>
  SEVERITIES.flatMap((severity) => LENS_SEEDS.map((seed) => ({ kind, severity, seed }))),
);
/** Steps between two looks at whether to stop. */
const STEPS = 20;
const SEED = 20_230_730;

/** Rough milliseconds of one thread, by which progress is told. */
const COST = { read: 15, view: 45, look: 12, lens: 20, step: 9 } as const;
const FIT_STEPS = 800;

export type Stage = 'read' | 'views' | 'fit' | 'judge';

/** A snapshot that is known to be clean, or dirty. */
export interface GivenSnapshot {
  readonly file: File;
  readonly name: string;
  readonly capturedAt: number;
}

export interface AdaptationRequest {
  readonly model: ModelSource;
  readonly transform: Transform;
  /** what the new version is to be called */
  readonly name: string;
  readonly id: string;
  /** of the camera, for the model's provenance */
  readonly cameraName: string;
  /** in capture order */
  readonly clean: readonly GivenSnapshot[];
  /** in capture order */
  readonly dirty: readonly GivenSnapshot[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly stage: Stage; readonly share: number }) => void;
}

/** A snapshot that could not be used. */
export interface Unread {
  readonly name: string;
  readonly code: ErrorCode;
  readonly detail: string;
}

export interface AdaptationResult {
  readonly made: Made;
  readonly evidence: AdaptationEvidence;
  readonly unread: readonly Unread[];
  /** the clean snapshots that were used, of the fitted and of the kept-out days, in capture order */
  readonly clean: readonly GivenSnapshot[];
}

type Numbered = GivenSnapshot & { readonly id: number };

/**
 * Adapts a model to a camera: makes views of its clean snapshots, fits a fresh condition head to them, and tries it on
 * the newest days, which it has not seen.
 *
 * @throws AppError `adaptation-too-few` when too few snapshots can be read or they are of too few days,
 *   `model-not-adaptable`, `worker-lost`, or what opening the model showed; the signal's reason when it was aborted
 */
export async function adapt(request: AdaptationRequest): Promise<AdaptationResult> {
  const { model, signal } = request;
  signal.throwIfAborted();
  const { adaptable, detector, thresholds } = model.manifest;
  if (!adaptable) throw new AppError('model-not-adaptable', model.manifest.name);
  const crew = new Crew(signal);
  try {
    const progress = new Work(request.onProgress);
    await crew.askAll((api) => api.open({ ...model, bytes: model.bytes.slice(0) }));

    const given = numbered(spreadSample(request.clean, MOST_CLEAN), 0);
    const givenDirty = numbered(spreadSample(request.dirty, MOST_DIRTY), MOST_CLEAN);
    progress.plan(given.length + givenDirty.length);
    const clean = await read(crew, given, request.transform, progress);
    const dirty = await read(crew, givenDirty, request.transform, progress);
    const { reference: fitted, rest: keptOut } = splitByDays(clean.snapshots, FITTED_SHARE);
    const days = new Set(clean.snapshots.map(({ capturedAt }) => dayOf(capturedAt))).size;
    if (clean.snapshots.length < FEWEST_SNAPSHOTS || days < FEWEST_DAYS) {
      throw new AppError('adaptation-too-few', `${clean.snapshots.length} snapshots of ${days} days`);
    }

    const views = await makeViews(crew, fitted, progress);
    const head = await fitHead(crew, views, progress, {
      hidden: adaptable.condition.hidden,
      numbers: model.manifest.embeddingLength - adaptable.content.numbers,
    });

    const lookAt = (snapshots: readonly Numbered[]) => look(crew, snapshots, progress);
    const looks = {
      reference: await lookAt(fitted),
      clean: await lookAt(keptOut),
      fouled: await lookThroughLenses(crew, spreadSample(keptOut, detector.windowSize), progress),
      dirty: await lookAt(dirty.snapshots),
    };
    const contentScale = contentScaleOf(
      looks.reference.map(({ embedding }) => embedding),
      adaptable,
    );
    const adaptation: Adaptation = { head, contentScale };
    const seenBy = (embed: (look: Look) => Float32Array): Seen => ({
      reference: looks.reference.map(embed),
      clean: looks.clean.map(embed),
      fouled: looks.fouled.map((lens) => ({ ...lens, embeddings: lens.looks.map(embed) })),
      dirty: looks.dirty.map(embed),
    });
    const before = seenBy(({ embedding }) => embedding);
    const after = seenBy(({ embedding, statistics }) =>
      adaptedEmbedding(adaptation, adaptable, embedding, statistics),
    );
    const evidence: AdaptationEvidence = {
      fitted: fitted.length,
      fittedDays: daysOf(fitted),
      keptOut: keptOut.length,
      keptOutDays: daysOf(keptOut),
      dirtySnapshots: dirty.snapshots.length,
      thresholds,
      lenses: LENSES.map(({ kind, severity }) => ({ kind, severity })),
      before: performanceOf(before, detector, thresholds),
      after: performanceOf(after, detector, thresholds),
    };
    const draft = draftOf(request, evidence, 'a fresh condition head fitted to its views');
    const made = await crew.ask(0, (api) => api.make(adaptation, draft));
    return { made, evidence, unread: [...clean.unread, ...dirty.unread], clean: clean.snapshots };
  } finally {
    crew.close();
  }
}

/**
 * What the new version says of itself. The error map of a decoder that was trained for another camera would be wrong,
 * so it has none until the decoder is trained too.
 */
function draftOf(
  { model, id, name, cameraName }: AdaptationRequest,
  evidence: AdaptationEvidence,
  how: string,
): ManifestDraft {
  const base = model.manifest;
  return {
    id,
    name,
    version: new Date().toISOString().slice(0, 10),
    description: `${base.name}, adapted to the camera ${cameraName}.`,
    input: base.input,
    outputs: { ...base.outputs, reconstruction: null },
    embeddingLength: base.embeddingLength,
    transform: base.transform,
    detector: base.detector,
    thresholds: base.thresholds,
    license: base.license,
    ...(base.adaptable && { adaptable: base.adaptable }),
    training: {
      ...base.training,
      adaptedFrom: { id: base.id, version: base.version, sha256: base.sha256 },
      adaptedTo: cameraName,
      adaptedAt: new Date().toISOString(),
      adaptedBy: `${how}, on this camera's own clean snapshots: ${evidence.fitted} of ${evidence.fittedDays} days; seed ${SEED}`,
    },
    judged: {
      ...evidence,
      how: `on ${evidence.keptOut} clean snapshots of ${evidence.keptOutDays} later days`,
    },
  };
}

/** What there is to do, in rough milliseconds, and how much of it is done. */
class Work {
  #total = 1;
  #done = 0;
  readonly #tell: AdaptationRequest['onProgress'];

  constructor(tell: AdaptationRequest['onProgress']) {
    this.#tell = tell;
  }

  plan(pictures: number): void {
    const looks = pictures * COST.look + LENSES.length * (COST.lens + 12 * COST.look);
    this.#total = pictures * COST.read + VIEWS * COST.view + FIT_STEPS * PARTS * COST.step + looks;
  }

  did(stage: Stage, cost: number): void {
    this.#done += cost;
    this.#tell({ stage, share: Math.min(this.#done / this.#total, 1) });
  }
}

function numbered(snapshots: readonly GivenSnapshot[], first: number): Numbered[] {
  return snapshots.map((snapshot, i) => ({ ...snapshot, id: first + i }));
}

function daysOf(snapshots: readonly GivenSnapshot[]): number {
  return new Set(snapshots.map(({ capturedAt }) => dayOf(capturedAt))).size;
}

/** The same picture twice is used once. */
async function read(
  crew: Crew,
  snapshots: readonly Numbered[],
  transform: Transform,
  progress: Work,
): Promise<{ readonly snapshots: readonly Numbered[]; readonly unread: readonly Unread[] }> {
  const results = await crew.share(
    snapshots,
    ({ id }) => id,
    (api, { id, file }) => api.read([{ id, file }], transform),
    () => {
      progress.did('read', COST.read);
    },
  );
  const readable: Numbered[] = [];
  const unread: Unread[] = [];
  const seen = new Set<string>();
  for (const [i, snapshot] of snapshots.entries()) {
    const result = results[i]![0]!;
    if (!result.ok) unread.push({ name: snapshot.name, code: result.code, detail: result.detail });
    else if (!seen.has(result.contentSha256)) {
      seen.add(result.contentSha256);
      readable.push(snapshot);
    }
  }
  return { snapshots: readable, unread };
}

/** Every snapshot gets as many views as another, {@link VIEWS} in all or a few more. */
async function makeViews(crew: Crew, fitted: readonly Numbered[], progress: Work): Promise<PackedViews[]> {
  const each = Math.ceil(VIEWS / fitted.length);
  const views = await crew.share(
    fitted,
    ({ id }) => id,
    (api, { id }) => api.view(id, each, SEED + id),
    () => {
      progress.did('views', (COST.view * VIEWS) / fitted.length);
    },
  );
  return views.map((packed, source) => ({ ...packed, source }));
}

async function fitHead(
  crew: Crew,
  views: readonly PackedViews[],
  progress: Work,
  size: { readonly hidden: number; readonly numbers: number },
): Promise<ConditionHead> {
  const parts = Array.from({ length: PARTS }, (_, part) => part);
  const heads = await crew.share(
    parts,
    (part) => part,
    async (api, part) => {
      const begun = await api.beginFit(views, size, part, SEED);
      if (!begun.ok) return begun;
      for (;;) {
        const answer = await api.fit(STEPS);
        if (!answer.ok) return answer;
        progress.did('fit', STEPS * COST.step);
        if (answer.value.isDone) return { ok: true, value: answer.value.part };
      }
    },
    () => undefined,
  );
  return joinParts(heads);
}

async function look(crew: Crew, snapshots: readonly Numbered[], progress: Work): Promise<Look[]> {
  const looks = await crew.share(
    snapshots,
    ({ id }) => id,
    (api, { id }) => api.look([id], null),
    () => {
      progress.did('judge', COST.look);
    },
  );
  return looks.map(([only]) => only!);
}

/** Each worker looks through every lens at those of the snapshots that it keeps. */
async function lookThroughLenses(
  crew: Crew,
  snapshots: readonly Numbered[],
  progress: Work,
): Promise<(Pick<FouledWindow, 'kind' | 'severity'> & { readonly looks: readonly Look[] })[]> {
  const halves = await crew.askAll(async (api, nth) => {
    const own = snapshots.filter(({ id }) => id % crew.size === nth).map(({ id }) => id);
    const looks: Look[][] = [];
    for (const lens of LENSES) {
      const seen = own.length === 0 ? { ok: true as const, value: [] } : await api.look(own, lens);
      if (!seen.ok) return seen;
      looks.push(seen.value);
      progress.did('judge', (COST.lens + snapshots.length * COST.look) / crew.size);
    }
    return { ok: true, value: looks };
  });
  return LENSES.map(({ kind, severity }, i) => ({
    kind,
    severity,
    looks: halves.flatMap((half) => half[i]!),
  }));
}
