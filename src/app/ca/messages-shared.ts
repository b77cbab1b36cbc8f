import { bytes, counted } from '../format';
import type { SharedMessages } from '../messages-shared';
import { MOST_BYTES, MOST_FILES } from '../put-aside';

export const shared: SharedMessages = {
  title: 'Hi ha fitxers pendents d’una decisió',
  came: {
    share: (count) =>
      `${counted(count, 'fitxer')} ${count === 1 ? 'compartit' : 'compartits'} amb Porthole, per una altra aplicació o per un lloc web: els navegadors no permeten saber-ho. Encara no s’ha comprovat ni desat res.`,
    system: (count) =>
      `${counted(count, 'fitxer')} ${count === 1 ? 'obert' : 'oberts'} amb Porthole. Encara no s’ha comprovat ni desat res.`,
  },
  camera: (name) =>
    `La càmera seria ${name}, i els resultats quedarien al seu historial. Si aquests fitxers són aliens, convé descartar-los.`,
  noCamera:
    'Encara no hi ha cap càmera configurada, de manera que es prendrien per imatges netes d’una de nova. Si aquests fitxers són aliens, convé descartar-los.',
  more: (count) => `i ${String(count)} més`,
  picture: (name) => `Imatge ${name}`,
  check: 'Comprovar-los',
  open: 'Obrir-los',
  discard: 'Descartar',
  busy: 'Es podran prendre quan acabi la feina en curs.',
  refused: (names) =>
    `No s’accepta per aquesta via: ${names.join(', ')}. Només es poden compartir imatges i fitxers zip. Si és propi, es pot deixar anar a la pàgina.`,
  begun:
    'Això ja es va començar una vegada i no va acabar: la pàgina es va tancar, o es va aturar sola. El que s’ha comprovat es conserva i no es comprova una altra vegada.',
  givenUp:
    'Això es va començar dues vegades i no va acabar mai: potser un d’aquests fitxers atura la pàgina, de manera que no es comproven més. El que s’ha comprovat està fora de perill. Convé descartar-los i deixar-ne anar després uns quants cada vegada a la pàgina.',
  outcomes: {
    foreign:
      'Un lloc web ha intentat lliurar fitxers a Porthole. S’han rebutjat; no s’ha desat ni canviat res. Per comprovar fitxers propis, n’hi ha prou de deixar-los anar a la pàgina.',
    nothing:
      'El que s’ha compartit no portava cap fitxer, de manera que no hi ha res a comprovar. No s’ha canviat res. Es poden compartir imatges, o deixar-les anar a la pàgina.',
    'too-much': `És més del que pot esperar aquí, ${String(MOST_FILES)} fitxers o ${bytes(MOST_BYTES)} en total, de manera que no s’ha pres res. El que ja esperava encara hi és. Es poden deixar anar els fitxers a la pàgina, o compartir-ne menys cada vegada.`,
    'not-kept':
      'El que s’ha compartit no s’ha pogut conservar: no queda espai al dispositiu, o els fitxers no s’han pogut llegir. Tot el que s’ha desat està fora de perill. Convé alliberar espai, o deixar anar els fitxers a la pàgina.',
  },
  framed: {
    told: 'Un altre lloc web mostra Porthole dins de la seva pròpia pàgina. Allà no fa res, perquè ningú no pugui abusar d’un clic. No s’ha canviat res.',
    open: 'Obrir Porthole en una pestanya pròpia',
  },
};
