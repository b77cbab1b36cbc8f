import { untrack } from 'svelte';
import { askForAll, type KeptFolder, type KeptHandle } from '../../browser/file-handles';
import { filesOfHandles } from '../../browser/folder-files';
import { imageNameOf } from '../../domain/camera/time/capture-time';
import type { Camera } from '../../domain/camera/camera';
import { loadHandles, saveHandles } from '../../storage/handles';
import type { GivenNote, GivenStep } from '../../storage/schema';
import { changeSetting, loadSetting } from '../../storage/settings';
import { canMeasureLimits } from '../history/clean-days';
import { folderOf, givenFiles, type GivenKind } from './given-files';
import { sortFiles } from '../intake';
import { partOf } from '../part-of';
import type { Session } from '../session.svelte';

/** Why what was given could not be read again: the person or the browser said no, or nothing of it is there any more. */
type GivenTrouble = 'denied' | 'lost';

/** Source of a set-up. */
export interface SetUpFrom {
  /** all snapshots that were given */
  readonly files: readonly File[];
  readonly clean: readonly File[];
  readonly dirty: readonly File[];
  /** by which all of them can be read again in a later visit; empty where that can't be */
  readonly handles: readonly KeptHandle[];
  /** the next steps that this camera does not need */
  readonly done: readonly GivenStep[];
}

/** A camera's folder, as known so far. */
interface KeptGivenFolder {
  readonly cameraId: string;
  readonly note: GivenNote;
  readonly handles: readonly KeptHandle[];
}

/** The folder that the chosen camera was set up from, given once for all its uses. */
export class GivenFolder {
  #kept = $state.raw<KeptGivenFolder | null>(null);
  /** files of this visit, by camera id, for browsers without handles */
  #held = $state.raw<ReadonlyMap<string, readonly File[]>>(new Map());
  /** why the last reading failed; null when it did not */
  trouble = $state.raw<GivenTrouble | null>(null);
  /** differences between the folder and the given files at the last read; null if none */
  changed = $state.raw<{ readonly missing: number; readonly fresh: number } | null>(null);
  /** watches a folder for the chosen camera; null until it is loaded, or if it is not supported */
  watch = $state.raw<((folder: KeptFolder) => Promise<void>) | null>(null);
  readonly #session: Session;

  readonly #own = $derived.by(() =>
    this.#kept?.cameraId === this.#session.cameras.chosen?.id ? this.#kept : null,
  );
  /** null when nothing is known of what the chosen camera was set up from */
  readonly note = $derived.by(() => this.#own?.note ?? null);
  readonly #files = $derived.by(() => this.#held.get(this.#session.cameras.chosen?.id ?? '') ?? null);
  /** true if it can be read again without choosing it: at once, or when the browser is allowed to */
  readonly isInReach = $derived.by(() => this.#files !== null || (this.#own?.handles.length ?? 0) > 0);
  /** the folder itself, where that is what was given */
  readonly folder: KeptFolder | null = $derived.by(() => {
    const { handles = [] } = this.#own ?? {};
    const [only] = handles;
    return handles.length === 1 && only?.kind === 'directory' ? only : null;
  });

  /** true if limits can be measured on this camera's clean days; all that offers Calibrate asks this */
  readonly canMeasure = $derived.by(() => {
    const { chosen: camera, reference } = this.#session.cameras;
    const { jobs } = this.#session.history;
    const given = this.isInReach ? (this.note?.clean ?? []) : [];
    return camera !== null && reference !== null && canMeasureLimits({ camera, reference, jobs, given });
  });

  /** the next step; null while snapshots are checked, and when there is none */
  readonly next: GivenStep | null = $derived.by(() => {
    const { note } = this;
    const { history } = this.#session;
    const { calibration } = this.#session.cameras;
    const { batches } = this.#session.scoring;
    const { role } = this.#session.work;
    const { watchedFolder } = this.#session.followers;
    if (!note || role !== 'writer' || batches.isWorking) return null;
    if (history.jobs.length === 0) return null;
    const isOpen = (step: GivenStep) => !note.done.includes(step);
    if (isOpen('watch') && this.folder && this.watch && watchedFolder === null) return 'watch';
    return isOpen('calibrate') && this.canMeasure && calibration === null ? 'calibrate' : null;
  });

  constructor(session: Session) {
    this.#session = session;
    $effect.root(() => {
      $effect(() => {
        const { chosen: camera } = session.cameras;
        untrack(() => {
          if (camera) this.#read(camera).catch(session.work.report);
        });
      });
    });
  }

  /** Reads the stored source of a camera, unless another camera is chosen meanwhile. */
  async #read(camera: Camera): Promise<void> {
    const { db } = this.#session;
    const note = (await loadSetting(db, 'given'))?.get(camera.id);
    const handles = note ? ((await loadHandles(db, camera.id, 'given')) as readonly KeptHandle[]) : [];
    if (this.#session.cameras.chosen?.id !== camera.id) return;
    if (this.#kept?.cameraId !== camera.id) this.#forgetReading();
    this.#kept = note ? { cameraId: camera.id, note, handles } : null;
  }

  /**
   * Keeps what a camera, or its next reference, was made from. Files that were given before can only become clean ones.
   *
   * @throws AppError `disk-full` or `storage-failed`
   */
  async keep(cameraId: string, { files, clean, dirty, handles, done }: SetUpFrom): Promise<void> {
    if (files.length === 0) return;
    const { db } = this.#session;
    const before = (await loadSetting(db, 'given'))?.get(cameraId);
    const known = new Set([...(before?.clean ?? []), ...(before?.dirty ?? []), ...(before?.other ?? [])]);
    const names = namesOf(files);
    if (before && names.every((name) => known.has(name))) {
      const taken = new Set(namesOf(clean));
      const note = {
        ...before,
        clean: [...before.clean, ...before.other.filter((name) => taken.has(name))],
        other: before.other.filter((name) => !taken.has(name)),
      };
      await this.#note(cameraId, note);
      return;
    }
    const [isClean, isDirty] = [new Set(clean), new Set(dirty)];
    // A second file of the same snapshot is no further one.
    const labelled = new Set(namesOf([...clean, ...dirty]));
    const other = namesOf(files.filter((file) => !isClean.has(file) && !isDirty.has(file)));
    const note: GivenNote = {
      folder: folderOf(files, handles),
      clean: namesOf(clean),
      dirty: namesOf(dirty),
      other: other.filter((name) => !labelled.has(name)),
      done,
    };
    await this.#note(cameraId, note);
    // A handle that the browser can't store is of files that are at hand for this visit alone.
    const isStored = await saveHandles(db, cameraId, 'given', handles).then(
      () => true,
      () => false,
    );
    this.#hold(cameraId, files);
    this.#forgetReading();
    this.#kept = { cameraId, note, handles: isStored ? handles : [] };
  }

  /** True if any of these files was given to the chosen camera in this visit. */
  isFromAny(files: readonly File[]): boolean {
    const held = new Set(this.#files);
    return files.some((file) => held.has(file));
  }

  /** The person has given the same folder again, since it could not be read. */
  async giveAgain(files: readonly File[], handles: readonly KeptHandle[]): Promise<void> {
    const kept = this.#own;
    if (!kept) return;
    const { files: opened } = await this.#session.arrivals.open(files);
    this.#hold(kept.cameraId, sortFiles(opened).snapshots);
    if (handles.length > 0) await saveHandles(this.#session.db, kept.cameraId, 'given', handles);
    this.#forgetReading();
    this.#kept = { ...kept, handles };
  }

  /**
   * Those of one kind as they are now; what is wrong is told by `trouble`, what is different by `changed`. Must be called
   * while a click is handled, since the browser may ask the person.
   *
   * @returns none when they can't be read
   */
  async files(kind: GivenKind): Promise<readonly File[]> {
    const { note } = this;
    this.#forgetReading();
    if (!note) return [];
    const all = await this.#all();
    if (!all) return [];
    const { files, missing, fresh } = givenFiles(all, note, kind);
    // Nothing of it is known: this is another folder, and its snapshots may be another camera's.
    const isOther = fresh === all.length;
    if (isOther) this.#letGo();
    if (isOther || files.length === 0) {
      this.trouble = 'lost';
      return [];
    }
    if (missing + fresh > 0) this.changed = { missing, fresh };
    return files;
  }

  /** Watches the folder that was given. Must be called while a click is handled. */
  async watchIt(): Promise<void> {
    const { folder, watch } = this;
    if (!folder || !watch) return;
    const [isAllowed] = await askForAll([folder]);
    if (isAllowed) await watch(folder);
    else this.trouble = 'denied';
  }

  /** The person has done a step, or wants to hear no more of it. */
  async finish(step: GivenStep): Promise<void> {
    const kept = this.#own;
    if (!kept) return;
    const note = { ...kept.note, done: [...kept.note.done, step] };
    this.#forgetReading();
    // Stored before it is shown: a reload that follows at once must not offer it again.
    await this.#session.work.attempt(async () => {
      await this.#note(kept.cameraId, note);
      if (this.#kept === kept) this.#kept = { ...kept, note };
    });
  }

  /** All snapshots of what was given, as they are now; null when they can't be read. */
  async #all(): Promise<readonly File[] | null> {
    const { handles = [] } = this.#own ?? {};
    if (handles.length === 0) return this.#files;
    const answers = await askForAll(handles);
    if (answers.includes(false)) {
      this.trouble = 'denied';
      return null;
    }
    const { arrivals } = this.#session;
    const { files } = await arrivals.ofHandles((onRead) => filesOfHandles(handles, onRead));
    const opened = await arrivals.open(files);
    return sortFiles(opened.files).snapshots;
  }

  #note(cameraId: string, note: GivenNote): Promise<void> {
    return changeSetting(this.#session.db, 'given', (all) => new Map(all).set(cameraId, note));
  }

  #hold(cameraId: string, files: readonly File[]): void {
    this.#held = new Map([...this.#held, [cameraId, files]]);
  }

  #letGo(): void {
    const cameraId = this.#session.cameras.chosen?.id;
    this.#held = new Map([...this.#held].filter(([id]) => id !== cameraId));
  }

  #forgetReading(): void {
    this.trouble = null;
    this.changed = null;
  }
}

/** It is asked for first outside of what Svelte tracks: where a place is opened, or its state is made. */
export const givenOf = partOf((session) => new GivenFolder(session));

function namesOf(files: readonly File[]): string[] {
  return files.map(({ name }) => imageNameOf(name));
}
