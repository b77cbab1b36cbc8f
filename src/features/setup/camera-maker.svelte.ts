import { inParallel } from '../../core/browser/in-parallel';
import { fetched } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import type { Camera } from '../../core/domain/camera/camera';
import type { Reference } from '../../core/domain/camera/reference';
import { cleanMissing } from '../../core/domain/camera/reference-size';
import { captureTimeFromName } from '../../core/domain/camera/time/capture-time';
import { isOfNumbers } from '../../core/domain/model/numbers';
import { unpacked } from '../../core/encoder/packed-file';
import { givenOf } from '../../core/session/reference/given-folder.svelte';
import { referenceSnapshots } from '../../core/session/reference/next-reference';
import type { EncodedSnapshot, KnownSnapshot } from '../../core/session/reference/reference-builder';
import type { ChosenClean } from './choose-reference';
import { partOf } from '../../core/session/part-of';
import type { Session } from '../../core/session/session.svelte';
import { storeReference } from '../../core/session/reference/store-reference';
import { requestPersistence } from '../../core/storage/storage-state';
import type { GivenStep } from '../../core/storage/schema';
import type { Demo } from './demo';
import { CleanLook } from './clean-look.svelte';
import { GivenClean } from './given-clean.svelte';
import type { SetUpChoices } from './pure/new-camera';
import { ReferenceBuild, type Built } from './reference-build';
import { openBuilder, SetUpWork } from './set-up-work';

/** Steps that the demo camera's visitor is not offered: its snapshots are checked at once, and nothing follows them. */
const STEPS: readonly GivenStep[] = ['watch', 'calibrate'];

/** How many files are fetched at the same time. */
const AT_ONCE = 6;

const filesOf = (snapshots: ChosenClean['clean']) => snapshots.flatMap(({ file }) => file ?? []);

/** A clean picture that the camera has, as one that is given; none if its picture is lost. */
function asGiven({ capturedAt, thumbnail, ...snapshot }: KnownSnapshot): readonly EncodedSnapshot[] {
  if (thumbnail === null) return [];
  const isTimed = Boolean(snapshot.wallClock) || captureTimeFromName(snapshot.name) !== null;
  const isGuessed = capturedAt === null || !isTimed;
  return [{ ...snapshot, capturedAt: capturedAt ?? Date.now(), thumbnail, isGuessed }];
}

/** Makes cameras, and the next versions of their references, from what was given. */
export class CameraMaker {
  readonly given = new GivenClean();
  /** reads the files, for the look and for the reference */
  readonly work: SetUpWork;
  readonly look: CleanLook;
  readonly #reference: ReferenceBuild;
  isFetchingDemo = $state(false);
  /** the last reference; null once a camera is shown again, which ends the messages on it */
  last = $state.raw<Built | null>(null);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.work = new SetUpWork(session);
    this.look = new CleanLook(this.given, this.work, session);
    this.#reference = new ReferenceBuild(this.given, this.work, this.look, session.models);
  }

  /** Forgets everything, for another camera or reference version. */
  clear(): void {
    this.given.clear();
    this.look.clear();
  }

  /** Forgets the files; the person's entries stay. */
  clearFiles(): void {
    this.given.clearFiles();
    this.look.clear();
  }

  /** Leads back from the set-up of another camera to the chosen one. */
  leaveNewCamera(): void {
    this.clear();
    this.#session.cameras.isSettingUpNew = false;
  }

  /** Looks at what was collected, so that a person sees it before it is learned. */
  async takeLook(modelSha256: string, existing: Camera | null): Promise<void> {
    const { work, scoring } = this.#session;
    const looking = async () => {
      await this.#recall(existing);
      await this.look.take(modelSha256, existing);
    };
    await work.alone(looking).catch(work.report);
    scoring.preview.end();
  }

  /**
   * Builds the reference from what was collected, for a new camera or as the next version of one. A new camera goes on to
   * its first verdict with pictures that were called neither clean nor dirty.
   *
   * @returns true if the reference was stored
   */
  async build(choices: SetUpChoices, existing: Camera | null): Promise<boolean> {
    const session = this.#session;
    session.goesToFirst = !existing;
    let isBuilt = false;
    await session.work.attempt(async () => {
      const { failed, lists } = this.given;
      isBuilt = (await this.setUpCamera(choices, existing)) !== null;
      if (!isBuilt || existing) return;
      // A person called the others clean, or dirty.
      const rest = lists.other.filter((file) => !failed.has(file));
      if (rest.length === 0) return;
      session.place = 'monitor';
      await session.scoring.score(rest);
    });
    session.goesToFirst = false;
    session.scoring.preview.end();
    return isBuilt;
  }

  /**
   * Builds a reference from what was collected and stores it, with a new camera or as the next version of one.
   *
   * @param demo - the demo camera, which may have learned its reference before
   * @returns null when it was cancelled
   * @throws AppError that says why it can't be built; then nothing is stored
   */
  async setUpCamera(
    choices: SetUpChoices,
    existing: Camera | null,
    demo: Demo | null = null,
  ): Promise<Built | null> {
    const session = this.#session;
    return session.work.alone(async () => {
      await this.#recall(existing);
      session.filesAtHand.note([...this.given.clean, ...(demo?.reference ?? [])]);
      const built = await this.#reference.build(
        choices,
        existing ? { camera: existing, references: session.cameras.references } : null,
      );
      if (!built) return null;
      const camera: Camera = demo ? { ...built.camera, isDemo: true } : built.camera;
      const { handles, lists, failed, clean: given, files: all } = this.given;
      // Pictures that can't be used as clean can still be checked.
      const { calibration, chosen, unused } = built;
      const unusable = new Set([
        ...unused.map((each) => each.kind !== 'same-picture' && each.file),
        ...filesOf(chosen ? leftOut(chosen) : []),
      ]);
      const usable = given.filter((file) => !unusable.has(file));
      const pictures = all.filter((file) => !failed.has(file));
      const dirty = lists.dirty.filter((file) => !failed.has(file));
      const clean = demo?.reference ?? usable;
      const files = demo?.reference ?? pictures;
      const done = demo ? STEPS : [];
      await session.models.keep(camera.modelSha256);
      const events = (demo?.events ?? []).map((event) => ({ ...event, cameraId: camera.id }));
      await storeReference(session, camera, built, { calibration, events });
      await this.#storeViews(built);
      void requestPersistence();
      this.leaveNewCamera();
      // Without it the camera is as good, and files can be chosen again.
      await givenOf(session)
        .keep(camera.id, { files: isOfNumbers(camera) ? [] : files, clean, dirty, handles, done })
        .catch(() => undefined);
      await session.cameras.chooseStored(camera.id);
      this.last = built;
      session.followers.announce();
      return built;
    });
  }

  /** Brings back the clean pictures of a camera that has too few, so that they count with those that are given. */
  async #recall(existing: Camera | null): Promise<void> {
    const { cameras, db } = this.#session;
    const { reference, references } = cameras;
    if (!existing || !reference || cleanMissing(reference) === 0) return;
    const few = references.filter(
      (each) => each.modelSha256 === reference.modelSha256 && cleanMissing(each) > 0,
    );
    const snapshots = await Promise.all(few.map((each) => referenceSnapshots(db, each)));
    this.look.known = {
      snapshots: snapshots.flat().flatMap(asGiven),
      contents: new Set(reference.contentSha256),
    };
  }

  /** Stores the references of other views that the camera has not yet. */
  async #storeViews({ camera, views, reference }: Built): Promise<void> {
    const session = this.#session;
    const known = new Set(session.cameras.references.map(contentsOf));
    let { version } = reference;
    for (const view of views) {
      if (known.has(contentsOf(view.reference))) continue;
      version += 1;
      const next = { ...view, reference: { ...view.reference, version } };
      await storeReference(session, camera, next, { isBeside: true });
    }
  }

  /** Collects the demo camera's set-up while the model opens, unless there is one. @throws AppError `fetch-failed` */
  async #fetchDemo(): Promise<Demo> {
    const session = this.#session;
    this.isFetchingDemo = true;
    try {
      const { openDemo, fetchConfig, fetchLearned } = await fetched(appWords.welcome.demo, import('./demo'));
      const opening = openDemo();
      // Without a network the configuration fails first.
      opening.catch(() => undefined);
      await session.ready;
      if (session.cameras.all.some((camera) => camera.isDemo)) return await opening;
      this.openModel();
      this.clear();
      const learning = fetchLearned(session.models.defaultSha256);
      await this.given.add([await fetchConfig()]);
      const [demo, learned] = await Promise.all([opening, learning]);
      for (const { thumbnail, capturedAt } of learned ?? []) {
        if (thumbnail) session.scoring.preview.lineUp(thumbnail, capturedAt);
      }
      if (learned) this.given.imported = { file: '', snapshots: learned };
      else await this.given.add(await inParallel(AT_ONCE, demo.reference, unpacked));
      return demo;
    } finally {
      this.isFetchingDemo = false;
    }
  }

  /** Opens the model of a new camera, and loads what follows, before it is asked for; what is wrong is told then. */
  openModel(): void {
    const { models, ready, scoring, looker } = this.#session;
    ready.then(() => models.open(models.defaultSha256)).catch(() => undefined);
    Promise.all([openBuilder(), scoring.batches.load(), looker.warm()]).catch(() => undefined);
  }

  /** Sets up the demo camera from the files that ship with the page, on the same path as a user's own. */
  async tryDemo(): Promise<void> {
    const session = this.#session;
    session.goesToFirst = true;
    await session.work.attempt(async () => {
      session.work.mustWrite(session.work.isBusy);
      const demo = await this.#fetchDemo();
      const existing = session.cameras.all.find((camera) => camera.isDemo);
      if (existing) await session.work.alone(() => session.cameras.chooseStored(existing.id), true);
      else {
        const choices = { name: demo.name, modelSha256: session.models.defaultSha256 };
        if (!(await this.setUpCamera(choices, null, demo))) return;
      }
      session.place = 'monitor';
      await session.scoring.score(demo.snapshots);
      session.scoring.batches.lastBatch = null;
    });
    session.goesToFirst = false;
    session.scoring.preview.end();
  }
}

/** Pictures that were given as clean and are not used as such. */
function leftOut({ traced, unseen, views, foreign }: ChosenClean): readonly EncodedSnapshot[] {
  return [...traced, ...unseen, ...views.flatMap(({ pictures }) => pictures), ...foreign];
}

function contentsOf({ contentSha256 = [] }: Reference): string {
  return [...contentSha256].sort().join();
}

export const cameraMakerOf = partOf((session) => new CameraMaker(session));
