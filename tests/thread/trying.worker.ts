/** A worker that can be asked for whatever may go wrong with one; `self.name` says what does at once. */
import { expose } from 'comlink';
import { alive, type Alive } from '../../src/core/thread/life';

export interface TryingApi extends Alive {
  double(value: number): Promise<number>;
  refuse(): Promise<never>;
  /** Waits for ever, and answers others meanwhile. */
  wait(): Promise<never>;
  /** Works for ever, and hears nothing meanwhile. */
  work(): Promise<never>;
  /** Ends the worker without a word, as the browser does when memory is short. */
  leave(): Promise<never>;
  /** Throws where nobody catches. */
  crash(): Promise<never>;
}

if (self.name === 'throws') throw new Error('not today');
// As on plain http.
if (self.name === 'no locks') Reflect.deleteProperty(WorkerNavigator.prototype, 'locks');

const never = () => new Promise<never>(() => undefined);

const api: TryingApi = {
  ...alive,
  double: (value) => Promise.resolve(2 * value),
  refuse: () => Promise.reject(new RangeError('too large')),
  wait: never,
  work() {
    for (;;);
  },
  leave() {
    self.close();
    return never();
  },
  crash() {
    setTimeout(() => {
      throw new Error('out of order');
    });
    return never();
  },
};

expose(api);
