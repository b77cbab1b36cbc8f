import { expose } from 'comlink';
import { proposeLimits } from '../../../core/domain/drift/calibration';
import { asOutcome } from '../../../core/domain/errors';
import { alive } from '../../../core/thread/life';
import type { AnalysisApi } from './analysis-api';

const api: AnalysisApi = {
  ...alive,
  calibrate: (input) => asOutcome(() => proposeLimits(input)),
};

expose(api);
