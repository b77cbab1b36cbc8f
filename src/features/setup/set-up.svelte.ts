import { imageNameOf } from '../../core/domain/camera/time/capture-time';
import { v4 as uuid } from 'uuid';
import { type Calibration, judgingKey } from '../../core/domain/drift/judging';
import type { Config } from '../../core/domain/files/config-toml';
import { AppError, type ErrorCode } from '../../core/domain/errors';
import { LARGEST_ARRAY, LARGEST_CONFIG, refuseLarger } from '../../core/domain/files/file-size';
import { withDeployment, type Camera, type WarmUpSource } from '../../core/domain/camera/camera';
import type { Reference } from '../../core/domain/camera/reference';
import { medianSigma } from '../../core/domain/drift/kernel';
import { judgingProblem, refuseBlinding } from '../../core/domain/drift/judging-problem';
import { byLists } from './pure/by-lists';
import type { DetectorSettings, ModelManifest, Transform } from '../../core/domain/model/model';
import { isOfNumbers, NO_MODEL } from '../../core/domain/model/numbers';
import { withoutSceneAs } from '../../core/domain/camera/unused-file';
import { plainName } from '../../core/domain/files/plain-name';
import { INSTANT } from '../../core/domain/ranges';
import { NO_PERSISTENCE } from '../../core/domain/drift/persistence';
import type { Thresholds } from '../../core/domain/drift/thresholds';
import { readImageFile } from '../../core/encoder/image-file';
import { areEncoded, isEncoded } from '../../core/encoder/is-encoded';
import { PackedFile } from '../../core/encoder/packed-file';
import { folderOf } from '../../core/session/reference/given-files';
import { sortFiles } from '../../core/session/intake';
import type { KeptHandle } from '../../core/browser/file-handles';
import { pathGiven } from '../../core/browser/given-path';
import { inParallel } from '../../core/browser/in-parallel';
import { fetched } from '../../core/browser/late';
import type { LivePreview } from '../../core/session/scoring/live-preview.svelte';
import type { Deployment } from '../../core/domain/camera/deployment';
import { UTC } from '../../core/domain/camera/time/zone';
import { withTime } from '../../core/domain/camera/camera';
import { Progress } from '../../core/session/scoring/progress.svelte';
import { appWords } from '../../core/i18n/app-words';
import type {
  EncodedSnapshots,
  EncodedSnapshot,
  KnownSnapshot,
  UnusedGivenFile,
  NewReference,
} from '../../core/session/reference/reference-builder';
import type { ChosenClean, KnownPictures, SortedClean } from './choose-reference';
import { fit } from '../../core/session/history/window';
import type { Session } from '../../core/session/session.svelte';

/** Bytes at a file's beginning that say what it is, how many files are read at the same time, and what fails. */
const HEAD = 4096;
const AT_ONCE = 6;
const REFUSED: ReadonlySet<ErrorCode> = new Set(['empty-file', 'not-an-image']);

const NOTHING_KNOWN: KnownPictures = { snapshots: [], contents: new Set() };

/** A person's choices, beside the files. */
export interface SetUpChoices {
  name: string;
  modelSha256: string;
  warmUp: WarmUpSource;
  /** instead of the configuration's or the model's, where given */
  detector?: Partial<DetectorSettings>;
  thresholds?: Thresholds;
  deployment?: Deployment;
  /** true if the dates of files count as capture times where nothing else tells them */
  countsFileDates?: boolean;
  /** the person wants the days on which something begins to show in it */
  takesTraced?: boolean;
}

interface ToRead {
  readonly config: File | undefined;
  readonly embeddings: File | undefined;
  readonly tables: readonly File[];
  readonly descriptions: readonly File[];
}

/** A camera with its first reference, or a camera's next reference version, ready to be stored. */
export interface Built extends NewReference {
  readonly camera: Camera;
  /** calibration from the configuration that holds for this camera; null when there is none */
  readonly calibration: Calibration | null;
  /** the given snapshots that it was chosen from; null if all of them are in it */
  readonly chosen: ChosenClean | null;
  /** references of the other views among these, for when the camera looks there */
  readonly views: readonly NewReference[];
}

/** The given clean pictures as they were read, before anything of them is stored. */
export interface Look {
  readonly files: readonly File[];
  /** model, times and configuration by which they were read */
  readonly how: string;
  readonly snapshots: readonly EncodedSnapshot[];
  /** those taken at night */
  readonly dark: readonly EncodedSnapshot[];
  readonly unused: readonly UnusedGivenFile[];
  /** null if all of them make the reference */
  readonly sorted: SortedClean | null;
}

interface Collaborators extends Pick<Session, 'pool' | 'looker' | 'models'> {
  readonly preview: LivePreview;
}

/** Collects clean snapshots, or the tutorial's configuration with its folder, and builds a reference from them. */
export class SetUp {
  files = $state.raw<readonly File[]>([]);
  config = $state.raw<Config | null>(null);
  configText = $state.raw<string | null>(null);
  /** the deployment of an iFDO among the files */
  described = $state.raw<{ readonly file: File; readonly deployment: Deployment } | null>(null);
  /** embeddings read from a `.npy` or `.npz` file, in place of snapshots */
  imported = $state.raw<EncodedSnapshots<KnownSnapshot> | null>(null);
  importedFrom = $state.raw('');
  /** by which all of `files` can be read again in a later visit; empty where that can't be */
  readonly handles = $derived.by(() => (this.#lacksHandles ? [] : this.#handles));
  #handles = $state.raw<readonly KeptHandle[]>([]);
  #lacksHandles = $state(false);
  /** the name of the folder that they are from; empty where they are from none, or from several */
  readonly folder = $derived.by(() => folderOf(this.files, this.handles));
  /** a directory or files of clean snapshots given for the warm-up alone */
  warmUpFiles = $state.raw<readonly File[]>([]);
  /** a person's entries so far; null if there are none */
  typedName = $state<string | null>(null);
  chosenModel = $state<string | null>(null);
  chosenZone = $state<string | null>(null);
  /** the file that is being read, or null */
  readonly reading = $derived.by(() => this.#reading?.name ?? null);
  #reading = $state.raw<{ readonly name: string; readonly abort: AbortController } | null>(null);
  /** days on which something begins to show are wanted too */
  takesTraced = $state(false);
  /** place of the view that a person called the usual one among those that were found, the largest first */
  chosenView = $state<number | null>(null);
  /** clean pictures that the camera has already, which count with those that are given, and contents of its reference */
  known = $state.raw<KnownPictures>(NOTHING_KNOWN);
  readonly progress = new Progress();
  /** the last look, at these files or earlier ones */
  #look = $state.raw<Look | null>(null);
  /** the last that was begun, whatever became of it */
  #begun = $state.raw<Pick<Look, 'files' | 'how'> | null>(null);

  readonly #parts: Collaborators;
  /** the files by what is said of them */
  readonly lists = $derived.by(() => byLists(this.files, this.config, pathGiven));
  /** files that are no pictures, as their first bytes say */
  failed = $state.raw<ReadonlyMap<File, UnusedGivenFile>>(new Map());
  /** the files that the reference is made from */
  readonly clean = $derived.by(() =>
    this.imported ? [] : this.lists.clean.filter((file) => !this.failed.has(file)),
  );
  /** how many clean snapshots, or embeddings of such, there are */
  readonly count = $derived.by(() => this.imported?.snapshots.length ?? this.clean.length);
  /** the zone of times that names and EXIF state without one */
  readonly timeZone = $derived.by(() => this.chosenZone ?? this.config?.time.timeZone ?? UTC);
  readonly hasFiles = $derived.by(
    () => this.files.length > 0 || this.config !== null || this.imported !== null,
  );
  /** files that the last reference was built without, or would have been */
  unused = $state.raw<readonly UnusedGivenFile[]>([]);
  #abort = new AbortController();
  #isLooking = false;
  #isAdding = $state(false);
  /** ends with the reading that is going on */
  #working: Promise<unknown> = Promise.resolve();

  constructor(parts: Collaborators) {
    this.#parts = parts;
  }

  /**
   * Takes snapshots, a `config.toml`, an embeddings file or an iFDO; further calls add to what is there.
   *
   * @param handles - by which all of these can be read again in a later visit; none where the browser has none
   * @throws AppError when the configuration or the embeddings can't be read; what was there before stays, as it does when the reading is given up
   */
  async add(files: readonly File[], handles: readonly KeptHandle[] = []): Promise<void> {
    const { snapshots: pictures, configs, embeddings, descriptions, ...sorted } = sortFiles(files);
    // Beside pictures a table is of something else.
    const hasPictures = pictures.length > 0 || this.files.some((file) => !isEncoded(file));
    const tables = hasPictures ? [] : sorted.tables.filter(({ name }) => /\.[ct]sv$/i.test(name));
    if (configs.length > 1)
      throw new AppError('config-value', { code: 'files-need-one', count: configs.length });
    if (embeddings.length > 1)
      throw new AppError('npy-format', { code: 'files-at-once', count: embeddings.length });
    const [config] = configs;
    const [embeddingsFile] = embeddings;
    if (config) refuseLarger(config, LARGEST_CONFIG);
    if (embeddingsFile) refuseLarger(embeddingsFile, LARGEST_ARRAY);
    let rows: readonly File[] = [];
    if (config || embeddingsFile || tables.length + descriptions.length > 0) {
      const read = await this.#read({ config, embeddings: embeddingsFile, tables, descriptions });
      if (!read) return;
      if (read.described) this.described = read.described;
      if (read.config) [this.config, this.configText] = [read.config.config, read.config.text];
      if (read.imported) [this.imported, this.importedFrom] = [read.imported, read.importedFrom];
      ({ rows } = read);
    }
    if (rows.length > 0) this.chosenModel = NO_MODEL;
    const snapshots = [...pictures, ...rows];
    this.files = [...this.files, ...snapshots];
    if (snapshots.length === 0) return;
    this.#handles = [...this.#handles, ...handles];
    if (handles.length === 0) this.#lacksHandles = true;
    this.#isAdding = true;
    const failed = await notPictures(snapshots).finally(() => (this.#isAdding = false));
    // They may have been cleared meanwhile.
    const present = [...failed].filter(([file]) => this.files.includes(file));
    this.failed = new Map([...this.failed, ...present]);
    this.unused = [...this.unused, ...present.map(([, unused]) => unused)];
  }

  /** Gives up what `add` is reading; what was there before stays. */
  stopReading(): void {
    this.#reading?.abort.abort();
  }

  /** @returns null when it was given up */
  async #read({ config, embeddings, tables, descriptions }: ToRead) {
    const name = plainName((embeddings ?? tables[0] ?? config ?? descriptions[0])?.name ?? '');
    const abort = new AbortController();
    this.stopReading();
    const reading = { name, abort };
    this.#reading = reading;
    try {
      const reader = await fetched(name, import('../../core/encoder/file-reader'));
      const read = config ? await reader.readConfig(config, abort.signal) : null;
      const ifdo = descriptions.length > 0 ? await amongThese(name, descriptions) : null;
      const described = ifdo && { file: ifdo, deployment: await reader.readDescription(ifdo, abort.signal) };
      const named = embeddings ? await reader.readReference(embeddings, name, abort.signal) : null;
      const rows = tables.length > 0 ? await rowsOf(name, tables, abort.signal) : [];
      const snapshots = named?.embeddings.map((embedding, i) => ({
        name: named.names?.[i] ?? '',
        embedding,
        capturedAt: null,
        properties: null,
        thumbnail: null,
      }));
      return {
        config: read,
        described,
        imported: snapshots ? { snapshots, unused: [] } : null,
        importedFrom: name,
        rows,
      };
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    } finally {
      if (this.#reading === reading) this.#reading = null;
    }
  }

  /** Forgets everything, for another camera or reference version. */
  clear(): void {
    this.clearFiles();
    this.typedName = null;
    this.chosenModel = null;
    this.chosenZone = null;
  }

  /** Forgets the files; what the person typed and chose stays. */
  clearFiles(): void {
    this.stopReading();
    this.files = [];
    this.#handles = [];
    this.#lacksHandles = false;
    this.config = null;
    this.configText = null;
    this.described = null;
    this.imported = null;
    this.importedFrom = '';
    if (this.chosenModel === NO_MODEL) this.chosenModel = null;
    this.warmUpFiles = [];
    this.failed = new Map();
    this.unused = [];
    this.takesTraced = false;
    this.chosenView = null;
    this.known = NOTHING_KNOWN;
    this.#look = null;
    this.#begun = null;
  }

  /** The window begins with the last of the reference, but not where a calibration rests on an empty one. */
  suggestedWarmUp(): WarmUpSource {
    return this.config?.calibration ? 'none' : 'reference';
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Gives up a look that is going on, for other files or another time. */
  async stopLooking(): Promise<void> {
    if (!this.#isLooking) return;
    this.cancel();
    await this.#working;
  }

  /** The form is shown again: a look that was given up is no reason against another. */
  lookAgain(): void {
    this.#begun = this.#look;
  }

  /** How the given pictures were read, if they were read as they would be now. */
  lookedAt(modelSha256: string, existing: Camera | null): Look | null {
    return this.#isOfNow(this.#look, modelSha256, existing) ? this.#look : null;
  }

  /** True if these pictures are still to be looked at: nobody stopped that, and it did not fail. */
  isUnseen(modelSha256: string, existing: Camera | null): boolean {
    return !this.#isAdding && this.clean.length > 0 && !this.#isOfNow(this.#begun, modelSha256, existing);
  }

  /** Reads the clean pictures, so that a person sees what a reference would take of them. Nothing is stored. */
  async look(modelSha256: string, existing: Camera | null): Promise<void> {
    this.#begun = { files: this.clean, how: this.#howOf(modelSha256, existing) };
    this.#isLooking = true;
    try {
      await this.#work(this.clean.length, async (signal, advance) => {
        const base = this.#baseOf({ name: '', modelSha256, warmUp: 'none' }, existing);
        await this.#lookWith(base, existing, signal, advance);
      });
    } finally {
      this.#isLooking = false;
    }
  }

  /**
   * Encodes the clean snapshots into a reference. Nothing is stored.
   *
   * @param existing - the camera that gets a next reference version, with its present versions; null makes a camera
   * @returns null when it was cancelled
   */
  async build(
    choices: SetUpChoices,
    existing: { camera: Camera; references: readonly Reference[] } | null,
  ): Promise<Built | null> {
    const isSeen = this.imported || this.lookedAt(choices.modelSha256, existing?.camera ?? null);
    const toEncode = (isSeen ? 0 : this.clean.length) + this.warmUpFiles.length;
    return this.#work(toEncode, async (signal, advance) => {
      const given = this.#baseOf(choices, existing?.camera ?? null);
      const [{ freezeReference, LEAST_EMBEDDINGS }, { chooseReference, usualView }] = await this.#fetch();
      const look = this.imported
        ? null
        : await this.#lookWith(given, existing?.camera ?? null, signal, advance);
      const { snapshots, unused } = look ?? this.imported!;
      const { embeddingLength } = this.#parts.models.find(given.modelSha256)!.manifest;
      checkLengths(snapshots, embeddingLength || (existing?.references.at(-1)?.embeddings[0]?.length ?? 0));
      const isScaled = this.config !== null || choices.detector?.sigma !== undefined;
      const base = existing || isScaled || !isOfNumbers(given) ? given : withOwnScale(given, snapshots);
      const warmUp =
        this.warmUpFiles.length > 0 ? await this.#encode(this.warmUpFiles, base, signal, advance) : null;
      this.unused = [...this.failed.values(), ...unused, ...(warmUp?.unused ?? [])];
      const { takesTraced = this.takesTraced } = choices;
      const chosen = look?.sorted
        ? chooseReference(look.sorted, { usual: usualView(look.sorted, this), takesTraced })
        : null;
      for (const { name, file } of chosen?.foreign ?? [])
        this.unused = [...this.unused, { kind: 'foreign', name, ...(file && { file }) }];
      const version = (existing?.references.at(-1)?.version ?? 0) + 1;
      const clean = chosen?.clean ?? snapshots;
      const isIn = new Set<KnownSnapshot>(clean);
      const beside = [...snapshots.filter((snapshot) => !isIn.has(snapshot)), ...(warmUp?.snapshots ?? [])];
      const frozen = freezeReference(base, version, clean, warmUp?.snapshots, beside);
      // Settings or embeddings that no judge takes are refused before anything is stored.
      await fit(base, frozen.reference.embeddings);
      refuseBlinding(base, frozen.reference.embeddings);
      const settled: Camera = { ...base, warmUp: choices.warmUp, referenceId: frozen.reference.id };
      const calibration = existing ? null : importedCalibration(settled, frozen.reference, this.config);
      const camera: Camera = { ...settled, calibrationId: calibration?.id ?? settled.calibrationId };
      const views = (chosen?.views ?? [])
        .filter(({ clean }) => clean.length >= LEAST_EMBEDDINGS)
        .map(({ clean }, i) => freezeReference(base, version + 1 + i, clean));
      return { camera, ...frozen, calibration, chosen, views };
    });
  }

  /** Does what reads files, with its progress. @returns null when it was cancelled */
  async #work<T>(
    toEncode: number,
    work: (signal: AbortSignal, advance: (files: number) => void) => Promise<T>,
  ): Promise<T | null> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    let encoded = 0;
    this.progress.add(toEncode);
    this.progress.start();
    const working = work(signal, (files) => {
      encoded += files;
      this.progress.advance(files);
    });
    this.#working = working.catch(() => undefined);
    try {
      return await working;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      this.progress.finish(toEncode - encoded);
    }
  }

  async #fetch() {
    const parts = Promise.all([
      import('../../core/session/reference/reference-builder'),
      import('./choose-reference'),
    ]);
    return fetched(appWords.app.places.reference, parts);
  }

  /** The camera by which pictures are read: the existing one, or one of these choices. */
  #baseOf(choices: SetUpChoices, existing: Camera | null): Camera {
    const model = this.#parts.models.find(existing?.modelSha256 ?? choices.modelSha256);
    if (!model) throw new AppError('model-missing', choices.modelSha256.slice(0, 12));
    if (existing) transformFor(model.manifest, this.config);
    return existing ?? newCamera(choices, model.manifest, this);
  }

  #howOf(modelSha256: string, existing: Camera | null): string {
    return [existing?.id ?? modelSha256, this.timeZone, this.configText, this.known.snapshots.length].join();
  }

  #isOfNow(look: Pick<Look, 'files' | 'how'> | null, modelSha256: string, existing: Camera | null): boolean {
    const { clean } = this;
    return (
      look?.how === this.#howOf(modelSha256, existing) &&
      look.files.length === clean.length &&
      look.files.every((file, i) => file === clean[i])
    );
  }

  /** The present look, or a new one. */
  async #lookWith(
    base: Camera,
    existing: Camera | null,
    signal: AbortSignal,
    advance: (files: number) => void,
  ): Promise<Look> {
    const known = this.lookedAt(base.modelSha256, existing);
    if (known) return known;
    const { clean: files } = this;
    const how = this.#howOf(base.modelSha256, existing);
    const [, { sortClean }] = await this.#fetch();
    const { all, snapshots, unused } = await this.#encode(files, base, signal, advance);
    // A calibration holds for a reference of all that the configuration lists.
    const isWhole = (!existing && Boolean(this.config?.calibration)) || isOfNumbers(base);
    const together = withKnown(snapshots, this.known.snapshots);
    const sorted = isWhole ? null : await sortClean(this.#parts.looker, together, base);
    signal.throwIfAborted();
    const isDark = ({ properties }: EncodedSnapshot) =>
      properties !== null && withoutSceneAs(properties) === 'too-dark';
    return (this.#look = { files, how, snapshots: together, dark: all.filter(isDark), unused, sorted });
  }

  async #encode(
    files: readonly File[],
    camera: Camera,
    signal: AbortSignal,
    advance: (files: number) => void,
  ): Promise<EncodedSnapshots<EncodedSnapshot> & { readonly all: readonly EncodedSnapshot[] }> {
    const [{ encodeSnapshots, withScene }] = await this.#fetch();
    const { pool, models, preview } = this.#parts;
    if (!areEncoded(files)) await models.open(camera.modelSha256, signal);
    const encoded = await encodeSnapshots({
      ...{ pool, files, camera, signal },
      onProgress: (count, newest) => {
        advance(count);
        if (newest?.thumbnail) preview.offer(newest.thumbnail, newest.capturedAt);
      },
    });
    return { ...withScene(encoded), all: encoded.snapshots };
  }
}

/** Given pictures and those that the camera has, each once, in capture order. */
function withKnown(
  given: readonly EncodedSnapshot[],
  known: readonly EncodedSnapshot[],
): readonly EncodedSnapshot[] {
  // An earlier reference holds pictures of the next one.
  const byContent = new Map([...known, ...given].map((snapshot) => [snapshot.contentSha256, snapshot]));
  return [...byContent.values()].sort((a, b) => a.capturedAt - b.capturedAt);
}

/** Which of these are no pictures, by their first bytes. What is in a zip, or was encoded elsewhere, is not looked into. */
async function notPictures(files: readonly File[]): Promise<ReadonlyMap<File, UnusedGivenFile>> {
  const plain = files.filter((file) => !(file instanceof PackedFile) && !isEncoded(file));
  const failed = new Map<File, UnusedGivenFile>();
  await inParallel(AT_ONCE, plain, async (file) => {
    try {
      readImageFile(await file.slice(0, HEAD).arrayBuffer());
    } catch (error) {
      // Anything else is for the decoder, which has all of the file.
      if (!(error instanceof AppError) || !REFUSED.has(error.code)) return;
      const { code, detail } = error;
      failed.set(file, { kind: 'failed', name: imageNameOf(file.name), code, detail, file });
    }
  });
  return failed;
}

function newCamera(
  choices: SetUpChoices,
  manifest: ModelManifest,
  { config, configText, described, timeZone }: SetUp,
): Camera {
  const thresholds = choices.thresholds ?? { ...manifest.thresholds, ...config?.thresholds };
  checkLoneLimit(thresholds, config);
  const camera = {
    id: uuid(),
    name: plainName(choices.name),
    modelSha256: manifest.sha256,
    transform: transformFor(manifest, config),
    detector: { ...manifest.detector, ...config?.detector, ...choices.detector },
    thresholds,
    persistence: { ...NO_PERSISTENCE, ...config?.persistence },
    referenceId: null,
    calibrationId: null,
    warmUp: choices.warmUp,
    configToml: configText,
    isDemo: false,
    judgedInOrder: true,
    fileDatesUntil: (choices.countsFileDates ?? config?.countsFileDates) ? INSTANT.most : INSTANT.least,
    createdAt: Date.now(),
  };
  const deployment = { ...described?.deployment, ...config?.deployment, ...choices.deployment };
  const placed = withDeployment(camera, deployment);
  return withTime(placed, { ...config?.time, timeZone });
}

/** A limit that the configuration gives alone must fit the model's other one, which stands in. */
function checkLoneLimit(merged: Thresholds, config: Config | null): void {
  const { warning, drift } = config?.thresholds ?? {};
  if (!judgingProblem(merged) || (warning === undefined) === (drift === undefined)) return;
  const [given, other] =
    warning === undefined ? (['drift', 'warning'] as const) : (['warning', 'drift'] as const);
  const [value, limit] = [merged[given], merged[other]];
  throw new AppError('config-value', { code: 'toml-lone-limit', given, other, value, limit });
}

/** The configuration's transform; its size must be the one that the model reads. */
function transformFor(manifest: ModelManifest, config: Config | null): Transform {
  if (manifest.sha256 === NO_MODEL) return manifest.transform;
  const transform = config?.transform ?? manifest.transform;
  const { height, width } = transform.resize;
  if (height !== manifest.input.height || width !== manifest.input.width) {
    const found = `[${String(height)}, ${String(width)}]`;
    const wanted = `[${String(manifest.input.height)}, ${String(manifest.input.width)}]`;
    throw new AppError('config-value', { code: 'toml-resize', found, wanted });
  }
  return transform;
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

async function amongThese(name: string, descriptions: readonly File[]): Promise<File | null> {
  const { ifdoAmong } = await fetched(name, import('./ifdo-among'));
  return ifdoAmong(descriptions);
}

async function rowsOf(name: string, tables: readonly File[], signal: AbortSignal): Promise<readonly File[]> {
  const { rowsIn } = await fetched(name, import('../../core/encoder/row-files'));
  return (await Promise.all(tables.map((file) => rowsIn(file, signal)))).flat();
}
