import { drawnLate, type Feature } from '../../core/page/feature';
import { appWords } from '../../core/i18n/app-words';
import { late } from '../../core/browser/late';
import { failedFilesOf } from './failed-files.svelte';

/** A first visit has nothing to show in it: it is fetched beside the first paint, which waits for it only where there is a camera. */
const place = late(() => drawnLate(import('./MonitorPlace.svelte'), () => ({})));

/** The verdict on the chosen camera, its course and its log; and deck mode, where it fills the screen. */
export const monitor: Feature = {
  follow: (session) => {
    const failedFiles = failedFilesOf(session);
    // Not before: its sentences are in the language that has been chosen by now.
    Promise.resolve(place()).catch(() => undefined);
    return { reading: () => failedFiles.read() };
  },
  place: { name: 'monitor', title: () => appWords.app.places.monitor, open: () => place() },
  panels: {
    'monitor-start': {
      name: () => appWords.app.places.monitor,
      isWanted: ({ cameras, history }) => cameras.chosen !== null && history.jobs.length > 0,
      isPatient: true,
      needsPictures: true,
      open: () => drawnLate(import('./scene/ScenePanel.svelte'), () => ({})),
    },
    'settings-look': {
      name: () => appWords.app.places.monitor,
      // A phone has no such key.
      isWanted: () => !matchMedia('(pointer: coarse)').matches,
      open: () => drawnLate(import('./DeckSettings.svelte'), () => ({})),
    },
  },
};
