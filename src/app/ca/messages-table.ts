import { utc } from '../format';
import type { TableMessages } from '../messages-table';
import { spaced } from '../wording';
import { messages } from './messages';

const { columns } = messages.jobs;

export const table: TableMessages = {
  show: 'Mostrar com a taula',
  page: (first, last, total) =>
    total === 1 ? 'L’única fila' : `Files ${spaced(first)} a ${spaced(last)} de ${spaced(total)}`,
  earlier: 'Files anteriors',
  later: 'Files següents',
  name: 'Nom',
  window: 'Finestra',
  kind: 'Imatges',
  clean: 'netes',
  dirty: 'brutes',
  distance: columns.distance,
  verdict: columns.verdict,
  captured: columns.captured,
  image: columns.image,
  between: 'Distància entre dos embeddings',
  pairs: 'Parells',
  range: (from, to) => `${from} a ${to}`,
  instant: (at) => utc(at).replace(' UTC', ''),
  count: spaced,
};
