import { imageNameOf } from '../../../core/domain/camera/time/capture-time';
import type { GlassFit } from '../../../core/domain/glass/glass';
import { cameraLimits, type CameraLimit } from '../../../core/domain/glass/limits';
import { loadGlassFit } from '../../../core/storage/glass-fits';
import type { drill, DrillCamera, DrillLens, DrillResult } from '../pure/drill';
import { spreadSample } from '../../../core/domain/drift/sets';
import { encodeDrill, SEED, failedFile, type DrillSights } from './encode-drill';
import { FouledLens } from '../../../core/domain/picture/fouling';
import type { BlurPicture } from '../../../core/domain/picture/noise';
import { simdBlur } from '../../../core/encoder/blur/blur-kernels';
import blurUrl from '../../../core/encoder/blur/blur.wasm?url';
import { openWasm } from '../../../core/encoder/open-wasm';
import { medianStep } from '../../../core/session/history/history';
import { inCaptureOrder } from '../../../core/session/scoring/capture-order';
import { sortFiles } from '../../../core/session/intake';
import { Progress } from '../../../core/session/scoring/progress.svelte';
import { Question } from '../question.svelte';
import { Turns } from '../../../core/session/scoring/turns';
import type { Analyst } from '../analysis/analyst';
import type { Draft } from '../draft.svelte';

/** Fewer clean snapshots are not even one usual window. */
export const FEWEST = 12;
/** Limit of pictures encoded through all lenses: a sample of this size represents a larger set. */
const MOST = 48;
const SAMPLE = 24;

interface Encoded extends DrillSights {
  /** key of the camera, model and reference that they are for */
  readonly key: string;
  /** the camera's reference of a clean lens */
  readonly glass: DrillCamera['glass'];
  /** number of pictures the person chose */
  readonly chosen: number;
  /** the usual time between two chosen pictures, in milliseconds; null when their times are not known */
  readonly step: number | null;
}

/** The fouling drill: lays drawn dirt over clean snapshots and shows the verdict of the settings being tried. */
export class Drill {
  readonly progress = new Progress();
  /** number of pictures chosen last, if it was too small to begin */
  tooFew = $state.raw<number | null>(null);

  readonly #draft: Draft;
  readonly #analyst: Analyst;
  #all = $state.raw<Encoded | null>(null);
  #shown = $state(0);
  /** a picture takes some milliseconds: all of them at once would keep the page from answering */
  readonly #drawing = new Turns();
  #abort = new AbortController();
  readonly #key = $derived.by(() => {
    const { chosen: camera } = this.#draft.session.cameras;
    return camera ? `${camera.id} ${camera.modelSha256} ${camera.referenceId}` : '';
  });
  /** null when nothing was encoded for the chosen camera and its model */
  readonly encoded: Encoded | null = $derived.by(() => (this.#all?.key === this.#key ? this.#all : null));

  readonly question = new Question<DrillResult>();
  readonly input: Parameters<typeof drill> | null = $derived.by(() => {
    const { judging, session } = this.#draft;
    const { encoded } = this;
    const { reference } = session.cameras;
    if (!judging || !reference || !encoded || encoded.files.length === 0) return null;
    const { embeddings, offGlass } = reference;
    const judged = {
      embeddings,
      ...(offGlass && { offGlass }),
      glass: encoded.glass,
      isOwnModel: this.isOwnModel,
    };
    return [judging, judged, encoded.clean, encoded.fouled];
  });

  /** the usual time between two snapshots the camera has been judged on, in milliseconds; null when it is not known */
  readonly #ownStep = $derived.by(() => medianStep(this.#draft.session.history.snapshots));
  /** the same, or else that of the chosen ones, which may have been picked from many */
  readonly step = $derived.by(() => this.#ownStep ?? this.encoded?.step ?? null);
  readonly isOwnStep = $derived.by(() => this.#ownStep !== null);

  /** number of the snapshots that are in the reference: windows that share some with it score low */
  readonly inReference = $derived.by(() => {
    const names = new Set(this.#draft.session.cameras.reference?.names);
    return this.encoded?.files.filter(({ name }) => names.has(imageNameOf(name))).length ?? 0;
  });

  /** true if the learned distance counts on this camera */
  readonly isOwnModel = $derived.by(() => this.#draft.session.cameras.reference?.isOwnModel ?? true);
  #known = $state.raw<{ readonly referenceId: string; readonly fit: GlassFit | null } | null>(null);
  /** limits of this camera that no setting changes; null while unknown */
  readonly limits = $derived.by((): readonly CameraLimit[] | null => {
    const known = this.#known;
    if (known?.referenceId !== this.#draft.session.cameras.reference?.id || !known) return null;
    return cameraLimits(known.fit, this.isOwnModel);
  });

  readonly #picture = $derived.by(() => this.encoded?.files[this.#shown % this.encoded.files.length]);
  readonly pictureName = $derived.by(() => (this.#picture ? imageNameOf(this.#picture.name) : ''));

  constructor(draft: Draft, analyst: Analyst) {
    this.#draft = draft;
    this.#analyst = analyst;
  }

  /** Finds the limits of a reference: dirt that it can't show. */
  async know(referenceId: string): Promise<void> {
    const { session } = this.#draft;
    await session.work.attempt(async () => {
      this.#known = { referenceId, fit: await loadGlassFit(session.db, referenceId) };
    });
  }

  /** Encodes clean snapshots through every lens; the last results stay until that is done. */
  async run(files: readonly File[]): Promise<void> {
    const { session } = this.#draft;
    const { snapshots, skipped } = sortFiles(files);
    this.tooFew = snapshots.length < FEWEST ? snapshots.length : null;
    if (this.tooFew !== null) return;
    await session.work.attempt(() =>
      session.work.alone(async () => {
        const encoded = await this.#encode(snapshots);
        if (!encoded) return;
        const unused = skipped.map(({ name }) => failedFile(name, 'not-an-image'));
        this.#all = { ...encoded, unused: [...encoded.unused, ...unused] };
        // Snapshots are in capture order, and the middle one is rarely of the night.
        this.#shown = encoded.files.length >> 1;
      }),
    );
  }

  cancel(): void {
    this.#abort.abort();
  }

  async recompute(input: Parameters<typeof drill> | null): Promise<void> {
    await this.question.ask(input && (() => this.#analyst.ask((api) => api.drill(...input))));
  }

  /** Shows the dirt on the next of the snapshots. */
  showAnother(): void {
    this.#shown += 1;
  }

  /** A snapshot through a lens, or as it is, `width` pixels wide; null if the browser can't open it, or not again. */
  async picture(lens: Pick<DrillLens, 'kind' | 'severity'> | null, width: number): Promise<ImageData | null> {
    // Read at once: who shows it is to hear when another snapshot is shown.
    const file = this.#picture;
    return this.#drawing.take(async () => (file ? drawn(file, lens, width) : null));
  }

  /** @returns null when it was cancelled */
  async #encode(chosen: readonly File[]): Promise<Encoded | null> {
    const { session } = this.#draft;
    const { chosen: camera, reference } = session.cameras;
    if (!camera || !reference) return null;
    const key = this.#key;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const count = chosen.length > MOST ? SAMPLE : chosen.length;
    let done = 0;
    this.progress.add(count);
    this.progress.start();
    try {
      const ordered = await inCaptureOrder(chosen, camera, signal);
      const used = spreadSample(ordered, count);
      await session.models.open(camera.modelSha256);
      const fit = await loadGlassFit(session.db, reference.id);
      const seen = await encodeDrill(
        session,
        used.map(({ file }) => file),
        camera.transform,
        fit,
        signal,
        (more) => {
          done += more;
          this.progress.advance(more);
        },
      );
      const times = ordered.filter(({ capturedAtSource }) => capturedAtSource !== 'file-date');
      return (
        seen && { ...seen, key, glass: fit && neededOf(fit), chosen: chosen.length, step: medianStep(times) }
      );
    } finally {
      this.progress.finish(count - done);
    }
  }
}

function neededOf({ height, width, view, loss, reference, captions }: GlassFit): DrillCamera['glass'] {
  const { patterns: _left, ...judged } = loss;
  return { height, width, view, loss: judged, reference, captions };
}

let blurBy: BlurPicture | undefined;

/** @returns null when it can't be fetched: the numbers are shown without the picture */
async function openBlur(): Promise<BlurPicture | null> {
  try {
    return (blurBy ??= simdBlur(await openWasm(blurUrl)));
  } catch {
    return null;
  }
}

/** @returns null when the browser can't open it, or can't draw dirt on it */
async function drawn(
  file: File,
  lens: Pick<DrillLens, 'kind' | 'severity'> | null,
  width: number,
): Promise<ImageData | null> {
  const clean = await pixelsOf(file, width);
  if (!clean || !lens) return clean;
  const rgb = new Uint8Array((clean.data.length / 4) * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = clean.data[4 * Math.floor(i / 3) + (i % 3)]!;
  const blur = await openBlur();
  if (!blur) return null;
  const fouled = new FouledLens(lens.kind, lens.severity, clean, SEED).apply(rgb, blur);
  const shown = new ImageData(clean.width, clean.height);
  shown.data.fill(255);
  for (let i = 0; i < fouled.length; i++) shown.data[4 * Math.floor(i / 3) + (i % 3)] = fouled[i]!;
  return shown;
}

/** @returns null when the browser can't open it */
async function pixelsOf(file: File, width: number): Promise<ImageData | null> {
  try {
    const picture = await createImageBitmap(file, { resizeWidth: width, resizeQuality: 'medium' });
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context?.drawImage(picture, 0, 0);
    picture.close();
    return context?.getImageData(0, 0, canvas.width, canvas.height) ?? null;
  } catch {
    // The file was moved or deleted since it was chosen: the numbers are shown without it.
    return null;
  }
}
