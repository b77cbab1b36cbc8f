import { SIGNIFICANT } from '../../domain/sets';
import { duration, limit, threeDigits, utc } from '../format';
import type { CompareMessages } from '../messages-compare';
import { countedSpaced, probability, spaced } from '../wording';

const NAMES = { a: 'Conjunt A', b: 'Conjunt B' };
const WITHIN = { a: 'el conjunt A', b: 'el conjunt B' };

export const compare: CompareMessages = {
  title: 'Comparar dos conjunts',
  what: 'S’assemblen dos conjunts d’imatges en la seva totalitat? Una distància MMD entre ells, i amb quina freqüència un reagrupament a l’atzar de les mateixes imatges en dona una d’igual de gran: la MMD per lots amb test de permutació dels quaderns del tutorial.',
  sets: NAMES,
  sources: {
    reference: (version, count) => `la referència (versió ${String(version)}, ${images(count)})`,
    jobs: 'imatges avaluades d’un període',
    files: 'fitxers triats aquí',
  },
  from: (key) => `Des de, UTC (${NAMES[key]})`,
  to: (key) => `Fins a, UTC (${NAMES[key]})`,
  fromShort: 'Des de (UTC)',
  toShort: 'Fins a (UTC)',
  inTime: (count) =>
    count === 0
      ? 'Cap imatge avaluada en aquest període.'
      : `${countedSpaced(count, 'imatge avaluada', 'imatges avaluades')} en aquest període.`,
  chooseFiles: (key) => `Triar fitxers per a ${WITHIN[key]}`,
  chooseFolder: (key) => `Triar una carpeta per a ${WITHIN[key]}`,
  files: (count) =>
    count === 0
      ? 'Encara no s’ha triat cap imatge.'
      : `${countedSpaced(count, 'imatge triada', 'imatges triades')}; es llegeixen en comparar.`,
  filesRead: (count) => `${countedSpaced(count, 'imatge llegida', 'imatges llegides')}.`,
  leftOut: (key) => `Excloses d${WITHIN[key]}`,
  ignored: (name) => `${name}: no és una imatge.`,
  tooSmall: (key, count) =>
    `${NAMES[key]}: ${count === 0 ? 'cap imatge' : images(count)}; una distància en necessita almenys dues, i vint o més diuen molt més.`,
  permutations: 'Permutacions',
  number: spaced,
  sigma: (sigma) => `Sigma ${limit(sigma)}, com s’ha fixat a dalt.`,
  capped: (most) =>
    `D’un conjunt de més de ${spaced(most)} es comparen ${spaced(most)} imatges, repartides per igual: els kernels de totes les parelles han de cabre a la memòria.`,
  takes: (seconds) => `Triga uns ${duration(seconds * 1000)}; es pot cancel·lar.`,
  compare: 'Comparar',
  cancel: 'Cancel·lar',
  computing: 'Reagrupant les imatges…',
  busy: 'Porthole treballa en una altra cosa; els fitxers es poden llegir quan acabi.',
  stale: 'La selecció ha canviat des d’aleshores: cal tornar a comparar.',
  resultTitle: 'Resultat',
  verdict: ({ numExtreme, numPermutations, isExhaustive, pValue }) => {
    const tries = isExhaustive
      ? `s’han provat els ${spaced(numPermutations)} ordres de les mateixes imatges, i ${spaced(numExtreme)} han donat una distància així de gran`
      : `un reagrupament a l’atzar de les mateixes imatges ha donat una distància així de gran en ${spaced(numExtreme)} de ${spaced(numPermutations)} intents`;
    const p = `(p\u00a0=\u00a0${probability(pValue)})`;
    return pValue <= SIGNIFICANT
      ? { word: 'Els dos conjunts difereixen:', sentence: `${tries} ${p}.` }
      : {
          word: 'No s’ha trobat cap diferència:',
          sentence: `${tries} ${p}. Això no prova que no n’hi hagi.`,
        };
  },
  meaning: (distance, warning) =>
    `Això no diu que la lent estigui bruta: el temps, la llum i l’estació també fan que els conjunts difereixin.${
      warning === null
        ? ''
        : ` La mida de la distància diu més: és ${threeDigits(distance)}, i aquesta càmera avisa per sobre de ${limit(warning)}.`
    }`,
  line: `Aquí s’anomena diferència un valor p de ${String(SIGNIFICANT)} o menys.`,
  overlap: (count, { used: a }, { used: b }) =>
    count === a && count === b
      ? 'Tots dos conjunts contenen les mateixes imatges, i no hi ha res a buscar.'
      : `${images(count)} del conjunt B ${count === 1 ? 'és' : 'són'} també a l’A (el mateix nom o el mateix embedding): això fa que els conjunts s’assemblin més del que s’assemblen.`,
  tooFew: (smallest) =>
    `Amb tan poques imatges, p no pot baixar de ${probability(smallest)}, per diferents que siguin els conjunts: cal agafar-ne més.`,
  set: ({ source, version, span, count, used }) => {
    const origin = {
      reference: `referència, versió ${String(version)}`,
      jobs: 'imatges avaluades',
      files: 'fitxers',
    }[source];
    const taken = used < count ? `${spaced(used)} de ${images(count)}` : images(count);
    const time = span ? `, del ${utc(span[0]).replace(' UTC', '')} al ${utc(span[1])}` : '';
    return `${taken} (${origin}${time})`;
  },
  distance: 'Distància (MMD al quadrat)',
  pValue: 'Valor p',
  probability,
  facts: ({ sigma, numPermutations }, randomState) =>
    `Sigma ${limit(sigma)}; ${spaced(numPermutations)} permutacions, llavor ${String(randomState)}, de manera que els mateixos conjunts tornen a donar els mateixos nombres, també en Python. p = (b + 1) / (m + 1), el mètode «conservative» de Frouros, que mai no és 0 (Phipson i Smyth 2010).`,
  picture: ({ histogram: { from, to }, distance, numPermutations }) =>
    `Histograma de ${spaced(numPermutations)} distàncies de reagrupaments a l’atzar, de ${threeDigits(from)} a ${threeDigits(to)}, amb una línia a la distància dels dos conjunts, ${threeDigits(distance)}.`,
  axis: 'distància de reagrupaments a l’atzar',
  observed: (distance) => `els dos conjunts: ${threeDigits(distance)}`,
  table: 'L’histograma com a taula',
  columns: { distance: 'Distància', count: 'Reagrupaments' },
  bin: (from, to) => `${threeDigits(from)} a ${threeDigits(to)}`,
  cautionTitle: 'No serveix per a alarmes.',
  caution:
    'Un test de permutació pren les imatges com a intercanviables. Les consecutives s’assemblen (autocorrelació de retard 1 de 0.6 aproximadament a OBSEA), i per a la seqüència d’una càmera p és massa petit: un llindar de l’1\u00a0% obtingut així va donar alarma en el 87\u00a0% de les finestres netes. Cal fer-lo servir per comparar conjunts, mai per fixar un límit d’alarma: això demana dies nets en el seu ordre.',
  ks: {
    title: 'Un nombre cada vegada',
    what: (windowSize) =>
      `L’altre detector seqüencial del tutorial, IncrementalKSTest: es distribueix un nombre de les ${String(windowSize)} imatges més recents com a la referència? L’estadístic és la separació més gran entre les dues distribucions, de 0 a 1. Aquí no dona veredicte.`,
    property: 'Nombre',
    statistic: 'Estadístic KS',
    logP: 'Valor p, com a potència de deu',
    noProperties:
      'Aquesta referència es va importar o fixar sense els nombres de les seves imatges. Per fer-ho servir, cal crear una versió nova a partir d’imatges.',
    noSnapshots: 'Encara no s’ha comprovat cap imatge amb aquest nombre.',
    filling: (windowSize) => `La primera resposta arriba quan s’han comprovat ${String(windowSize)} imatges.`,
    newest: (property, { statistic, pValue }) =>
      `Finestra més recent: ${property}, amb un estadístic KS de ${threeDigits(statistic)} (p\u00a0=\u00a0${probability(pValue)}).`,
    point: (name, value, statistic, pValue) =>
      `${name}: ${threeDigits(value)}, estadístic ${threeDigits(statistic)}, p = ${probability(pValue)}`,
    heading: (camera, property, windowSize) =>
      `${camera}: test KS de ${property}, finestra ${String(windowSize)}`,
    summary: (count, y, x) =>
      `Gràfic de dispersió de ${y} en funció de ${x}, ${countedSpaced(count, 'finestra', 'finestres')}. La taula de sota té les més recents com a nombres.`,
    foot: 'El color i la forma són els veredictes que van obtenir els embeddings: es pot comparar on el nombre els segueix i on no.',
    table: (count) =>
      count === 1
        ? 'La finestra més recent (1) com a taula'
        : `Les ${spaced(count)} finestres més recents com a taula`,
    caution:
      'L’aigua fosca, una càmera girada i l’hora del dia mouen un sol nombre tant com la brutícia. I aquests valors p prenen les imatges com a intercanviables: les consecutives s’assemblen, i p és massa petit.',
  },
  method: {
    title: 'Quin mètode?',
    lead: 'El tutorial tria un detector amb quatre preguntes. Es poden respondre per al cas propi; hi ha donades les respostes per a una càmera que s’embruta.',
    legends: {
      drift: '1. Quina deriva?',
      arrival: '2. Com arriben les imatges?',
      variables: '3. Quants nombres per imatge?',
      values: '4. Quin tipus de valors?',
    },
    options: {
      data: { word: 'Deriva de dades', meaning: 'Canvien les imatges. N’hi ha prou amb imatges.' },
      concept: {
        word: 'Deriva de concepte',
        meaning: 'Canvia el que significa una imatge. Demana etiquetes d’imatges noves.',
      },
      streaming: { word: 'Seqüencial', meaning: 'Una darrere l’altra; cadascuna mou una finestra.' },
      batch: { word: 'Per lots', meaning: 'Dos conjunts acabats, comparats una vegada.' },
      multivariate: { word: 'Multivariant', meaning: 'Un embedding sencer.' },
      univariate: { word: 'Univariant', meaning: 'Un nombre, com la brillantor.' },
      numerical: { word: 'Numèrics', meaning: 'Mesurats, com un embedding.' },
      categorical: { word: 'Categòrics', meaning: 'Noms, com ara espècies de peixos.' },
    },
    answer: 'Mètode adequat',
    answers: {
      concept: {
        name: 'Cap aquí: demana etiquetes',
        explanation:
          'La deriva de concepte es veu en els errors d’un model, i per això algú ha d’etiquetar imatges noves (Frouros: DDM, ADWIN i altres). Una lent bruta canvia les mateixes imatges, que és deriva de dades.',
      },
      categorical: {
        name: 'Cap aquí',
        explanation:
          'Els recomptes de noms es comparen amb altres tests (Frouros: ChiSquareTest, per lots). Els píxels i els embeddings són nombres.',
      },
      'mmd-streaming': {
        name: 'MMDStreaming',
        explanation:
          'El mmd-streaming de Porthole: la distància d’una finestra de les imatges més recents a la referència. Dona el veredicte del Monitor.',
      },
      mmd: {
        name: 'MMD amb PermutationTestDistanceBased',
        explanation:
          'Compara dos conjunts, més amunt en aquesta pàgina: una distància, i un valor p per a ella.',
      },
      'ks-streaming': {
        name: 'IncrementalKSTest',
        explanation:
          'El ks-streaming de Porthole: el test de Kolmogorov-Smirnov d’un nombre en una finestra. Es mostra més avall i no dona veredicte: només veu el que aquest nombre mostra, i els seus valors p també prenen les imatges com a intercanviables.',
      },
      'ks-batch': {
        name: 'KSTest',
        explanation:
          'Frouros el té, amb una dotzena més per a un nombre; Porthole compara dos conjunts pels seus embeddings, que contenen més.',
      },
    },
    table: {
      title: 'Què té Porthole de Frouros',
      columns: ['Detector', 'Imatges', 'Mira', 'Dona'],
      rows: [
        ['MMDStreaming', 'seqüencial', 'embeddings', 'el veredicte'],
        ['IncrementalKSTest', 'seqüencial', 'un nombre', 'estadístic i valor p'],
        ['MMD, test de permutació', 'per lots', 'embeddings', 'distància i valor p'],
      ],
    },
  },
};

function images(count: number): string {
  return countedSpaced(count, 'imatge', 'imatges');
}
