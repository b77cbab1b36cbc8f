import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { partOf } from '../../core/session/part-of';

/** A session's adaptation, loaded when it is first wanted: few people adapt a model, and it takes much code. */
export const adaptationOf = partOf((session) =>
  late(async () => {
    const [{ ChosenSnapshots }, { CameraAdaptation }] = await fetched(
      appWords.app.places.reference,
      Promise.all([import('./chosen.svelte'), import('./adaptation.svelte')]),
    );
    return new CameraAdaptation(session, new ChosenSnapshots(session));
  }),
);
