import type { Axis } from '../../domain/record-fields';
import { limit, utc } from '../format';
import { explain } from '../messages';
import type { FleetMessages } from '../messages-fleet';
import { countedSpaced, spaced, utcDates } from '../wording';
import { messages } from './messages';

const LEVELS = { Read: 'Permet llegir', Edit: 'Permet editar', Manage: 'Permet gestionar' };

export const fleet: FleetMessages = {
  list: {
    title: 'Experiments',
    search: 'Cercar per nom',
    count: (shown, all) =>
      shown === all
        ? `${countedSpaced(all, 'experiment')}.`
        : `${spaced(shown)} de ${countedSpaced(all, 'experiment')}.`,
    listing: 'Llegint els experiments…',
    none: 'Encara no hi ha experiments.',
    noneFound: 'Cap experiment no té aquest nom.',
    columns: { name: 'Nom', access: 'Accés', created: 'Creació (UTC)' },
    unnamed: '(sense nom)',
    privateHint:
      'Qualsevol pot llegir els noms dels experiments privats; les seves anàlisis, només qui n’autoritzi el propietari.',
  },
  access: {
    public: 'públic',
    mine: 'propi',
    permitted: 'autoritzat',
    private: 'privat',
    level: (level) => (level ? LEVELS[level] : ''),
  },
  head: {
    back: 'Tots els experiments',
    refresh: 'Actualitzar',
    readAt: (at) => `Llegit el ${utc(at)}.`,
    latest: (isFiltered) => (isFiltered ? 'L’última d’aquestes' : 'L’última'),
    since: 'des de',
    sinceAtLeast: 'almenys des de',
    lastSeen: 'veredicte més recent',
    noVerdict: 'Cap anàlisi d’aquest experiment no diu encara res d’una lent.',
  },
  count: {
    reading: 'Llegint les anàlisis…',
    some: (shown, total) =>
      total === null
        ? `${countedSpaced(shown, 'anàlisi', 'anàlisis')} fins ara`
        : `${spaced(shown)} de ${countedSpaced(total, 'anàlisi', 'anàlisis')}`,
    all: (count) => `${countedSpaced(count, 'anàlisi', 'anàlisis')}, primer les més recents.`,
    none: 'Encara no hi ha anàlisis en aquest experiment.',
    noneFound: 'Cap anàlisi no compleix aquests filtres.',
    more: (shown, total) =>
      total === null ? 'Carregar-ne més' : `Carregar les altres ${spaced(total - shown)}`,
    tryAgain: 'Tornar-ho a provar',
  },
  filters: {
    title: 'Filtres',
    tag: 'Etiqueta',
    anyTag: 'qualsevol etiqueta',
    status: 'Estat de l’anàlisi',
    any: 'qualsevol',
    statuses: { Running: 'en curs', Completed: 'completada', Failed: 'fallida' },
    drift: 'Deriva',
    drifts: { yes: 'amb deriva', no: 'sense deriva' },
    from: 'Captura des de (UTC)',
    until: 'Captura fins a (UTC)',
    clear: 'Treure els filtres',
  },
  status: { ...messages.verdict.words, running: 'en curs' },
  sources: {
    captured_at_ms: 'segons qui ho va escriure (captured_at_ms)',
    captured_at: 'segons qui ho va escriure (captured_at)',
    created_at: 'sense hora de captura: aquesta és la d’enviament',
  },
  table: {
    label: (experiment) => `Anàlisis de ${experiment}`,
    captured: 'Captura (UTC)',
    sent: 'enviament',
    timeless: 'sense hora',
    image: 'Imatge',
    status: 'Estat',
    model: 'Model',
    tags: 'Etiquetes',
    select: (what) => `Seleccionar l’anàlisi de ${what}`,
    selectAll: 'Seleccionar totes les anàlisis',
    selected: (count) => countedSpaced(count, 'seleccionada', 'seleccionades'),
    selectNone: 'Treure la selecció',
    showMore: (count) => `Mostrar-ne ${spaced(count)} més`,
    exportCsv: (count) => `Exportar CSV (${spaced(count)})`,
    exportJson: (count) => `Exportar JSON Lines (${spaced(count)})`,
    exportPart: 'No s’han carregat totes les anàlisis, i els fitxers contenen només les carregades.',
  },
  plot: {
    title: 'Gràfic',
    x: 'Eix X',
    y: 'Eix Y',
    axis: axisName,
    span: (axis, from, to) => `${axisName(axis)}, ${utcDates(from, to)}`,
    savePng: 'Desar com a PNG',
    heading: (experiment, y, x) => `${experiment}: ${y} en funció de ${x}`,
    count: spaced,
    scope: (count, isSelection) =>
      isSelection
        ? `${countedSpaced(count, 'anàlisi seleccionada', 'anàlisis seleccionades')}.`
        : `${countedSpaced(count, 'anàlisi', 'anàlisis')}.`,
    leftOut: (count) =>
      count === 0
        ? ''
        : `${countedSpaced(count, 'anàlisi no té', 'anàlisis no tenen')} cap nombre en aquests eixos.`,
    summary: (count, y, x) =>
      `Gràfic de dispersió de ${y} en funció de ${x}, ${countedSpaced(count, 'punt')}. La taula de sota té tots els nombres.`,
    warning: (value) => `avís ${limit(value)}`,
    drift: (value) => `deriva ${limit(value)}`,
    none: 'Res per dibuixar: cap anàlisi no té aquí un nombre en tots dos eixos.',
    noAxis: 'Res per dibuixar: les anàlisis no porten cap paràmetre numèric.',
    failed: 'No s’ha pogut carregar el gràfic. Tots els nombres són a la taula.',
    limits: { warning: 'límit d’avís', drift: 'límit de deriva' },
  },
  record: {
    title: 'Anàlisi',
    parameters: 'Paràmetres',
    noParameters: 'Aquesta anàlisi no té paràmetres.',
    captured: 'Captura',
    created: 'Enviament',
    createdUnreadable: (text) => `${text || 'sense hora'} (no es pot llegir com a hora)`,
    id: 'Id',
    jobStatus: 'Estat de l’anàlisi',
    model: 'Model',
    driftDetected: 'Deriva detectada',
    yes: 'sí',
    no: 'no',
    tags: 'Etiquetes',
    none: '–',
    sameJob: 'La imatge, d’aquest dispositiu.',
    sameName: 'Una imatge amb el mateix nom en aquest dispositiu; pot ser una altra.',
    noPicture: 'Aquest dispositiu no té la imatge. Les imatges no es baixen mai d’un altre lloc.',
    pictureOf: (name) => `Imatge ${name}`,
    newer: 'Més recent',
    older: 'Més antiga',
    json: 'Com a JSON',
  },
  problem: (error) =>
    error.code === 'not-permitted'
      ? 'Només qui n’autoritzi el propietari pot llegir les anàlisis d’aquest experiment. Cal demanar al propietari que doni el nivell Read a l’id de DriftWatch propi, o connectar-se amb un altre compte.'
      : explain(error.code, error.detail),
};

function axisName(axis: Axis): string {
  return axis.of === 'captured'
    ? 'hora de captura (UTC)'
    : axis.of === 'created'
      ? 'hora d’enviament (UTC)'
      : axis.path;
}
