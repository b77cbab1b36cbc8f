import type { DeleteMessages } from '../messages-delete';
import { countedSpaced, spaced } from '../wording';

const images = (count: number) => countedSpaced(count, 'imagen', 'imágenes');
const records = (count: number) => countedSpaced(count, 'registro');
const rows = (count: number) => countedSpaced(count, 'fila guardada', 'filas guardadas');

export const deletion: DeleteMessages = {
  select: 'Elegir para eliminar…',
  selectAll: (count) => (count === 1 ? 'Elegir la única' : `Elegir las ${spaced(count)}`),
  selectNone: 'No elegir ninguna',
  selectOne: (imageName) => `Elegir ${imageName}`,
  stopSelecting: 'Dejar de elegir',
  deleteSelected: (count) => `Eliminar ${images(count)}…`,
  looking: 'Buscando qué le pertenece…',
  question: (count) => (count === 1 ? '¿Eliminar esta imagen?' : `¿Eliminar ${spaced(count)} imágenes?`),
  fate: (count, originals) =>
    `Se eliminan ${count === 1 ? 'su resultado, su embedding y su miniatura' : 'sus resultados, embeddings y miniaturas'}${originals > 0 ? `, y también ${originals === 1 ? 'la imagen completa' : `${spaced(originals)} imágenes completas`}` : ''}. ${count === 1 ? 'El archivo original, fuera de esta página, se queda' : 'Los archivos originales, fuera de esta página, se quedan'}.`,
  window: (count) =>
    `Las distancias de otras imágenes no cambian, tampoco las de aquellas cuya ventana ${count === 1 ? 'la' : 'las'} contenía. La próxima imagen se evalúa como si nunca ${count === 1 ? 'hubiera' : 'hubieran'} estado aquí.`,
  again: (count) =>
    count === 1
      ? 'El mismo archivo, si se da otra vez, se comprueba de nuevo.'
      : 'Los mismos archivos, si se dan otra vez, se comprueban de nuevo.',
  folder: (name) =>
    `También un archivo que siga en la carpeta vigilada ${name}, después de recargar la página.`,
  records: {
    told: ({ unsent, unsettled, beyond }) =>
      [
        unsent > 0 ? `${records(unsent)} sin enviar: no se ${unsent === 1 ? 'enviará' : 'enviarán'}.` : '',
        unsettled > 0
          ? `${records(unsettled)} que quizá ${unsettled === 1 ? 'haya' : 'hayan'} llegado: primero se ${unsettled === 1 ? 'busca' : 'buscan'} allí y después se ${unsettled === 1 ? 'elimina' : 'eliminan'}.`
          : '',
        beyond > 0
          ? `${records(beyond)} allí que desde aquí ya no se ${beyond === 1 ? 'puede' : 'pueden'} alcanzar: se ${beyond === 1 ? 'queda' : 'quedan'}.`
          : '',
      ].filter((sentence) => sentence !== ''),
    arrived: (count) => `${records(count)} en DriftWatch:`,
    withdraw: 'eliminar también allí, en cuanto DriftWatch esté al alcance',
    keep: 'dejar allí',
  },
  yes: (count) => (count === 1 ? 'Eliminarla' : `Eliminar ${spaced(count)}`),
  no: 'Conservar',
  deleting: 'Eliminando…',
  done: (count, withdrawn) =>
    `${images(count)} ${count === 1 ? 'eliminada' : 'eliminadas'}.${withdrawn > 0 ? ` Se ${withdrawn === 1 ? 'está' : 'están'} retirando ${records(withdrawn)} de DriftWatch.` : ''}`,
  undo: 'Deshacer',
  undone: (count) =>
    count === 0
      ? 'No se ha repuesto nada: entretanto se ha comprobado de nuevo.'
      : `${images(count)} ${count === 1 ? 'repuesta como estaba' : 'repuestas como estaban'}.`,

  lost: (count) =>
    `${count === 1 ? 'Falta del almacenamiento el embedding de una de las imágenes más recientes' : `Faltan del almacenamiento los embeddings de ${spaced(count)} de las imágenes más recientes`}. Los resultados se conservan. Sin ellos la ventana se llena de nuevo: hasta que esté llena, las imágenes nuevas no tienen veredicto.`,
  left: (count) =>
    `${rows(count)} no se ${count === 1 ? 'puede usar y queda fuera' : 'pueden usar y quedan fuera'}. Todas las demás se muestran.`,
  openSettings: 'Ver cuáles',

  broken: {
    title: 'Filas que no se pueden leer',
    what: (count) =>
      `${rows(count)} no se ${count === 1 ? 'puede' : 'pueden'} usar: una parte no es lo que debería ser. ${count === 1 ? 'Queda' : 'Quedan'} fuera de todos los lugares y de las exportaciones; las demás están completas.`,
    head: ['Qué', 'Identificador', 'Qué está mal'],
    stores: {
      cameras: 'cámara',
      references: 'referencia',
      jobs: 'imagen',
      events: 'suceso',
      calibrations: 'calibración',
      deliveries: 'registro para DriftWatch',
    },
    more: (count) => `y ${spaced(count)} más`,
    snapshots: (count) => `sin ella no se pueden ver sus ${images(count)}`,
    save: 'Descargarlas como JSON',
    delete: (count) => (count === 1 ? 'Eliminar esta fila…' : `Eliminar estas ${spaced(count)} filas…`),
    question: (count, snapshots) =>
      `¿Eliminar ${count === 1 ? 'esta fila' : `estas ${spaced(count)} filas`} para siempre?${snapshots > 0 ? ` También se ${snapshots === 1 ? 'elimina' : 'eliminan'} ${images(snapshots)} de ${count === 1 ? 'esta cámara' : 'las cámaras que hay entre ellas'}.` : ''} Conviene descargar${count === 1 ? 'la' : 'las'} antes: no hay vuelta atrás.`,
    yes: 'Eliminar para siempre',
    no: 'Conservar',
    deleting: 'Eliminando…',
    done: (count) => `${countedSpaced(count, 'fila eliminada', 'filas eliminadas')}.`,
    exported: (count) =>
      `${rows(count)} que no se ${count === 1 ? 'puede usar no está' : 'pueden usar no están'} en ella; se ${count === 1 ? 've' : 'ven'} más abajo.`,
  },
};
