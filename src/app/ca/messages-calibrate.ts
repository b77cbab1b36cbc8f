import type { Calibration, DirtyRun } from '../../domain/calibration';
import { AppError } from '../../domain/errors';
import { counted, limit, threeDigits, utc } from '../format';
import { explain } from '../messages';
import type { CalibrateMessages } from '../messages-calibrate';

export const calibrate: CalibrateMessages = {
  lead: 'Límits mesurats en els dies nets d’aquesta càmera i provats en dies exclosos; i què haurien dit altres paràmetres del seu historial. Res no canvia per a la càmera fins que s’accepti.',
  sections: 'En aquesta pàgina',
  computing: 'S’està calculant…',
  failed: (error) =>
    error instanceof AppError
      ? explain(error.code, error.detail)
      : explain('unexpected', error instanceof Error ? error.message : ''),
  bandwidth: {
    title: 'Amplada de banda',
    what: 'Sigma indica fins a quina separació dos embeddings compten com a semblants. Ha de ser entre les distàncies entre imatges netes, que es dibuixen aquí.',
    picture: (largest, sigma) =>
      `Histograma de les distàncies entre dues imatges netes de la referència, fins a ${threeDigits(largest)}, amb una línia a sigma ${threeDigits(sigma)}.`,
    axis: 'distància entre dos embeddings nets; la línia és sigma',
    verdicts: {
      'too-small':
        'Sigma és massa petit: per a aquest kernel no hi ha dues imatges semblants, i tota distància és gairebé 0 vingui el que vingui.',
      small:
        'Sigma és petit: poques imatges netes compten com a semblants, i les distàncies reaccionen tard.',
      fine: 'Sigma és adequat per a aquests embeddings.',
      large: 'Sigma és gran al costat del grup net, que és el que vol un model entrenat per a això.',
      'too-large': 'Sigma és massa gran: tot compta com a semblant, i les distàncies s’aplanen.',
    },
    saturation: (sigma, saturation) =>
      `Amb sigma ${threeDigits(sigma)}, dues imatges netes s’assemblen un ${threeDigits(100 * saturation)} % (kernel mitjà).`,
    useMedian: (median) => `Provar l’heurística de la mediana, ${threeDigits(median)}`,
    useOwn: (sigma) => `Tornar a ${threeDigits(sigma)}`,
    othersTitle: 'Què anomenen mediana altres biblioteques',
    others: (median, other) =>
      `Frouros: sigma = median(d) = ${threeDigits(median)}, en exp(−d² / 2σ²); és el que es desa aquí. alibi-detect: σ² = median(d²) / 2, que és ${threeDigits(other)} en la convenció de Frouros. Evidently: γ = 1 / median(d)², que també és ${threeDigits(other)}. Cal dividir per √2 abans de comparar llindars.`,
    noMedian: 'Més de la meitat dels embeddings nets són iguals, i per això no tenen distància mediana.',
  },
  calibrate: {
    title: 'Límits a partir de dies nets',
    what: 'Cal donar una sèrie d’imatges de dies en què se sap que la lent era neta, seguida i amb totes les hores d’ús. Els dies van sencers a la referència o al mesurament, mai imatges soltes: les veïnes en el temps s’assemblen.',
    clean: 'Imatges que se sap que són netes',
    dirty: 'Imatges que se sap que són brutes, si n’hi ha',
    dirtyHint: 'Mostren quan es notaria la brutícia; els límits no en depenen.',
    chooseClean: 'Triar imatges netes',
    cleanFolder: 'Triar una carpeta neta',
    chooseDirty: 'Triar imatges brutes',
    chosen: (count, days) =>
      count === 0
        ? 'Encara cap. Deixar-les anar en aquesta pàgina o triar-les.'
        : `${images(count)} de ${dayCount(days)}.`,
    leftOut: 'Excloses',
    compareWith: 'Comparar amb',
    from: {
      present: (version) => `la referència actual, versió ${String(version)}`,
      run: () => 'una referència nova dels primers dies d’aquesta sèrie',
    },
    share: 'Part dels dies per a la referència',
    splitRun: (reference, referenceDays, rest, restDays) =>
      `La referència: ${images(reference)} ${referenceDays === 1 ? 'del primer dia' : `dels primers ${String(referenceDays)} dies`}; els límits es mesuren amb ${images(rest)} ${restDays === 1 ? 'del dia següent' : `dels ${String(restDays)} dies següents`}.`,
    splitPresent: (rest, days) =>
      rest === 0
        ? 'La referència conté imatges de tots els dies d’aquesta sèrie, i no queda res amb què mesurar.'
        : `Els límits es mesuren amb ${images(rest)} de ${dayCount(days)} en què la referència no té part.`,
    splitUnknown: (rest) =>
      `La referència no diu de quins dies és, i per això ${images(rest)} d’aquesta sèrie ${rest === 1 ? 'pot' : 'poden'} ser dels mateixos, i els límits massa baixos. Una referència nova d’aquesta sèrie és més segura.`,
    floor: (warning, drift) =>
      `no per sota dels límits amb què es va avaluar aquest model (${limit(warning)}, ${limit(drift)})`,
    proposed: 'Límits proposats:',
    limits: ({ warning, drift }) => `avís ${limit(warning)}, deriva ${limit(drift)}`,
    rests: ({ highest, effectiveWindows, measured, thresholds }, windows) => {
      const basis = `La més gran de ${counted(windows, 'finestra neta', 'finestres netes')} és ${threeDigits(highest)}; se superposen i equivalen a unes ${threeDigits(effectiveWindows)} d’independents.`;
      if (!measured) {
        return `${basis} És massa poc per mesurar límits propis d’aquesta càmera; totes les finestres netes són per sota del límit d’avís del model, i per això es mantenen els límits del model.`;
      }
      return measured.drift < thresholds.drift
        ? `${basis} Només els dies nets donarien ${limit(measured.warning)} i ${limit(measured.drift)}.`
        : `${basis} Com menys equivalen, més gran és el marge.`;
    },
    refusals: {
      'few-windows':
        'Les finestres netes equivalen a menys de tres d’independents: no s’hi pot mesurar cap límit. Cal donar més dies.',
      'blind-sigma':
        'Aquest sigma no distingeix res, i per això cap límit no té sentit. El diagnòstic de l’amplada de banda de sota en suggereix un altre.',
      'beyond-dirt':
        'Ni una lent tapada passaria gairebé aquest límit, perquè les finestres netes difereixen molt o són massa poques. Cal donar més dies, més de totes les hores, o una referència que les cobreixi.',
    },
    heldOut: (heldOut) => {
      if (heldOut === null) return 'Queda massa poc per excloure dies i provar.';
      const days = dayCount(heldOut.days);
      return heldOut.events === 0
        ? `Provat excloent dies per torns: cap falsa alarma en ${days}.`
        : `Provat excloent dies per torns: ${falseAlarms(heldOut.events)} en ${days}, en ${counted(heldOut.daysInAlarm, 'dia diferent', 'dies diferents')}.`;
    },
    independent: (drift, { events, daysInAlarm, days }) =>
      events === 0
        ? `Si les imatges fossin independents, n’hi hauria prou amb un límit de ${limit(drift)}. Aquí no activa res, però les imatges d’una mateixa hora s’assemblen, i amb més dies una finestra sencera pot ser inusual alhora.`
        : `Si les imatges fossin independents, n’hi hauria prou amb un límit de ${limit(drift)}; aquí activa ${falseAlarms(events)}, en ${String(daysInAlarm)} de ${dayCount(days)}. Les imatges d’una mateixa hora s’assemblen, i una finestra sencera pot ser inusual alhora: un límit així enganya.`,
    dirtyRun: (run) => dirtyRun(run),
    tooShort: (windowSize) =>
      `Massa poques imatges per mesurar: dues finestres completes en necessiten ${String(windowSize + 1)} de dies en què la referència no tingui part. Cal afegir-ne més, o treure la referència d’aquesta sèrie.`,
    accept: (drift) => `Acceptar: deriva per sobre de ${limit(drift)}`,
    tryThem: 'Provar-los amb l’historial de sota',
    acceptHint: (from) =>
      `Les imatges que s’avaluïn a partir d’ara es jutgen així${from === 'run' ? ', amb la referència nova' : ''}. El que ja s’ha avaluat conserva les distàncies i els veredictes.`,
    accepted: 'Acceptat. A partir d’ara cada veredicte diu que està calibrat.',
  },
  scored: {
    title: 'O agafar dies ja avaluats',
    from: 'Des de (dia UTC)',
    to: 'Fins a',
    confirm: (count) =>
      count === 1
        ? 'Confirmo que la lent era neta en aquesta imatge (1)'
        : `Confirmo que la lent era neta en aquestes ${images(count)}`,
    add: 'Afegir-les',
  },
  coverage: {
    title: 'Com és d’àmplia aquesta sèrie',
    facts: ({ snapshots, days, brightness }, effectiveWindows) =>
      `${images(snapshots)} de ${dayCount(days)}, equivalents a unes ${threeDigits(effectiveWindows)} finestres independents${brightness ? `; brillantor de ${threeDigits(brightness[0])} a ${threeDigits(brightness[1])}` : ''}.`,
    hours: 'Imatges per hora del dia, UTC',
    hour: (hour, count) => `${String(hour).padStart(2, '0')}:00 UTC: ${images(count)}`,
    gaps: {
      'few-days': 'Menys de set dies: un altre temps pot semblar deriva.',
      'few-hours': 'Falten hores d’ús de la càmera: l’alba i el capvespre es veuen diferents.',
      'few-windows': 'Equival a menys de quatre finestres independents: encara se sap poc d’aquesta càmera.',
      'one-light': 'Tot amb la mateixa brillantor: una altra llum pot semblar deriva.',
    },
    wide: 'Diversos dies, hores i brillantors: una base raonable.',
  },
  windows: {
    picture: (clean, highest, dirty) =>
      `Distàncies de ${counted(clean, 'finestra neta', 'finestres netes')} en ordre temporal, la més gran ${threeDigits(highest)}${dirty > 0 ? `, i després de ${counted(dirty, 'imatge bruta', 'imatges brutes')}` : ''}, amb els límits proposats.`,
    scale: 'Escala d’arrel quadrada.',
    clean: 'finestres netes, en ordre temporal',
    dirty: 'després, imatges brutes',
    warning: (value) => `avís ${value}`,
    drift: (value) => `deriva ${value}`,
    independent: (value) => `si les imatges fossin independents ${value}`,
  },
  versions: {
    title: (count) =>
      count === 0 ? 'Versions dels paràmetres' : `Versions dels paràmetres (${String(count)})`,
    none: 'Encara no se n’ha acceptat cap: els veredictes diuen que no estan calibrats.',
    name: (version, at) => `Versió ${String(version)}, ${utc(at)}`,
    facts: (calibration, reference) => versionFacts(calibration, reference),
  },
  replay: {
    title: 'Reavaluar l’historial',
    what: 'En moure un paràmetre, cada imatge desada s’avalua de nou a partir del seu embedding, com si el paràmetre hagués estat en vigor des de la primera. Els veredictes desats es queden com són.',
    none: 'Encara no s’ha avaluat res amb el model d’aquesta càmera.',
    reference: 'Referència',
    version: (version) => `versió ${String(version)}`,
    summary: (before, after) =>
      before === after
        ? `${counted(after, 'alarma', 'alarmes')}, tantes com les que es van activar.`
        : `${counted(after, 'alarma', 'alarmes')} en lloc de ${String(before)}.`,
    changed: (count, total) =>
      count === 0
        ? `Sense canvis en ${counted(total, 'veredicte')}.`
        : `${String(count)} de ${counted(total, 'veredicte')} ${count === 1 ? 'seria diferent' : 'serien diferents'}.`,
    gained: (count) => counted(count, 'alarma guanyada', 'alarmes guanyades'),
    lost: (count) => counted(count, 'alarma perduda', 'alarmes perdudes'),
    run: (at, count) => `des del ${utc(at)}, ${images(count)}`,
    chart: 'La distància com hauria estat',
    speed: (count, milliseconds) =>
      `${counted(count, 'imatge avaluada', 'imatges avaluades')} en ${milliseconds.toFixed(0)} ms, sense aturar la pàgina.`,
    hints: 'Què fan aquests paràmetres',
    keep: 'Desar com a versió nova',
    discard: 'Tornar als paràmetres de la càmera',
    kept: 'Desat. Les imatges que s’avaluïn a partir d’ara es jutgen així; els veredictes anteriors es queden com eren.',
  },
};

function dirtyRun({ distances, delay, warningDelay, recovery }: DirtyRun): string {
  const raised =
    delay === null
      ? `Amb aquests límits, la deriva no s’activa en ${counted(distances.length, 'imatge bruta', 'imatges brutes')}`
      : `La deriva s’activa a la imatge bruta ${String(delay)} de ${String(distances.length)}`;
  const warned =
    warningDelay !== null && warningDelay !== delay ? `, un avís a la imatge ${String(warningDelay)}` : '';
  const last = `; l’última distància és ${threeDigits(distances.at(-1) ?? 0)}.`;
  if (recovery === null) {
    return warningDelay === null
      ? `${raised}${last}`
      : `${raised}${warned}${last} Netejada sense anotar-ho, el veredicte no torna a normal en aquesta sèrie.`;
  }
  return `${raised}${warned}${last} Netejada sense anotar-ho, el veredicte torna a normal després de ${counted(recovery, 'imatge neta', 'imatges netes')}.`;
}

function versionFacts(calibration: Calibration, reference: number): string {
  const { thresholds, detector, persistence, evidence } = calibration;
  const settings = `avís ${limit(thresholds.warning)}, deriva ${limit(thresholds.drift)}, sigma ${threeDigits(detector.sigma)}, finestra ${String(detector.windowSize)}, s’activa després de ${String(persistence.raiseAfter)}, es desactiva després de ${String(persistence.clearAfter)} per sota de ${threeDigits(persistence.clearBelow)} del límit; referència ${String(reference)}.`;
  if (!evidence) return `${settings} Triat reavaluant l’historial, sense calibrar.`;
  const { snapshots, days, heldOutDays, heldOutEvents } = evidence;
  const test =
    heldOutDays === null
      ? ''
      : `: ${falseAlarms(heldOutEvents ?? 0)} en ${counted(heldOutDays, 'dia exclòs', 'dies exclosos')}`;
  return `${settings} Calibrat amb ${images(snapshots)} de ${counted(days, 'dia net', 'dies nets')}${test}.`;
}

function images(count: number): string {
  return counted(count, 'imatge', 'imatges');
}

function dayCount(count: number): string {
  return counted(count, 'dia', 'dies');
}

function falseAlarms(count: number): string {
  return counted(count, 'falsa alarma', 'falses alarmes');
}
