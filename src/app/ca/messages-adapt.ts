import { FEWEST_DAYS, FEWEST_SNAPSHOTS, type Refusal } from '../../domain/adaptation-evidence';
import { counted, duration, threeDigits } from '../format';
import type { AdaptMessages } from '../messages-adapt';
import { listed, roundPercent } from '../wording';
import { fouling } from './messages-fouling';

export const adapt: AdaptMessages = {
  title: 'Adaptar a aquesta càmera',
  what: 'Un model entrenat per a una altra càmera pot prendre per brutes les imatges netes d’aquesta. Aquí aprèn, en aquest dispositiu i en un minut aproximadament, què canvia davant la lent neta i quin efecte tindria la brutícia en la imatge.',
  needs: `Calen ${String(FEWEST_SNAPSHOTS)} imatges o més d’almenys ${String(FEWEST_DAYS)} dies en què la lent era neta; millor cent de diverses setmanes. Els dies més recents es reserven i diuen si ha servit. Res no canvia fins que s’accepti.`,
  choose: { clean: 'Triar imatges netes', dirty: 'Triar imatges brutes' },
  chooseFolder: { clean: 'Triar una carpeta neta', dirty: 'Triar una carpeta bruta' },
  optional: 'Si n’hi ha, imatges d’una lent bruta, sis o més: no se n’aprèn, només es proven.',
  chosen: (clean, days, dirty) =>
    `Triades: ${counted(clean, 'imatge neta', 'imatges netes')} de ${counted(days, 'dia', 'dies')}${dirty > 0 ? `, ${counted(dirty, 'bruta', 'brutes')}` : ''}.`,
  tooFew: (clean, days) =>
    clean < FEWEST_SNAPSHOTS
      ? `${counted(clean, 'imatge neta és', 'imatges netes són')} massa poques: cal triar-ne ${String(FEWEST_SNAPSHOTS)} o més.`
      : `Totes són de ${counted(days, 'dia', 'dies')}: cal triar imatges d’almenys ${String(FEWEST_DAYS)} dies, perquè hi hagi més d’una condició meteorològica.`,
  notAdaptable: (name) =>
    `El model ${name} no indica quines parts es poden substituir, de manera que aquí no es pot adaptar ni entrenar. A Calibrar es poden mesurar límits adequats a aquesta càmera; una càmera que es configura de nou pot tenir un altre model.`,
  run: 'Adaptar el model',
  again: 'Adaptar un altre cop',
  running: 'Adaptació',
  cancel: 'Cancel·lar',
  stages: {
    read: 'Llegint les imatges',
    views: 'Imaginant una altra llum, una altra aigua i brutícia a la lent',
    fit: 'Aprenent què és propi d’una lent neta',
    judge: 'Provant-ho amb els dies reservats',
  },
  left: (seconds) => (seconds === null ? 's’està estimant…' : `queden uns ${duration(seconds * 1000)}`),
  mayHide: 'Continua encara que aquesta pestanya estigui amagada.',
  better: ({ after }) =>
    after.aboveWarning === 0
      ? 'El model adaptat és millor per a aquesta càmera.'
      : 'El model adaptat és millor per a aquesta càmera, tot i que encara dona alarmes amb finestres netes.',
  refused: (refusal) => {
    switch (refusal.because) {
      case 'clean-alarms':
        return 'El model adaptat no és millor: dona alarmes en els dies nets reservats. Hi poden ajudar imatges de més dies, o la lent no era neta algun d’aquests dies. La càmera manté el seu model.';
      case 'overlooks':
        return `El model adaptat no és millor: en aquesta càmera no veu ni tan sols aquesta brutícia en grau alt: ${listed(
          refusal.kinds.map((kind) => fouling[kind]),
          'i',
        )}. Era neta la lent tots aquests dies? La càmera manté el seu model.`;
      case 'overlooks-dirty':
        return 'El model adaptat no és millor: no assenyala deriva en les imatges brutes que s’han donat. Es van fer les netes a través de la mateixa brutícia? La càmera manté el seu model.';
      case 'no-gain':
        return 'El model adaptat no és millor: l’actual està tranquil en els dies reservats i veu la brutícia igual d’aviat. La càmera manté el seu model.';
    }
  },
  caption: 'Què fa cada model amb els dies reservats, amb els llindars que la càmera hi té',
  columns: { before: 'model actual', after: 'adaptat' },
  cleanRow: ({ keptOut, keptOutDays }) =>
    `Finestres netes de ${counted(keptOutDays, 'dia posterior', 'dies posteriors')} (${String(keptOut)})`,
  clean: ({ aboveWarning, aboveDrift, highestClean }, windows) =>
    `${share(aboveWarning, windows)} sobre l’avís, ${share(aboveDrift, windows)} sobre la deriva; màxima ${threeDigits(highestClean)}`,
  dirtRow: (kind) => `Brutícia dibuixada: ${fouling[kind]}`,
  dirt: (warning, drift) => `avís ${from(warning)}, deriva ${from(drift)}`,
  dirtNote:
    'La gravetat 1 és un toc, la 5 ho tapa gairebé tot. Un model que dona alarmes amb imatges netes també en dona amb la brutícia.',
  dirtyRow: (count) => counted(count, 'imatge bruta aportada', 'imatges brutes aportades'),
  dirty: ({ dirtyDelay, dirtyLast }) =>
    dirtyDelay === null
      ? `mai deriva; a l’última ${threeDigits(dirtyLast ?? 0)}`
      : `deriva a la imatge ${String(dirtyDelay)}; a l’última ${threeDigits(dirtyLast ?? 0)}`,
  suspicions: {
    title: 'Era neta la lent tots aquests dies?',
    what: 'Alguna cosa en les imatges donades com a netes sembla brutícia que hi era des del principi. Un model adaptat a la brutícia la pren per neta per sempre. Cal mirar-les abans d’acceptar.',
    unexamined:
      'Porthole no pot buscar brutícia que hi fos des del principi en imatges de la mida d’aquest model. Un model adaptat a la brutícia la pren per neta per sempre: cal mirar-les abans d’acceptar.',
    kinds: {
      cover: ({ value }) =>
        `El ${roundPercent(value)} de la imatge gairebé no canvia mentre la resta segueix el dia: bioincrustació, o alguna cosa davant la lent.`,
      'green-veil': () =>
        'Fins i tot el més fosc és verd, com darrere una pel·lícula. O la mateixa aigua és verda.',
      'brown-veil': () => 'Fins i tot el més fosc és marró, com darrere sediment dipositat.',
      haze: () => 'Fins i tot el més fosc és pàl·lid, com darrere un vel. O l’aigua sempre és tèrbola.',
      soft: () => 'Res no és mai nítid: la lent pot estar desenfocada o tacada.',
      droplets: () =>
        'Algunes zones petites queden borroses entre altres de nítides, com darrere gotes o ratllades.',
    },
    when: {
      throughout: '',
      earlier: ' Sobretot a la primera meitat.',
      later: ' Sobretot a la segona meitat.',
    },
    picture: (name) => `Imatge neta ${name}`,
    confirm: 'Comprovat: la lent era neta tots aquests dies',
  },
  fitted: ({ fitted, fittedDays }) =>
    `Après de ${counted(fitted, 'imatge', 'imatges')} de ${counted(fittedDays, 'dia', 'dies')}.`,
  accept: 'Fer servir el model adaptat',
  accepting: 'Creant la referència…',
  discard: 'Mantenir l’actual',
  save: 'Desar el fitxer del model',
  acceptHint:
    'En acceptar es crea una versió nova del model i de la referència per a aquesta càmera. Els resultats anteriors queden en el seu propi historial; la finestra i les alarmes comencen de nou, i els límits calibrats es perden. El mapa d’error queda amagat fins que també s’entreni el descodificador per a aquesta càmera.',
  leftOut: 'No usades',
  inBoth: (name) => `${name} també s’ha donat com a bruta: no se n’aprèn com a neta.`,
  train: {
    title: 'Entrenar més',
    what: 'L’adaptació canvia una part petita del model. Aquí el model sencer aprèn com és la imatge neta d’aquesta càmera, en deu minuts o més amb tots dos nuclis: què veu davant d’una lent neta, què canvia la brutícia i com queda una imatge neta en tornar-la a dibuixar, perquè el mapa d’error valgui per a aquesta càmera.',
    how: 'Aprèn de les imatges netes triades a dalt; els dies més recents es reserven. Cada pocs minuts es prova la versió d’aquell moment amb aquests dies, nets i darrere de brutícia dibuixada, i amb les imatges brutes triades. Es pot aturar en qualsevol moment: es conserva la millor versió, i res no canvia fins que s’accepti.',
    earlierGone:
      'Un entrenament només del descodificador, començat amb un Porthole anterior, no pot continuar i s’ha descartat. El model de la càmera continua com estava.',
    chooseAbove: 'Cal triar abans imatges netes a dalt.',
    begin: 'Entrenar el model',
    running: 'Entrenament',
    opening: 'Preparant l’entrenament a partir del model…',
    steps: (step, ms) => `${counted(step, 'pas', 'passos')} en ${duration(ms)}`,
    stopping: 'Acabant el pas…',
    trying: 'Provant l’última versió amb els dies reservats…',
    stopAtOnce: 'Aturar sense provar-la',
    firstTrial: 'La primera versió es prova després d’un minut d’entrenament.',
    kept: 'Pot continuar després de tancar la pestanya.',
    notKept: 'Aquest dispositiu no té espai per desar-ho: cal mantenir la pestanya oberta.',
    stop: 'Aturar',
    elsewhere: (camera) => `S’està entrenant el model de ${camera}. Només una càmera alhora.`,
    interrupted: (step, ms) =>
      `L’entrenament es va interrompre al pas ${String(step)}, després de ${duration(ms)}.`,
    stopped: (step, ms) => `L’entrenament es va aturar al pas ${String(step)}, després de ${duration(ms)}.`,
    outdated: (step) =>
      `Hi ha un entrenament al pas ${String(step)}, d’un model que aquesta càmera ja no té.`,
    goOn: 'Continuar',
    discard: 'Descartar l’entrenament',
    loss: 'error de les vistes que torna a dibuixar',
    limit: (error) => `imatge mitjana en dies posteriors, ${error}`,
    axis: (steps) => `del primer pas al pas ${String(steps)}; l’eix comença a 0`,
    picture: (steps, rows) =>
      `Error en ${counted(steps, 'pas', 'passos')}: de ${threeDigits(rows[0]?.loss ?? 0)} a ${threeDigits(rows.at(-1)?.loss ?? 0)}.`,
    asTable: 'Els errors com a taula',
    columns: { step: 'fins al pas', loss: 'error mitjà' },
    after: (step) => `entrenat, pas ${String(step)}`,
    number: threeDigits,
    caption: 'Amb quin encert dibuixa cada model dies que no ha vist',
    rebuildsRow: ({ keptOut, keptOutDays }) =>
      `Reconstrueix imatges netes de dies posteriors (${String(keptOut)} de ${counted(keptOutDays, 'dia', 'dies')})`,
    rebuilds: (error, { meanPicture }) =>
      `error ${threeDigits(error)}, imatge mitjana ${threeDigits(meanPicture)}`,
    errorMapRow: 'Mapa d’error',
    errorMap: (isGood) => (isGood ? 'és fiable' : 'marcaria massa'),
    best: ({ step, evidence, rebuilding }) => {
      const version = `La millor versió fins ara és la del pas ${String(step)}.`;
      if (rebuilding.after > rebuilding.meanPicture)
        return `${version} Encara dibuixa pitjor que una única imatge mitjana per a totes: el mapa d’error queda amagat. Cal continuar entrenant.`;
      return evidence.after.aboveWarning === 0
        ? version
        : `${version} Encara dona alarmes en finestres netes: continuar entrenant pot ajudar.`;
    },
    refused: ({ step, refusal }) =>
      `La versió del pas ${String(step)} no es conserva: ${refusal ? reasonOf(refusal) : ''}`,
    accept: 'Fer servir el model entrenat',
    accepting: 'Canviant el model…',
    acceptHint: (hasErrorMap) =>
      `En acceptar es crea una versió nova del model${hasErrorMap ? ', amb un mapa d’error,' : ''} i de la referència per a aquesta càmera. Els resultats anteriors queden en el seu propi historial; la finestra i les alarmes comencen de nou, i els límits calibrats es perden.`,
  },
};

function reasonOf(refusal: Refusal): string {
  switch (refusal.because) {
    case 'clean-alarms':
      return 'dona alarmes en els dies nets reservats. Cal continuar entrenant; si no ajuda, algun d’aquests dies no era net.';
    case 'overlooks':
      return `no veu ni tan sols aquesta brutícia en grau alt: ${listed(
        refusal.kinds.map((kind) => fouling[kind]),
        'i',
      )}. Cal continuar entrenant.`;
    case 'overlooks-dirty':
      return 'no assenyala deriva en les imatges brutes que s’han donat. Cal continuar entrenant.';
    case 'no-gain':
      return 'el model actual és tan tranquil com ell, veu la brutícia tan aviat i dibuixa tan bé. Cal continuar entrenant.';
  }
}

function from(severity: number | null): string {
  return severity === null ? 'mai' : `des de gravetat ${String(severity)}`;
}

function share(count: number, of: number): string {
  return count === 0 ? 'cap' : `${String(count)} de ${String(of)}`;
}
