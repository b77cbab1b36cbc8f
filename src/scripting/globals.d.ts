import type { Scripting } from './scripting';

declare global {
  /** package.json's version, put in by Vite */
  const __PORTHOLE_VERSION__: string;
  // A property of globalThis can only be declared with var.
  var porthole: Scripting;
}
