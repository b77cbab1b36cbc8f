/** True if WebAssembly can wait for a promise by itself (JSPI), without code of its own for that. */
export const canSuspend = 'Suspending' in WebAssembly;
