/** `npm run driftwatch`: a stand-in of DriftWatch and of a mytoken server on loopback, to try the page against. */
import { fileURLToPath } from 'node:url';
import { commandLine, portIn } from './command-line.mjs';
import { DRIFTWATCH_PATH } from './driftwatch-path.mjs';
import { stop } from './prepare.mjs';

const USAGE = `A stand-in of DriftWatch and of a mytoken server, for trying Porthole without either.
Everything is kept in memory and forgotten at the end.

  npm run driftwatch -- [options]

  --port PORT           of DriftWatch (8090)
  --mytoken-port PORT   of the mytoken server (8091)
  --cors                let pages of any origin call DriftWatch, as the real one does not
  --help`;

const values = commandLine(
  {
    port: { type: 'string', default: '8090' },
    'mytoken-port': { type: 'string', default: '8091' },
    cors: { type: 'boolean', default: false },
  },
  USAGE,
);
const [port, mytokenPort] = ['port', 'mytoken-port'].map((option) => portIn(option, values[option]));

const { runnerImport } = await import('vite').catch(() => stop('Run `npm install` first.'));
const { module: standIns } = await runnerImport(
  fileURLToPath(new URL('../tests/stand-in/server.ts', import.meta.url)),
  { configFile: false },
);
const standIn = await standIns
  .startStandIn({ port, mytokenPort, cors: values.cors })
  .catch((error) => stop(`${error.message}\nChoose others with --port and --mytoken-port.`));

const tester = standIn.newMytoken({ subject: 'tester', email: 'tester@stand-in.example' });

console.log(`
DriftWatch (stand-in)      ${standIn.driftwatch.url}
mytoken server (stand-in)  ${standIn.mytoken.url}

A mytoken to paste:
${tester.mytoken}

More of them, each of somebody new: ${standIn.mytoken.url}/home

${
  values.cors
    ? 'Any page may call this DriftWatch: give the address above.'
    : 'Pages of another origin may not call it, as it is with the real one. From Porthole:'
}
  DRIFT_MONITOR_URL=${standIn.driftwatch.origin} npm start
and give ${DRIFTWATCH_PATH} as DriftWatch's address, and under "More" the mytoken server above.

What you send is kept in memory and forgotten at the end. Stop it with Ctrl+C.`);
