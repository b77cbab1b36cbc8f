import type { Aged } from '../../domain/retention';
import { bytes } from '../format';
import type { CareMessages } from '../messages-care';
import { countedSpaced as counted, listed, spaced } from '../wording';

/** How many damaged parts are named. */
const MOST_NAMED = 8;

export const care: CareMessages = {
  title: 'Almacenamiento',
  used: (usage, quota) => `${bytes(usage)} usados de ${bytes(quota)}.`,
  meter: 'Espacio usado en este dispositivo',
  unknownUse: 'Este navegador no indica cuánto espacio se usa.',
  kept: 'El navegador conserva estos datos hasta que se borren.',
  notKept: 'El navegador puede borrar estos datos si el dispositivo se queda sin espacio.',
  unknownKept: 'Este navegador no indica si estos datos están seguros.',
  safari:
    'Safari borra lo que una página ha guardado si no se abre durante siete días, salvo que se haya añadido a la pantalla de inicio o al Dock. Exportar a menudo, o añadirla allí.',
  askToKeep: 'Pedir al navegador que los conserve',
  askedInVain:
    'El navegador no lo ha garantizado. Suele hacerlo con páginas instaladas, guardadas en marcadores o muy usadas.',
  full: 'Cuando el dispositivo se llena, la comprobación se detiene y lo indica: lo comprobado está a salvo, y el resto no aparece como comprobado. Liberar espacio, o eliminar abajo imágenes antiguas, y dar de nuevo los mismos archivos.',
  kinds: {
    head: ['Tipo', 'Cantidad', 'Tamaño aprox.'],
    snapshots: 'Imágenes comprobadas: resultados y embeddings',
    thumbnails: 'Miniaturas',
    originals: 'Imágenes completas conservadas',
    models: 'Modelos',
  },
  demo: (count) =>
    `De ellas, ${count === 1 ? '1 imagen es' : `${spaced(count)} imágenes son`} de la cámara de demostración; eliminar esa cámara libera su espacio.`,
  about: (size) => bytes(Math.round(size)),
  number: spaced,

  export: {
    title: 'Exportar y abrir',
    what: 'Un zip con todo lo que sabe esta página: ajustes, referencias, resultados, embeddings, miniaturas, eventos y los modelos propios. Se abre con Porthole en otro ordenador, y sus tablas se abren con Python y con una hoja de cálculo. Los tokens y las frases de contraseña se quedan aquí.',
    all: 'Exportar todo',
    one: (name) => `Exportar solo ${name}`,
    withOriginals: 'Con las imágenes completas conservadas',
    running: 'Exportación',
    done: (name) => `Se ha escrito ${name}. Guardarlo en otro disco.`,
    last: (days) =>
      days < 1 ? 'Se ha exportado todo hoy.' : `Se exportó todo hace ${counted(days, 'día')}.`,
    never: 'Nunca se ha exportado todo desde este dispositivo.',
    fresh: (count) => `Desde entonces, ${images(count)}.`,
    progress: (done, total) => `${spaced(done)} de ${images(total)}`,
    cancel: 'Cancelar',
  },
  open: {
    label: 'Abrir una exportación',
    title: 'Qué añadiría esta exportación',
    from: (plan) => `Escrita el ${plan.exportedAt.slice(0, 10)} por Porthole ${plan.app}.`,
    adds: ({ cameras, models }) => {
      const added = cameras.filter(({ isNew }) => isNew).length;
      const snapshots = cameras.reduce((sum, { snapshots }) => sum + snapshots, 0);
      const here = cameras.reduce((sum, { here }) => sum + here, 0);
      const others = cameras.filter(({ isNew }) => !isNew).reduce((sum, { others }) => sum + others, 0);
      const what = [
        added > 0 ? counted(added, 'cámara') : '',
        snapshots > 0 ? images(snapshots) : '',
        models.length > 0 ? counted(models.length, 'modelo') : '',
        others > 0 ? counted(others, 'referencia, ajuste o evento', 'referencias, ajustes y eventos') : '',
      ].filter((part) => part !== '');
      const adds = what.length > 0 ? `Añade ${listed(what, 'y')}` : 'No añade nada';
      return here > 0 ? `${adds}; ${counted(here, 'imagen ya está', 'imágenes ya están')} aquí.` : `${adds}.`;
    },
    camera: ({ name, isNew, snapshots, here, differs }) =>
      `${name}: ${isNew ? 'nueva, ' : ''}${images(snapshots)} por añadir${here > 0 ? `, ${spaced(here)} ya aquí` : ''}.${differs ? ' Sus ajustes de aquí difieren de los de la exportación; se quedan como están aquí.' : ''}`,
    sending:
      'Cada resultado se busca en DriftWatch antes de que este ordenador lo envíe, para que ninguno esté dos veces. Enviar desde un solo ordenador.',
    missingModel: (names) =>
      `Ni la exportación ni esta página tienen ${counted(names.length, 'modelo necesario', 'modelos necesarios')}: ${some(names)}. El historial se puede consultar; para comprobar más imágenes, añadir ${names.length === 1 ? 'el modelo' : 'los modelos'}.`,
    damaged: (paths) =>
      `${counted(paths.length, 'parte de la exportación está dañada', 'partes de la exportación están dañadas')}: ${paths.slice(0, MOST_NAMED).join(', ')}${paths.length > MOST_NAMED ? ' y otras' : ''}.`,
    leftOut: (names) =>
      names.length === 1
        ? `${some(names)} se omite, porque una parte no es fiable. El resto está completo.`
        : `${some(names)} se omiten, porque tienen partes que no son fiables. El resto está completo.`,
    accept: 'Añadirla',
    running: 'Añadiendo la exportación',
    done: ({ cameras, snapshots, models, here, unkept }) => {
      const added = [
        counted(cameras, 'cámara'),
        images(snapshots),
        ...(models > 0 ? [counted(models, 'modelo')] : []),
      ];
      return [
        `Se ha añadido: ${listed(added, 'y')}.`,
        ...(here > 0
          ? [
              counted(
                here,
                'imagen ya estaba aquí y se ha quedado como estaba.',
                'imágenes ya estaban aquí y se han quedado como estaban.',
              ),
            ]
          : []),
        ...(unkept > 0
          ? [`${counted(unkept, 'imagen no se ha podido conservar', 'imágenes no se han podido conservar')}.`]
          : []),
      ].join(' ');
    },
    dismiss: 'Cerrar',
    problem: (problem) => {
      switch (problem.kind) {
        case 'not-a-zip':
          return 'Ese archivo no es un zip, o se cortó por el camino. No se ha cambiado nada. Copiarlo de nuevo.';
        case 'not-an-export':
          return 'Ese zip no es una exportación de Porthole: no contiene porthole.json. No se ha cambiado nada.';
        case 'lost':
          return 'El archivo no se pudo leer hasta el final. No se ha cambiado nada. Elegirlo de nuevo.';
        case 'newer':
          return `Esta exportación la escribió un Porthole más nuevo (formato ${String(problem.format)}). No se ha cambiado nada. Recargar esta página para tener la última versión y abrirla de nuevo.`;
        case 'damaged':
          return `La exportación está dañada: ${problem.detail} no es lo que debería ser. No se ha cambiado nada. Copiarla o exportar de nuevo.`;
      }
    },
  },

  delete: {
    title: 'Eliminar lo antiguo',
    what: 'Las referencias se quedan, y también lo que espera ser enviado y aquello en lo que se basa el próximo veredicto.',
    kind: 'Qué',
    kinds: {
      originals: 'Imágenes completas',
      thumbnails: 'Miniaturas',
      snapshots: 'Imágenes con sus resultados',
    },
    months: 'De hace más de (meses)',
    find: 'Contar',
    none: 'No hay nada tan antiguo.',
    question: (kind, count) =>
      kind === 'snapshots'
        ? `¿Eliminar ${counted(count, ...NOUNS[kind])} de todas las cámaras? Con ello desaparecen sus resultados, embeddings y miniaturas; lo enviado a DriftWatch se queda allí.`
        : `¿Eliminar ${counted(count, ...NOUNS[kind])} de todas las cámaras? Los resultados se quedan.`,
    staying: (count) => `${counted(count, 'imagen antigua se queda', 'imágenes antiguas se quedan')}.`,
    yes: (count) => `Eliminar ${spaced(count)}`,
    no: 'Conservar',
    deleting: 'Eliminando…',
    done: (kind, count) =>
      `${count === 1 ? 'Se ha eliminado' : 'Se han eliminado'} ${counted(count, ...NOUNS[kind])}.`,
  },

  keep: {
    title: 'Conservar las imágenes completas',
    label: (name) => `Conservar las imágenes de ${name} en este dispositivo`,
    what: 'Porthole conserva entonces cada imagen que compruebe desde ahora, con el nombre YYYYMMDD-HHMMSS-CAMERA como en el tutorial, para poder ver la imagen completa y evaluarla de nuevo con otro modelo.',
    cost: (size, count) =>
      `Una imagen ocupa alrededor de ${bytes(Math.round(size))}; ${counted(count, 'imagen como las comprobadas hasta ahora ocuparía', 'imágenes como las comprobadas hasta ahora ocuparían')} ${bytes(Math.round(size * count))}.`,
    unknownCost: 'Una imagen de una cámara ocupa de 0.1 a 5 MB: mil de ellas, hasta 5 GB.',
    cannot:
      'Este navegador no ofrece archivos propios a la página, así que no se pueden conservar las imágenes: le falta OPFS, la página no está en https, o es una ventana privada.',
    unkept: (count) =>
      `${counted(count, 'imagen no se ha podido conservar', 'imágenes no se han podido conservar')}, quizá por falta de espacio. Los resultados están a salvo.`,
    waiting: (count) =>
      `${counted(count, 'imagen espera', 'imágenes esperan')} a conservarse. Hasta entonces, mantener abierta esta página.`,
    full: 'Mostrar la imagen completa',
    save: 'Guardar la imagen',
    missing: 'La imagen completa no se conserva en este dispositivo.',
    rejudge: (count) => `Evaluar de nuevo ${counted(count, 'imagen conservada', 'imágenes conservadas')}`,
  },

  reminder: {
    label: 'Recordatorio para exportar',
    reasons: {
      'nearly-full': () =>
        'Este dispositivo está casi lleno. Exportar todo y después eliminar lo antiguo en los ajustes.',
      'not-kept': (fresh) =>
        `El navegador puede borrar estos datos si falta espacio, y ${counted(fresh, 'imagen no está', 'imágenes no están')} aún en ninguna exportación.`,
      'long-ago': (fresh) =>
        `${counted(fresh, 'imagen no está', 'imágenes no están')} aún en ninguna exportación.`,
    },
    now: 'Exportar ahora',
    later: 'Más tarde',
  },
};

const NOUNS: Readonly<Record<Aged, readonly [one: string, many: string]>> = {
  originals: ['imagen completa', 'imágenes completas'],
  thumbnails: ['miniatura', 'miniaturas'],
  snapshots: ['imagen', 'imágenes'],
};

function images(count: number): string {
  return counted(count, 'imagen', 'imágenes');
}

/** Of thousands nobody reads more. */
function some(names: readonly string[]): string {
  return `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ' y otros' : ''}`;
}
