import { inLanguage, type Widened } from './language';
import { t } from './messages';
import { utc } from './format';

/** Every sentence of the tables beside charts, in English; loaded with the first of them. */
const english = {
  show: 'Show as a table',
  page: (first: number, last: number, total: number) =>
    total === 1 ? 'The only row' : `Rows ${count(first)} to ${count(last)} of ${count(total)}`,
  earlier: 'Rows before',
  later: 'Rows after',
  name: 'Name',
  window: 'Window',
  kind: 'Snapshots',
  clean: 'known clean',
  dirty: 'dirty',
  distance: t.jobs.columns.distance,
  verdict: t.jobs.columns.verdict,
  captured: t.jobs.columns.captured,
  image: t.jobs.columns.image,
  between: 'Distance between two embeddings',
  pairs: 'Pairs',
  range: (from: string, to: string) => `${from} to ${to}`,
  instant: (at: number) => utc(at).replace(' UTC', ''),
  count,
};

/** What every language has a sentence for. */
export type TableMessages = Widened<typeof english>;

/** Every sentence of the tables beside charts, in the language of the page. */
export const tb = inLanguage('table', english);

function count(value: number): string {
  return value.toLocaleString('en-GB');
}
