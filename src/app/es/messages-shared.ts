import { bytes, counted } from '../format';
import type { SharedMessages } from '../messages-shared';
import { MOST_BYTES, MOST_FILES } from '../put-aside';

export const shared: SharedMessages = {
  title: 'Hay archivos pendientes de una decisión',
  came: {
    share: (count) =>
      `${counted(count, 'archivo')} ${count === 1 ? 'compartido' : 'compartidos'} con Porthole, por otra aplicación o por un sitio web: los navegadores no permiten saberlo. Todavía no se ha comprobado ni guardado nada.`,
    system: (count) =>
      `${counted(count, 'archivo')} ${count === 1 ? 'abierto' : 'abiertos'} con Porthole. Todavía no se ha comprobado ni guardado nada.`,
  },
  camera: (name) =>
    `La cámara sería ${name}, y los resultados quedarían en su historial. Si estos archivos son ajenos, conviene descartarlos.`,
  noCamera:
    'Todavía no hay ninguna cámara configurada, así que se tomarían por imágenes limpias de una nueva. Si estos archivos son ajenos, conviene descartarlos.',
  more: (count) => `y ${String(count)} más`,
  picture: (name) => `Imagen ${name}`,
  check: 'Comprobarlos',
  open: 'Abrirlos',
  discard: 'Descartar',
  busy: 'Podrán tomarse cuando termine el trabajo en curso.',
  refused: (names) =>
    `No se acepta por esta vía: ${names.join(', ')}. Solo se pueden compartir imágenes y archivos zip. Si es propio, se puede soltar en la página.`,
  begun:
    'Esto ya se empezó una vez y no terminó: la página se cerró, o se detuvo sola. Lo comprobado se conserva y no se comprueba otra vez.',
  givenUp:
    'Esto se empezó dos veces y nunca terminó: puede que uno de estos archivos detenga la página, así que no se comprueban más. Lo comprobado está a salvo. Conviene descartarlos y soltar después unos pocos cada vez en la página.',
  outcomes: {
    foreign:
      'Un sitio web ha intentado entregar archivos a Porthole. Se han rechazado; no se ha guardado ni cambiado nada. Para comprobar archivos propios, basta con soltarlos en la página.',
    nothing:
      'Lo compartido no traía ningún archivo, así que no hay nada que comprobar. No se ha cambiado nada. Se pueden compartir imágenes, o soltarlas en la página.',
    'too-much': `Es más de lo que puede esperar aquí, ${String(MOST_FILES)} archivos o ${bytes(MOST_BYTES)} en total, así que no se ha tomado nada. Lo que ya esperaba sigue ahí. Se pueden soltar los archivos en la página, o compartir menos cada vez.`,
    'not-kept':
      'Lo compartido no se ha podido conservar: no queda espacio en el dispositivo, o los archivos no se pudieron leer. Todo lo guardado está a salvo. Conviene liberar espacio, o soltar los archivos en la página.',
  },
  framed: {
    told: 'Otro sitio web muestra Porthole dentro de su propia página. Ahí no hace nada, para que nadie pueda abusar de un clic. No se ha cambiado nada.',
    open: 'Abrir Porthole en una pestaña propia',
  },
};
