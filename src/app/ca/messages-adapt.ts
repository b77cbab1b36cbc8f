import { FEWEST_DAYS, FEWEST_SNAPSHOTS } from '../../domain/adaptation-evidence';
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
    `El model ${name} no indica quines parts es poden substituir, i només li serveix el remei menor.`,
  run: 'Adaptar el model',
  again: 'Adaptar un altre cop',
  quick: 'Treure només la variació comuna',
  quickHint: (name) =>
    `El remei instantani i menor, per a qualsevol model: treu de l’embedding de ${name} les dues direccions en què més varien les imatges netes, i amb elles part de la brutícia.`,
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
  acceptHint: (hidesErrorMap) =>
    `En acceptar es crea una versió nova del model i de la referència per a aquesta càmera. Els resultats anteriors queden en el seu propi historial; la finestra i les alarmes comencen de nou, i els límits calibrats es perden.${hidesErrorMap ? ' El mapa d’error queda amagat fins que també s’entreni el descodificador per a aquesta càmera.' : ''}`,
  leftOut: 'No usades',
  inBoth: (name) => `${name} també s’ha donat com a bruta: no se n’aprèn com a neta.`,
  train: {
    title: 'Entrenar més',
    what: 'El descodificador torna a dibuixar cada imatge, i el mapa d’error mostra on difereix. Un descodificador entrenat per a una altra càmera marca el que només li resulta estrany. Aquí aprèn la imatge neta d’aquesta càmera: n’hi ha prou amb uns minuts de tots dos nuclis, i més l’afinen.',
    how: 'Aprèn de les imatges netes triades a dalt; els dies més recents es reserven i diuen com de bé les reconstrueix. Es pot aturar en qualsevol moment: es conserva la millor versió en aquests dies. Les distàncies i les alarmes no canvien.',
    chooseAbove: 'Cal triar abans imatges netes a dalt.',
    begin: 'Entrenar el descodificador',
    running: 'Entrenament',
    opening: 'Preparant l’entrenament a partir del model…',
    steps: (step, ms) => `${counted(step, 'pas', 'passos')} en ${duration(ms)}`,
    stopping: 'Provant l’última versió amb els dies reservats…',
    kept: 'Pot continuar després de tancar la pestanya.',
    notKept: 'Aquest dispositiu no té espai per desar-ho: cal mantenir la pestanya oberta.',
    stop: 'Aturar',
    elsewhere: (camera) => `S’està entrenant el descodificador de ${camera}. Només una càmera alhora.`,
    interrupted: (step, ms) =>
      `L’entrenament es va interrompre al pas ${String(step)}, després de ${duration(ms)}.`,
    stopped: (step, ms) => `L’entrenament es va aturar al pas ${String(step)}, després de ${duration(ms)}.`,
    outdated: (step) =>
      `Hi ha un entrenament al pas ${String(step)}, d’un model que aquesta càmera ja no té.`,
    goOn: 'Continuar',
    discard: 'Descartar l’entrenament',
    loss: 'error en les vistes de què aprèn',
    limit: (error) => `imatge mitjana en dies posteriors, ${error}`,
    axis: (steps) => `del primer pas al pas ${String(steps)}; l’eix comença a 0`,
    picture: (steps, rows) =>
      `Error en ${counted(steps, 'pas', 'passos')}: de ${threeDigits(rows[0]?.loss ?? 0)} a ${threeDigits(rows.at(-1)?.loss ?? 0)}.`,
    asTable: 'Els errors com a taula',
    columns: { step: 'fins al pas', loss: 'error mitjà', after: 'entrenat' },
    number: threeDigits,
    caption: 'Com de bé cada descodificador reconstrueix dies que no ha vist',
    rebuildsRow: ({ keptOut, keptOutDays }) =>
      `Reconstrueix imatges netes de dies posteriors (${String(keptOut)} de ${counted(keptOutDays, 'dia', 'dies')})`,
    rebuilds: (error, { meanPicture }) =>
      `error ${threeDigits(error)}, imatge mitjana ${threeDigits(meanPicture)}`,
    errorMapRow: 'Mapa d’error',
    errorMap: (isGood) => (isGood ? 'és fiable' : 'marcaria massa'),
    verdictRow: 'Distàncies i alarmes',
    verdict: 'les mateixes: el descodificador no hi intervé',
    result: ({ step, rebuilding }) =>
      rebuilding.after > rebuilding.meanPicture
        ? `La millor versió fins ara, del pas ${String(step)}, encara és pitjor que una imatge mitjana per a totes: el mapa d’error queda amagat. Cal continuar entrenant.`
        : rebuilding.after < rebuilding.before
          ? `La millor versió fins ara és la del pas ${String(step)}.`
          : 'El descodificador actual continua sent el millor.',
    accept: 'Fer servir el model entrenat',
    accepting: 'Canviant el model…',
    acceptHint:
      'En acceptar es crea una versió nova del model per a aquesta càmera, amb un mapa d’error, i la versió següent de la referència amb els mateixos embeddings. Els resultats anteriors queden en el seu propi historial; la finestra i les alarmes comencen de nou, i els límits calibrats s’han de tornar a mesurar.',
  },
};

function from(severity: number | null): string {
  return severity === null ? 'mai' : `des de gravetat ${String(severity)}`;
}

function share(count: number, of: number): string {
  return count === 0 ? 'cap' : `${String(count)} de ${String(of)}`;
}
