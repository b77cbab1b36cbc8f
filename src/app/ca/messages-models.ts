import type { ModelMessages } from '../messages-models';

export const models: ModelMessages = {
  trying: (name) =>
    `S’està provant ${name} amb una imatge petita. Un model que triga més d’un minut, si fa no fa, s’atura.`,
  cancel: 'Cancel·lar',
  stuck: (at) =>
    `Va trigar massa a donar un embedding en aquest dispositiu (${at}), de manera que no s’obre més per si sol.`,
  tryAgain: 'Tornar-lo a provar',
};
