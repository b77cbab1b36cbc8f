import type { BundleProblem } from '../domain/bundle';
import type { Aged, ExportReason } from '../domain/retention';
import type { Imported } from './bundles.svelte';
import type { Plan } from './bundle-api';
import { bytes } from './format';
import { inLanguage, type Widened } from './language';

/** How many damaged parts are named. */
const MOST_NAMED = 8;

/** Every sentence about keeping, exporting and deleting data, in English; loaded with its places. */
const english = {
  title: 'Storage',
  used: (usage: number, quota: number) => `${bytes(usage)} of ${bytes(quota)} used.`,
  meter: 'Room used on this device',
  unknownUse: 'This browser does not say how much room is used.',
  kept: 'The browser keeps these data until you delete them.',
  notKept: 'The browser may delete these data when the device runs out of space.',
  unknownKept: 'This browser does not say how safe these data are.',
  safari:
    'Safari deletes what a page has stored when you have not opened the page for seven days, unless it was added to the Home Screen or Dock. Export often, or add it there.',
  askToKeep: 'Ask the browser to keep them',
  askedInVain:
    'The browser did not promise it. Browsers tend to do so for pages that are installed, bookmarked or often used.',
  full: 'When the device is full, checking stops and says so: what was checked is safe, the rest is not shown as checked. Free some room, or delete old pictures below, then give the same files again.',
  kinds: {
    head: ['Kind', 'How many', 'About'],
    snapshots: 'Snapshots: results and embeddings',
    thumbnails: 'Thumbnails',
    originals: 'Pictures that you keep',
    models: 'Models',
  },
  demo: (count: number) =>
    `${counted(count, 'snapshot')} of these ${count === 1 ? 'is' : 'are'} the demo camera’s; delete that camera to free their room.`,
  about: (size: number) => bytes(Math.round(size)),
  number,

  export: {
    title: 'Export and open',
    what: 'One zip with everything this page knows: settings, references, results, embeddings, thumbnails, events and your own models. It opens in Porthole on another laptop, and its tables open in Python and in a spreadsheet. Tokens and passphrases stay here.',
    all: 'Export everything',
    one: (name: string) => `Export ${name} only`,
    withOriginals: 'With the pictures that you keep',
    running: 'Export',
    done: (name: string) => `${name} is written. Keep it on another disk.`,
    last: (days: number) =>
      days < 1 ? 'Everything was exported today.' : `Everything was exported ${counted(days, 'day')} ago.`,
    never: 'Everything was never exported from this device.',
    fresh: (count: number) => `${counted(count, 'snapshot')} since.`,
    progress: (done: number, total: number) => `${number(done)} of ${counted(total, 'snapshot')}`,
    cancel: 'Cancel',
  },
  open: {
    label: 'Open an export',
    title: 'What this export would add',
    from: (plan: Plan) => `Written on ${plan.exportedAt.slice(0, 10)} by Porthole ${plan.app}.`,
    adds: (plan: Plan) => {
      const added = [
        plan.cameras.filter(({ isNew }) => isNew).length,
        plan.cameras.reduce((sum, { snapshots }) => sum + snapshots, 0),
        plan.models.length,
      ] as const;
      const here = plan.cameras.reduce((sum, { here }) => sum + here, 0);
      const others = plan.cameras.filter(({ isNew }) => !isNew).reduce((sum, { others }) => sum + others, 0);
      const what = [
        added[0] > 0 ? counted(added[0], 'camera') : '',
        added[1] > 0 ? counted(added[1], 'snapshot') : '',
        added[2] > 0 ? counted(added[2], 'model') : '',
        others > 0 ? counted(others, 'reference, setting or event', 'references, settings and events') : '',
      ].filter((part) => part !== '');
      const adds = what.length > 0 ? `It adds ${listed(what)}` : 'It adds nothing';
      return here > 0
        ? `${adds}; ${counted(here, 'snapshot is', 'snapshots are')} here already.`
        : `${adds}.`;
    },
    camera: (camera: Plan['cameras'][number]) =>
      `${camera.name}: ${camera.isNew ? 'new, ' : ''}${counted(camera.snapshots, 'snapshot')} to add${camera.here > 0 ? `, ${number(camera.here)} here already` : ''}.${camera.differs ? ' Its settings here differ from the export’s; they stay as they are here.' : ''}`,
    sending:
      'Each result is looked up in DriftWatch before this laptop sends it, so that none is there twice. Send from one laptop only.',
    missingModel: (names: readonly string[]) =>
      `The export does not hold ${counted(names.length, 'model', 'models')} that it needs, nor does this page: ${some(names)}. The history can be read; add the model to check more snapshots.`,
    damaged: (paths: readonly string[]) =>
      `${counted(paths.length, 'part')} of the export ${paths.length === 1 ? 'is' : 'are'} damaged: ${paths.slice(0, MOST_NAMED).join(', ')}${paths.length > MOST_NAMED ? ' and others' : ''}.`,
    leftOut: (names: readonly string[]) =>
      `${some(names)} ${names.length === 1 ? 'is' : 'are'} left out, since ${names.length === 1 ? 'a part of it' : 'parts of them'} can’t be trusted. The rest is whole.`,
    accept: 'Add it',
    running: 'Adding the export',
    done: (done: Imported) =>
      `${listed([counted(done.cameras, 'camera'), counted(done.snapshots, 'snapshot'), ...(done.models > 0 ? [counted(done.models, 'model')] : [])])} added.${done.here > 0 ? ` ${counted(done.here, 'snapshot was', 'snapshots were')} here already and stayed as ${done.here === 1 ? 'it was' : 'they were'}.` : ''}${done.unkept > 0 ? ` ${counted(done.unkept, 'picture')} could not be kept.` : ''}`,
    dismiss: 'Close',
    problem: (problem: BundleProblem): string => {
      switch (problem.kind) {
        case 'not-a-zip':
          return 'That file is no zip, or it was cut off on its way. Nothing was changed. Copy it again.';
        case 'not-an-export':
          return 'That zip is no export of Porthole: it holds no porthole.json. Nothing was changed.';
        case 'lost':
          return 'The file could not be read to its end. Nothing was changed. Choose it again.';
        case 'newer':
          return `A newer Porthole wrote this export (format ${String(problem.format)}). Nothing was changed. Reload this page to get the newest version, then open it again.`;
        case 'damaged':
          return `The export is damaged: ${problem.detail} is not what it should be. Nothing was changed. Copy it again, or export once more.`;
      }
    },
  },

  delete: {
    title: 'Delete what is old',
    what: 'References stay, and so does what waits to be sent and what the next verdict rests on.',
    kind: 'What',
    kinds: {
      originals: 'Kept pictures',
      thumbnails: 'Thumbnails',
      snapshots: 'Whole snapshots',
    } satisfies Record<Aged, string>,
    months: 'Older than, in months',
    find: 'Count them',
    none: 'Nothing is that old.',
    question: (kind: Aged, count: number) => {
      const what = `Delete ${counted(count, NOUNS[kind])} of all cameras?`;
      return kind === 'snapshots'
        ? `${what} Their results, embeddings and pictures are gone then; what was sent to DriftWatch stays there.`
        : `${what} The results stay.`;
    },
    staying: (count: number) => `${counted(count, 'old snapshot')} ${count === 1 ? 'stays' : 'stay'}.`,
    yes: (count: number) => `Delete ${number(count)}`,
    no: 'Keep them',
    deleting: 'Deleting…',
    done: (kind: Aged, count: number) => `${counted(count, NOUNS[kind])} deleted.`,
  },

  keep: {
    title: 'Keep the pictures',
    label: (name: string) => `Keep the pictures of ${name} on this device`,
    what: 'Porthole then keeps each picture that it checks from now on, named YYYYMMDD-HHMMSS-CAMERA as in the tutorial, so that the whole picture can be seen and judged again by another model.',
    cost: (size: number, count: number) =>
      `A picture takes about ${bytes(Math.round(size))}; ${counted(count, 'snapshot')} like those checked so far would take ${bytes(Math.round(size * count))}.`,
    unknownCost: 'A picture of a camera takes 0.1 to 5 MB: a thousand of them up to 5 GB.',
    cannot:
      'This browser gives the page no files of its own, so pictures can’t be kept: it lacks OPFS, the page is not on https, or this is a private window.',
    unkept: (count: number) =>
      `${counted(count, 'picture')} could not be kept: perhaps there was no room. The results are safe.`,
    waiting: (count: number) =>
      `${counted(count, 'picture waits', 'pictures wait')} to be kept. Leave this page open until then.`,
    full: 'Show the whole picture',
    save: 'Save picture',
    missing: 'The whole picture of this snapshot is not kept on this device.',
    rejudge: (count: number) => `Judge ${counted(count, 'kept picture')} again`,
  },

  reminder: {
    label: 'Reminder to export',
    reasons: {
      'nearly-full': () =>
        'This device is nearly full. Export everything, then delete what is old in the settings.',
      'not-kept': (fresh: number) =>
        `The browser may delete these data when room is short, and ${counted(fresh, 'snapshot')} ${fresh === 1 ? 'is' : 'are'} in no export yet.`,
      'long-ago': (fresh: number) =>
        `${counted(fresh, 'snapshot')} ${fresh === 1 ? 'is' : 'are'} in no export yet.`,
    } satisfies Record<Exclude<ExportReason, null>, (fresh: number) => string>,
    now: 'Export now',
    later: 'Later',
  },
} as const;

/** What every language has a sentence for. */
export type CareMessages = Widened<typeof english>;

/** Every sentence about keeping, exporting and deleting data, in the language of the page. */
export const c = inLanguage('care', english);

const NOUNS: Readonly<Record<Aged, string>> = {
  originals: 'kept picture',
  thumbnails: 'thumbnail',
  snapshots: 'snapshot',
};

function number(count: number): string {
  return count.toLocaleString('en-GB');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

/** Of thousands nobody reads more. */
function some(names: readonly string[]): string {
  return `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ' and others' : ''}`;
}
