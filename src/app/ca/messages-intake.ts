import type { Refusal } from '../../domain/archive';
import { counted } from '../format';
import type { IntakeMessages } from '../messages-intake';
import { countedSpaced, listed, localHour, localSecond, spaced } from '../wording';

export const intake: IntakeMessages = {
  reading: (found) =>
    `Llegint carpetes: ${countedSpaced(found, 'fitxer trobat', 'fitxers trobats')} fins ara.`,
  left: ({ archive, refusal, names }) => `${archive}: ${REFUSALS[refusal](named(names), names.length)}`,
  leftMore: (count) =>
    `Alguna cosa més ha quedat fora, ${countedSpaced(count, 'vegada', 'vegades')} en fitxers zip.`,
  leftBehind: {
    told: (checked, total) =>
      `L’últim lot es va interrompre: ${checked === 1 ? 'es va comprovar' : 'es van comprovar'} ${spaced(checked)} de ${countedSpaced(total, 'fitxer')}.`,
    canGoOn: 'El que s’ha comprovat es conserva i no es torna a comprovar.',
    mustDrop: 'Cal deixar anar de nou els mateixos fitxers; els ja avaluats s’ometen.',
    goOn: 'Continuar',
    forget: 'Oblidar-ho',
    denied:
      'El navegador no ha deixat que la pàgina llegeixi els fitxers. Cal deixar-los anar de nou; els ja avaluats s’ometen.',
  },
  watch: {
    title: 'Vigilar una carpeta',
    explain:
      'Les imatges noves d’una carpeta d’aquest ordinador es comproven a mesura que arriben, mentre aquesta pàgina estigui oberta. Els fitxers que ja hi siguin sense comprovar es comproven primer.',
    begin: 'Vigilar una carpeta',
    stop: 'Deixar de vigilar',
    goOn: (folder) => `Continuar vigilant ${folder}`,
    waits: (folder) =>
      `La carpeta d’aquesta càmera, ${folder}, no s’està vigilant. El navegador demana si la pàgina la pot tornar a llegir.`,
    state: (folder, arrived, since) =>
      `Vigilant ${folder}/: ${countedSpaced(arrived, 'fitxer nou', 'fitxers nous')} des de les ${localHour(since)}.`,
    lastLook: (at) => `Última revisió a les ${localSecond(at)}.`,
    growing: (count) =>
      count === 1
        ? '1 fitxer encara s’està escrivint.'
        : `${spaced(count)} fitxers encara s’estan escrivint.`,
    busy: 'Espera que acabi l’altra feina.',
    lost: (folder) =>
      `La carpeta ${folder} ara no es pot llegir: s’ha mogut, o se n’ha extret el disc. Es reintenta cada pocs segons.`,
    denied: 'El navegador no ha deixat que la pàgina llegeixi la carpeta. No es vigila res.',
    givenUp: (folder, names) =>
      `Les imatges noves de ${folder} es van començar dues vegades i no es van acabar mai: la pàgina es va tancar, o es va aturar sola. Les primeres eren ${names.join(', ')}; potser la causa és un dels fitxers. El que s’ha comprovat es conserva. Convé treure’l de la carpeta, o continuar.`,
    stopped: (folder) =>
      `S’ha deixat de vigilar ${folder}, perquè les seves imatges noves no s’han pogut comprovar. El que s’ha comprovat es conserva.`,
  },
};

const REFUSALS: Readonly<Record<Refusal, (names: string, count: number) => string>> = {
  encrypted: (names, count) =>
    `${counted(count, 'fitxer està protegit amb contrasenya i s’ha omès', 'fitxers estan protegits amb contrasenya i s’han omès')} (${names}). Cal descomprimir el zip a part i deixar anar la carpeta.`,
  'too-large': (names, count) =>
    `${counted(count, 'fitxer seria molt més gran que qualsevol imatge i s’ha omès', 'fitxers serien molt més grans que qualsevol imatge i s’han omès')} (${names}). Si el zip és propi, cal descomprimir-lo a part i deixar anar la carpeta.`,
  'too-many': () =>
    'Té més entrades de les que es poden llegir alhora; s’han agafat les primeres 600\u202f000. Cal descomprimir-lo i deixar anar les carpetes d’una en una.',
  nested: (names) =>
    `S’han omès fitxers zip molt endins d’altres fitxers zip (${names}). Cal descomprimir-los i deixar anar la carpeta.`,
  damaged: (names) =>
    `Un fitxer zip del seu interior no es pot llegir i s’ha omès (${names}). La resta s’ha agafat.`,
  'not-a-zip': () =>
    'No és un fitxer zip sencer: no es pot llegir, o està tallat. Cal copiar-lo de nou. Tota la resta que venia amb ell s’ha agafat.',
  empty: () => 'No hi ha cap fitxer en aquest zip, i no se n’ha agafat res.',
  'is-bundle': () =>
    'Les exportacions de Porthole s’obren d’una en una. Aquesta no s’ha obert: cal deixar-la anar de nou.',
};

function named(names: readonly string[]): string {
  const more = names.length - 3;
  return more > 0 ? listed([...names.slice(0, 3), `${spaced(more)} més`], 'i') : names.join(', ');
}
