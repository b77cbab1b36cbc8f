import { appWords } from '../../core/i18n/app-words';
import { drawn, drawnLate, type Feature } from '../../core/page/feature';
import { loadSetting } from '../../core/storage/settings';
import type { Component } from 'svelte';
import type { Care } from './care.svelte';
import { keepOf } from './keep.svelte';

async function drawnWithCare(
  opening: Care | Promise<Care>,
  module: Promise<{ default: Component<{ care: Care }> }>,
) {
  const [care, panel] = await Promise.all([opening, module]);
  return drawn(panel.default, () => ({ care }));
}

/** Keeps a device's data safe: meter, reminder, exports, deletion, kept pictures, and rows that can't be used. */
export const keep: Feature = {
  follow: (session) => {
    const part = keepOf(session);
    return {
      async opened() {
        if (part.care) await part.care.reload();
        else if ((await loadSetting(session.db, 'keepsOriginals')) !== null) await part.openCare();
      },
      scored: (job, file) => part.care?.keep(job, file),
      corrected(job, before) {
        const moved = async () => (await part.openCare()).keepAnew(job, before);
        moved().catch(session.work.report);
      },
      fileOf: async (of) => (await part.care?.original(of)) ?? null,
      async take(given) {
        const [bundle] = given.bundles;
        if (!bundle) return given;
        await part.lookInto(bundle);
        return { ...given, bundles: [] };
      },
    };
  },
  beginBeside: async (session) => {
    const { StorageProblems } = await import('./storage-problems.svelte');
    keepOf(session).storageProblems = new StorageProblems(session);
  },
  panels: {
    notice: {
      name: () => appWords.app.places.jobs,
      isWanted: (session) => {
        const { care, storageProblems } = keepOf(session);
        return (care?.deletion.isTold ?? false) || (storageProblems?.hasNews ?? false);
      },
      open: (session) => drawnLate(import('./KeepNotices.svelte'), () => ({ part: keepOf(session) })),
    },
    'monitor-verdict': {
      name: () => appWords.app.places.monitor,
      isPatient: true,
      open: (session) => drawnWithCare(keepOf(session).openCare(), import('./ExportReminder.svelte')),
    },
    rejudge: {
      name: () => appWords.app.places.monitor,
      isWanted: (session) => keepOf(session).care !== null,
      open: (session) => drawnWithCare(keepOf(session).openCare(), import('./RejudgeKept.svelte')),
    },
    settings: {
      name: () => appWords.app.places.settings,
      order: 2,
      open: (session) => drawnWithCare(keepOf(session).openCare(), import('./BundlePanel.svelte')),
    },
    'settings-end': [
      {
        name: () => appWords.app.places.settings,
        order: 1,
        open: (session) => drawnWithCare(keepOf(session).openCare(), import('./StoragePanel.svelte')),
      },
      {
        name: () => appWords.app.places.settings,
        order: 2,
        isWanted: ({ cameras }) => cameras.chosen !== null,
        open: () => drawnLate(import('./DeleteCamera.svelte'), () => ({})),
      },
    ],
    'job-end': {
      name: () => appWords.job.title,
      needsPictures: true,
      isWanted: (session) => keepOf(session).care !== null,
      open: async (session) => {
        const [care, panel] = await Promise.all([keepOf(session).openCare(), import('./Original.svelte')]);
        return drawn(panel.default, ({ job }) => ({ care, job }));
      },
    },
    delete: {
      name: () => appWords.job.delete,
      open: () => drawnLate(import('./DeleteQuestion.svelte'), (given) => given),
    },
  },
};
