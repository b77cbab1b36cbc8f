import { engineOf, picturesPerSecond, type PoolStatus } from '../../core/encoder/pool-status';
import { encoderWords } from '../../words/encoder';
import { settingsWords } from '../../words/settings';

/** The engine that computes, its speed, and why it is not the chosen one; null until a model is open. */
export function inUseSentence(encoder: PoolStatus): string | null {
  const engine = engineOf(encoder);
  if (engine === null) return null;
  const speed = picturesPerSecond(encoder);
  const { reason, workers } = encoder;
  return [
    settingsWords.inUseNow({ engine: encoderWords.engine[engine], count: workers }),
    ...(speed === null ? [] : [settingsWords.speed({ count: speed })]),
    ...(reason === null || reason === 'chosen' ? [] : [settingsWords.backendReason[reason]]),
  ].join(' ');
}
