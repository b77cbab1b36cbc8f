import type { Refusal } from '../../domain/archive';
import { counted } from '../format';
import type { IntakeMessages } from '../messages-intake';
import { countedSpaced, listed, localHour, localSecond, spaced } from '../wording';

export const intake: IntakeMessages = {
  reading: (found) =>
    `Leyendo carpetas: ${countedSpaced(found, 'archivo encontrado', 'archivos encontrados')} hasta ahora.`,
  left: ({ archive, refusal, names }) => `${archive}: ${REFUSALS[refusal](named(names), names.length)}`,
  leftMore: (count) => `Algo más quedó fuera, ${countedSpaced(count, 'vez', 'veces')} en archivos zip.`,
  leftBehind: {
    told: (checked, total) =>
      `El último lote se interrumpió: se ${checked === 1 ? 'comprobó' : 'comprobaron'} ${spaced(checked)} de ${countedSpaced(total, 'archivo')}.`,
    canGoOn: 'Lo comprobado se conserva y no se comprueba de nuevo.',
    mustDrop: 'Soltar de nuevo los mismos archivos; los ya evaluados se omiten.',
    goOn: 'Continuar',
    forget: 'Olvidarlo',
    denied:
      'El navegador no ha dejado que la página lea los archivos. Soltarlos de nuevo; los ya evaluados se omiten.',
  },
  watch: {
    title: 'Vigilar una carpeta',
    explain:
      'Las imágenes nuevas de una carpeta de este ordenador se comprueban según llegan, mientras esta página esté abierta. Los archivos que ya estén en ella sin comprobar se comprueban primero.',
    begin: 'Vigilar una carpeta',
    stop: 'Dejar de vigilar',
    goOn: (folder) => `Seguir vigilando ${folder}`,
    waits: (folder) =>
      `La carpeta de esta cámara, ${folder}, no se está vigilando. El navegador pregunta si la página puede leerla de nuevo.`,
    state: (folder, arrived, since) =>
      `Vigilando ${folder}/: ${countedSpaced(arrived, 'archivo nuevo', 'archivos nuevos')} desde las ${localHour(since)}.`,
    lastLook: (at) => `Última revisión a las ${localSecond(at)}.`,
    growing: (count) =>
      count === 1
        ? '1 archivo se está escribiendo todavía.'
        : `${spaced(count)} archivos se están escribiendo todavía.`,
    busy: 'Espera a que termine el otro trabajo.',
    lost: (folder) =>
      `La carpeta ${folder} no se puede leer ahora: se ha movido, o se ha extraído su disco. Se reintenta cada pocos segundos.`,
    denied: 'El navegador no ha dejado que la página lea la carpeta. No se vigila nada.',
    givenUp: (folder, names) =>
      `Las imágenes nuevas de ${folder} se empezaron dos veces y nunca se terminaron: la página se cerró, o se detuvo sola. Las primeras eran ${names.join(', ')}; puede que la causa sea uno de los archivos. Lo comprobado se conserva. Conviene sacarlo de la carpeta, o seguir.`,
    stopped: (folder) =>
      `Se ha dejado de vigilar ${folder}, porque sus imágenes nuevas no se han podido comprobar. Lo comprobado se conserva.`,
  },
};

const REFUSALS: Readonly<Record<Refusal, (names: string, count: number) => string>> = {
  encrypted: (names, count) =>
    `${counted(count, 'archivo está protegido con contraseña y se ha omitido', 'archivos están protegidos con contraseña y se han omitido')} (${names}). Descomprimir el zip por separado y soltar la carpeta.`,
  'too-large': (names, count) =>
    `${counted(count, 'archivo sería mucho mayor que cualquier imagen y se ha omitido', 'archivos serían mucho mayores que cualquier imagen y se han omitido')} (${names}). Si el zip es propio, descomprimirlo por separado y soltar la carpeta.`,
  'too-many': () =>
    'Tiene más entradas de las que se pueden leer a la vez; se han tomado las primeras 600\u202f000. Descomprimirlo y soltar sus carpetas una a una.',
  nested: (names) =>
    `Se han omitido archivos zip muy anidados dentro de otros (${names}). Descomprimirlos y soltar la carpeta.`,
  damaged: (names) =>
    `Un archivo zip de su interior no se puede leer y se ha omitido (${names}). El resto se ha tomado.`,
  'not-a-zip': () =>
    'No es un archivo zip completo: no se puede leer, o está cortado. Copiarlo de nuevo. Todo lo demás que venía con él se ha tomado.',
  empty: () => 'No hay ningún archivo en este zip, así que no se ha tomado nada de él.',
  'is-bundle': () =>
    'Las exportaciones de Porthole se abren de una en una. Esta no se ha abierto: soltarla de nuevo.',
};

function named(names: readonly string[]): string {
  const more = names.length - 3;
  return more > 0 ? listed([...names.slice(0, 3), `${spaced(more)} más`], 'y') : names.join(', ');
}
