import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import type { GivenFolder } from '../../core/session/reference/given-folder.svelte';
import type { Deployment } from '../../core/domain/camera/deployment';
import { partOf } from '../../core/session/part-of';
import type { CameraMaker } from './camera-maker.svelte';
import type { SeveralCameras } from './several-cameras.svelte';

/** A file's word on a camera that is there already, until the person has decided. */
export interface FileDescription {
  readonly file: string;
  readonly cameraId: string;
  readonly deployment: Deployment;
}

/** The loaded parts of the set-up: a first visit is drawn without them. */
class SetupPart {
  /** makes cameras; null until it is first wanted */
  maker = $state.raw<CameraMaker | null>(null);
  /** the folder that the chosen camera was set up from; null until its code is loaded */
  given = $state.raw<GivenFolder | null>(null);
  described = $state.raw<FileDescription | null>(null);
  readonly openMaker: () => CameraMaker | Promise<CameraMaker>;
  readonly openSeveral: () => SeveralCameras | Promise<SeveralCameras>;
  readonly openGiven: () => GivenFolder | Promise<GivenFolder>;

  constructor(
    makerIn: (module: typeof import('./camera-maker.svelte')) => CameraMaker,
    severalIn: (module: typeof import('./several-cameras.svelte')) => SeveralCameras,
    givenIn: (module: typeof import('../../core/session/reference/given-folder.svelte')) => GivenFolder,
  ) {
    this.openMaker = late(async () => {
      const module = import('./camera-maker.svelte');
      return (this.maker = makerIn(await fetched(appWords.app.places.reference, module)));
    });
    this.openSeveral = late(async () => {
      const module = import('./several-cameras.svelte');
      const [several] = await Promise.all([fetched(appWords.app.places.reference, module), this.openMaker()]);
      return severalIn(several);
    });
    this.openGiven = late(async () => {
      const module = import('../../core/session/reference/given-folder.svelte');
      return (this.given = givenIn(await fetched(appWords.app.places.reference, module)));
    });
  }
}

export const setupOf = partOf(
  (session) =>
    new SetupPart(
      ({ cameraMakerOf }) => cameraMakerOf(session),
      ({ severalOf }) => severalOf(session),
      ({ givenOf }) => givenOf(session),
    ),
);
