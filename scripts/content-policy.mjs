/**
 * The page's Content-Security-Policy, as a meta element: a plain static host sets no headers. Only the build has it,
 * since Vite's development page has inline styles and scripts.
 */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  // Other hosts are asked by frames that may ask one each: src/features/driftwatch/remote/request-frame.ts.
  'connect-src': "'self'",
  'frame-src': "'self'",
  'img-src': "'self' blob: data:",
  'style-src': "'self'",
  // Components write style attributes; chart.js writes through the CSSOM, which no policy stops.
  'style-src-attr': "'unsafe-inline'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** @returns {import('vite').Plugin} */
export function contentPolicy() {
  const content = Object.entries(POLICY)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
  return {
    name: 'porthole-content-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content },
        injectTo: 'head-prepend',
      },
    ],
  };
}
