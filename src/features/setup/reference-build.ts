import { v4 as uuid } from 'uuid';
import type { Camera } from '../../core/domain/camera/camera';
import type { Reference } from '../../core/domain/camera/reference';
import { type Calibration, judgingKey } from '../../core/domain/drift/judging';
import { refuseBlinding } from '../../core/domain/drift/judging-problem';
import { medianSigma } from '../../core/domain/drift/kernel';
import { AppError } from '../../core/domain/errors';
import type { Config } from '../../core/domain/files/config-toml';
import { isOfNumbers } from '../../core/domain/model/numbers';
import { fit } from '../../core/session/history/window';
import type {
  KnownSnapshot,
  NewReference,
  UnusedGivenFile,
} from '../../core/session/reference/reference-builder';
import type { Session } from '../../core/session/session.svelte';
import type { ChosenClean } from './choose-reference';
import type { CleanLook } from './clean-look.svelte';
import type { GivenClean } from './given-clean.svelte';
import { baseOf, warmUpOf, type SetUpChoices } from './pure/new-camera';
import { openBuilder, type SetUpWork } from './set-up-work';

/** A camera with its first reference, or a camera's next reference version, ready to be stored. */
export interface Built extends NewReference {
  readonly camera: Camera;
  /** calibration from the configuration that holds for this camera; null when there is none */
  readonly calibration: Calibration | null;
  /** the given snapshots that it was chosen from; null if all of them are in it */
  readonly chosen: ChosenClean | null;
  /** references of the other views among these, for when the camera looks there */
  readonly views: readonly NewReference[];
  /** files that it was built without */
  readonly unused: readonly UnusedGivenFile[];
  /** given files that are not among the clean ones: they can be checked now */
  readonly beside: readonly File[];
}

/** Builds references from what was given and from the look at it. Nothing is stored. */
export class ReferenceBuild {
  readonly #given: GivenClean;
  readonly #work: SetUpWork;
  readonly #look: CleanLook;
  readonly #models: Session['models'];

  constructor(given: GivenClean, work: SetUpWork, look: CleanLook, models: Session['models']) {
    this.#given = given;
    this.#work = work;
    this.#look = look;
    this.#models = models;
  }

  /**
   * Encodes the clean snapshots into a reference.
   *
   * @param existing - the camera that gets a next reference version, with its present versions; null makes a camera
   * @returns null when it was cancelled
   */
  async build(
    choices: SetUpChoices,
    existing: { camera: Camera; references: readonly Reference[] } | null,
  ): Promise<Built | null> {
    const { imported, clean: given, warmUpFiles, files, config } = this.#given;
    const asked = existing?.camera ?? null;
    const isSeen = imported || this.#look.present(choices.modelSha256, asked);
    return this.#work.run((isSeen ? 0 : given.length) + warmUpFiles.length, async (run) => {
      const read = baseOf(this.#models, choices, this.#given, asked);
      const [{ freezeReference, LEAST_EMBEDDINGS }, { chooseReference, usualView }] = await openBuilder();
      const look = imported ? null : await this.#look.presentOrNew(read, asked, run);
      const { snapshots } = look ?? imported!;
      const { embeddingLength } = this.#models.find(read.modelSha256)!.manifest;
      checkLengths(snapshots, embeddingLength || (existing?.references.at(-1)?.embeddings[0]?.length ?? 0));
      const isScaled = config !== null || choices.detector?.sigma !== undefined;
      const base = existing || isScaled || !isOfNumbers(read) ? read : withOwnScale(read, snapshots);
      const warmUp = warmUpFiles.length > 0 ? await this.#work.encode(warmUpFiles, base, run) : null;
      const { takesTraced } = this.#look;
      const chosen = look?.sorted
        ? chooseReference(look.sorted, { usual: usualView(look.sorted, this.#look), takesTraced })
        : null;
      const version = (existing?.references.at(-1)?.version ?? 0) + 1;
      const clean = chosen?.clean ?? snapshots;
      const isIn = new Set<KnownSnapshot>(clean);
      const others = [...snapshots.filter((snapshot) => !isIn.has(snapshot)), ...(warmUp?.snapshots ?? [])];
      const frozen = freezeReference(base, version, clean, warmUp?.snapshots, others);
      // Settings or embeddings that no judge takes are refused before anything is stored.
      await fit(base, frozen.reference.embeddings);
      refuseBlinding(base, frozen.reference.embeddings);
      const settled = { ...base, warmUp: warmUpOf(choices, config), referenceId: frozen.reference.id };
      const calibration = existing ? null : importedCalibration(settled, frozen.reference, config);
      const camera = { ...settled, calibrationId: calibration?.id ?? settled.calibrationId };
      const views = (chosen?.views ?? [])
        .filter(({ clean }) => clean.length >= LEAST_EMBEDDINGS)
        .map(({ clean }, i) => freezeReference(base, version + 1 + i, clean));
      const foreign = (chosen?.foreign ?? []).map(
        ({ name, file }) => ({ kind: 'foreign', name, ...(file && { file }) }) as const,
      );
      const unread = [...this.#given.failed.values(), ...(look?.unused ?? []), ...(warmUp?.unused ?? [])];
      const isGiven = new Set(given);
      const beside = files.filter((file) => !isGiven.has(file));
      return { camera, ...frozen, calibration, chosen, views, unused: [...unread, ...foreign], beside };
    });
  }
}

/**
 * The configuration's calibration as the camera's first version: when it is for this model and these settings, and the
 * reference holds the snapshots that it was measured against.
 */
function importedCalibration(
  camera: Camera,
  reference: Reference,
  config: Config | null,
): Calibration | null {
  const known = config?.calibration;
  if (!known || known.modelSha256 !== camera.modelSha256) return null;
  const { id, modelSha256, detector, thresholds, persistence } = camera;
  const listed = new Set(config.clean);
  const isSameReference =
    reference.names.length === known.referenceSize &&
    listed.size === known.referenceSize &&
    reference.names.every((name) => listed.has(name));
  if (!isSameReference || judgingKey(camera) !== judgingKey(known.judging)) return null;
  return {
    id: uuid(),
    cameraId: id,
    version: 1,
    referenceId: reference.id,
    modelSha256,
    detector,
    thresholds,
    persistence,
    createdAt: Date.now(),
    evidence: known.evidence,
    isImported: true,
  };
}

/** Rows from which the scale of all is found. */
const SCALED_BY = 500;

/** A sensor whose kernel is as wide as its clean rows mostly lie apart: nobody knows another width for its numbers. */
function withOwnScale(camera: Camera, clean: readonly KnownSnapshot[]): Camera {
  const step = Math.ceil(clean.length / SCALED_BY);
  const some = clean.filter((_, i) => i % step === 0).map(({ embedding }) => embedding);
  return { ...camera, detector: { ...camera.detector, sigma: Number(medianSigma(some).toPrecision(3)) } };
}

/** @param length - 0 for a sensor's first reference, which has any */
function checkLengths(clean: readonly KnownSnapshot[], length: number): void {
  const wanted = length || clean[0]?.embedding.length;
  const wrong = clean.find(({ embedding }) => embedding.length !== wanted);
  if (wrong) {
    const lengths = [wrong.embedding.length, wanted].map(String);
    throw new AppError('embedding-length', lengths.join(' ≠ '));
  }
}
