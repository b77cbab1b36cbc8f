/** A command's arguments, and its help. */
import { parseArgs } from 'node:util';
import { stop } from './prepare.mjs';

const MOST_PORT = 65_535;

/**
 * Reads the arguments. Ends the program with 2 for one that there is not, and after showing the help where that is asked
 * for.
 *
 * @param {import('node:util').ParseArgsConfig['options']} options - without `help`
 * @param {string} usage - the help
 * @param {boolean} [takesNames] - true if arguments without an option are taken: `named`
 */
export function commandLine(options, usage, takesNames = false) {
  let values, positionals;
  try {
    ({ values, positionals } = parseArgs({
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals: takesNames,
    }));
  } catch (error) {
    stop(`${error.message}\n\n${usage}`, 2);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  return takesNames ? { ...values, named: positionals } : values;
}

/**
 * The port that an option names. Ends the program with 2 where it is none.
 *
 * @param {string} option - such as `port`
 * @param {string} value - as it was typed
 */
export function portIn(option, value) {
  if (!/^\d{1,5}$/.test(value) || Number(value) > MOST_PORT)
    stop(`--${option} is ${value}: expected a port, 0 to ${MOST_PORT}.`, 2);
  return Number(value);
}
