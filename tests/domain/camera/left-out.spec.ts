import { expect, test } from '@playwright/test';
import { withoutSceneAs } from '../../../src/core/domain/camera/unused-file';
import { DARK } from '../../../src/core/domain/glass/glass-facts';

const properties = (brightness: number, contrast: number, sharpness: number) => ({
  ...{ width: 640, height: 480, brightness, contrast, sharpness },
  ...{ blueMinusRed: 0, greenCast: 0 },
});

test('a picture shows no scene below the brightness at which none is judged, and where no pixel is like the next', () => {
  expect(withoutSceneAs(properties(DARK / 255, 0.1, 0.01))).toBeNull();
  expect(withoutSceneAs(properties(DARK / 255 - 1e-9, 0.1, 0.01))).toBe('too-dark');
  // The darkest and the grainiest snapshot of OBSEA 2014, and white noise of 320 × 240 pixels.
  expect(withoutSceneAs(properties(0.2, 0.048, 0.0106))).toBeNull();
  expect(withoutSceneAs(properties(0.5, 0.121, 0.086))).toBe('only-noise');
  expect(withoutSceneAs(properties(0.5, 0, 0))).toBeNull();
});
