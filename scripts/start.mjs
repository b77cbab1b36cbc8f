/** `npm start`: installs, builds, serves the page on localhost and prints its address. */
import { DRIFTWATCH_PATH, driftwatchRoot } from './driftwatch-path.mjs';
import { build, prepare, stop } from './prepare.mjs';

const driftwatch = driftwatchRoot();
prepare();
build();

const { serveDist } = await import('./serve.mjs');
const wanted = Number(process.env.PORT ?? 8080);
const { address } = await serveDist({ port: wanted, driftwatch })
  // Somebody else has the port: any other will do, unless it was asked for.
  .catch((error) =>
    process.env.PORT === undefined && error.code === 'EADDRINUSE'
      ? serveDist({ driftwatch })
      : Promise.reject(error),
  )
  .catch((error) =>
    stop(`Port ${wanted} can't be used (${error.code}). Choose another: PORT=8081 npm start`),
  );
console.log(`\nPorthole is at ${address}`);
if (driftwatch !== undefined) {
  console.log(`DriftWatch at ${driftwatch} is served under ${DRIFTWATCH_PATH}: give that as its address.`);
}
console.log('Stop it with Ctrl+C.');
