import type { OfflineMessages } from '../messages-offline';

export const offline: OfflineMessages = {
  update:
    'Hay una versión nueva de Porthole lista. Esta página sigue con la suya hasta que se cambie a la nueva.',
  isAtWork: 'Podrá entrar en vigor cuando termine el trabajo en curso, aquí o en otra pestaña.',
  changeOver: 'Cambiar ahora',
  getNewest: 'Obtener la versión más nueva',
};
