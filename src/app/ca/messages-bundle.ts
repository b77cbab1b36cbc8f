import { ROWS_NAMED, type BundleMessages } from '../messages-bundle';
import { countedSpaced as counted, listedShort, spaced } from '../wording';

export const bundle: BundleMessages = {
  looking: (looking) =>
    looking.at === 'entries'
      ? `Llegint el contingut del zip: ${spaced(looking.done)} entrades fins ara.`
      : `Examinant l’exportació: ${spaced(looking.done)} de ${counted(looking.total, 'càmera', 'càmeres')}.`,
  stop: 'Deixar d’examinar',
  moreCameras: (count) => `I ${counted(count, 'càmera més', 'càmeres més')}.`,
  goes: {
    title: 'On diu que van els resultats',
    hint: 'Cal marcar només el que es coneix. Sense marca, la càmera arriba sense destinació i no se n’envia res.',
    says: ({ cameras, address, experiment }) =>
      `Aquesta exportació diu que els resultats de ${named(cameras)} van a ${address}, experiment ${experiment}. Permetre que hi vagin.`,
    more: (count) =>
      `${counted(count, 'destinació més queda fora', 'destinacions més queden fora')}. Cal triar l’experiment d’aquestes càmeres a DriftWatch.`,
  },
  unusable: (rows, count) =>
    `${counted(count, 'fila d’aquesta exportació no es pot fer servir i queda fora', 'files d’aquesta exportació no es poden fer servir i queden fora')}: ${rows
      .slice(0, ROWS_NAMED)
      .map(({ path, row, field }) => `${path}, fila ${spaced(row)} (${field})`)
      .join('; ')}${count > ROWS_NAMED ? '; i d’altres' : ''}. La resta és completa.`,
};

function named(cameras: readonly string[]): string {
  return listedShort(cameras, (more) => `i ${spaced(more)} més`);
}
