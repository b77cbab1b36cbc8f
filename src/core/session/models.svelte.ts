import { AppError } from '../domain/errors';
import { LARGEST_MODEL, refuseLarger } from '../domain/files/file-size';
import { ENCODER_CHOICES, type EncoderChoice } from '../domain/model/encoder-choice';
import type { ModelManifest } from '../domain/model/model';
import { NO_MODEL, NUMBERS } from '../domain/model/numbers';
import { plainName } from '../domain/files/plain-name';
import type { ModelSource } from '../encoder/encoder-api';
import type { Pool } from '../encoder/pool';
import type { Database } from '../storage/database';
import {
  deleteModel,
  loadModelFile,
  loadModels,
  markStuck,
  saveManifest,
  saveModel,
} from '../storage/models';
import { loadSetting, saveSetting } from '../storage/settings';
import { fetchAsset, fetchJson } from '../browser/fetch-asset';
import { fetched } from '../browser/late';

/** A model that a camera can use. */
export interface AvailableModel {
  readonly manifest: ModelManifest;
  readonly origin: 'shipped' | 'own';
  /** when it last took too long to give one embedding on this device; null when it has not */
  readonly stuckAt: number | null;
}

/** `public/models/index.json` */
interface ModelIndex {
  readonly models: readonly string[];
  readonly default: string;
}

/** Manifest checks are not needed for the first paint. */
async function openManifests() {
  return fetched('models', import('../domain/model/manifest'));
}

/** The models that ship with the page and those kept on the device; opens one at a time in the encoder pool. */
export class Models {
  list = $state.raw<readonly AvailableModel[]>([]);
  /** the model that a new camera gets unless its owner chooses another */
  defaultSha256 = $state.raw('');
  /** the name of the model that is being tried, which may take a while; null when none is */
  trial = $state.raw<string | null>(null);

  /** chosen engine for embeddings on this device; another tab may have chosen since */
  encoder = $state.raw<EncoderChoice>('automatic');

  readonly #db: Database;
  readonly #pool: Pool;
  #openSha256: string | null = null;
  #openEncoder: EncoderChoice = 'automatic';
  #opening: Promise<void> = Promise.resolve();
  /** over once the manifests were read, or could not be; the page is drawn before */
  #loaded: Promise<void> = Promise.resolve();
  #cancelTrial = (): void => undefined;

  constructor(db: Database, pool: Pool) {
    this.#db = db;
    this.#pool = pool;
  }

  /**
   * Reads the manifests; the ONNX files are fetched when they are needed.
   *
   * @throws AppError `fetch-failed` or `model-manifest`
   */
  async load(): Promise<void> {
    const loading = this.#read();
    this.#loaded = loading.catch(() => undefined);
    return loading;
  }

  async #read(): Promise<void> {
    const [kept, index, { parseManifest, plainManifest }] = await Promise.all([
      loadModels(this.#db),
      fetchJson<ModelIndex>('models/index.json'),
      openManifests(),
    ]);
    const shipped = await Promise.all(
      index.models.map(async (id) => parseManifest(await fetchJson(`models/${id}/model.json`))),
    );
    const isShipped = (sha256: string) => shipped.some((manifest) => manifest.sha256 === sha256);
    this.list = [
      ...shipped.map((manifest) => ({
        manifest,
        origin: 'shipped' as const,
        stuckAt: kept.find((model) => model.manifest.sha256 === manifest.sha256)?.stuckAt ?? null,
      })),
      ...kept
        .filter(({ manifest }) => !isShipped(manifest.sha256))
        .map(({ manifest, stuckAt = null }) => ({
          manifest: plainManifest(manifest),
          origin: 'own' as const,
          stuckAt,
        })),
    ];
    this.defaultSha256 = shipped.find((manifest) => manifest.id === index.default)?.sha256 ?? '';
  }

  /** Models for a new camera; earlier models still ship, for the cameras and exports that name them. */
  get offered(): readonly AvailableModel[] {
    return this.list.filter(
      ({ manifest, origin }) => origin === 'own' || manifest.sha256 === this.defaultSha256,
    );
  }

  find(sha256: string): AvailableModel | null {
    if (sha256 === NO_MODEL) return { manifest: NUMBERS, origin: 'shipped', stuckAt: null };
    return this.list.find(({ manifest }) => manifest.sha256 === sha256) ?? null;
  }

  /**
   * Makes the encoder pool use this model; at once when it does already. Nothing may be encoding with another one.
   *
   * Comes back without a model open when the signal is aborted.
   *
   * @throws AppError `model-missing` when nobody has it any more, `model-set-aside` when it took too long an earlier
   *   time, or what opening it showed
   */
  async open(sha256: string, signal?: AbortSignal): Promise<void> {
    if (sha256 === NO_MODEL) return;
    const opening = this.#opening
      .catch(() => undefined)
      .then(async () => {
        await this.readEncoder();
        if (this.#openSha256 === sha256 && this.#openEncoder === this.encoder) return;
        await this.#loaded;
        const known = this.find(sha256);
        if (known && known.stuckAt !== null) throw new AppError('model-set-aside', known.manifest.name);
        await this.#openSource(await this.#source(sha256), signal).catch((error: unknown) => {
          if (signal?.aborted !== true) throw error;
        });
      });
    this.#opening = opening;
    return opening;
  }

  /** Ends the encoder's workers, which hold 250 MB, until a model is opened again. Nothing may be encoding. */
  close(): void {
    this.#openSha256 = null;
    this.#pool.close();
  }

  /** Chooses the engine for embeddings on this device, in every tab from the next opening on. */
  async chooseEncoder(choice: EncoderChoice): Promise<void> {
    await saveSetting(this.#db, 'encoder', choice === 'automatic' ? null : choice);
    this.encoder = choice;
  }

  /** Keeps a copy on the device, so that a camera can go on after the page ships another model. */
  async keep(sha256: string): Promise<void> {
    if (sha256 === NO_MODEL) return;
    const { manifest, bytes } = await this.#source(sha256);
    if ((await loadModelFile(this.#db, sha256)) === null) await saveModel(this.#db, manifest, bytes);
  }

  /**
   * Takes in an ONNX autoencoder that a user brought: reads and checks its inputs, outputs and shapes, then runs it.
   *
   * @returns null when the person cancelled it
   * @throws AppError that says why the file can't be used; then nothing changes
   */
  async add(file: File): Promise<ModelManifest | null> {
    refuseLarger(file, LARGEST_MODEL);
    return this.#try(plainName(file.name), (signal) => this.#take(file, signal));
  }

  /** Tries a model that took too long an earlier time once more. @throws AppError `model-endless` when it does again */
  async tryAgain(sha256: string): Promise<void> {
    const source = await this.#source(sha256);
    await this.#try(source.manifest.name, async (signal) => {
      await this.#openSource(source, signal);
      await markStuck(this.#db, sha256, null);
      await this.load();
    });
  }

  /** Ends the trial of a model. */
  cancelTrial(): void {
    this.#cancelTrial();
  }

  /** @returns null when the person cancelled it */
  async #try<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    const abort = new AbortController();
    this.trial = name;
    this.#cancelTrial = () => {
      abort.abort();
    };
    try {
      return await work(abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    } finally {
      this.trial = null;
    }
  }

  async #take(file: File, signal: AbortSignal): Promise<ModelManifest> {
    const bytes = await file.arrayBuffer();
    const inspection = await this.#pool.inspect(bytes, signal);
    const { sha256, input, embeddingOutput, reconstructionOutput } = inspection;
    const known = this.find(sha256);
    if (known) return known.manifest;
    const size = { height: input.height ?? 216, width: input.width ?? 384 };
    // It becomes part of an address and of a path in exports.
    const fileName = plainName(file.name).replace(/[/\\:?#%]/g, '_');
    const described = inspection.manifest && { ...inspection.manifest, file: fileName };
    const manifest: ModelManifest = described ?? {
      id: `own-${sha256.slice(0, 12)}`,
      name: plainName(file.name).replace(/\.onnx$/i, '') || 'model',
      version: '1',
      description: '',
      file: fileName,
      sha256,
      bytes: bytes.byteLength,
      input: { name: input.name, ...size },
      outputs: { embedding: embeddingOutput.name, reconstruction: reconstructionOutput },
      embeddingLength: embeddingOutput.length,
      transform: { resize: size, mean: [0, 0, 0], std: [1, 1, 1] },
      detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 },
      thresholds: { warning: 0.05, drift: 0.1 },
      selfTest: null,
      license: '',
    };
    const encoder = await this.readEncoder();
    await this.#openSource({ manifest, bytes, encoder }, signal);
    await saveModel(this.#db, manifest, bytes);
    await this.load();
    return manifest;
  }

  /** A model's manifest and ONNX file. @throws AppError `model-missing` when neither the page nor the device has it */
  async source(sha256: string): Promise<ModelSource> {
    return this.#source(sha256);
  }

  /** Replaces the manifest of a model that is kept; cameras have the settings they were set up with. */
  async edit(manifest: ModelManifest): Promise<void> {
    const stored = (await loadModels(this.#db)).find((model) => model.manifest.sha256 === manifest.sha256);
    if (!stored) throw new AppError('model-missing', manifest.name);
    const { parseManifest } = await openManifests();
    await saveManifest(this.#db, parseManifest(manifest), stored.addedAt);
    if (this.#openSha256 === manifest.sha256) this.#openSha256 = null;
    await this.load();
  }

  async forget(sha256: string): Promise<void> {
    await deleteModel(this.#db, sha256);
    if (this.#openSha256 === sha256) this.#openSha256 = null;
    await this.load();
  }

  async #openSource(source: ModelSource, signal?: AbortSignal): Promise<void> {
    const { sha256 } = source.manifest;
    this.#openSha256 = null;
    try {
      await this.#pool.open(source, signal);
    } catch (error) {
      // With every batch it would stop the page's work for as long again.
      if (error instanceof AppError && error.code === 'model-endless') {
        await markStuck(this.#db, sha256, Date.now());
        await this.load();
      }
      throw error;
    }
    this.#openSha256 = sha256;
    this.#openEncoder = source.encoder ?? 'automatic';
  }

  /** Reads the chosen model; runs at each opening. */
  async readEncoder(): Promise<EncoderChoice> {
    const stored = await loadSetting(this.#db, 'encoder');
    return (this.encoder = ENCODER_CHOICES.find((choice) => choice === stored) ?? 'automatic');
  }

  /** The model's own copy on the device if there is one, else the file that ships with the page. */
  async #source(sha256: string): Promise<ModelSource> {
    await this.#loaded;
    const encoder = await this.readEncoder();
    const kept = await loadModelFile(this.#db, sha256);
    const stored = (await loadModels(this.#db)).find(({ manifest }) => manifest.sha256 === sha256);
    const shipped = this.find(sha256);
    // A copy of a shipped model may be older than its present manifest.
    const manifest = shipped?.origin === 'shipped' ? shipped.manifest : stored?.manifest;
    if (kept && manifest) return { manifest, bytes: kept, encoder };
    if (shipped?.origin !== 'shipped') throw new AppError('model-missing', sha256.slice(0, 12));
    const { id, file } = shipped.manifest;
    return {
      manifest: shipped.manifest,
      encoder,
      bytes: await (await fetchAsset(`models/${id}/${file}`)).arrayBuffer(),
    };
  }
}
