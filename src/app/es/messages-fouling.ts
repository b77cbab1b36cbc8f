import type { FoulingNames } from '../messages-fouling';

export const fouling: FoulingNames = {
  film: 'película',
  silt: 'sedimento',
  growth: 'biofouling',
  droplets: 'gotas',
  defocus: 'desenfoque',
  cover: 'obstrucción',
};
