import { expect, test } from '@playwright/test';
import { AppError } from '../../src/core/domain/errors';

test('a detail that came from a file is cut to what can be shown', () => {
  const { detail, message } = new AppError('model-input', `\u202eimage\0${'x'.repeat(100_000)}`);
  expect(detail).toMatch(/^ image x+…$/);
  expect(detail).toHaveLength(500);
  expect(message).toBe(`model-input: ${detail}`);
});
