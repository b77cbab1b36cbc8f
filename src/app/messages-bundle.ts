import type { UnusableRow } from '../domain/bundle';
import type { Claimed, Looking } from './bundles.svelte';
import { inLanguage, type Widened } from './language';
import { grouped, listedShort } from './wording';

/** How many rows that can't be used are named. */
export const ROWS_NAMED = 5;

/** Every sentence about what an export says and nobody vouches for, in English; loaded with its place. */
const english = {
  looking: (looking: Looking) =>
    looking.at === 'entries'
      ? `Reading what the zip holds: ${grouped(looking.done)} entries so far.`
      : `Looking through the export: ${grouped(looking.done)} of ${counted(looking.total, 'camera')}.`,
  stop: 'Stop looking',
  moreCameras: (count: number) => `And ${counted(count, 'more camera', 'more cameras')}.`,
  goes: {
    title: 'Where it says that results go',
    hint: 'Tick only what you know. Without a tick the camera comes without a destination, and nothing of it is sent.',
    says: ({ cameras, address, experiment }: Claimed) =>
      `This export says that results of ${named(cameras)} go to ${address}, experiment ${experiment}. Let them go there.`,
    more: (count: number) =>
      `${counted(count, 'more destination is', 'more destinations are')} left out. Choose the experiment of those cameras under DriftWatch.`,
  },
  unusable: (rows: readonly UnusableRow[], count: number) =>
    `${counted(count, 'row', 'rows')} of this export can’t be used and ${count === 1 ? 'is' : 'are'} left out: ${rows
      .slice(0, ROWS_NAMED)
      .map(({ path, row, field }) => `${path}, row ${grouped(row)} (${field})`)
      .join('; ')}${count > ROWS_NAMED ? '; and others' : ''}. The rest is whole.`,
};

/** What every language has a sentence for. */
export type BundleMessages = Widened<typeof english>;

/** Every sentence about what an export says and nobody vouches for, in the language of the page. */
export const u = inLanguage('bundle', english);

function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

function named(cameras: readonly string[]): string {
  return listedShort(cameras, (more) => `and ${grouped(more)} more`);
}
