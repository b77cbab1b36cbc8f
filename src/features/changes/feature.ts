import { appWords } from '../../core/i18n/app-words';
import { drawn, type Feature } from '../../core/page/feature';
import { changesOf } from './changes-part.svelte';

/** Tells which verdicts late snapshots, an export or an upgrade have changed, or would change, and undoes it. */
export const changes: Feature = {
  follow: (session) => {
    // Made here, not first in `isWanted`: state that is made within a derived value does not change it.
    const part = changesOf(session);
    return { judgedAnew: () => part.changes?.lookAgain() };
  },
  beginBeside: async (session) => {
    const { Changes } = await import('./changes.svelte');
    changesOf(session).changes = new Changes(session);
  },
  panels: {
    'monitor-start': {
      name: () => appWords.app.places.monitor,
      isWanted: (session) => changesOf(session).changes?.hasNews ?? false,
      open: async (session) => {
        const { default: ChangeNotices } = await import('./ChangeNotices.svelte');
        return drawn(ChangeNotices, () => ({ changes: changesOf(session).changes! }));
      },
    },
  },
};
