import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import type { GivenFolder } from '../../core/session/reference/given-folder.svelte';
import { partOf } from '../../core/session/part-of';
import type { Session } from '../../core/session/session.svelte';
import type { CameraMaker } from './camera-maker.svelte';

/** The loaded parts of the set-up: a first visit is drawn without them. */
class SetupPart {
  /** makes cameras; null until it is first wanted */
  maker = $state.raw<CameraMaker | null>(null);
  /** the folder that the chosen camera was set up from; null until its code is loaded */
  given = $state.raw<GivenFolder | null>(null);
  readonly openMaker: () => CameraMaker | Promise<CameraMaker>;
  readonly openGiven: () => GivenFolder | Promise<GivenFolder>;

  constructor(session: Session) {
    this.openMaker = late(async () => {
      const { cameraMakerOf } = await fetched(appWords.app.places.reference, import('./camera-maker.svelte'));
      return (this.maker = cameraMakerOf(session));
    });
    this.openGiven = late(async () => {
      const module = import('../../core/session/reference/given-folder.svelte');
      return (this.given = (await fetched(appWords.app.places.reference, module)).givenOf(session));
    });
  }
}

export const setupOf = partOf((session) => new SetupPart(session));
