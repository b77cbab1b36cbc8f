import { html } from '../domain/files/markup';
import { chartMarkup, type Scene } from './chart';

const PICTURE = { width: 1200, height: 560, scale: 2 };
/** Pixels around the chart in it, besides those of the scene. */
const EDGE = 24;
const HEAD = 40;

/**
 * A chart as a PNG file of its own, with a title and the theme's colours.
 *
 * @param themed - an element that has the theme
 */
export async function scenePng(scene: Scene, title: string, themed: Element): Promise<Blob> {
  const style = getComputedStyle(themed);
  const { top = 0, right = 0, bottom = 0, left = 0 } = scene.around ?? {};
  const { width, height, scale } = PICTURE;
  const place = html`x="${left + EDGE}" y="${top + HEAD + EDGE}" width="${width - left - right - 2 * EDGE}"
  height="${height - top - bottom - HEAD - 2 * EDGE}"`;
  const picture = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${width}"
    height="${height}"
    font-family="${style.fontFamily}"
  >
    <rect width="100%" height="100%" fill="var(--surface)" />
    <text x="${EDGE}" y="${HEAD}" font-size="20" font-weight="600" fill="var(--ink)">${title}</text>
    ${chartMarkup(scene, place)}
  </svg>`;
  // Lines that are not stretched with the chart are not enlarged with the picture either.
  const text = picture.text
    .replace(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim())
    .replace(
      /stroke-width="([\d.]+)"(?=[^>]*non-scaling)/g,
      (_, wide: string) => `stroke-width="${Number(wide) * scale}"`,
    );
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * scale, height * scale];
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return pngOf(canvas);
}

/** @throws Error if the browser makes none, such as for one that is too large */
export async function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('the browser made no picture');
  return blob;
}
