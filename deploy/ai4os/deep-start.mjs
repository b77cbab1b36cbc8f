#!/usr/bin/env node
/** `deep-start --deepaas`, the command of each module of the AI4OS hub: the station with a built-in configuration. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { commandLine } from '../../scripts/command-line.mjs';
import { hostsGiven } from '../../scripts/own-host.mjs';
import { stop } from '../../scripts/prepare.mjs';
import { cameraGiven, OWN_REFERENCE } from './built-in.mjs';

const USAGE = `deep-start [--deepaas]

  --deepaas, -d   the station, which answers as DEEPaaS; so does no option at all
  --help          this

It judges by the clean snapshots in /storage/reference; without that folder, by those of Porthole's demo camera.
Environment: DISABLE_AUTHENTICATION_AND_ASSUME_AUTHENTICATED_USER=yes opens the door to everybody, and nothing starts
without it. It answers under localhost, the container's name, IP addresses, the deployment's name on the hub (from
NOMAD_JOB_ID) and PORTHOLE_HOST. DEEPAAS_V2_MODEL (porthole) is the model's name in addresses. PORTHOLE_DATA (/data),
PORTHOLE_STORAGE (/storage). DEEPAAS_PORT (5000): keep it, because the data belong to the port after it, which the page
takes.`;

const options = commandLine(
  {
    deepaas: { type: 'boolean', short: 'd' },
    jupyter: { type: 'boolean', short: 'j' },
    vscode: { type: 'boolean', short: 's' },
  },
  USAGE,
);
for (const editor of ['jupyter', 'vscode'])
  if (options[editor])
    stop(
      `--${editor} is not offered: this module is a finished program without Python, and there is nothing to edit. Start it with --deepaas.`,
      2,
    );

const {
  PORTHOLE_DATA: data = '/data',
  DEEPAAS_PORT = '5000',
  DEEPAAS_V2_MODEL: model = 'porthole',
  DISABLE_AUTHENTICATION_AND_ASSUME_AUTHENTICATED_USER: openness,
  NOMAD_JOB_ID: deployment,
} = process.env;
const camera = cameraGiven();
const port = Number(DEEPAAS_PORT);
// Traefik leads api-UUID under the domain of a node, which the container does not know. Whoever knows the UUID can reach
// the door without any trick, so any domain will do: etc/modules/nomad.hcl of https://github.com/ai4os/ai4-papi.
const names = deployment ? [`api-${deployment}.*`, `www.api-${deployment}.*`] : [];
const settings = {
  // Docker's own seccomp profile, which the platform uses, denies Chromium its sandbox.
  station: { data: '.', port: port + 1, sandbox: false },
  door: {
    listen: `0.0.0.0:${DEEPAAS_PORT}`,
    model,
    open: openness === 'yes',
    hosts: [...hostsGiven(), ...names],
  },
  camera: [{ ...camera, folder: 'snapshots' }],
};
const config = join(data, 'station.toml');
try {
  mkdirSync(join(data, 'snapshots'), { recursive: true });
  writeFileSync(config, stringify(settings));
} catch (error) {
  stop(`${data} can't be written by user ${process.getuid()}: ${error.message}`);
}
if (camera.reference !== OWN_REFERENCE)
  console.log(`There is no ${OWN_REFERENCE}: snapshots are compared with those of Porthole's demo camera.`);
process.argv.splice(2, Infinity, '--config', config);
await import('../../scripts/station.mjs');
