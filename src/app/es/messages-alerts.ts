import { AppError } from '../../domain/errors';
import type { SpokenVerdict } from '../../domain/verdict-change';
import { explain } from '../messages';
import type { AlertMessages } from '../messages-alerts';
import { capital } from '../wording';
import { messages } from './messages';

const refusals: AlertMessages['refusals'] = {
  'notification-denied':
    'El navegador no deja que esta página muestre notificaciones. Permitirlas para esta página en los ajustes del navegador y elegirlas de nuevo.',
  'notification-lost':
    'El navegador ya no deja que esta página muestre notificaciones. Permitirlas para esta página en los ajustes del navegador y pulsar «Probar».',
  'notification-unanswered':
    'Las notificaciones siguen desactivadas, porque la pregunta del navegador quedó sin respuesta. Elegirlas de nuevo para que vuelva a preguntar.',
  'notification-failed':
    'Este navegador solo muestra notificaciones de páginas instaladas. Añadir Porthole a la pantalla de inicio y probar de nuevo.',
  'sound-silent':
    'El navegador no reproduce sonidos hasta que la página se toca una vez después de abrirla. Tocarla en cualquier lugar; desde entonces se oyen.',
  'vibration-failed': 'El dispositivo no ha vibrado. Puede que la vibración esté desactivada en sus ajustes.',
  'badge-failed':
    'El dispositivo no muestra ninguna marca para esta página. Hace falta que esté instalada: añadir Porthole a la pantalla de inicio.',
};

const sentences: Record<SpokenVerdict, string> = {
  normal: 'Normal de nuevo: la lente está limpia',
  warning: 'Aviso: conviene vigilar la lente',
  drift: 'Deriva: limpiar la lente',
};

export const alerts: AlertMessages = {
  refusals,
  title: (camera, { latest, verdict, blindness }, word) => {
    const { instruction } = messages.verdict;
    return latest && !blindness && verdict !== 'warming-up'
      ? `${capital(word)}: ${lowerFirst(instruction[verdict])} - ${camera} - ${messages.app.name}`
      : `${latest || blindness ? capital(word) : instruction['not-checked']} - ${camera} - ${messages.app.name}`;
  },
  changed: (camera, to) => `${camera}: ${sentences[to]}`,
  heading: (to) => sentences[to],
  notice: (camera, sentence) => `${camera}. ${sentence}`,
  failed: (error) =>
    error instanceof AppError ? explain(error.code, error.detail) : explain('unexpected', ''),
  notTold: (reasons) =>
    `El veredicto ha cambiado, y no se ha podido avisar de todas las maneras elegidas. ${reasons.map((reason) => refusals[reason]).join(' ')}`,
  openSettings: 'Abrir Ajustes',
  panel: {
    title: 'Avisar cuando cambie el veredicto',
    lead: 'El título de la pestaña y su icono muestran siempre el veredicto. Lo que se elija aquí avisa de un cambio cuando se han comprobado imágenes nuevas: una vez por lote y como máximo una por minuto. De las imágenes anteriores a las ya comprobadas no se avisa.',
    legend: 'Cómo avisar',
    choices: {
      notification: 'Notificación de este dispositivo',
      sound: 'Sonido',
      vibration: 'Vibración',
      badge: 'Marca en el icono de la página instalada',
    },
    hints: {
      notification: 'El navegador pide permiso al elegirla.',
      sound:
        'Tres tonos descendentes para la deriva, dos para un aviso, dos ascendentes cuando todo vuelve a estar bien.',
      vibration: 'Pulsos largos para la deriva, cortos en los demás casos.',
      badge: 'Desaparece al mirar la página.',
    },
    missing: 'este navegador no lo ofrece',
    onlooker:
      'Porthole está trabajando en otra pestaña. Esa pestaña avisa de los cambios, y esto se elige en ella.',
    tryIt: 'Probar',
    nothingChosen: 'Elegir antes al menos una manera.',
    tried: 'Se ha avisado como de una deriva.',
    sample: 'Esto es solo una prueba.',
  },
};

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
