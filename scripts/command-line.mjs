/** A command's arguments, and its help. */
import { parseArgs } from 'node:util';
import { stop } from './prepare.mjs';

/**
 * Reads the arguments. Ends the program with 2 for one that there is not, and after showing the help where that is asked
 * for.
 *
 * @param {import('node:util').ParseArgsConfig['options']} options - without `help`
 * @param {string} usage - the help
 */
export function commandLine(options, usage) {
  let values;
  try {
    ({ values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } }));
  } catch (error) {
    stop(`${error.message}\n\n${usage}`, 2);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  return values;
}
