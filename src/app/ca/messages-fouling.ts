import type { FoulingNames } from '../messages-fouling';

export const fouling: FoulingNames = {
  film: 'pel·lícula',
  silt: 'sediment',
  growth: 'bioincrustació',
  droplets: 'gotes',
  defocus: 'desenfocament',
  cover: 'obstrucció',
};
