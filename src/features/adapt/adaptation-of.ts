import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { partOf } from '../../core/session/part-of';

/** A session's adaptation, loaded when it is first wanted: few people adapt a model, and it takes much code. */
export const adaptationOf = partOf((session) =>
  late(async () => {
    const [{ ChosenSnapshots }, { CameraAdaptation }, { givenOf }] = await fetched(
      appWords.app.places.reference,
      Promise.all([
        import('./chosen.svelte'),
        import('./adaptation.svelte'),
        import('../../core/session/reference/given-folder.svelte'),
      ]),
    );
    // The set-up's files are offered beside what else may be chosen.
    givenOf(session);
    return new CameraAdaptation(session, new ChosenSnapshots(session.cameras, session.models));
  }),
);
