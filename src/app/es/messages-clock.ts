import { counted, duration, utc } from '../format';
import type { ClockMessages } from '../messages-clock';
import { countedSpaced, utcDates } from '../wording';

export const clock: ClockMessages = {
  label: 'Horas que no pueden ser ciertas',
  ahead: (count, from, to) =>
    count === 1
      ? `1 imagen indica una hora que aún no ha llegado, ${utc(to)}. Se ha apartado y no cuenta en ningún veredicto; no se ha perdido nada.`
      : `${countedSpaced(count, 'imagen', 'imágenes')} indican horas que aún no han llegado, ${utcDates(from, to)}. Se han apartado y no cuentan en ningún veredicto; no se ha perdido nada.`,
  impossible: (count, from, to) =>
    count === 1
      ? `1 imagen indica una hora en la que no se pudo tomar, ${utc(to)}: el reloj de la cámara se reinició o nunca se puso en hora. Se ha apartado y no cuenta en ningún veredicto; no se ha perdido nada.`
      : `${countedSpaced(count, 'imagen', 'imágenes')} indican horas en las que no se pudieron tomar, ${utcDates(from, to)}: el reloj de la cámara se reinició o nunca se puso en hora. Se han apartado y no cuentan en ningún veredicto; no se ha perdido nada.`,
  doubted: (count, newest, now) =>
    `${count === 1 ? '1 imagen indica' : `${countedSpaced(count, 'imagen', 'imágenes')} indican`} una hora posterior a la del reloj de este dispositivo: la más reciente dice ${utc(newest)}, este dispositivo dice ${utc(now)}. Uno de los dos relojes está mal. Hasta que se indique cuál, la página nunca dice que la lente está limpia. No se ha perdido nada.`,
  skew: (ahead) =>
    `La imagen más reciente va ${duration(ahead)} por delante del reloj de este dispositivo. Cuenta igualmente. Así se ven las cámaras que van con la hora local; si la cámara va en UTC, comparar los dos relojes.`,
  more: (count) => `y ${countedSpaced(count, 'más', 'más')}`,
  correct: 'El reloj de la cámara estaba mal',
  device: 'El reloj de este dispositivo está mal',
  deviceIs: 'Ahora son las (UTC)',
  deviceHint:
    'Poner en hora el dispositivo cuanto antes. Hasta entonces la página cuenta desde la hora que se indique aquí.',
  saveDevice: 'Usar esta hora',
  takenAt: 'La más reciente se tomó el (UTC)',
  shift: (count, by) => {
    if (by === 0)
      return `${count === 1 ? 'La imagen se queda' : 'Las imágenes se quedan'} donde dice: su hora es correcta.`;
    const which =
      count === 1 ? 'La imagen se mueve' : `Las ${countedSpaced(count, 'imagen', 'imágenes')} se mueven`;
    return `${which} ${duration(Math.abs(by))} hacia ${by < 0 ? 'atrás' : 'delante'}. Lo que indican los archivos se conserva al lado.`;
  },
  still: 'Eso aún no ha llegado, según el reloj de este dispositivo.',
  save: 'Corregir la hora',
  cancel: 'Cancelar',
  corrected: (count, by) =>
    `Las horas se mueven ${duration(Math.abs(by))} hacia ${by < 0 ? 'atrás' : 'delante'} en cuanto se den los archivos de nuevo: ${counted(count, 'archivo')} por dar.`,
  vouched: (count) =>
    `Las horas se toman por correctas en cuanto se den los archivos de nuevo: ${counted(count, 'archivo')} por dar.`,
  takeBack: 'Quitar la corrección',
  folder: 'Elegir su carpeta',
  files: 'Elegir sus archivos',
  again: (count) =>
    count === 1
      ? '1 imagen que se había apartado se puede evaluar ahora. Dar su archivo de nuevo.'
      : `${countedSpaced(count, 'imagen', 'imágenes')} que se habían apartado se pueden evaluar ahora. Dar sus archivos de nuevo.`,
  later: 'Ahora no',
  stated: (at) => `corregida: el archivo indica ${utc(at)}`,
};
