import type { AdaptationEvidence } from '../../../core/domain/model/adaptation-evidence';
import { adaptableOf } from '../pure/adapted-model';
import { FIT_STEPS, type ConditionHead } from '../pure/condition-head';
import { isoInstant } from '../../../core/domain/instant';
import { HEAD_PARTS, type ModelManifest, type Transform } from '../../../core/domain/model/model';
import { nextVersion, type ManifestDraft } from '../../../core/domain/model/model-file';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import type { KnownSnapshot } from '../../../core/session/reference/reference-builder';
import type { Made } from './adaptation-api';
import type { AdaptationPool } from './adaptation-pool';
import { shownColours, evidenceSize, TRIAL_LENSES, lookAtAll } from './judging';
import type { Readings, ReadSnapshot } from './reader';
import type { JudgedBy } from './trial';
import type { Amount, Work } from './work';

/**
 * Clean views, and as many dirtied ones, over all snapshots, and at most of one: a hundred views in all let 13 % of
 * clean windows alarm, and more of the same snapshot add little.
 */
const VIEWS = 800;
const VIEWS_EACH = 10;
/** Steps in one question to a worker: half a second of its time, so that waiting for the page costs nothing. */
const STEPS = 125;
const SEED = 20_230_730;

export interface AdaptationRequest {
  readonly model: ModelSource;
  readonly present: JudgedBy;
  readonly transform: Transform;
  /** of the new version */
  readonly name: string;
  readonly id: string;
  /** of the camera, for the model's provenance */
  readonly cameraName: string;
  /** has the model open, and the pictures of what was read */
  readonly pool: AdaptationPool;
  readonly readings: Readings;
  readonly work: Work;
}

export interface AdaptationResult {
  readonly made: Made;
  readonly evidence: AdaptationEvidence;
  readonly readings: Readings;
  /** the clean snapshots that were used, as the changed model sees them, in capture order */
  readonly clean: readonly KnownSnapshot[];
}

/**
 * Adapts a model to a camera by its clean snapshots, and tries it on the newest days, which it has not seen.
 *
 * @throws AppError `model-not-adaptable`, `worker-ended`, or what opening the model showed; the reason of what ended the
 *   pool
 */
export async function adaptModel(request: AdaptationRequest): Promise<AdaptationResult> {
  const { model, present, pool, readings, work } = request;
  const { parts } = readings;
  let isFitted = false;
  // Looking needs no head: a worker that would wait for the others looks meanwhile.
  const [heads, looks] = await Promise.all([
    fitHead(pool, parts.fitted, model.manifest, work).finally(() => (isFitted = true)),
    lookAtAll(pool, parts, present.detector.windowSize, (pictures, lenses) => {
      work.did(isFitted ? 'judge' : null, { looks: pictures, lenses });
    }),
  ]);
  const trial = await pool.ask(0, (api) => api.tryOut(present, looks, heads));
  const evidence: AdaptationEvidence = { ...evidenceSize(parts), before: trial.before, after: trial.after };
  const draft = draftOf(request, evidence);
  const made = await pool.ask(0, (api) => api.make(model, trial.adaptation, draft));
  const clean = [...parts.fitted, ...parts['kept-out']].map(
    ({ name, contentSha256, capturedAt, properties, thumbnail }, i) => {
      const embedding = trial.embeddings[i]!;
      return { name, contentSha256, capturedAt, properties, thumbnail, embedding };
    },
  );
  return { made, evidence, readings, clean };
}

function draftOf(
  { model, transform, id, name, cameraName }: AdaptationRequest,
  evidence: AdaptationEvidence,
): ManifestDraft {
  const base = model.manifest;
  return nextVersion(base, {
    id,
    name,
    description: `${base.name}, adapted to the camera ${cameraName}.`,
    // The decoder was trained for another camera; earlier versions of the page would run it.
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

/** Amount of work that is left once these snapshots are read. */
export function amountOf({ parts }: Readings, windowSize: number): Amount {
  const snapshots = parts.fitted.length + parts['kept-out'].length + parts.dirty.length;
  return {
    views: VIEWS,
    steps: FIT_STEPS * HEAD_PARTS,
    looks: snapshots + TRIAL_LENSES.length * windowSize,
    lenses: TRIAL_LENSES.length,
  };
}

/** Every snapshot gets as many views as another, {@link VIEWS} in all or a few more; every worker then has them. */
async function makeViews(pool: AdaptationPool, fitted: readonly ReadSnapshot[], work: Work): Promise<void> {
  const each = Math.min(Math.ceil(VIEWS / fitted.length), VIEWS_EACH);
  const colours = await shownColours(
    pool,
    fitted.map(({ id }) => id),
  );
  await pool.askAll((api) => api.dropViews());
  const handedOn: Promise<void>[] = [];
  await pool.share(
    fitted,
    ({ id }) => id,
    async (api, { id }, source) => {
      const views = await api.view(id, source, each, colours, SEED + source);
      // At once, and not all together at the end: some ten megabytes would keep the page's thread from its work.
      if (views.ok) handedOn.push(pool.handOn(id, views.value));
      return views;
    },
    () => {
      work.did('views', { views: VIEWS / fitted.length });
    },
  );
  await Promise.all(handedOn);
}

/** The head's parts, each fitted by one worker. */
async function fitHead(
  pool: AdaptationPool,
  fitted: readonly ReadSnapshot[],
  manifest: ModelManifest,
  work: Work,
): Promise<ConditionHead[]> {
  const { condition, content } = adaptableOf(manifest);
  const size = { hidden: condition.hidden, numbers: manifest.embeddingLength - content.numbers };
  await makeViews(pool, fitted, work);
  const parts = Array.from({ length: HEAD_PARTS }, (_, part) => part);
  return pool.deal(parts, async (api, part) => {
    const begun = await api.beginFit(size, part, SEED);
    if (!begun.ok) return begun;
    for (;;) {
      const answer = await api.fit(STEPS);
      if (!answer.ok) return answer;
      work.did('fit', { steps: STEPS });
      if (answer.value) return { ok: true, value: answer.value };
    }
  });
}
