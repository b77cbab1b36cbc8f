/** Protection that `station.toml` gives up: log, `--check` and wall say so. */

const SAID = {
  door: 'The door is open (open = true): without a token, all who reach it can send snapshots and read the results.',
  sandbox:
    'Chromium has no sandbox (sandbox = false): a picture that exploits a fault of its decoders reaches all that the station can.',
};

/** @param config - of `readConfig` @returns {('door' | 'sandbox')[]} */
export function unguarded({ door, sandbox }) {
  return [...(door?.open ? ['door'] : []), ...(sandbox ? [] : ['sandbox'])];
}

/** The same in sentences. */
export function unguardedSentences(config) {
  return unguarded(config).map((what) => `Unprotected: ${SAID[what]}`);
}
