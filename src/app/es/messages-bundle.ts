import { ROWS_NAMED, type BundleMessages } from '../messages-bundle';
import { countedSpaced as counted, listedShort, spaced } from '../wording';

export const bundle: BundleMessages = {
  looking: (looking) =>
    looking.at === 'entries'
      ? `Leyendo el contenido del zip: ${spaced(looking.done)} entradas hasta ahora.`
      : `Examinando la exportación: ${spaced(looking.done)} de ${counted(looking.total, 'cámara')}.`,
  stop: 'Dejar de examinar',
  moreCameras: (count) => `Y ${counted(count, 'cámara más', 'cámaras más')}.`,
  goes: {
    title: 'Adónde dice que van los resultados',
    hint: 'Marcar solo lo conocido. Sin marca, la cámara llega sin destino y no se envía nada de ella.',
    says: ({ cameras, address, experiment }) =>
      `Esta exportación dice que los resultados de ${named(cameras)} van a ${address}, experimento ${experiment}. Permitir que vayan allí.`,
    more: (count) =>
      `${counted(count, 'destino más queda fuera', 'destinos más quedan fuera')}. Elegir el experimento de esas cámaras en DriftWatch.`,
  },
  unusable: (rows, count) =>
    `${counted(count, 'fila de esta exportación no se puede usar y queda fuera', 'filas de esta exportación no se pueden usar y quedan fuera')}: ${rows
      .slice(0, ROWS_NAMED)
      .map(({ path, row, field }) => `${path}, fila ${spaced(row)} (${field})`)
      .join('; ')}${count > ROWS_NAMED ? '; y otras' : ''}. El resto está completo.`,
};

function named(cameras: readonly string[]): string {
  return listedShort(cameras, (more) => `y ${spaced(more)} más`);
}
