import type { DrillAnswer, LensVerdict } from '../../domain/drill';
import type { Judging } from '../../domain/judge';
import { counted, limit, threeDigits } from '../format';
import type { DrillMessages } from '../messages-drill';
import { capital, lasting, percentOrUnder } from '../wording';
import { messages } from './messages';
import { fouling } from './messages-fouling';

export const drill: DrillMessages = {
  title: 'Simulacro de biofouling',
  what: '¿Qué suciedad se notaría, y cuándo? Elegir de 12 a 48 imágenes de una lente limpia: el modelo ve cada una a través de treinta lentes sucias, y se evalúa con los ajustes de esta página. No se guarda nada.',
  caveat:
    'La suciedad está dibujada, un ejemplo de cada tipo: la que crece en cada sitio puede verse distinta, y llega despacio.',
  choose: 'Elegir imágenes para el simulacro',
  chooseFolder: 'Elegir una carpeta para el simulacro',
  tooFew: (count, fewest) =>
    `${counted(count, 'imagen es', 'imágenes son')} muy pocas. Elegir al menos ${String(fewest)} que muestren una lente limpia.`,
  noneReadable: 'Ninguno de estos archivos se pudo leer como imagen.',
  used: (used, chosen, leftOut) =>
    chosen - leftOut > used
      ? `${String(used)} de las ${String(chosen)} imágenes elegidas, repartidas por igual en su tiempo, a través de 30 lentes.`
      : `${counted(used, 'imagen limpia', 'imágenes limpias')} a través de 30 lentes.`,
  inReference: (count) =>
    count === 1
      ? 'Entre ellas hay 1 imagen de la referencia, así que las distancias son algo bajas.'
      : `Entre ellas hay ${String(count)} imágenes de la referencia, así que las distancias son algo bajas.`,
  pace: (step, isOwn) =>
    isOwn
      ? `Esta cámara toma una imagen cada ${lasting(step)} aproximadamente.`
      : `Los tiempos siguen el ritmo de las imágenes elegidas, una cada ${lasting(step)} aproximadamente.`,
  draft: 'Evaluado con los ajustes que se están probando, aún no los de la cámara.',
  leftOut: 'Excluidas del simulacro',
  clean: ({ driftStatus, highest }) =>
    driftStatus === 'normal'
      ? `Imágenes limpias: normal, la mayor distancia es ${threeDigits(highest)}.`
      : `Imágenes limpias: ${messages.verdict.words[driftStatus]}, la mayor distancia es ${threeDigits(highest)}. Es una falsa alarma, así que las respuestas de debajo dicen poco. Elegir imágenes de una lente limpia, o límites más altos.`,
  answersTitle: 'Qué se notaría',
  answer: (answer, judging, step) =>
    answer.noticed ? noticed(answer, answer.noticed, step) : missed(answer, judging),
  kinds: fouling,
  measures: {
    film: 'opacidad',
    silt: 'opacidad',
    growth: 'imagen tapada',
    droplets: 'imagen tras las gotas',
    defocus: 'desenfoque, del ancho',
    cover: 'imagen tapada',
  },
  measure: ({ value }) => percent(value),
  table: {
    title: 'Todas las lentes probadas',
    caption: 'Veredicto, imágenes hasta que llegó y distancia; una celda abre la imagen',
    kind: 'Suciedad',
    severity: (severity) => `gravedad ${String(severity)}`,
    delay: ({ warningDelay, driftDelay }) => {
      const delay = driftDelay ?? warningDelay;
      return delay === null ? 'no se nota' : `tras ${images(delay)}`;
    },
    distance: (distance) => threeDigits(distance),
    open: (kind, severity) => `Mostrar ${fouling[kind]}, gravedad ${String(severity)}`,
  },
  dialog: {
    title: (kind, severity) => `${capital(fouling[kind])}, gravedad ${String(severity)} de 5`,
    clean: 'Limpia',
    fouled: 'A través de esta lente',
    weaker: 'Más leve',
    stronger: 'Más grave',
    another: 'Otra imagen',
    facts: {
      measure: 'Suciedad',
      warning: 'Aviso',
      drift: 'Deriva',
      distance: 'Distancia, todas sucias',
    },
    delay: (delay, step) => (delay === null ? 'nunca' : `tras ${imagesLasting(delay, step)}`),
  },
  pictures: {
    clean: (name) => `${name} tal como es`,
    fouled: (name, kind, measure) =>
      `${name} a través de suciedad simulada: ${fouling[kind]}, ${percent(measure.value)}`,
    none: 'sin imagen',
  },
};

function noticed({ lenses, drifted, hasBlindSpot }: DrillAnswer, lens: LensVerdict, step: number | null) {
  const weakest = lens === lenses[0] ? ', el grado más leve probado,' : '';
  const blind = hasBlindSpot ? ' Pero una lente más sucia pasó inadvertida: ver la tabla.' : '';
  return `Se notaría ${dirt(lens)}${weakest} tras ${imagesLasting(lens.warningDelay ?? 0, step)}, ${gravity(lens, drifted)}.${blind}`;
}

function gravity({ warningDelay, driftDelay }: LensVerdict, drifted: LensVerdict | null): string {
  if (driftDelay !== null) {
    return driftDelay === warningDelay
      ? 'directamente como deriva'
      : `y sería deriva tras ${String(driftDelay)}`;
  }
  if (!drifted) return 'solo como aviso: ningún grado probado llega a deriva';
  return `como aviso; con ${percent(drifted.measure.value)} llega a deriva tras ${images(drifted.driftDelay ?? 0)}`;
}

function missed({ kind, lenses }: DrillAnswer, { thresholds, persistence }: Judging): string {
  const strongest = lenses.at(-1)!;
  const { highest } = strongest;
  const start = `No se notaría: ${fouling[kind]}. Con la mayor gravedad probada (${tried(strongest)}) la distancia`;
  const warning = limit(thresholds.warning);
  return highest > thresholds.warning
    ? `${start} llega a ${threeDigits(highest)}, por encima del límite de aviso de ${warning}, pero no en ${String(persistence.raiseAfter)} ventanas seguidas.`
    : `${start} se queda en ${threeDigits(highest)}, por debajo del límite de aviso de ${warning}.`;
}

function dirt({ kind, measure }: LensVerdict): string {
  const share = percent(measure.value);
  switch (kind) {
    case 'film':
      return `una película con ${share} de opacidad`;
    case 'silt':
      return `sedimento con ${share} de opacidad`;
    case 'growth':
      return `biofouling sobre el ${share} de la imagen`;
    case 'droplets':
      return `la presencia de gotas sobre el ${share} de la imagen`;
    case 'defocus':
      return `un desenfoque del ${share} del ancho`;
    case 'cover':
      return `una obstrucción del ${share} de la imagen`;
  }
}

function tried({ measure: { kind, value } }: LensVerdict): string {
  if (kind === 'blurred') return `desenfoque del ${percent(value)} del ancho`;
  return kind === 'veiled' ? `${percent(value)} de opacidad` : `${percent(value)} de la imagen`;
}

function images(count: number): string {
  return counted(count, 'imagen', 'imágenes');
}

function imagesLasting(count: number, step: number | null): string {
  return images(count) + (step === null || step <= 0 ? '' : ` (unos ${lasting(count * step)})`);
}

function percent(share: number): string {
  return percentOrUnder(share, 'menos del');
}
