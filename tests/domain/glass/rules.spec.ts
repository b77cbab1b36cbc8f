import { expect, test } from '@playwright/test';
import { markedIn } from '../../../scripts/marked.mjs';
import { RULES_FILE, rulesTable } from '../../../scripts/rules.mjs';
import { RULES } from '../../../src/core/domain/glass/conclusion';

test('the documents have the rules of a verdict in their order (npm run build:rules writes them)', async () => {
  expect(markedIn(RULES_FILE, 'rules')).toBe(await rulesTable(RULES));
});
