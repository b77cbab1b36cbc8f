import type { Scripting } from './scripting';

declare global {
  /** package.json's version, put in by Vite */
  const __PORTHOLE_VERSION__: string;
  /** of the source that it was built from, in hexadecimal; null if that is not known */
  const __PORTHOLE_COMMIT__: string | null;
  /** of ONNX Runtime */
  const __ONNX_RUNTIME_VERSION__: string;
  // A property of globalThis can only be declared with var.
  var porthole: Scripting;
}
