import { counted, duration, limit, threeDigits, utc, written } from '../format';
import type { ReportMessages } from '../messages-report';
import type { Facts } from '../report/facts';
import { capital, countedSpaced, spaced } from '../wording';
import { messages } from './messages';
import { calibrate } from './messages-calibrate';

const MONTH = new Intl.DateTimeFormat('ca', { month: 'short', year: 'numeric', timeZone: 'UTC' });

const spans: ReportMessages['form']['spans'] = {
  all: 'totes les imatges',
  month: 'els 30 dies fins a la imatge més recent',
  cleaning: 'les imatges des de l’última neteja',
};

export const report: ReportMessages = {
  lang: 'ca',
  month: (at) => written(MONTH, at).replace(' del ', ' '),
  form: {
    label: 'Informe',
    span: 'Informe sobre',
    spans,
    make: 'Desar l’informe',
    making: 'Preparant l’informe…',
    made: (name, size) => `S’ha desat ${name}, ${size}. S’obre sense Porthole i sense xarxa.`,
    hint: 'Un sol fitxer amb el veredicte, el gràfic, les pitjors imatges i l’origen de cada nombre. Conté imatges en miniatura.',
  },
  title: (camera) => `Informe sobre ${camera}`,
  lead: ({ source, counts }, version) =>
    `Elaborat el ${utc(source.now)} per Porthole ${version}. ${jobsCounted(counts)} Totes les hores són UTC.`,
  span: ({ span: { from, to, kind } }) =>
    from === null || to === null
      ? `Sobre ${spans[kind]}.`
      : `Sobre ${spans[kind]}: del ${utc(from)} al ${utc(Math.max(from, to))}.`,
  verdict: {
    title: 'Veredicte actual',
    none: 'No s’ha comprovat cap imatge amb els paràmetres actuals d’aquesta càmera.',
    since: (at, word) => `Així des del ${utc(at)} (${word}).`,
    newest: (at) => `La imatge més recent es va fer el ${utc(at)}.`,
    old: (age) =>
      `Això va ser ${duration(age)} abans d’elaborar aquest informe: ara la lent pot tenir un altre aspecte.`,
  },
  chart: {
    title: 'Distància segons l’hora de captura',
    drawn: (points, gaps, events) =>
      `${counted(points, 'punt dibuixat', 'punts dibuixats')}, ${counted(gaps, 'interrupció', 'interrupcions')}, ${counted(events, 'neteja o moviment', 'neteges i moviments')}.`,
    present: 'Paràmetres actuals',
    earlier: 'Paràmetres anteriors',
    settings: ({ detector }, model, reference) =>
      `Model ${model}, referència ${String(reference)}, sigma ${threeDigits(detector.sigma)}, finestra ${String(detector.windowSize)}.`,
    none: 'En aquest període no es va avaluar cap finestra completa amb aquests paràmetres, i no hi ha distàncies per dibuixar.',
    legend:
      'Les línies discontínues són els límits en vigor en cada moment. Ombrejats: avís i deriva, amb una franja inferior baixa per a l’avís i alta per a la deriva; la franja més baixa és una finestra que s’omple. Les bandes grises són pauses de la càmera.',
    thinned: (drawn, all) =>
      `Es dibuixen ${spaced(drawn)} de ${countedSpaced(all, 'distància', 'distàncies')}; no hi falta cap pic.`,
    asTable: 'El mateix com a taula',
    leftOut: (count) =>
      `${counted(count, 'historial anterior', 'historials anteriors')} amb altres paràmetres sense incloure; l’exportació CSV té tots els nombres.`,
    own: 'Les distàncies amb altres models o paràmetres volen dir una altra cosa, i per això cada historial té el seu gràfic.',
  },
  summary: {
    title: 'Resum en nombres',
    units: { day: 'Dia', month: 'Mes', year: 'Any' },
    caption: (settings) => `${settings} Les columnes 1 a 9 compten els indicadors QARTOD.`,
    snapshots: 'Imatges',
    worst: 'Distància més alta',
    verdict: 'Pitjor veredicte',
    flag: (flag) => messages.job.flags[flag].slice(1),
    leftOut: (count) => `${counted(count, 'fila anterior', 'files anteriors')} sense incloure.`,
    flags:
      'Indicadors QARTOD (IOOS): 1 correcte, normal; 2 no avaluat, la finestra s’omple o l’embedding no s’ha pogut avaluar; 3 sospitós, avís; 4 erroni, deriva; 9 absent, el fitxer no s’ha pogut llegir. L’exportació CSV en té un per imatge.',
  },
  calibration: {
    title: 'Calibratge',
    none: (warning, drift) =>
      `Els límits en vigor, ${warning} i ${drift}, no estan calibrats per a aquesta càmera.`,
    inForce: (calibration, reference) =>
      `En vigor: ${calibrate.versions.name(calibration.version, calibration.createdAt)}. ${capital(calibrate.versions.facts(calibration, reference))}`,
    imported:
      'Va arribar amb un fitxer de configuració; aquest dispositiu no ha vist els dies amb què es va mesurar.',
    evidence: {
      windows: 'Finestres netes',
      effectiveWindows: 'equivalents en finestres independents',
      highestDistance: 'Distància neta més alta',
      independentDrift: 'Límit de deriva si les imatges fossin independents',
      dirtySnapshots: 'Imatges brutes conegudes provades',
      dirtyDelay: 'Deriva activada a la imatge bruta número',
    },
    never: 'no es va activar',
  },
  coverage: {
    title: 'Què cobreix la referència',
    lead: (version, count) =>
      `Referència ${String(version)}: ${counted(count, 'embedding net', 'embeddings nets')}.`,
    unknown: 'No se sap quan es van fer les seves imatges.',
    none: 'Aquesta càmera no té referència.',
    facts: ({ snapshots, days }) =>
      `${images(snapshots)} de ${counted(days, 'dia', 'dies')}, per hora del dia en UTC:`,
    leftOut: (count) => `${counted(count, 'fila anterior', 'files anteriors')} sense incloure.`,
  },
  worst: {
    title: 'Distàncies més altes',
    what: 'Una distància és de tota una finestra; es mostra la imatge més recent de cadascuna.',
    drift: 'On va començar la deriva',
    driftEvents: (all, shown) =>
      all === 0
        ? 'No es va activar cap deriva en aquest període.'
        : `${counted(all, 'episodi')} de deriva${shown < all ? `, es mostren els ${String(shown)} més recents` : ''}, amb la primera imatge de cadascun.`,
    none: 'No hi ha cap distància en aquest període.',
    picture: (name) => `Imatge ${name}`,
    noPicture: 'imatge no desada',
    leftOut: 'imatge omesa perquè el fitxer sigui petit',
    distance: ({ distance, thresholds }) =>
      distance === null
        ? 'sense distància'
        : `distància ${threeDigits(distance)}, límits ${limit(thresholds.warning)} i ${limit(thresholds.drift)}`,
    guessed: 'hora deduïda de la data del fitxer',
    opinion: 'Segona opinió:',
  },
  cleanings: {
    title: 'Neteges i el seu efecte',
    none: 'No es va anotar cap neteja en aquest període.',
    when: 'Neteja (UTC)',
    note: 'Nota',
    report: 'Efecte',
    notes: 'Moviments i notes',
    kind: 'Tipus',
    leftOut: (count) => `${counted(count, 'anterior', 'anteriors')} sense incloure.`,
  },
  failed: {
    title: 'Fitxers que no s’han pogut comprovar',
    none: 'S’han pogut llegir tots els fitxers d’aquest període.',
    name: 'Fitxer',
    why: 'Motiu',
    when: 'Captura (UTC)',
    leftOut: (count) => `${counted(count, 'anterior', 'anteriors')} sense incloure.`,
  },
  method: {
    title: 'Mètode',
    sentences: (detector, windowSize, sigma) => [
      'Cada imatge es reescala i es normalitza com fa torchvision amb els bytes de Pillow, i un autoencoder ONNX la converteix en un embedding.',
      `Una finestra lliscant dels ${String(windowSize)} embeddings més recents es compara amb la referència neta mitjançant ${detector === 'mmd-streaming' ? 'Frouros MMDStreaming, l’estimador no esbiaixat del quadrat de la Maximum Mean Discrepancy (Gretton et al. 2012)' : detector}, amb el kernel RBF exp(−d² / 2σ²), σ = ${threeDigits(sigma)}.`,
      'Una distància estrictament més gran que el límit de deriva és deriva; més gran que el d’avís, avís, segons demani la persistència. Una neteja anotada buida la finestra i deixa la referència com està.',
    ],
    negative: messages.chart.negative,
  },
  provenance: {
    title: 'Procedència',
    model: 'Model',
    modelFile: 'SHA-256 del fitxer ONNX del model',
    reference: 'SHA-256 de la referència',
    config: 'SHA-256 de config.toml, com l’exporta Porthole',
    version: 'Porthole',
    detector: 'Detector',
    detectorOf: (name, windowSize, sigma) =>
      `${name}, finestra ${String(windowSize)}, sigma ${String(sigma)}`,
    thresholds: 'Límits',
    thresholdsOf: (warning, drift) => `avís ${String(warning)}, deriva ${String(drift)}`,
    persistence: 'Persistència',
    persistenceOf: (raise, clear, below) =>
      `s’activa després de ${String(raise)}, es desactiva després de ${String(clear)} per sota de ${String(below)} del límit`,
    transform: 'Transformació',
    transformOf: ({ resize, mean, std }) =>
      `reescalat ${String(resize.height)} × ${String(resize.width)}, mitjana ${mean.join(', ')}, desviació típica ${std.join(', ')}`,
    warmUp: 'Finestra abans de la primera imatge',
    warmUps: {
      reference: 'plena amb la referència',
      snapshots: 'plena amb imatges netes fora de la referència',
      none: 'buida',
    },
    backend: 'Codificador en aquesta visita',
    backendOf: ({ encoder }) =>
      encoder?.backend ? messages.settings.backend[encoder.backend] : 'sense arrencar en aquesta visita',
    selfTest: 'Autoprova',
    selfTestOf: ({ encoder }) =>
      !encoder?.backend
        ? 'sense executar en aquesta visita'
        : encoder.selfTest
          ? messages.settings.selfTestPassed(encoder.selfTest.difference, encoder.selfTest.tolerance)
          : messages.settings.selfTestNone,
    browser: 'Navegador',
    counts: 'Recompte',
    countsOf: ({ counts }) => jobsCounted(counts),
    none: 'cap',
    recompute:
      'El hash de la referència és el dels seus embeddings com a float32 little-endian, fila rere fila, i després cada nom en UTF-8 seguit d’un salt de línia. Amb el .npz que exporta Porthole:',
  },
};

function images(count: number): string {
  return counted(count, 'imatge', 'imatges');
}

function jobsCounted({ jobs, scored, failed }: Facts['counts']): string {
  return `${counted(jobs, 'anàlisi', 'anàlisis')} en aquest període: ${counted(scored, 'avaluada', 'avaluades')}, ${counted(failed, 'fitxer que no s’ha pogut comprovar', 'fitxers que no s’han pogut comprovar')}.`;
}
