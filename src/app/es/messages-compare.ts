import { SIGNIFICANT } from '../../domain/sets';
import { duration, limit, threeDigits, utc } from '../format';
import type { CompareMessages } from '../messages-compare';
import { countedSpaced, probability, spaced } from '../wording';

const NAMES = { a: 'Conjunto A', b: 'Conjunto B' };
const WITHIN = { a: 'el conjunto A', b: 'el conjunto B' };

export const compare: CompareMessages = {
  title: 'Comparar dos conjuntos',
  what: '¿Se parecen dos conjuntos de imágenes en su totalidad? Una distancia MMD entre ellos, y con qué frecuencia un reagrupamiento al azar de las mismas imágenes da una igual de grande: la MMD por lotes con test de permutación de los cuadernos del tutorial.',
  sets: NAMES,
  sources: {
    reference: (version, count) => `la referencia (versión ${String(version)}, ${images(count)})`,
    jobs: 'imágenes evaluadas de un periodo',
    files: 'archivos elegidos aquí',
  },
  from: (key) => `Desde, UTC (${NAMES[key]})`,
  to: (key) => `Hasta, UTC (${NAMES[key]})`,
  fromShort: 'Desde (UTC)',
  toShort: 'Hasta (UTC)',
  inTime: (count) =>
    count === 0
      ? 'Ninguna imagen evaluada en este periodo.'
      : `${countedSpaced(count, 'imagen evaluada', 'imágenes evaluadas')} en este periodo.`,
  chooseFiles: (key) => `Elegir archivos para ${WITHIN[key]}`,
  chooseFolder: (key) => `Elegir una carpeta para ${WITHIN[key]}`,
  files: (count) =>
    count === 0
      ? 'Aún no se ha elegido ninguna imagen.'
      : `${countedSpaced(count, 'imagen elegida', 'imágenes elegidas')}; se leen al comparar.`,
  filesRead: (count) => `${countedSpaced(count, 'imagen leída', 'imágenes leídas')}.`,
  leftOut: (key) => `Excluidas d${WITHIN[key]}`,
  ignored: (name) => `${name}: no es una imagen.`,
  tooSmall: (key, count) =>
    `${NAMES[key]}: ${count === 0 ? 'ninguna imagen' : images(count)}; una distancia necesita al menos dos, y veinte o más dicen mucho más.`,
  permutations: 'Permutaciones',
  number: spaced,
  sigma: (sigma) => `Sigma ${limit(sigma)}, como se fijó arriba.`,
  capped: (most) =>
    `De un conjunto de más de ${spaced(most)} se comparan ${spaced(most)} imágenes, repartidas por igual: los kernels de todas las parejas deben caber en la memoria.`,
  takes: (seconds) => `Tarda unos ${duration(seconds * 1000)}; se puede cancelar.`,
  compare: 'Comparar',
  cancel: 'Cancelar',
  computing: 'Reagrupando las imágenes…',
  busy: 'Porthole está trabajando en otra cosa; los archivos se pueden leer cuando termine.',
  stale: 'La selección ha cambiado desde entonces: comparar de nuevo.',
  resultTitle: 'Resultado',
  verdict: ({ numExtreme, numPermutations, isExhaustive, pValue }) => {
    const tries = isExhaustive
      ? `se probaron los ${spaced(numPermutations)} órdenes de las mismas imágenes, y ${spaced(numExtreme)} dieron una distancia así de grande`
      : `un reagrupamiento al azar de las mismas imágenes dio una distancia así de grande en ${spaced(numExtreme)} de ${spaced(numPermutations)} intentos`;
    const p = `(p\u00a0=\u00a0${probability(pValue)})`;
    return pValue <= SIGNIFICANT
      ? { word: 'Los dos conjuntos difieren:', sentence: `${tries} ${p}.` }
      : {
          word: 'No se encontró ninguna diferencia:',
          sentence: `${tries} ${p}. Eso no prueba que no la haya.`,
        };
  },
  meaning: (distance, warning) =>
    `Esto no dice que la lente esté sucia: el tiempo, la luz y la estación también hacen que los conjuntos difieran.${
      warning === null
        ? ''
        : ` El tamaño de la distancia dice más: es ${threeDigits(distance)}, y esta cámara avisa por encima de ${limit(warning)}.`
    }`,
  line: `Aquí se llama diferencia a un valor p de ${String(SIGNIFICANT)} o menos.`,
  overlap: (count, { used: a }, { used: b }) =>
    count === a && count === b
      ? 'Ambos conjuntos contienen las mismas imágenes, así que no hay nada que buscar.'
      : `${images(count)} del conjunto B ${count === 1 ? 'está' : 'están'} también en el A (el mismo nombre o el mismo embedding): eso hace que los conjuntos se parezcan más de lo que se parecen.`,
  tooFew: (smallest) =>
    `Con tan pocas imágenes, p no puede bajar de ${probability(smallest)}, por distintos que sean los conjuntos: tomar más.`,
  set: ({ source, version, span, count, used }) => {
    const origin = {
      reference: `referencia, versión ${String(version)}`,
      jobs: 'imágenes evaluadas',
      files: 'archivos',
    }[source];
    const taken = used < count ? `${spaced(used)} de ${images(count)}` : images(count);
    const time = span ? `, del ${utc(span[0]).replace(' UTC', '')} al ${utc(span[1])}` : '';
    return `${taken} (${origin}${time})`;
  },
  distance: 'Distancia (MMD al cuadrado)',
  pValue: 'Valor p',
  probability,
  facts: ({ sigma, numPermutations }, randomState) =>
    `Sigma ${limit(sigma)}; ${spaced(numPermutations)} permutaciones, semilla ${String(randomState)}, así que los mismos conjuntos vuelven a dar los mismos números, también en Python. p = (b + 1) / (m + 1), el método «conservative» de Frouros, que nunca es 0 (Phipson y Smyth 2010).`,
  picture: ({ histogram: { from, to }, distance, numPermutations }) =>
    `Histograma de ${spaced(numPermutations)} distancias de reagrupamientos al azar, de ${threeDigits(from)} a ${threeDigits(to)}, con una línea en la distancia de los dos conjuntos, ${threeDigits(distance)}.`,
  axis: 'distancia de reagrupamientos al azar',
  observed: (distance) => `los dos conjuntos: ${threeDigits(distance)}`,
  table: 'El histograma como tabla',
  columns: { distance: 'Distancia', count: 'Reagrupamientos' },
  bin: (from, to) => `${threeDigits(from)} a ${threeDigits(to)}`,
  cautionTitle: 'No sirve para alarmas.',
  caution:
    'Un test de permutación toma las imágenes como intercambiables. Las consecutivas se parecen (autocorrelación de retardo 1 de 0.6 aproximadamente en OBSEA), así que para la secuencia de una cámara p es demasiado pequeño: un umbral del 1\u00a0% obtenido así dio alarma en el 87\u00a0% de las ventanas limpias. Usarlo para comparar conjuntos, nunca para fijar un límite de alarma: eso requiere días limpios en su orden.',
  ks: {
    title: 'Un número cada vez',
    what: (windowSize) =>
      `El otro detector secuencial del tutorial, IncrementalKSTest: ¿se distribuye un número de las ${String(windowSize)} imágenes más recientes como en la referencia? El estadístico es la mayor separación entre las dos distribuciones, de 0 a 1. Aquí no da veredicto.`,
    property: 'Número',
    statistic: 'Estadístico KS',
    logP: 'Valor p, como potencia de diez',
    noProperties:
      'Esta referencia se importó o se fijó sin los números de sus imágenes. Para usar esto, crear una nueva versión a partir de imágenes.',
    noSnapshots: 'Aún no se ha comprobado ninguna imagen con ese número.',
    filling: (windowSize) =>
      `La primera respuesta llega cuando se han comprobado ${String(windowSize)} imágenes.`,
    newest: (property, { statistic, pValue }) =>
      `Ventana más reciente: ${property}, con un estadístico KS de ${threeDigits(statistic)} (p\u00a0=\u00a0${probability(pValue)}).`,
    point: (name, value, statistic, pValue) =>
      `${name}: ${threeDigits(value)}, estadístico ${threeDigits(statistic)}, p = ${probability(pValue)}`,
    heading: (camera, property, windowSize) =>
      `${camera}: test KS de ${property}, ventana ${String(windowSize)}`,
    summary: (count, y, x) =>
      `Gráfico de dispersión de ${y} frente a ${x}, ${countedSpaced(count, 'ventana')}. La tabla de debajo tiene las más recientes como números.`,
    foot: 'El color y la forma son los veredictos que obtuvieron los embeddings: comparar dónde el número los sigue y dónde no.',
    table: (count) =>
      count === 1
        ? 'La ventana más reciente (1) como tabla'
        : `Las ${spaced(count)} ventanas más recientes como tabla`,
    caution:
      'El agua oscura, una cámara girada y la hora del día mueven un solo número tanto como la suciedad. Y estos valores p toman las imágenes como intercambiables: las consecutivas se parecen, así que p es demasiado pequeño.',
  },
  method: {
    title: '¿Qué método?',
    lead: 'El tutorial elige un detector con cuatro preguntas. Responderlas para el caso propio; vienen dadas las respuestas para una cámara que se ensucia.',
    legends: {
      drift: '1. ¿Qué deriva?',
      arrival: '2. ¿Cómo llegan las imágenes?',
      variables: '3. ¿Cuántos números por imagen?',
      values: '4. ¿Qué tipo de valores?',
    },
    options: {
      data: {
        word: 'Deriva de datos',
        meaning: 'Cambian las imágenes. Bastan imágenes.',
      },
      concept: {
        word: 'Deriva de concepto',
        meaning: 'Cambia lo que significa una imagen. Requiere etiquetas de imágenes nuevas.',
      },
      streaming: { word: 'Secuencial', meaning: 'Una tras otra; cada una mueve una ventana.' },
      batch: { word: 'Por lotes', meaning: 'Dos conjuntos terminados, comparados una vez.' },
      multivariate: { word: 'Multivariante', meaning: 'Un embedding entero.' },
      univariate: { word: 'Univariante', meaning: 'Un número, como el brillo.' },
      numerical: { word: 'Numéricos', meaning: 'Medidos, como un embedding.' },
      categorical: { word: 'Categóricos', meaning: 'Nombres, como especies de peces.' },
    },
    answer: 'Método adecuado',
    answers: {
      concept: {
        name: 'Ninguno aquí: requiere etiquetas',
        explanation:
          'La deriva de concepto se ve en los errores de un modelo, así que alguien debe etiquetar imágenes nuevas (Frouros: DDM, ADWIN y otros). Una lente sucia cambia las propias imágenes, que es deriva de datos.',
      },
      categorical: {
        name: 'Ninguno aquí',
        explanation:
          'Los recuentos de nombres se comparan con otros tests (Frouros: ChiSquareTest, por lotes). Los píxeles y los embeddings son números.',
      },
      'mmd-streaming': {
        name: 'MMDStreaming',
        explanation:
          'El mmd-streaming de Porthole: la distancia de una ventana de las imágenes más recientes a la referencia. Da el veredicto del Monitor.',
      },
      mmd: {
        name: 'MMD con PermutationTestDistanceBased',
        explanation:
          'Compara dos conjuntos, más arriba en esta página: una distancia, y un valor p para ella.',
      },
      'ks-streaming': {
        name: 'IncrementalKSTest',
        explanation:
          'El ks-streaming de Porthole: el test de Kolmogorov-Smirnov de un número en una ventana. Se muestra más abajo y no da veredicto: solo ve lo que ese número muestra, y sus valores p también toman las imágenes como intercambiables.',
      },
      'ks-batch': {
        name: 'KSTest',
        explanation:
          'Frouros lo tiene, con una docena más para un número; Porthole compara dos conjuntos por sus embeddings, que contienen más.',
      },
    },
    table: {
      title: 'Qué tiene Porthole de Frouros',
      columns: ['Detector', 'Imágenes', 'Mira', 'Da'],
      rows: [
        ['MMDStreaming', 'secuencial', 'embeddings', 'el veredicto'],
        ['IncrementalKSTest', 'secuencial', 'un número', 'estadístico y valor p'],
        ['MMD, test de permutación', 'por lotes', 'embeddings', 'distancia y valor p'],
      ],
    },
  },
};

function images(count: number): string {
  return countedSpaced(count, 'imagen', 'imágenes');
}
