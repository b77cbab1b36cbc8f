import { fetched, late } from '../../core/browser/late';
import { verdictOf } from '../../core/domain/camera/job';
import { appWords } from '../../core/i18n/app-words';
import { drawn, drawnLate, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';
import type { Desk } from './desk.svelte';

/** Loaded when it is first wanted. */
const deskOf = partOf((session) => {
  const part: { opened: Desk | null } = { opened: null };
  const open = late(async () => {
    const { Desk } = await fetched(appWords.app.places.science, import('./desk.svelte'));
    const desk = new Desk(session);
    await desk.read();
    part.opened = desk;
    return desk;
  });
  return { open, opened: () => part.opened };
});

/** Usable time, counts masked by it, and detections. */
export const science: Feature = {
  follow: (session) => ({
    async take(given) {
      const [model] = given.models;
      const [table, ...tables] = given.tables;
      if (session.place !== 'science' || !session.camera || (!table && !model)) return given;
      const desk = await deskOf(session).open();
      if (table) desk.showCounts(table);
      if (model) {
        desk.tab = 'detections';
        const bench = await desk.openDetections();
        await bench.add(model);
      }
      return { ...given, tables: table ? tables : given.tables, models: [] };
    },
    async shown() {
      await deskOf(session).opened()?.read();
    },
  }),
  panels: {
    'monitor-verdict': {
      name: () => appWords.app.places.science,
      isPatient: true,
      isWanted: ({ monitor }) => {
        const newest = monitor.present.at(-1);
        return newest !== undefined && verdictOf(newest) === 'drift';
      },
      open: (session) => drawnLate(import('./usable/OnsetLine.svelte'), () => ({ session })),
    },
  },
  place: {
    name: 'science',
    title: () => appWords.app.places.science,
    dropHint: () => appWords.app.dropForScience,
    open: async (session) => {
      const [desk, place] = await Promise.all([deskOf(session).open(), import('./SciencePlace.svelte')]);
      return drawn(place.default, () => ({ desk }));
    },
  },
};
