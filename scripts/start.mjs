/** `npm start`: installs, builds, serves the page on localhost and prints its address. */
import { build, prepare, stop } from './prepare.mjs';

prepare();
build();

const { serveDist } = await import('./serve.mjs');
const wanted = Number(process.env.PORT ?? 8080);
const { address } = await serveDist({ port: wanted })
  // Somebody else has the port: any other will do, unless it was asked for.
  .catch((error) =>
    process.env.PORT === undefined && error.code === 'EADDRINUSE' ? serveDist() : Promise.reject(error),
  )
  .catch((error) =>
    stop(`Port ${wanted} can't be used (${error.code}). Choose another: PORT=8081 npm start`),
  );
console.log(`\nPorthole is at ${address}\nStop it with Ctrl+C.`);
