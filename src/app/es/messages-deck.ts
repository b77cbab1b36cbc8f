import { duration, utc, utcTime } from '../format';
import type { DeckMessages } from '../messages-deck';
import type { VerdictNow } from '../verdict-now';

export const deck: DeckMessages = {
  title: (camera) => `Modo a bordo: ${camera}`,
  since: (verdict, at) => `${sinceWords[verdict]} desde el ${utc(at)}`,
  newest: (at, now) =>
    now - at > 0 && now - at < 48 * 3_600_000
      ? `Última imagen: ${utc(at)}, hace ${duration(now - at)}`
      : `Última imagen: ${utc(at)}`,
  takePicture: 'Tomar una foto',
  cleaned: 'He limpiado la lente',
  cleanedAt: (at) => `Limpieza anotada a las ${utcTime(at)} UTC.`,
  undo: 'Deshacer',
  undone: 'Se ha quitado la limpieza.',
  night: 'Noche',
  fill: 'Pantalla completa',
  leave: 'Salir',
  actions: 'Acciones',
  dark: 'Este navegador no mantiene la pantalla encendida: puede apagarse sola.',
  awake: 'La pantalla se mantiene encendida.',
  settings: {
    title: 'Modo a bordo',
    lead: 'En el Monitor, «Modo a bordo» llena la pantalla con el veredicto y botones grandes, y la mantiene encendida. Con la tecla Esc se sale.',
    key: 'La tecla D también lo abre',
  },
};

const sinceWords: Record<VerdictNow['verdict'], string> = {
  'warming-up': 'Preparando',
  normal: 'Limpia',
  warning: 'Aviso',
  drift: 'Deriva',
  'not-checked': 'Sin comprobar',
};
