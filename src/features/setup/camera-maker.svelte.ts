import { fetched } from '../../core/browser/late';
import { t } from '../../core/i18n/messages';
import type { Camera, CameraEvent } from '../../core/domain/camera/job';
import type { LeftOut } from '../../core/domain/camera/left-out';
import { givenOf } from '../../core/session/given-folder.svelte';
import { partOf } from '../../core/session/part-of';
import type { Session } from '../../core/session/session.svelte';
import { storeReference } from '../../core/session/store-reference';
import { requestPersistence } from '../../core/storage/persistence';
import type { GivenStep } from '../../core/storage/schema';
import { SetUp, type Built, type SetUpChoices } from './set-up.svelte';

/** What a demo camera's visitor is not led on with: its snapshots are checked at once, and nothing follows them. */
const STEPS: readonly GivenStep[] = ['beside', 'watch', 'calibrate'];

/** Makes cameras, and the next versions of their references, from what the set-up has collected. */
export class CameraMaker {
  readonly setUp: SetUp;
  isFetchingDemo = $state(false);
  /** what the newest reference was built without */
  leftOut = $state.raw<readonly LeftOut[]>([]);
  /** snapshots that came with the reference's and are not in it: they can be checked now */
  beside = $state.raw<readonly File[]>([]);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.setUp = new SetUp(session);
  }

  /** What was said of the last reference is over once a camera is shown anew. */
  forgetRest(): void {
    this.leftOut = [];
    this.beside = [];
  }

  /** Leads back from the set-up of another camera to the chosen one. */
  leaveNewCamera(): void {
    this.setUp.clear();
    this.#session.isSettingUpNew = false;
  }

  /** Builds the reference from what was collected, for a new camera or as the next version of one. */
  async build(choices: SetUpChoices, existing: Camera | null): Promise<void> {
    await this.#session.attempt(async () => {
      await this.setUpCamera(choices, existing);
    });
  }

  /**
   * Builds a reference from what was collected and stores it, with a new camera or as the next version of one.
   *
   * @returns null when it was cancelled
   * @throws AppError that says why it can't be built; then nothing is stored
   */
  async setUpCamera(
    choices: SetUpChoices,
    existing: Camera | null,
    more: { isDemo: boolean; events: readonly Omit<CameraEvent, 'cameraId'>[] } = {
      isDemo: false,
      events: [],
    },
  ): Promise<Built | null> {
    const session = this.#session;
    return session.runAlone(async () => {
      session.filesAtHand.note(this.setUp.clean);
      const built = await this.setUp.build(
        choices,
        existing ? { camera: existing, references: session.references } : null,
      );
      if (!built) return null;
      const camera: Camera = existing ? built.camera : { ...built.camera, isDemo: more.isDemo };
      const { files, clean, dirty, handles, rest: beside } = this.setUp;
      const done = more.isDemo ? STEPS : [];
      await session.models.keep(camera.modelSha256);
      const { calibration } = built;
      const events = more.events.map((event) => ({ ...event, cameraId: camera.id }));
      await storeReference(session, camera, built, { calibration, events });
      void requestPersistence();
      this.leaveNewCamera();
      // Without it the camera is as good, and files can be chosen again.
      await givenOf(session)
        .keep(camera.id, { files, clean, dirty, handles, done })
        .catch(() => undefined);
      await session.chooseStored(camera.id);
      this.leftOut = built.leftOut;
      this.beside = beside;
      session.announce();
      return built;
    });
  }

  /** Sets up the demo camera from the files that ship with the page, on the same path as a user's own. */
  async tryDemo(): Promise<void> {
    const session = this.#session;
    await session.attempt(async () => {
      session.mustWrite();
      session.mustBeFree();
      this.isFetchingDemo = true;
      const fetching = fetched(t.welcome.demo, import('./demo')).then(({ fetchDemo }) => fetchDemo());
      const [demo] = await Promise.all([fetching, session.ready]).finally(
        () => (this.isFetchingDemo = false),
      );
      const existing = session.cameras.find((camera) => camera.isDemo);
      if (existing) await session.runAlone(() => session.chooseStored(existing.id), true);
      else {
        this.setUp.clear();
        await this.setUp.add([demo.config, ...demo.reference]);
        const choices = {
          name: demo.name,
          modelSha256: session.models.defaultSha256,
          warmUp: 'snapshots',
        } as const;
        const built = await this.setUpCamera(choices, null, { isDemo: true, events: demo.events });
        if (!built) return;
      }
      session.place = 'monitor';
      await session.score(demo.snapshots);
    });
  }
}

export const cameraMakerOf = partOf((session) => new CameraMaker(session));
