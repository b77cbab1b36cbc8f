/** `npm run build:rules`: writes the table of rules that make a verdict into docs/glass.md. */
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { withDomain } from './domain.mjs';
import { aligned, writeMarked } from './marked.mjs';

export const RULES_FILE = fileURLToPath(new URL('../docs/glass.md', import.meta.url));

if (argv[1] === fileURLToPath(import.meta.url)) {
  await withDomain(async (load) => {
    const { RULES } = await load('core/domain/glass/conclusion');
    writeMarked(RULES_FILE, 'rules', await rulesTable(RULES));
  });
}

/** @param {readonly import('../src/core/domain/glass/conclusion').Rule[]} rules */
export async function rulesTable(rules) {
  const said = (value, found) => (typeof value === 'string' ? `\`${value}\`` : found);
  const rows = rules.map(
    ({ name, code, level }, i) =>
      `| ${i + 1} | ${name} | ${said(code, 'what it sees')} | ${said(level, 'see the rule')} |`,
  );
  return aligned(['| | Rule | Conclusion | Level |', '| --- | --- | --- | --- |', ...rows].join('\n'));
}
