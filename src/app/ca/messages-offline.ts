import type { OfflineMessages } from '../messages-offline';

export const offline: OfflineMessages = {
  update:
    'Hi ha una versió nova de Porthole a punt. Aquesta pàgina continua amb la seva fins que es canviï a la nova.',
  isAtWork: 'Podrà entrar en vigor quan acabi la feina en curs, aquí o en una altra pestanya.',
  changeOver: 'Canviar ara',
  getNewest: 'Obtenir la versió més nova',
};
