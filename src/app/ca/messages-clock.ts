import { counted, duration, utc } from '../format';
import type { ClockMessages } from '../messages-clock';
import { countedSpaced, utcDates } from '../wording';

export const clock: ClockMessages = {
  label: 'Hores que no poden ser certes',
  ahead: (count, from, to) =>
    count === 1
      ? `1 imatge indica una hora que encara no ha arribat, ${utc(to)}. S’ha apartat i no compta en cap veredicte; no s’ha perdut res.`
      : `${countedSpaced(count, 'imatge', 'imatges')} indiquen hores que encara no han arribat, ${utcDates(from, to)}. S’han apartat i no compten en cap veredicte; no s’ha perdut res.`,
  impossible: (count, from, to) =>
    count === 1
      ? `1 imatge indica una hora en què no es pot haver fet, ${utc(to)}: el rellotge de la càmera es va reiniciar o no es va posar mai en hora. S’ha apartat i no compta en cap veredicte; no s’ha perdut res.`
      : `${countedSpaced(count, 'imatge', 'imatges')} indiquen hores en què no es poden haver fet, ${utcDates(from, to)}: el rellotge de la càmera es va reiniciar o no es va posar mai en hora. S’han apartat i no compten en cap veredicte; no s’ha perdut res.`,
  doubted: (count, newest, now) =>
    `${count === 1 ? '1 imatge indica' : `${countedSpaced(count, 'imatge', 'imatges')} indiquen`} una hora posterior a la del rellotge d’aquest dispositiu: la més recent diu ${utc(newest)}, aquest dispositiu diu ${utc(now)}. Un dels dos rellotges va malament. Fins que no s’indiqui quin, la pàgina no diu mai que la lent és neta. No s’ha perdut res.`,
  skew: (ahead) =>
    `La imatge més recent va ${duration(ahead)} per davant del rellotge d’aquest dispositiu. Compta igualment. Així es veuen les càmeres que van amb l’hora local; si la càmera va en UTC, cal comparar els dos rellotges.`,
  more: (count) => `i ${countedSpaced(count, 'més', 'més')}`,
  correct: 'El rellotge de la càmera anava malament',
  device: 'El rellotge d’aquest dispositiu va malament',
  deviceIs: 'Ara són les (UTC)',
  deviceHint:
    'Cal posar el dispositiu en hora tan aviat com es pugui. Fins aleshores la pàgina compta des de l’hora que s’indiqui aquí.',
  saveDevice: 'Fer servir aquesta hora',
  takenAt: 'La més recent es va fer el (UTC)',
  shift: (count, by) => {
    if (by === 0)
      return `${count === 1 ? 'La imatge es queda' : 'Les imatges es queden'} on diu: la seva hora és correcta.`;
    const which =
      count === 1 ? 'La imatge es mou' : `Les ${countedSpaced(count, 'imatge', 'imatges')} es mouen`;
    return `${which} ${duration(Math.abs(by))} cap ${by < 0 ? 'enrere' : 'endavant'}. El que indiquen els fitxers es conserva al costat.`;
  },
  still: 'Això encara no ha arribat, segons el rellotge d’aquest dispositiu.',
  save: 'Corregir l’hora',
  cancel: 'Cancel·lar',
  corrected: (count, by) =>
    `Les hores es mouen ${duration(Math.abs(by))} cap ${by < 0 ? 'enrere' : 'endavant'} quan es donin els fitxers de nou: ${counted(count, 'fitxer')} per donar.`,
  vouched: (count) =>
    `Les hores es prenen per correctes quan es donin els fitxers de nou: ${counted(count, 'fitxer')} per donar.`,
  takeBack: 'Treure la correcció',
  folder: 'Triar-ne la carpeta',
  files: 'Triar-ne els fitxers',
  again: (count) =>
    count === 1
      ? '1 imatge que s’havia apartat es pot avaluar ara. Cal donar-ne el fitxer de nou.'
      : `${countedSpaced(count, 'imatge', 'imatges')} que s’havien apartat es poden avaluar ara. Cal donar-ne els fitxers de nou.`,
  later: 'Ara no',
  stated: (at) => `corregida: el fitxer indica ${utc(at)}`,
};
