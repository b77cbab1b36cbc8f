import type { Aged } from '../../domain/retention';
import { bytes } from '../format';
import type { CareMessages } from '../messages-care';
import { countedSpaced as counted, listed, spaced } from '../wording';

/** How many damaged parts are named. */
const MOST_NAMED = 8;

export const care: CareMessages = {
  title: 'Emmagatzematge',
  used: (usage, quota) => `${bytes(usage)} usats de ${bytes(quota)}.`,
  meter: 'Espai usat en aquest dispositiu',
  unknownUse: 'Aquest navegador no indica quant espai s’usa.',
  kept: 'El navegador conserva aquestes dades fins que s’esborrin.',
  notKept: 'El navegador pot esborrar aquestes dades si el dispositiu es queda sense espai.',
  unknownKept: 'Aquest navegador no indica si aquestes dades estan segures.',
  safari:
    'Safari esborra el que una pàgina ha desat si no s’obre durant set dies, tret que s’hagi afegit a la pantalla d’inici o al Dock. Cal exportar sovint, o afegir-la-hi.',
  askToKeep: 'Demanar al navegador que les conservi',
  askedInVain:
    'El navegador no ho ha garantit. Acostuma a fer-ho amb pàgines instal·lades, desades com a preferides o molt usades.',
  full: 'Quan el dispositiu s’omple, la comprovació s’atura i ho indica: el que s’ha comprovat està segur, i la resta no surt com a comprovada. Cal alliberar espai, o eliminar a sota imatges antigues, i donar de nou els mateixos fitxers.',
  kinds: {
    head: ['Tipus', 'Quantitat', 'Mida aprox.'],
    snapshots: 'Imatges comprovades: resultats i embeddings',
    thumbnails: 'Miniatures',
    originals: 'Imatges completes conservades',
    models: 'Models',
  },
  demo: (count) =>
    `D’aquestes, ${count === 1 ? '1 imatge és' : `${spaced(count)} imatges són`} de la càmera de demostració; eliminar aquella càmera n’allibera l’espai.`,
  about: (size) => bytes(Math.round(size)),
  number: spaced,

  export: {
    title: 'Exportar i obrir',
    what: 'Un zip amb tot el que sap aquesta pàgina: paràmetres, referències, resultats, embeddings, miniatures, esdeveniments i els models propis. S’obre amb Porthole en un altre ordinador, i les seves taules s’obren amb Python i amb un full de càlcul. Els tokens i les frases de contrasenya es queden aquí.',
    all: 'Exportar-ho tot',
    one: (name) => `Exportar només ${name}`,
    withOriginals: 'Amb les imatges completes conservades',
    running: 'Exportació',
    done: (name) => `S’ha escrit ${name}. Cal desar-lo en un altre disc.`,
    last: (days) =>
      days < 1 ? 'Avui s’ha exportat tot.' : `Es va exportar tot fa ${counted(days, 'dia', 'dies')}.`,
    never: 'No s’ha exportat mai tot des d’aquest dispositiu.',
    fresh: (count) => `Des d’aleshores, ${images(count)}.`,
    progress: (done, total) => `${spaced(done)} de ${images(total)}`,
    cancel: 'Cancel·lar',
  },
  open: {
    label: 'Obrir una exportació',
    title: 'Què afegiria aquesta exportació',
    from: (plan) => `Escrita el ${plan.exportedAt.slice(0, 10)} per Porthole ${plan.app}.`,
    adds: ({ cameras, models }) => {
      const added = cameras.filter(({ isNew }) => isNew).length;
      const snapshots = cameras.reduce((sum, { snapshots }) => sum + snapshots, 0);
      const here = cameras.reduce((sum, { here }) => sum + here, 0);
      const others = cameras.filter(({ isNew }) => !isNew).reduce((sum, { others }) => sum + others, 0);
      const what = [
        added > 0 ? counted(added, 'càmera', 'càmeres') : '',
        snapshots > 0 ? images(snapshots) : '',
        models.length > 0 ? counted(models.length, 'model') : '',
        others > 0
          ? counted(others, 'referència, paràmetre o esdeveniment', 'referències, paràmetres i esdeveniments')
          : '',
      ].filter((part) => part !== '');
      const adds = what.length > 0 ? `Afegeix ${listed(what, 'i')}` : 'No afegeix res';
      return here > 0 ? `${adds}; ${counted(here, 'imatge ja és', 'imatges ja són')} aquí.` : `${adds}.`;
    },
    camera: ({ name, isNew, snapshots, here, differs }) =>
      `${name}: ${isNew ? 'nova, ' : ''}${images(snapshots)} per afegir${here > 0 ? `, ${spaced(here)} ja aquí` : ''}.${differs ? ' Els seus paràmetres d’aquí difereixen dels de l’exportació; es queden com són aquí.' : ''}`,
    sending:
      'Cada resultat es busca a DriftWatch abans que aquest ordinador l’enviï, perquè cap no hi sigui dues vegades. Cal enviar des d’un sol ordinador.',
    missingModel: (names) =>
      `Ni l’exportació ni aquesta pàgina no tenen ${counted(names.length, 'model necessari', 'models necessaris')}: ${some(names)}. L’historial es pot consultar; per comprovar més imatges, cal afegir ${names.length === 1 ? 'el model' : 'els models'}.`,
    damaged: (paths) =>
      `${counted(paths.length, 'part de l’exportació està malmesa', 'parts de l’exportació estan malmeses')}: ${paths.slice(0, MOST_NAMED).join(', ')}${paths.length > MOST_NAMED ? ' i d’altres' : ''}.`,
    leftOut: (names) =>
      names.length === 1
        ? `${some(names)} s’omet, perquè una part no és fiable. La resta és completa.`
        : `${some(names)} s’ometen, perquè tenen parts que no són fiables. La resta és completa.`,
    accept: 'Afegir-la',
    running: 'Afegint l’exportació',
    done: ({ cameras, snapshots, models, here, unkept }) => {
      const added = [
        counted(cameras, 'càmera', 'càmeres'),
        images(snapshots),
        ...(models > 0 ? [counted(models, 'model')] : []),
      ];
      return [
        `S’ha afegit: ${listed(added, 'i')}.`,
        ...(here > 0
          ? [
              counted(
                here,
                'imatge ja era aquí i s’ha quedat com era.',
                'imatges ja eren aquí i s’han quedat com eren.',
              ),
            ]
          : []),
        ...(unkept > 0
          ? [`${counted(unkept, 'imatge no s’ha pogut conservar', 'imatges no s’han pogut conservar')}.`]
          : []),
      ].join(' ');
    },
    dismiss: 'Tancar',
    problem: (problem) => {
      switch (problem.kind) {
        case 'not-a-zip':
          return 'Aquest fitxer no és un zip, o s’ha tallat pel camí. No s’ha canviat res. Cal copiar-lo de nou.';
        case 'not-an-export':
          return 'Aquest zip no és una exportació de Porthole: no conté porthole.json. No s’ha canviat res.';
        case 'lost':
          return 'El fitxer no s’ha pogut llegir fins al final. No s’ha canviat res. Cal tornar-lo a triar.';
        case 'newer':
          return `Aquesta exportació l’ha escrita un Porthole més nou (format ${String(problem.format)}). No s’ha canviat res. Cal recarregar aquesta pàgina per tenir l’última versió i tornar-la a obrir.`;
        case 'damaged':
          return `L’exportació està malmesa: ${problem.detail} no és el que hauria de ser. No s’ha canviat res. Cal copiar-la o exportar de nou.`;
      }
    },
  },

  delete: {
    title: 'Eliminar el que és antic',
    what: 'Les referències es queden, i també el que espera per enviar-se i allò en què es basa el pròxim veredicte.',
    kind: 'Què',
    kinds: {
      originals: 'Imatges completes',
      thumbnails: 'Miniatures',
      snapshots: 'Imatges amb els seus resultats',
    },
    months: 'De fa més de (mesos)',
    find: 'Comptar',
    none: 'No hi ha res tan antic.',
    question: (kind, count) =>
      kind === 'snapshots'
        ? `Eliminar ${counted(count, ...NOUNS[kind])} de totes les càmeres? Amb això desapareixen els seus resultats, embeddings i miniatures; el que s’ha enviat a DriftWatch s’hi queda.`
        : `Eliminar ${counted(count, ...NOUNS[kind])} de totes les càmeres? Els resultats es queden.`,
    staying: (count) => `${counted(count, 'imatge antiga es queda', 'imatges antigues es queden')}.`,
    yes: (count) => `Eliminar ${spaced(count)}`,
    no: 'Conservar',
    deleting: 'Eliminant…',
    done: (kind, count) =>
      `${count === 1 ? 'S’ha eliminat' : 'S’han eliminat'} ${counted(count, ...NOUNS[kind])}.`,
  },

  keep: {
    title: 'Conservar les imatges completes',
    label: (name) => `Conservar les imatges de ${name} en aquest dispositiu`,
    what: 'Porthole conserva aleshores cada imatge que comprovi a partir d’ara, amb el nom YYYYMMDD-HHMMSS-CAMERA com al tutorial, per poder veure la imatge completa i tornar-la a avaluar amb un altre model.',
    cost: (size, count) =>
      `Una imatge ocupa al voltant de ${bytes(Math.round(size))}; ${counted(count, 'imatge com les comprovades fins ara ocuparia', 'imatges com les comprovades fins ara ocuparien')} ${bytes(Math.round(size * count))}.`,
    unknownCost: 'Una imatge d’una càmera ocupa de 0.1 a 5 MB: un miler, fins a 5 GB.',
    cannot:
      'Aquest navegador no ofereix fitxers propis a la pàgina, i no es poden conservar les imatges: li falta OPFS, la pàgina no és a https, o és una finestra privada.',
    unkept: (count) =>
      `${counted(count, 'imatge no s’ha pogut conservar', 'imatges no s’han pogut conservar')}, potser per falta d’espai. Els resultats estan segurs.`,
    waiting: (count) =>
      `${counted(count, 'imatge espera', 'imatges esperen')} per conservar-se. Fins aleshores, cal mantenir oberta aquesta pàgina.`,
    full: 'Mostrar la imatge completa',
    save: 'Desar la imatge',
    missing: 'La imatge completa no es conserva en aquest dispositiu.',
    rejudge: (count) => `Tornar a avaluar ${counted(count, 'imatge conservada', 'imatges conservades')}`,
  },

  reminder: {
    label: 'Recordatori per exportar',
    reasons: {
      'nearly-full': () =>
        'Aquest dispositiu és gairebé ple. Cal exportar-ho tot i després eliminar el que és antic als paràmetres.',
      'not-kept': (fresh) =>
        `El navegador pot esborrar aquestes dades si falta espai, i ${counted(fresh, 'imatge encara no és', 'imatges encara no són')} en cap exportació.`,
      'long-ago': (fresh) =>
        `${counted(fresh, 'imatge encara no és', 'imatges encara no són')} en cap exportació.`,
    },
    now: 'Exportar ara',
    later: 'Més tard',
  },
};

const NOUNS: Readonly<Record<Aged, readonly [one: string, many: string]>> = {
  originals: ['imatge completa', 'imatges completes'],
  thumbnails: ['miniatura', 'miniatures'],
  snapshots: ['imatge', 'imatges'],
};

function images(count: number): string {
  return counted(count, 'imatge', 'imatges');
}

/** Of thousands nobody reads more. */
function some(names: readonly string[]): string {
  return `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ' i d’altres' : ''}`;
}
