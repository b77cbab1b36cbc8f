import { counted, duration, limit, threeDigits, utc, written } from '../format';
import type { ReportMessages } from '../messages-report';
import type { Facts } from '../report/facts';
import { capital, countedSpaced, spaced } from '../wording';
import { messages } from './messages';
import { calibrate } from './messages-calibrate';

const MONTH = new Intl.DateTimeFormat('es', { month: 'short', year: 'numeric', timeZone: 'UTC' });

const spans: ReportMessages['form']['spans'] = {
  all: 'todas las imágenes',
  month: 'los 30 días hasta la imagen más reciente',
  cleaning: 'las imágenes desde la última limpieza',
};

export const report: ReportMessages = {
  lang: 'es',
  month: (at) => written(MONTH, at),
  form: {
    label: 'Informe',
    span: 'Informe sobre',
    spans,
    make: 'Guardar el informe',
    making: 'Preparando el informe…',
    made: (name, size) => `Se ha guardado ${name}, ${size}. Se abre sin Porthole y sin red.`,
    hint: 'Un solo archivo con el veredicto, el gráfico, las peores imágenes y el origen de cada número. Contiene imágenes en miniatura.',
  },
  title: (camera) => `Informe sobre ${camera}`,
  lead: ({ source, counts }, version) =>
    `Elaborado el ${utc(source.now)} por Porthole ${version}. ${jobsCounted(counts)} Todas las horas son UTC.`,
  span: ({ span: { from, to, kind } }) =>
    from === null || to === null
      ? `Sobre ${spans[kind]}.`
      : `Sobre ${spans[kind]}: del ${utc(from)} al ${utc(Math.max(from, to))}.`,
  verdict: {
    title: 'Veredicto actual',
    none: 'No se ha comprobado ninguna imagen con los ajustes actuales de esta cámara.',
    since: (at, word) => `Así desde el ${utc(at)} (${word}).`,
    newest: (at) => `La imagen más reciente se tomó el ${utc(at)}.`,
    old: (age) =>
      `Eso fue ${duration(age)} antes de elaborar este informe: ahora la lente puede tener otro aspecto.`,
  },
  chart: {
    title: 'Distancia según la hora de captura',
    drawn: (points, gaps, events) =>
      `${counted(points, 'punto dibujado', 'puntos dibujados')}, ${counted(gaps, 'interrupción', 'interrupciones')}, ${counted(events, 'limpieza o movimiento', 'limpiezas y movimientos')}.`,
    present: 'Ajustes actuales',
    earlier: 'Ajustes anteriores',
    settings: ({ detector }, model, reference) =>
      `Modelo ${model}, referencia ${String(reference)}, sigma ${threeDigits(detector.sigma)}, ventana ${String(detector.windowSize)}.`,
    none: 'En este periodo no se evaluó ninguna ventana completa con estos ajustes, así que no hay distancias que dibujar.',
    legend:
      'Las líneas discontinuas son los límites en vigor en cada momento. Sombreados: aviso y deriva, con una franja inferior baja para el aviso y alta para la deriva; la franja más baja es una ventana que se llena. Las bandas grises son pausas de la cámara.',
    thinned: (drawn, all) =>
      `Se dibujan ${spaced(drawn)} de ${countedSpaced(all, 'distancia')}; no falta ningún pico.`,
    asTable: 'Lo mismo como tabla',
    leftOut: (count) =>
      `${counted(count, 'historial anterior', 'historiales anteriores')} con otros ajustes sin incluir; la exportación CSV tiene todos los números.`,
    own: 'Las distancias con otros modelos o ajustes significan otra cosa, así que cada historial tiene su propio gráfico.',
  },
  summary: {
    title: 'Resumen en números',
    units: { day: 'Día', month: 'Mes', year: 'Año' },
    caption: (settings) => `${settings} Las columnas 1 a 9 cuentan los indicadores QARTOD.`,
    snapshots: 'Imágenes',
    worst: 'Mayor distancia',
    verdict: 'Peor veredicto',
    flag: (flag) => messages.job.flags[flag].slice(1),
    leftOut: (count) => `${counted(count, 'fila anterior', 'filas anteriores')} sin incluir.`,
    flags:
      'Indicadores QARTOD (IOOS): 1 correcto, normal; 2 no evaluado, la ventana se llena o el embedding no se pudo evaluar; 3 sospechoso, aviso; 4 erróneo, deriva; 9 ausente, el archivo no se pudo leer. La exportación CSV tiene uno por imagen.',
  },
  calibration: {
    title: 'Calibración',
    none: (warning, drift) =>
      `Los límites en vigor, ${warning} y ${drift}, no están calibrados para esta cámara.`,
    inForce: (calibration, reference) =>
      `En vigor: ${calibrate.versions.name(calibration.version, calibration.createdAt)}. ${capital(calibrate.versions.facts(calibration, reference))}`,
    imported:
      'Llegó con un archivo de configuración; este dispositivo no ha visto los días con los que se midió.',
    evidence: {
      windows: 'Ventanas limpias',
      effectiveWindows: 'equivalentes en ventanas independientes',
      highestDistance: 'Mayor distancia limpia',
      independentDrift: 'Límite de deriva si las imágenes fueran independientes',
      dirtySnapshots: 'Imágenes sucias conocidas probadas',
      dirtyDelay: 'Deriva activada en la imagen sucia número',
    },
    never: 'no se activó',
  },
  coverage: {
    title: 'Qué cubre la referencia',
    lead: (version, count) =>
      `Referencia ${String(version)}: ${counted(count, 'embedding limpio', 'embeddings limpios')}.`,
    unknown: 'No se sabe cuándo se tomaron sus imágenes.',
    none: 'Esta cámara no tiene referencia.',
    facts: ({ snapshots, days }) =>
      `${images(snapshots)} de ${counted(days, 'día')}, por hora del día en UTC:`,
    leftOut: (count) => `${counted(count, 'fila anterior', 'filas anteriores')} sin incluir.`,
  },
  worst: {
    title: 'Distancias más altas',
    what: 'Una distancia es de toda una ventana; se muestra la imagen más reciente de cada una.',
    drift: 'Dónde empezó la deriva',
    driftEvents: (all, shown) =>
      all === 0
        ? 'No se activó ninguna deriva en este periodo.'
        : `${counted(all, 'episodio')} de deriva${shown < all ? `, se muestran los ${String(shown)} más recientes` : ''}, con la primera imagen de cada uno.`,
    none: 'No hay ninguna distancia en este periodo.',
    picture: (name) => `Imagen ${name}`,
    noPicture: 'imagen no guardada',
    leftOut: 'imagen omitida para que el archivo sea pequeño',
    distance: ({ distance, thresholds }) =>
      distance === null
        ? 'sin distancia'
        : `distancia ${threeDigits(distance)}, límites ${limit(thresholds.warning)} y ${limit(thresholds.drift)}`,
    guessed: 'hora deducida de la fecha del archivo',
    opinion: 'Segunda opinión:',
  },
  cleanings: {
    title: 'Limpiezas y su efecto',
    none: 'No se anotó ninguna limpieza en este periodo.',
    when: 'Limpieza (UTC)',
    note: 'Nota',
    report: 'Efecto',
    notes: 'Movimientos y notas',
    kind: 'Tipo',
    leftOut: (count) => `${counted(count, 'anterior', 'anteriores')} sin incluir.`,
  },
  failed: {
    title: 'Archivos que no se pudieron comprobar',
    none: 'Se pudieron leer todos los archivos de este periodo.',
    name: 'Archivo',
    why: 'Motivo',
    when: 'Captura (UTC)',
    leftOut: (count) => `${counted(count, 'anterior', 'anteriores')} sin incluir.`,
  },
  method: {
    title: 'Método',
    sentences: (detector, windowSize, sigma) => [
      'Cada imagen se reescala y se normaliza como hace torchvision con los bytes de Pillow, y un autoencoder ONNX la convierte en un embedding.',
      `Una ventana deslizante de los ${String(windowSize)} embeddings más recientes se compara con la referencia limpia mediante ${detector === 'mmd-streaming' ? 'Frouros MMDStreaming, el estimador no sesgado del cuadrado de la Maximum Mean Discrepancy (Gretton et al. 2012)' : detector}, con el kernel RBF exp(−d² / 2σ²), σ = ${threeDigits(sigma)}.`,
      'Una distancia estrictamente mayor que el límite de deriva es deriva; mayor que el de aviso, aviso, según pida la persistencia. Una limpieza anotada vacía la ventana y deja la referencia como está.',
    ],
    negative: messages.chart.negative,
  },
  provenance: {
    title: 'Procedencia',
    model: 'Modelo',
    modelFile: 'SHA-256 del archivo ONNX del modelo',
    reference: 'SHA-256 de la referencia',
    config: 'SHA-256 de config.toml, como lo exporta Porthole',
    version: 'Porthole',
    detector: 'Detector',
    detectorOf: (name, windowSize, sigma) => `${name}, ventana ${String(windowSize)}, sigma ${String(sigma)}`,
    thresholds: 'Límites',
    thresholdsOf: (warning, drift) => `aviso ${String(warning)}, deriva ${String(drift)}`,
    persistence: 'Persistencia',
    persistenceOf: (raise, clear, below) =>
      `se activa tras ${String(raise)}, se desactiva tras ${String(clear)} por debajo de ${String(below)} del límite`,
    transform: 'Transformación',
    transformOf: ({ resize, mean, std }) =>
      `reescalado ${String(resize.height)} × ${String(resize.width)}, media ${mean.join(', ')}, desviación típica ${std.join(', ')}`,
    warmUp: 'Ventana antes de la primera imagen',
    warmUps: {
      reference: 'llena con la referencia',
      snapshots: 'llena con imágenes limpias fuera de la referencia',
      none: 'vacía',
    },
    backend: 'Codificador en esta visita',
    backendOf: ({ encoder }) =>
      encoder?.backend ? messages.settings.backend[encoder.backend] : 'sin arrancar en esta visita',
    selfTest: 'Autoprueba',
    selfTestOf: ({ encoder }) =>
      !encoder?.backend
        ? 'sin ejecutar en esta visita'
        : encoder.selfTest
          ? messages.settings.selfTestPassed(encoder.selfTest.difference, encoder.selfTest.tolerance)
          : messages.settings.selfTestNone,
    browser: 'Navegador',
    counts: 'Recuento',
    countsOf: ({ counts }) => jobsCounted(counts),
    none: 'ninguna',
    recompute:
      'El hash de la referencia es el de sus embeddings como float32 little-endian, fila tras fila, y después cada nombre en UTF-8 seguido de un salto de línea. Con el .npz que exporta Porthole:',
  },
};

function images(count: number): string {
  return counted(count, 'imagen', 'imágenes');
}

function jobsCounted({ jobs, scored, failed }: Facts['counts']): string {
  return `${counted(jobs, 'análisis', 'análisis')} en este periodo: ${counted(scored, 'evaluado')}, ${counted(failed, 'archivo que no se pudo comprobar', 'archivos que no se pudieron comprobar')}.`;
}
