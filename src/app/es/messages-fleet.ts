import type { Axis } from '../../domain/record-fields';
import { limit, utc } from '../format';
import { explain } from '../messages';
import type { FleetMessages } from '../messages-fleet';
import { countedSpaced, spaced, utcDates } from '../wording';
import { messages } from './messages';

const LEVELS = { Read: 'Permite leer', Edit: 'Permite editar', Manage: 'Permite gestionar' };

export const fleet: FleetMessages = {
  list: {
    title: 'Experimentos',
    search: 'Buscar por nombre',
    count: (shown, all) =>
      shown === all
        ? `${countedSpaced(all, 'experimento')}.`
        : `${spaced(shown)} de ${countedSpaced(all, 'experimento')}.`,
    listing: 'Leyendo los experimentos…',
    none: 'Aún no hay experimentos.',
    noneFound: 'Ningún experimento tiene ese nombre.',
    columns: { name: 'Nombre', access: 'Acceso', created: 'Creación (UTC)' },
    unnamed: '(sin nombre)',
    privateHint:
      'Cualquiera puede leer los nombres de los experimentos privados; sus análisis, solo quienes autorice el propietario.',
  },
  access: {
    public: 'público',
    mine: 'propio',
    permitted: 'autorizado',
    private: 'privado',
    level: (level) => (level ? LEVELS[level] : ''),
  },
  head: {
    back: 'Todos los experimentos',
    refresh: 'Actualizar',
    readAt: (at) => `Leído el ${utc(at)}.`,
    latest: (isFiltered) => (isFiltered ? 'El último de estos' : 'El último'),
    since: 'desde',
    sinceAtLeast: 'al menos desde',
    lastSeen: 'veredicto más reciente',
    noVerdict: 'Ningún análisis de este experimento dice aún nada de una lente.',
  },
  count: {
    reading: 'Leyendo los análisis…',
    some: (shown, total) =>
      total === null
        ? `${countedSpaced(shown, 'análisis', 'análisis')} hasta ahora`
        : `${spaced(shown)} de ${countedSpaced(total, 'análisis', 'análisis')}`,
    all: (count) => `${countedSpaced(count, 'análisis', 'análisis')}, primero los más recientes.`,
    none: 'Aún no hay análisis en este experimento.',
    noneFound: 'Ningún análisis cumple estos filtros.',
    more: (shown, total) => (total === null ? 'Cargar más' : `Cargar los otros ${spaced(total - shown)}`),
    tryAgain: 'Reintentar',
  },
  filters: {
    title: 'Filtros',
    tag: 'Etiqueta',
    anyTag: 'cualquier etiqueta',
    status: 'Estado del análisis',
    any: 'cualquiera',
    statuses: { Running: 'en curso', Completed: 'completado', Failed: 'fallido' },
    drift: 'Deriva',
    drifts: { yes: 'con deriva', no: 'sin deriva' },
    from: 'Captura desde (UTC)',
    until: 'Captura hasta (UTC)',
    clear: 'Quitar los filtros',
  },
  status: { ...messages.verdict.words, running: 'en curso' },
  sources: {
    captured_at_ms: 'según quien lo escribió (captured_at_ms)',
    captured_at: 'según quien lo escribió (captured_at)',
    created_at: 'sin hora de captura: esta es la de envío',
  },
  table: {
    label: (experiment) => `Análisis de ${experiment}`,
    captured: 'Captura (UTC)',
    sent: 'envío',
    timeless: 'sin hora',
    image: 'Imagen',
    status: 'Estado',
    model: 'Modelo',
    tags: 'Etiquetas',
    select: (what) => `Seleccionar el análisis de ${what}`,
    selectAll: 'Seleccionar todos los análisis',
    selected: (count) => countedSpaced(count, 'seleccionado'),
    selectNone: 'Quitar la selección',
    showMore: (count) => `Mostrar ${spaced(count)} más`,
    exportCsv: (count) => `Exportar CSV (${spaced(count)})`,
    exportJson: (count) => `Exportar JSON Lines (${spaced(count)})`,
    exportPart: 'No se han cargado todos los análisis, así que los archivos contienen solo los cargados.',
  },
  plot: {
    title: 'Gráfico',
    x: 'Eje X',
    y: 'Eje Y',
    axis: axisName,
    span: (axis, from, to) => `${axisName(axis)}, ${utcDates(from, to)}`,
    savePng: 'Guardar como PNG',
    heading: (experiment, y, x) => `${experiment}: ${y} frente a ${x}`,
    count: spaced,
    scope: (count, isSelection) =>
      isSelection
        ? `${countedSpaced(count, 'análisis seleccionado', 'análisis seleccionados')}.`
        : `${countedSpaced(count, 'análisis', 'análisis')}.`,
    leftOut: (count) =>
      count === 0
        ? ''
        : `${countedSpaced(count, 'análisis no tiene', 'análisis no tienen')} número en estos ejes.`,
    summary: (count, y, x) =>
      `Gráfico de dispersión de ${y} frente a ${x}, ${countedSpaced(count, 'punto')}. La tabla de debajo tiene todos los números.`,
    warning: (value) => `aviso ${limit(value)}`,
    drift: (value) => `deriva ${limit(value)}`,
    none: 'Nada que dibujar: ningún análisis tiene aquí un número en ambos ejes.',
    noAxis: 'Nada que dibujar: los análisis no llevan ningún parámetro numérico.',
    failed: 'No se pudo cargar el gráfico. Todos los números están en la tabla.',
    limits: { warning: 'límite de aviso', drift: 'límite de deriva' },
  },
  record: {
    title: 'Análisis',
    parameters: 'Parámetros',
    noParameters: 'Este análisis no tiene parámetros.',
    captured: 'Captura',
    created: 'Envío',
    createdUnreadable: (text) => `${text || 'sin hora'} (no se puede leer como hora)`,
    id: 'Id',
    jobStatus: 'Estado del análisis',
    model: 'Modelo',
    driftDetected: 'Deriva detectada',
    yes: 'sí',
    no: 'no',
    tags: 'Etiquetas',
    none: '–',
    sameJob: 'La imagen, de este dispositivo.',
    sameName: 'Una imagen con el mismo nombre en este dispositivo; puede ser otra.',
    noPicture: 'Este dispositivo no tiene la imagen. Las imágenes nunca se descargan de otro sitio.',
    pictureOf: (name) => `Imagen ${name}`,
    newer: 'Más reciente',
    older: 'Más antiguo',
    json: 'Como JSON',
  },
  problem: (error) =>
    error.code === 'not-permitted'
      ? 'Solo quienes autorice su propietario pueden leer los análisis de este experimento. Pedir al propietario que dé el nivel Read al id de DriftWatch propio, o conectarse con otra cuenta.'
      : explain(error.code, error.detail),
};

function axisName(axis: Axis): string {
  return axis.of === 'captured'
    ? 'hora de captura (UTC)'
    : axis.of === 'created'
      ? 'hora de envío (UTC)'
      : axis.path;
}
