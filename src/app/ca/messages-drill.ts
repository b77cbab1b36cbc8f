import type { DrillAnswer, LensVerdict } from '../../domain/drill';
import type { Judging } from '../../domain/judge';
import { counted, limit, threeDigits } from '../format';
import type { DrillMessages } from '../messages-drill';
import { capital, lasting, percentOrUnder } from '../wording';
import { messages } from './messages';
import { fouling } from './messages-fouling';

export const drill: DrillMessages = {
  title: 'Simulacre de bioincrustació',
  what: 'Quina brutícia es notaria, i quan? Triar de 12 a 48 imatges d’una lent neta: el model veu cadascuna a través de trenta lents brutes, i s’avalua amb els paràmetres d’aquesta pàgina. No es desa res.',
  caveat:
    'La brutícia està dibuixada, un exemple de cada tipus: la que creix a cada lloc es pot veure diferent, i arriba a poc a poc.',
  choose: 'Triar imatges per al simulacre',
  chooseFolder: 'Triar una carpeta per al simulacre',
  tooFew: (count, fewest) =>
    `${counted(count, 'imatge és', 'imatges són')} massa poques. Cal triar-ne almenys ${String(fewest)} que mostrin una lent neta.`,
  noneReadable: 'Cap d’aquests fitxers no s’ha pogut llegir com a imatge.',
  used: (used, chosen, leftOut) =>
    chosen - leftOut > used
      ? `${String(used)} de les ${String(chosen)} imatges triades, repartides per igual en el seu temps, a través de 30 lents.`
      : `${counted(used, 'imatge neta', 'imatges netes')} a través de 30 lents.`,
  inReference: (count) =>
    count === 1
      ? 'Entre elles hi ha 1 imatge de la referència, i per això les distàncies són una mica baixes.'
      : `Entre elles hi ha ${String(count)} imatges de la referència, i per això les distàncies són una mica baixes.`,
  pace: (step, isOwn) =>
    isOwn
      ? `Aquesta càmera fa una imatge cada ${lasting(step)} aproximadament.`
      : `Els temps segueixen el ritme de les imatges triades, una cada ${lasting(step)} aproximadament.`,
  draft: 'Avaluat amb els paràmetres que s’estan provant, encara no els de la càmera.',
  leftOut: 'Excloses del simulacre',
  clean: ({ driftStatus, highest }) =>
    driftStatus === 'normal'
      ? `Imatges netes: normal, la distància més gran és ${threeDigits(highest)}.`
      : `Imatges netes: ${messages.verdict.words[driftStatus]}, la distància més gran és ${threeDigits(highest)}. És una falsa alarma, i per això les respostes de sota diuen poc. Cal triar imatges d’una lent neta, o límits més alts.`,
  answersTitle: 'Què es notaria',
  answer: (answer, judging, step) =>
    answer.noticed ? noticed(answer, answer.noticed, step) : missed(answer, judging),
  kinds: fouling,
  measures: {
    film: 'opacitat',
    silt: 'opacitat',
    growth: 'imatge tapada',
    droplets: 'imatge darrere les gotes',
    defocus: 'desenfocament, de l’amplada',
    cover: 'imatge tapada',
  },
  measure: ({ value }) => percent(value),
  table: {
    title: 'Totes les lents provades',
    caption: 'Veredicte, imatges fins que va arribar i distància; una cel·la obre la imatge',
    kind: 'Brutícia',
    severity: (severity) => `gravetat ${String(severity)}`,
    delay: ({ warningDelay, driftDelay }) => {
      const delay = driftDelay ?? warningDelay;
      return delay === null ? 'no es nota' : `després de ${images(delay)}`;
    },
    distance: (distance) => threeDigits(distance),
    open: (kind, severity) => `Mostrar ${fouling[kind]}, gravetat ${String(severity)}`,
  },
  dialog: {
    title: (kind, severity) => `${capital(fouling[kind])}, gravetat ${String(severity)} de 5`,
    clean: 'Neta',
    fouled: 'A través d’aquesta lent',
    weaker: 'Més lleu',
    stronger: 'Més greu',
    another: 'Una altra imatge',
    facts: {
      measure: 'Brutícia',
      warning: 'Avís',
      drift: 'Deriva',
      distance: 'Distància, totes brutes',
    },
    delay: (delay, step) => (delay === null ? 'mai' : `després de ${imagesLasting(delay, step)}`),
  },
  pictures: {
    clean: (name) => `${name} tal com és`,
    fouled: (name, kind, measure) =>
      `${name} a través de brutícia simulada: ${fouling[kind]}, ${percent(measure.value)}`,
    none: 'sense imatge',
  },
};

function noticed({ lenses, drifted, hasBlindSpot }: DrillAnswer, lens: LensVerdict, step: number | null) {
  const weakest = lens === lenses[0] ? ', el grau més lleu provat,' : '';
  const blind = hasBlindSpot ? ' Però una lent més bruta va passar desapercebuda: vegeu la taula.' : '';
  return `Es notaria ${dirt(lens)}${weakest} després de ${imagesLasting(lens.warningDelay ?? 0, step)}, ${gravity(lens, drifted)}.${blind}`;
}

function gravity({ warningDelay, driftDelay }: LensVerdict, drifted: LensVerdict | null): string {
  if (driftDelay !== null) {
    return driftDelay === warningDelay
      ? 'directament com a deriva'
      : `i seria deriva després de ${String(driftDelay)}`;
  }
  if (!drifted) return 'només com a avís: cap grau provat no arriba a deriva';
  return `com a avís; amb ${percent(drifted.measure.value)} arriba a deriva després de ${images(drifted.driftDelay ?? 0)}`;
}

function missed({ kind, lenses }: DrillAnswer, { thresholds, persistence }: Judging): string {
  const strongest = lenses.at(-1)!;
  const { highest } = strongest;
  const start = `No es notaria: ${fouling[kind]}. Amb la gravetat més alta provada (${tried(strongest)}) la distància`;
  const warning = limit(thresholds.warning);
  return highest > thresholds.warning
    ? `${start} arriba a ${threeDigits(highest)}, per sobre del límit d’avís de ${warning}, però no en ${String(persistence.raiseAfter)} finestres seguides.`
    : `${start} es queda en ${threeDigits(highest)}, per sota del límit d’avís de ${warning}.`;
}

function dirt({ kind, measure }: LensVerdict): string {
  const share = percent(measure.value);
  switch (kind) {
    case 'film':
      return `una pel·lícula amb ${share} d’opacitat`;
    case 'silt':
      return `sediment amb ${share} d’opacitat`;
    case 'growth':
      return `bioincrustació sobre el ${share} de la imatge`;
    case 'droplets':
      return `la presència de gotes sobre el ${share} de la imatge`;
    case 'defocus':
      return `un desenfocament del ${share} de l’amplada`;
    case 'cover':
      return `una obstrucció del ${share} de la imatge`;
  }
}

function tried({ measure: { kind, value } }: LensVerdict): string {
  if (kind === 'blurred') return `desenfocament del ${percent(value)} de l’amplada`;
  return kind === 'veiled' ? `${percent(value)} d’opacitat` : `${percent(value)} de la imatge`;
}

function images(count: number): string {
  return counted(count, 'imatge', 'imatges');
}

function imagesLasting(count: number, step: number | null): string {
  return images(count) + (step === null || step <= 0 ? '' : ` (uns ${lasting(count * step)})`);
}

function percent(share: number): string {
  return percentOrUnder(share, 'menys del');
}
