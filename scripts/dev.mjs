/**
 * `npm run dev`: installs what is missing, then starts Vite's development server with the given options. The plugins of
 * vite.config.ts make WebAssembly and words before it listens, and again when their sources change.
 */
import { prepare } from './prepare.mjs';

prepare();
// Vite's own command, in this process: what stops one stops both.
await import('../node_modules/vite/bin/vite.js');
