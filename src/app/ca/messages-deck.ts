import { duration, utc, utcTime } from '../format';
import type { DeckMessages } from '../messages-deck';
import type { VerdictNow } from '../verdict-now';

export const deck: DeckMessages = {
  title: (camera) => `Mode a bord: ${camera}`,
  since: (verdict, at) => `${sinceWords[verdict]} des del ${utc(at)}`,
  newest: (at, now) =>
    now - at > 0 && now - at < 48 * 3_600_000
      ? `Última imatge: ${utc(at)}, fa ${duration(now - at)}`
      : `Última imatge: ${utc(at)}`,
  takePicture: 'Fer una foto',
  cleaned: 'He netejat la lent',
  cleanedAt: (at) => `Neteja anotada a les ${utcTime(at)} UTC.`,
  undo: 'Desfer',
  undone: 'S’ha tret la neteja.',
  night: 'Nit',
  fill: 'Pantalla completa',
  leave: 'Sortir',
  actions: 'Accions',
  dark: 'Aquest navegador no manté la pantalla encesa: es pot apagar sola.',
  awake: 'La pantalla es manté encesa.',
  settings: {
    title: 'Mode a bord',
    lead: 'Al Monitor, «Mode a bord» omple la pantalla amb el veredicte i botons grossos, i la manté encesa. Amb la tecla Esc se’n surt.',
    key: 'La tecla D també l’obre',
  },
};

const sinceWords: Record<VerdictNow['verdict'], string> = {
  'warming-up': 'Preparant',
  normal: 'Neta',
  warning: 'Avís',
  drift: 'Deriva',
  'not-checked': 'Sense comprovar',
};
