import type { DeleteMessages } from '../messages-delete';
import { countedSpaced, spaced } from '../wording';

const images = (count: number) => countedSpaced(count, 'imatge', 'imatges');
const records = (count: number) => countedSpaced(count, 'registre');
const rows = (count: number) => countedSpaced(count, 'fila desada', 'files desades');

export const deletion: DeleteMessages = {
  select: 'Triar per eliminar…',
  selectAll: (count) => (count === 1 ? 'Triar l’única' : `Triar les ${spaced(count)}`),
  selectNone: 'No triar-ne cap',
  selectOne: (imageName) => `Triar ${imageName}`,
  stopSelecting: 'Deixar de triar',
  deleteSelected: (count) => `Eliminar ${images(count)}…`,
  looking: 'Cercant què li pertany…',
  question: (count) => (count === 1 ? 'Eliminar aquesta imatge?' : `Eliminar ${spaced(count)} imatges?`),
  fate: (count, originals) =>
    `S’eliminen ${count === 1 ? 'el seu resultat, el seu embedding i la seva miniatura' : 'els seus resultats, embeddings i miniatures'}${originals > 0 ? `, i també ${originals === 1 ? 'la imatge completa' : `${spaced(originals)} imatges completes`}` : ''}. ${count === 1 ? 'El fitxer original, fora d’aquesta pàgina, es queda' : 'Els fitxers originals, fora d’aquesta pàgina, es queden'}.`,
  window: (count) =>
    `Les distàncies d’altres imatges no canvien, tampoc les d’aquelles que ${count === 1 ? 'la' : 'les'} tenien a la finestra. La pròxima imatge s’avalua com si mai ${count === 1 ? 'hagués' : 'haguessin'} estat aquí.`,
  again: (count) =>
    count === 1
      ? 'El mateix fitxer, si es dona altra vegada, es comprova de nou.'
      : 'Els mateixos fitxers, si es donen altra vegada, es comproven de nou.',
  folder: (name) =>
    `També un fitxer que encara sigui a la carpeta vigilada ${name}, després de tornar a carregar la pàgina.`,
  records: {
    told: ({ unsent, unsettled, beyond }) =>
      [
        unsent > 0 ? `${records(unsent)} sense enviar: no ${unsent === 1 ? 's’enviarà' : 's’enviaran'}.` : '',
        unsettled > 0
          ? `${records(unsettled)} que potser ${unsettled === 1 ? 'ha' : 'han'} arribat: primer es ${unsettled === 1 ? 'busca' : 'busquen'} allà i després ${unsettled === 1 ? 's’elimina' : 's’eliminen'}.`
          : '',
        beyond > 0
          ? `${records(beyond)} allà que des d’aquí ja no es ${beyond === 1 ? 'pot' : 'poden'} abastar: es ${beyond === 1 ? 'queda' : 'queden'}.`
          : '',
      ].filter((sentence) => sentence !== ''),
    arrived: (count) => `${records(count)} a DriftWatch:`,
    withdraw: 'eliminar també allà, quan DriftWatch sigui a l’abast',
    keep: 'deixar allà',
  },
  yes: (count) => (count === 1 ? 'Eliminar-la' : `Eliminar-ne ${spaced(count)}`),
  no: 'Conservar',
  deleting: 'Eliminant…',
  done: (count, withdrawn) =>
    `${images(count)} ${count === 1 ? 'eliminada' : 'eliminades'}.${withdrawn > 0 ? ` S’${withdrawn === 1 ? 'està' : 'estan'} retirant ${records(withdrawn)} de DriftWatch.` : ''}`,
  undo: 'Desfer',
  undone: (count) =>
    count === 0
      ? 'No s’ha tornat a posar res: mentrestant s’ha comprovat de nou.'
      : `${images(count)} ${count === 1 ? 'tornada a posar com estava' : 'tornades a posar com estaven'}.`,

  lost: (count) =>
    `${count === 1 ? 'Falta de l’emmagatzematge l’embedding d’una de les imatges més recents' : `Falten de l’emmagatzematge els embeddings de ${spaced(count)} de les imatges més recents`}. Els resultats es conserven. Sense ells la finestra s’omple de nou: fins que sigui plena, les imatges noves no tenen veredicte.`,
  left: (count) =>
    `${rows(count)} no es ${count === 1 ? 'pot fer servir i queda fora' : 'poden fer servir i queden fora'}. Totes les altres es mostren.`,
  openSettings: 'Veure quines',

  broken: {
    title: 'Files que no es poden llegir',
    what: (count) =>
      `${rows(count)} no es ${count === 1 ? 'pot' : 'poden'} fer servir: una part no és el que hauria de ser. ${count === 1 ? 'Queda' : 'Queden'} fora de tots els llocs i de les exportacions; les altres són senceres.`,
    head: ['Què', 'Identificador', 'Què està malament'],
    stores: {
      cameras: 'càmera',
      references: 'referència',
      jobs: 'imatge',
      events: 'esdeveniment',
      calibrations: 'calibratge',
      deliveries: 'registre per a DriftWatch',
    },
    more: (count) => `i ${spaced(count)} més`,
    snapshots: (count) => `sense ella no es poden veure les seves ${images(count)}`,
    save: 'Descarregar-les com a JSON',
    delete: (count) => (count === 1 ? 'Eliminar aquesta fila…' : `Eliminar aquestes ${spaced(count)} files…`),
    question: (count, snapshots) =>
      `Eliminar ${count === 1 ? 'aquesta fila' : `aquestes ${spaced(count)} files`} per sempre?${snapshots > 0 ? ` També ${snapshots === 1 ? 's’elimina' : 's’eliminen'} ${images(snapshots)} de ${count === 1 ? 'aquesta càmera' : 'les càmeres que hi ha entre elles'}.` : ''} Convé descarregar-${count === 1 ? 'la' : 'les'} abans: no hi ha marxa enrere.`,
    yes: 'Eliminar per sempre',
    no: 'Conservar',
    deleting: 'Eliminant…',
    done: (count) => `${countedSpaced(count, 'fila eliminada', 'files eliminades')}.`,
    exported: (count) =>
      `${rows(count)} que no es ${count === 1 ? 'pot fer servir no hi és' : 'poden fer servir no hi són'}; es ${count === 1 ? 'veu' : 'veuen'} més avall.`,
  },
};
