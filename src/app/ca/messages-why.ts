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
  opening: 'S’està examinant…',
  failed: (error) =>
    error instanceof AppError
      ? explain(error.code, error.detail)
      : explain('unexpected', error instanceof Error ? error.message : ''),
  distance: (job) => distanceSentence(job),
  persistence: (job) => persistenceSentence(job),
  limits: (job, calibrations) => limitsSentence(job, calibrations),
  window: {
    title: 'Què pesa més a la finestra',
    lead: (count, clean) =>
      `La distància és la suma d’aquestes ${String(count)} contribucions, la més gran primer. La familiaritat és com s’assembla una imatge a les netes, que entre elles tenen ${percent(clean)}.`,
    filling: 'Les contribucions arriben amb la primera distància, quan la finestra és plena.',
    lost: 'La finestra que va donar aquesta distància ja no es pot reconstruir: des d’aleshores s’ha anotat o s’ha tret una neteja, o se n’ha eliminat una imatge.',
    changed: (distance) =>
      `Sumen ${threeDigits(distance)}, no la distància desada: des d’aleshores ha arribat una imatge tardana, una neteja o un canvi de finestra. La distància desada es manté.`,
    noReference: 'La referència amb què es va comparar aquesta imatge no és en aquest dispositiu.',
    share: (share) => `${share > 0 ? '+' : ''}${threeDigits(share)}`,
    familiarity: (value) => `familiaritat ${percent(value)}`,
    open: (name, share, familiarity) =>
      `Obrir ${name}: contribució ${threeDigits(share)}, familiaritat ${percent(familiarity)}`,
    own: 'aquesta imatge',
    warmUp: {
      'kept-out': 'imatge neta fora de la referència',
      reference: 'imatge neta de la referència',
    },
    more: (count) => `Mostrar-ne ${String(count)} més`,
  },
  picture: {
    label: 'La imatge',
    clean: 'neta',
    own: 'aquesta imatge',
    swipe: 'Quina part de la imatge neta es mostra, en percentatge',
    swipeHint: 'Per comparar, arrossegar sobre la imatge o fer servir les tecles de fletxa.',
    cleanAlt: (name) => `Imatge neta més propera${name ? `, ${name}` : ''}`,
    nearest: (name, at, distance, sigma) =>
      `Imatge neta més propera: ${name || 'sense nom'}${at === null ? '' : `, ${utc(at)}`}; per al model, aquesta n’és a ${threeDigits(distance / sigma)} vegades sigma.`,
    noPictures:
      'La referència no té imatges amb què comparar: es va importar com a embeddings, o la va fixar una versió anterior.',
  },
  map: {
    show: 'Mostrar on difereix',
    hide: 'Amagar el mapa',
    computing: 'El model l’està dibuixant…',
    strength: 'Intensitat del mapa',
    alt: 'Mapa de calor d’on difereix de la imatge el dibuix del model',
    blocked: {
      'model-missing':
        'El model que va avaluar aquesta imatge no és en aquest dispositiu. Cal deixar anar el seu fitxer .onnx a la pàgina per veure on difereix.',
      'no-decoder': 'Aquest model no té descodificador, i no pot dibuixar el que esperava veure.',
      busy: 'Porthole treballa en un lot. Això arriba quan acabi.',
    },
    what: 'El model, que va aprendre d’imatges netes, dibuixa la imatge a partir del seu embedding. El que és clar és on el dibuix difereix; les vores fines sempre les difumina.',
    error: (error, usual) =>
      `Error de reconstrucció ${scientific(error)}${usual === null ? '' : `, ${threeDigits(error / usual)} vegades el de la imatge neta més propera (${scientific(usual)})`}.`,
    scale: 'diferència mitjana d’un píxel, de 0 a 1',
  },
  opinion: {
    title: 'Segona opinió',
    lead: 'Bruta no vol dir fosca, moguda ni amb boira: aquí es mira la mateixa imatge, i el veredicte no es toca.',
    nothing: 'La imatge no té res més d’inusual.',
    nothingKnown: 'En el que s’ha pogut examinar no s’ha trobat res d’inusual.',
    noUsual:
      'No se sap què és l’habitual: aquesta referència va arribar sense les dades de les seves imatges. Una versió nova les tindrà.',
    placed: {
      'in-place': 'L’escena és on era a les imatges netes.',
      moved: null,
      unsure: 'No es pot saber si la càmera s’ha mogut: les imatges comparteixen massa poques vores.',
      'logged-move':
        'Es va anotar un moviment després de la referència, i per això no s’examina si la càmera s’ha mogut.',
      'no-pictures': 'Sense les imatges de la referència no es pot saber si la càmera s’ha mogut.',
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
        : `La referència només abasta ${days === 1 ? 'un dia' : `${String(days)} dies`}, i per això un altre temps, una altra aigua o una altra estació també semblen inusuals.`;
    },
  },
};

function distanceSentence({ distance, thresholds, windowFill, detector, blindness }: CompletedJob): string {
  if (blindness) return explain('detector-blind', blindness);
  const { warning, drift } = thresholds;
  if (distance === null) {
    return `La finestra conté ${String(windowFill)} de ${String(detector.windowSize)} imatges, i encara no hi ha distància.`;
  }
  const start = `La distància ${threeDigits(distance)}`;
  if (distance > drift) {
    return drift > 0
      ? `${start} és ${threeDigits(distance / drift)} vegades el límit de deriva de ${limit(drift)}.`
      : `${start} està per sobre del límit de deriva de ${limit(drift)}.`;
  }
  if (distance > warning) {
    const share = `i el ${percent(distance / drift)} del límit de deriva de ${limit(drift)}`;
    return warning > 0
      ? `${start} és ${threeDigits(distance / warning)} vegades el límit d’avís de ${limit(warning)}, ${share}.`
      : `${start} està per sobre del límit d’avís de ${limit(warning)}, ${share}.`;
  }
  return warning > 0 && distance > 0
    ? `${start} és el ${percent(distance / warning)} del límit d’avís de ${limit(warning)}.`
    : `${start} està per sota del límit d’avís de ${limit(warning)}.`;
}

function persistenceSentence(job: CompletedJob): string | null {
  const facts = persistenceOf(job);
  if (!facts) return null;
  const { words } = messages.verdict;
  const start = `Aquesta distància tota sola donaria «${words[facts.alone]}», però`;
  if (facts.kind === 'pending') {
    return `${start} una alarma només s’activa després de ${String(facts.raiseAfter)} finestres seguides per sobre del seu límit, i van ser menys.`;
  }
  const { clearAfter, lowerLine } = facts;
  const windows =
    clearAfter === 1 ? 'amb una finestra' : `després de ${String(clearAfter)} finestres seguides`;
  return `${start} l’alarma de «${words[facts.status]}» es va activar abans i es manté: es desactiva ${windows} que no ${clearAfter === 1 ? 'superi' : 'superin'} ${limit(lowerLine)}.`;
}

function limitsSentence(job: CompletedJob, calibrations: readonly Calibration[]): string {
  const origin = limitsOf(job, calibrations);
  switch (origin.kind) {
    case 'unknown':
      return 'Es va avaluar abans que Porthole anotés si els límits estaven calibrats.';
    case 'published':
      return 'Els límits són els publicats, sense calibrar per a aquesta càmera.';
    case 'own':
      return 'Els límits els va triar una persona, sense calibrar per a aquesta càmera.';
    case 'other':
      return 'Els límits es van calibrar per a altres paràmetres o una altra referència, no per a aquests.';
    case 'imported':
      return `Origen dels límits: ${messages.verdict.imported(origin.evidence)}.`;
    case 'calibrated': {
      const { windows, days } = origin.evidence;
      return `Els límits es van calibrar amb ${String(windows)} finestres netes de ${days === 1 ? 'un dia' : `${String(days)} dies`} d’aquesta càmera (paràmetres ${String(origin.version)}).`;
    }
    case 'replayed':
      return `Els límits es van triar reavaluant l’historial d’aquesta càmera (paràmetres ${String(origin.version)}).`;
  }
}

function findingSentence(finding: Finding): string {
  switch (finding.kind) {
    case 'frozen':
      return `La càmera sembla congelada: ${String(finding.count)} imatges seguides mostren exactament el mateix, des del ${utc(finding.since)}.`;
    case 'other-camera':
      return finding.because === 'name'
        ? `Sembla venir d’una altra càmera: el seu nom diu ${finding.got}, els de la referència diuen ${finding.usual}.`
        : `Sembla venir d’una altra càmera: ${String(finding.got.width)} × ${String(finding.got.height)} píxels tenen altres proporcions que ${String(finding.usual.width)} × ${String(finding.usual.height)}.`;
    case 'moved':
      return `La càmera sembla que s’ha mogut: l’escena és ${ways(finding.right, finding.down)} d’on era a les imatges netes.`;
    default:
      return `${COMPARED[finding.kind]}: ${threeDigits(finding.value)}, habitualment ${threeDigits(finding.usual)}.`;
  }
}

const COMPARED: Record<Extract<Finding, { property: unknown }>['kind'], string> = {
  darker: 'Més fosca que la referència',
  brighter: 'Més clara que la referència',
  blurrier: 'Més borrosa que la referència',
  greener: 'Més verda que la referència',
  bluer: 'Més blava que la referència',
  redder: 'Més vermella que la referència',
  'lower-contrast': 'Menys contrast que la referència',
  hazier: 'Amb més boirina que la referència',
  'worse-rebuilt': 'El model la dibuixa pitjor que la referència',
};

function ways(right: number, down: number): string {
  const parts = [
    [right, 'a la dreta', 'a l’esquerra'],
    [down, 'més avall', 'més amunt'],
  ] as const;
  return parts
    .filter(([share]) => Math.abs(share) >= 0.005)
    .map(([share, positive, negative]) => `un ${percent(Math.abs(share))} ${share > 0 ? positive : negative}`)
    .join(' i ');
}

const HINTS: Record<Hint, string> = {
  camera: 'Només això ja pot fer pujar la distància: cal revisar-ho abans de netejar.',
  murk: 'Així actua l’aigua tèrbola, i també una lent bruta: la terbolesa se’n va amb la marea, una pel·lícula es queda.',
  light: 'La llum pot ser part del motiu: cal comparar amb una imatge d’una altra hora.',
  unexplained: 'Ni la llum, ni la terbolesa, ni un moviment expliquen la distància: cal revisar la lent.',
};
