import type { ModelMessages } from '../messages-models';

export const models: ModelMessages = {
  trying: (name) =>
    `Se está probando ${name} con una imagen pequeña. Un modelo que tarda más de un minuto, más o menos, se detiene.`,
  cancel: 'Cancelar',
  stuck: (at) =>
    `Tardó demasiado en dar un embedding en este dispositivo (${at}), así que no se abre más por sí solo.`,
  tryAgain: 'Probarlo de nuevo',
};
