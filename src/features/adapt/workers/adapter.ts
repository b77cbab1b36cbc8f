import { transfer } from 'comlink';
import {
  FEWEST_DAYS,
  FEWEST_SNAPSHOTS,
  keepOut,
  type AdaptationEvidence,
  type FouledWindow,
} from '../../../core/domain/model/adaptation-evidence';
import { adaptableOf } from '../pure/adapted-model';
import { dayOf } from '../../../core/domain/drift/calibration';
import { colourShare } from '../pure/chroma';
import { FIT_STEPS, type ConditionHead } from '../pure/condition-head';
import type { Suspicion, Trace } from '../pure/dirty-start';
import type { Detail } from '../../../core/domain/detail';
import { AppError, type ErrorCode } from '../../../core/domain/errors';
import { isoInstant } from '../../../core/domain/instant';
import { spreadSample } from '../../../core/domain/drift/sets';
import { HEAD_PARTS, type ModelManifest, type Transform } from '../../../core/domain/model/model';
import { nextVersion, type ManifestDraft } from '../../../core/domain/model/model-file';
import type { ModelSource } from '../../../core/encoder/api';
import type { Look, Made, PackedViews } from './api';
import { Crew } from './crew';
import { LENSES } from './lenses';
import type { JudgedBy } from './trial';

/** More are not read: of them a sample, spread over all, stands for all. */
const MOST_CLEAN = 240;
const MOST_DIRTY = 60;
/**
 * Clean views, and as many dirtied ones, over all snapshots, and at most of one: a hundred views in all let 13 % of
 * clean windows alarm, and more of the same snapshot add little.
 */
const VIEWS = 800;
const VIEWS_EACH = 10;
/** Steps between two looks at whether to stop. */
const STEPS = 20;
const SEED = 20_230_730;

/** Rough milliseconds of one thread, by which progress is told. */
const COST = { read: 15, view: 45, look: 12, lens: 20, step: 9 } as const;

export type Stage = 'read' | 'views' | 'fit' | 'judge';

/** A snapshot that is known to be clean, or dirty. */
interface GivenSnapshot {
  readonly file: File;
  readonly name: string;
  readonly capturedAt: number;
}

export interface AdaptationRequest {
  readonly model: ModelSource;
  /** how the camera judges now */
  readonly present: JudgedBy;
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
interface Unread {
  readonly name: string;
  readonly code: ErrorCode;
  readonly detail: Detail;
}

export interface AdaptationResult {
  readonly made: Made;
  readonly evidence: AdaptationEvidence;
  /** what makes the clean snapshots look as if the lens had been dirty on all of them; empty proves nothing,
   * and null means that pictures of the model's size can't be examined */
  readonly suspicions: readonly Suspicion[] | null;
  readonly unread: readonly Unread[];
  /** names of clean snapshots that were given as dirty too, and not learned from */
  readonly inBoth: readonly string[];
  /** the clean snapshots that were used, of the fitted and of the kept-out days, in capture order */
  readonly clean: readonly GivenSnapshot[];
}

type Numbered = GivenSnapshot & { readonly id: number };

/**
 * Adapts a model to a camera by its clean snapshots, and tries it on the newest days, which it has not seen.
 *
 * @throws AppError `adaptation-too-few` when too few snapshots can be read or they are of too few days,
 *   `model-not-adaptable`, `worker-ended`, or what opening the model showed; the signal's reason when it was aborted
 */
export async function adapt(request: AdaptationRequest): Promise<AdaptationResult> {
  const { model, signal } = request;
  signal.throwIfAborted();
  const { detector } = request.present;
  const crew = new Crew(signal);
  try {
    const progress = new Work(request.onProgress);
    await crew.askAll((api) => {
      const copy = { ...model, bytes: model.bytes.slice(0) };
      return api.open(transfer(copy, [copy.bytes]), request.transform);
    });

    const given = numbered(spreadSample(request.clean, MOST_CLEAN), 0);
    const givenDirty = numbered(spreadSample(request.dirty, MOST_DIRTY), MOST_CLEAN);
    progress.plan(given.length + givenDirty.length);
    const dirty = await read(crew, givenDirty, progress, new Set());
    const clean = await read(crew, given, progress, dirty.hashes);
    const days = daysOf(clean.snapshots);
    const split = keepOut(clean.snapshots, detector.windowSize);
    if (!split || clean.snapshots.length < FEWEST_SNAPSHOTS || days < FEWEST_DAYS) {
      throw new AppError('adaptation-too-few', {
        code: 'clean-set',
        snapshots: clean.snapshots.length,
        days,
      });
    }
    const { fitted, keptOut } = split;

    const canExamine = clean.traces.length === clean.snapshots.length;
    const suspicions = canExamine ? await crew.ask(0, (api) => api.suspect(clean.traces)) : null;
    const colours = colourShare(clean.chromas);
    const parts = await fitHead(crew, fitted, colours, model.manifest, progress);
    const lookAt = (snapshots: readonly Numbered[]) => look(crew, snapshots, progress);
    const looks = {
      reference: await lookAt(fitted),
      clean: await lookAt(keptOut),
      fouled: await lookThroughLenses(crew, spreadSample(keptOut, detector.windowSize), colours, progress),
      dirty: await lookAt(dirty.snapshots),
    };
    const trial = await crew.ask(0, (api) => api.tryOut(request.present, looks, parts));
    const evidence: AdaptationEvidence = {
      fitted: fitted.length,
      fittedDays: daysOf(fitted),
      keptOut: keptOut.length,
      keptOutDays: daysOf(keptOut),
      dirtySnapshots: dirty.snapshots.length,
      lenses: LENSES.map(({ kind, severity }) => ({ kind, severity })),
      before: trial.before,
      after: trial.after,
    };
    const draft = draftOf(request, evidence);
    const made = await crew.ask(0, (api) => api.make(trial.adaptation, draft));
    return {
      made,
      evidence,
      suspicions,
      unread: [...clean.unread, ...dirty.unread],
      inBoth: clean.excluded,
      clean: clean.snapshots,
    };
  } finally {
    crew.close();
  }
}

/** What the new version says of itself. */
function draftOf(
  { model, transform, id, name, cameraName }: AdaptationRequest,
  evidence: AdaptationEvidence,
): ManifestDraft {
  const base = model.manifest;
  return nextVersion(base, {
    id,
    name,
    description: `${base.name}, adapted to the camera ${cameraName}.`,
    // The error map of a decoder that was trained for another camera would be wrong: none until it is trained too.
    outputs: { embedding: adaptableOf(base).embedding, reconstruction: null },
    transform,
    training: {
      adaptedFrom: { id: base.id, version: base.version, sha256: base.sha256 },
      adaptedTo: cameraName,
      adaptedAt: isoInstant(Date.now()),
      adaptedWith: `${evidence.fitted} clean snapshots of ${evidence.fittedDays} days`,
      adaptedBy: `a fresh condition head fitted to views of them; seed ${SEED}`,
    },
    judged: {
      ...evidence,
      how: `on ${evidence.keptOut} clean snapshots of ${evidence.keptOutDays} later days`,
    },
  });
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
    const fit = VIEWS * COST.view + FIT_STEPS * HEAD_PARTS * COST.step;
    const looks = pictures * COST.look + LENSES.length * (COST.lens + 12 * COST.look);
    this.#total = pictures * COST.read + fit + looks;
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

interface Pictures {
  readonly snapshots: readonly Numbered[];
  readonly hashes: ReadonlySet<string>;
  readonly traces: readonly Trace[];
  readonly chromas: readonly number[];
  readonly unread: readonly Unread[];
  readonly excluded: readonly string[];
}

/**
 * The same picture twice is used once.
 *
 * @param exclude - hashes of pictures that are not to be used
 */
async function read(
  crew: Crew,
  snapshots: readonly Numbered[],
  progress: Work,
  exclude: ReadonlySet<string>,
): Promise<Pictures> {
  const results = await crew.share(
    snapshots,
    ({ id }) => id,
    (api, { id, capturedAt, file }) => api.read([{ id, capturedAt, file }]),
    () => {
      progress.did('read', COST.read);
    },
  );
  const readable: Numbered[] = [];
  const traces: Trace[] = [];
  const chromas: number[] = [];
  const unread: Unread[] = [];
  const excluded: string[] = [];
  const hashes = new Set<string>();
  for (const [i, snapshot] of snapshots.entries()) {
    const result = results[i]![0]!;
    if (!result.ok) {
      unread.push({ name: snapshot.name, code: result.code, detail: result.detail });
    } else if (exclude.has(result.contentSha256)) excluded.push(snapshot.name);
    else if (!hashes.has(result.contentSha256)) {
      hashes.add(result.contentSha256);
      readable.push(snapshot);
      chromas.push(result.chroma);
      if (result.trace) traces.push(result.trace);
    }
  }
  return { snapshots: readable, hashes, traces, chromas, unread, excluded };
}

/** Every snapshot gets as many views as another, {@link VIEWS} in all or a few more. */
async function makeViews(
  crew: Crew,
  fitted: readonly Numbered[],
  colours: number,
  progress: Work,
): Promise<PackedViews[]> {
  const each = Math.min(Math.ceil(VIEWS / fitted.length), VIEWS_EACH);
  const views = await crew.share(
    fitted,
    ({ id }) => id,
    (api, { id }) => api.view(id, each, colours, SEED + id),
    () => {
      progress.did('views', (COST.view * VIEWS) / fitted.length);
    },
  );
  return views.map((packed, source) => ({ ...packed, source }));
}

/** The head's parts, each fitted by one worker. */
async function fitHead(
  crew: Crew,
  fitted: readonly Numbered[],
  colours: number,
  manifest: ModelManifest,
  progress: Work,
): Promise<ConditionHead[]> {
  const { condition, content } = adaptableOf(manifest);
  const size = { hidden: condition.hidden, numbers: manifest.embeddingLength - content.numbers };
  const views = await makeViews(crew, fitted, colours, progress);
  const parts = Array.from({ length: HEAD_PARTS }, (_, part) => part);
  for (let nth = 0; nth < crew.size; nth++) await crew.ask(nth, (api) => api.hold(views));
  return crew.share(
    parts,
    (part) => part,
    async (api, part) => {
      const begun = await api.beginFit(size, part, SEED);
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
}

async function look(crew: Crew, snapshots: readonly Numbered[], progress: Work): Promise<Look[]> {
  const looks = await crew.share(
    snapshots,
    ({ id }) => id,
    (api, { id }) => api.look([id], null, 1),
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
  colours: number,
  progress: Work,
): Promise<(Pick<FouledWindow, 'kind' | 'severity'> & { readonly looks: readonly Look[] })[]> {
  const halves = await crew.askAll(async (api, nth) => {
    const own = snapshots.filter(({ id }) => id % crew.size === nth).map(({ id }) => id);
    const looks: Look[][] = [];
    for (const lens of LENSES) {
      const seen = own.length === 0 ? { ok: true as const, value: [] } : await api.look(own, lens, colours);
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
