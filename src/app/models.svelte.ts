import { AppError } from '../domain/errors';
import { parseManifest } from '../domain/manifest';
import type { ModelManifest } from '../domain/model';
import type { ModelSource } from '../encoder/api';
import type { EncoderPool } from '../encoder/pool';
import type { Database } from '../storage/database';
import { deleteModel, loadModels, saveModel } from '../storage/models';
import { fetchAsset } from './fetch-asset';

/** A model that a camera can use. */
export interface AvailableModel {
  readonly manifest: ModelManifest;
  readonly origin: 'shipped' | 'own';
}

/** The models that ship with the page and those a user brought; opens one at a time in the encoder pool. */
export class Models {
  list = $state.raw<readonly AvailableModel[]>([]);
  /** the model that a new camera gets unless its owner chooses another */
  defaultSha256 = $state.raw('');

  readonly #db: Database;
  readonly #pool: EncoderPool;
  #openSha256: string | null = null;
  #opening: Promise<void> = Promise.resolve();
  /** a user's model that is being looked at and not kept yet */
  #candidate: ModelSource | null = null;
  #users = 0;
  #inUse = '';
  #free: Promise<void> = Promise.resolve();
  #setFree: () => void = () => undefined;

  constructor(db: Database, pool: EncoderPool) {
    this.#db = db;
    this.#pool = pool;
  }

  /** Reads the manifests; the ONNX files are fetched when they are needed. */
  async load(): Promise<void> {
    const index = (await (await fetchAsset('models/index.json')).json()) as {
      models: string[];
      default: string;
    };
    const shipped = await Promise.all(
      index.models.map(async (id) =>
        parseManifest(await (await fetchAsset(`models/${id}/model.json`)).json()),
      ),
    );
    const kept = await loadModels(this.#db);
    const isShipped = (sha256: string) => shipped.some((manifest) => manifest.sha256 === sha256);
    this.list = [
      ...shipped.map((manifest) => ({ manifest, origin: 'shipped' as const })),
      ...kept
        .filter(({ manifest }) => !isShipped(manifest.sha256))
        .map(({ manifest }) => ({ manifest, origin: 'own' as const })),
    ];
    this.defaultSha256 = shipped.find((manifest) => manifest.id === index.default)?.sha256 ?? '';
  }

  find(sha256: string): AvailableModel | null {
    return this.list.find(({ manifest }) => manifest.sha256 === sha256) ?? null;
  }

  /**
   * Opens this model in the encoder pool and does work with it. Work with the same model goes on side by side; work
   * with another one waits for its turn, since the pool holds one model at a time.
   *
   * @throws AppError `model-missing` when nobody has it any more, or what opening it showed
   */
  async use<T>(sha256: string, work: () => T | Promise<T>): Promise<T> {
    while (this.#users > 0 && this.#inUse !== sha256) await this.#free;
    if (this.#users === 0) this.#free = new Promise((resolve) => (this.#setFree = resolve));
    this.#users += 1;
    this.#inUse = sha256;
    try {
      await this.#open(sha256);
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#setFree();
    }
  }

  /** Keeps a copy on the device, so that a camera can go on after the page ships another model. */
  async keep(sha256: string): Promise<void> {
    const { manifest, bytes } = await this.#source(sha256);
    await saveModel(this.#db, { manifest, bytes, addedAt: Date.now() });
  }

  /**
   * Takes in an ONNX autoencoder that a user brought: reads and checks its inputs, outputs and shapes, then runs it.
   *
   * @throws AppError that says why the file can't be used; then nothing changes
   */
  async add(file: File): Promise<ModelManifest> {
    const bytes = await file.arrayBuffer();
    const { sha256, input, embeddingOutput, reconstructionOutput } = await this.#pool.inspect(bytes);
    const known = this.find(sha256);
    if (known) return known.manifest;
    const name = file.name.replace(/\.onnx$/i, '');
    const size = { height: input.height ?? 216, width: input.width ?? 384 };
    const manifest: ModelManifest = {
      id: `own-${sha256.slice(0, 12)}`,
      name,
      version: '1',
      description: '',
      file: file.name,
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
    this.#candidate = { manifest, bytes };
    // Running it once shows what reading it can't.
    await this.use(sha256, () => undefined).finally(() => (this.#candidate = null));
    await saveModel(this.#db, { manifest, bytes, addedAt: Date.now() });
    await this.load();
    return manifest;
  }

  /** Replaces the manifest of a user's own model; cameras keep the settings they have. */
  async edit(manifest: ModelManifest): Promise<void> {
    const stored = (await loadModels(this.#db)).find((model) => model.manifest.sha256 === manifest.sha256);
    if (!stored) throw new AppError('model-missing', manifest.name);
    await saveModel(this.#db, { ...stored, manifest: parseManifest(manifest) });
    if (this.#openSha256 === manifest.sha256) this.#openSha256 = null;
    await this.load();
  }

  async forget(sha256: string): Promise<void> {
    await deleteModel(this.#db, sha256);
    if (this.#openSha256 === sha256) this.#openSha256 = null;
    await this.load();
  }

  async #open(sha256: string): Promise<void> {
    const opening = this.#opening
      .catch(() => undefined)
      .then(async () => {
        if (this.#openSha256 === sha256) return;
        this.#openSha256 = null;
        await this.#pool.open(await this.#source(sha256));
        this.#openSha256 = sha256;
      });
    this.#opening = opening;
    return opening;
  }

  async #source(sha256: string): Promise<ModelSource> {
    if (this.#candidate?.manifest.sha256 === sha256) return this.#candidate;
    const kept = (await loadModels(this.#db)).find(({ manifest }) => manifest.sha256 === sha256);
    if (kept) return kept;
    const shipped = this.find(sha256);
    if (shipped?.origin !== 'shipped') throw new AppError('model-missing', sha256.slice(0, 12));
    const { manifest } = shipped;
    return {
      manifest,
      bytes: await (await fetchAsset(`models/${manifest.id}/${manifest.file}`)).arrayBuffer(),
    };
  }
}
