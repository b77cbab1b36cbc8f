import { utc } from '../format';
import type { TableMessages } from '../messages-table';
import { spaced } from '../wording';
import { messages } from './messages';

const { columns } = messages.jobs;

export const table: TableMessages = {
  show: 'Mostrar como tabla',
  page: (first, last, total) =>
    total === 1 ? 'La única fila' : `Filas ${spaced(first)} a ${spaced(last)} de ${spaced(total)}`,
  earlier: 'Filas anteriores',
  later: 'Filas siguientes',
  name: 'Nombre',
  window: 'Ventana',
  kind: 'Imágenes',
  clean: 'limpias',
  dirty: 'sucias',
  distance: columns.distance,
  verdict: columns.verdict,
  captured: columns.captured,
  image: columns.image,
  between: 'Distancia entre dos embeddings',
  pairs: 'Pares',
  range: (from, to) => `${from} a ${to}`,
  instant: (at) => utc(at).replace(' UTC', ''),
  count: spaced,
};
