import type { Calibration } from '../../domain/calibration';
import { AppError } from '../../domain/errors';
import type { CompletedJob } from '../../domain/job';
import type { Finding } from '../../domain/second-opinion';
import { limit, threeDigits, utc } from '../format';
import { explain } from '../messages';
import type { WhyMessages } from '../messages-why';
import { fewDaysOf, hintOf, limitsOf, persistenceOf, type Hint } from '../why-facts';
import { percent, scientific } from '../wording';
import { messages } from './messages';

export const why: WhyMessages = {
  opening: 'Examinándola…',
  failed: (error) =>
    error instanceof AppError
      ? explain(error.code, error.detail)
      : explain('unexpected', error instanceof Error ? error.message : ''),
  distance: (job) => distanceSentence(job),
  persistence: (job) => persistenceSentence(job),
  limits: (job, calibrations) => limitsSentence(job, calibrations),
  window: {
    title: 'Qué pesa más en la ventana',
    lead: (count, clean) =>
      `La distancia es la suma de estas ${String(count)} contribuciones, la mayor primero. La familiaridad es cuánto se parece una imagen a las limpias, que entre sí tienen ${percent(clean)}.`,
    filling: 'Las contribuciones llegan con la primera distancia, cuando la ventana está llena.',
    lost: 'La ventana que dio esta distancia ya no se puede reconstruir: desde entonces se anotó o se quitó una limpieza, o se eliminó una imagen de ella.',
    changed: (distance) =>
      `Suman ${threeDigits(distance)}, no la distancia guardada: desde entonces llegó una imagen tardía, una limpieza o un cambio de ventana. La distancia guardada se mantiene.`,
    noReference: 'La referencia con la que se comparó esta imagen no está en este dispositivo.',
    share: (share) => `${share > 0 ? '+' : ''}${threeDigits(share)}`,
    familiarity: (value) => `familiaridad ${percent(value)}`,
    open: (name, share, familiarity) =>
      `Abrir ${name}: contribución ${threeDigits(share)}, familiaridad ${percent(familiarity)}`,
    own: 'esta imagen',
    warmUp: {
      'kept-out': 'imagen limpia fuera de la referencia',
      reference: 'imagen limpia de la referencia',
    },
    more: (count) => `Mostrar ${String(count)} más`,
  },
  picture: {
    label: 'La imagen',
    clean: 'limpia',
    own: 'esta imagen',
    swipe: 'Qué parte de la imagen limpia se muestra, en porcentaje',
    swipeHint: 'Para comparar, arrastrar sobre la imagen o usar las teclas de flecha.',
    cleanAlt: (name) => `Imagen limpia más cercana${name ? `, ${name}` : ''}`,
    nearest: (name, at, distance, sigma) =>
      `Imagen limpia más cercana: ${name || 'sin nombre'}${at === null ? '' : `, ${utc(at)}`}; para el modelo, esta está a ${threeDigits(distance / sigma)} veces sigma de ella.`,
    noPictures:
      'La referencia no tiene imágenes con las que comparar: se importó como embeddings, o la fijó una versión anterior.',
  },
  map: {
    show: 'Mostrar dónde difiere',
    hide: 'Ocultar el mapa',
    computing: 'El modelo la está dibujando…',
    strength: 'Intensidad del mapa',
    alt: 'Mapa de calor de dónde difiere de la imagen el dibujo del modelo',
    blocked: {
      'model-missing':
        'El modelo que evaluó esta imagen no está en este dispositivo. Soltar su archivo .onnx en la página para ver dónde difiere.',
      'no-decoder': 'Este modelo no tiene decodificador, así que no puede dibujar lo que esperaba ver.',
      busy: 'Porthole está trabajando en un lote. Esto llega cuando termine.',
    },
    what: 'El modelo, que aprendió de imágenes limpias, dibuja la imagen a partir de su embedding. Lo claro es donde el dibujo difiere; los bordes finos siempre los difumina.',
    error: (error, usual) =>
      `Error de reconstrucción ${scientific(error)}${usual === null ? '' : `, ${threeDigits(error / usual)} veces el de la imagen limpia más cercana (${scientific(usual)})`}.`,
    scale: 'diferencia media de un píxel, de 0 a 1',
  },
  opinion: {
    title: 'Segunda opinión',
    lead: 'Sucia no es oscura, movida ni con niebla: aquí se mira la propia imagen, y el veredicto no se toca.',
    nothing: 'La imagen no tiene nada más de inusual.',
    nothingKnown: 'En lo que se pudo examinar no se encontró nada inusual.',
    noUsual:
      'No se sabe qué es lo habitual: esta referencia llegó sin los datos de sus imágenes. Una nueva versión los tendrá.',
    placed: {
      'in-place': 'La escena está donde estaba en las imágenes limpias.',
      moved: null,
      unsure: 'No se puede saber si la cámara se movió: las imágenes comparten muy pocos bordes.',
      'logged-move':
        'Se anotó un movimiento después de la referencia, así que no se examina si la cámara se movió.',
      'no-pictures': 'Sin las imágenes de la referencia no se puede saber si la cámara se movió.',
    },
    finding: (finding) => findingSentence(finding),
    hint: (job, opinion) => {
      const hint = hintOf(job, opinion);
      return hint && HINTS[hint];
    },
    hedge: (opinion) => {
      const days = fewDaysOf(opinion);
      return days === null
        ? null
        : `La referencia solo abarca ${days === 1 ? 'un día' : `${String(days)} días`}, así que otro tiempo, otra agua u otra estación también parecen inusuales.`;
    },
  },
};

function distanceSentence({ distance, thresholds, windowFill, detector, blindness }: CompletedJob): string {
  if (blindness) return explain('detector-blind', blindness);
  const { warning, drift } = thresholds;
  if (distance === null) {
    return `La ventana contiene ${String(windowFill)} de ${String(detector.windowSize)} imágenes, así que aún no hay distancia.`;
  }
  const start = `La distancia ${threeDigits(distance)}`;
  if (distance > drift) {
    return drift > 0
      ? `${start} es ${threeDigits(distance / drift)} veces el límite de deriva de ${limit(drift)}.`
      : `${start} está por encima del límite de deriva de ${limit(drift)}.`;
  }
  if (distance > warning) {
    const share = `y el ${percent(distance / drift)} del límite de deriva de ${limit(drift)}`;
    return warning > 0
      ? `${start} es ${threeDigits(distance / warning)} veces el límite de aviso de ${limit(warning)}, ${share}.`
      : `${start} está por encima del límite de aviso de ${limit(warning)}, ${share}.`;
  }
  return warning > 0 && distance > 0
    ? `${start} es el ${percent(distance / warning)} del límite de aviso de ${limit(warning)}.`
    : `${start} está por debajo del límite de aviso de ${limit(warning)}.`;
}

function persistenceSentence(job: CompletedJob): string | null {
  const facts = persistenceOf(job);
  if (!facts) return null;
  const { words } = messages.verdict;
  const start = `Esta distancia por sí sola daría «${words[facts.alone]}», pero`;
  if (facts.kind === 'pending') {
    return `${start} una alarma solo se activa tras ${String(facts.raiseAfter)} ventanas seguidas por encima de su límite, y fueron menos.`;
  }
  const { clearAfter, lowerLine } = facts;
  const windows = clearAfter === 1 ? 'con una ventana' : `tras ${String(clearAfter)} ventanas seguidas`;
  return `${start} la alarma de «${words[facts.status]}» se activó antes y se mantiene: se desactiva ${windows} que no ${clearAfter === 1 ? 'supere' : 'superen'} ${limit(lowerLine)}.`;
}

function limitsSentence(job: CompletedJob, calibrations: readonly Calibration[]): string {
  const origin = limitsOf(job, calibrations);
  switch (origin.kind) {
    case 'unknown':
      return 'Se evaluó antes de que Porthole anotara si los límites estaban calibrados.';
    case 'published':
      return 'Los límites son los publicados, sin calibrar para esta cámara.';
    case 'own':
      return 'Los límites los eligió una persona, sin calibrar para esta cámara.';
    case 'other':
      return 'Los límites se calibraron para otros ajustes u otra referencia, no para estos.';
    case 'imported':
      return `Origen de los límites: ${messages.verdict.imported(origin.evidence)}.`;
    case 'calibrated': {
      const { windows, days } = origin.evidence;
      return `Los límites se calibraron con ${String(windows)} ventanas limpias de ${days === 1 ? 'un día' : `${String(days)} días`} de esta cámara (ajustes ${String(origin.version)}).`;
    }
    case 'replayed':
      return `Los límites se eligieron reevaluando el historial de esta cámara (ajustes ${String(origin.version)}).`;
  }
}

function findingSentence(finding: Finding): string {
  switch (finding.kind) {
    case 'frozen':
      return `La cámara parece congelada: ${String(finding.count)} imágenes seguidas muestran exactamente lo mismo, desde el ${utc(finding.since)}.`;
    case 'other-camera':
      return finding.because === 'name'
        ? `Parece venir de otra cámara: su nombre dice ${finding.got}, los de la referencia dicen ${finding.usual}.`
        : `Parece venir de otra cámara: ${String(finding.got.width)} × ${String(finding.got.height)} píxeles tienen otras proporciones que ${String(finding.usual.width)} × ${String(finding.usual.height)}.`;
    case 'moved':
      return `La cámara parece haberse movido: la escena está ${ways(finding.right, finding.down)} de donde estaba en las imágenes limpias.`;
    default:
      return `${COMPARED[finding.kind]}: ${threeDigits(finding.value)}, habitualmente ${threeDigits(finding.usual)}.`;
  }
}

const COMPARED: Record<Extract<Finding, { property: unknown }>['kind'], string> = {
  darker: 'Más oscura que la referencia',
  brighter: 'Más clara que la referencia',
  blurrier: 'Más borrosa que la referencia',
  greener: 'Más verde que la referencia',
  bluer: 'Más azul que la referencia',
  redder: 'Más roja que la referencia',
  'lower-contrast': 'Menos contraste que la referencia',
  hazier: 'Con más bruma que la referencia',
  'worse-rebuilt': 'El modelo la dibuja peor que la referencia',
};

function ways(right: number, down: number): string {
  const parts = [
    [right, 'a la derecha', 'a la izquierda'],
    [down, 'más abajo', 'más arriba'],
  ] as const;
  return parts
    .filter(([share]) => Math.abs(share) >= 0.005)
    .map(([share, positive, negative]) => `un ${percent(Math.abs(share))} ${share > 0 ? positive : negative}`)
    .join(' y ');
}

const HINTS: Record<Hint, string> = {
  camera: 'Eso solo ya puede subir la distancia: revisarlo antes de limpiar.',
  murk: 'Así actúa el agua turbia, y también una lente sucia: la turbidez se va con la marea, una película se queda.',
  light: 'La luz puede ser parte del motivo: comparar con una imagen de otra hora.',
  unexplained: 'Ni la luz, ni la turbidez, ni un movimiento explican la distancia: revisar la lente.',
};
