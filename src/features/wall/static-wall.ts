import { bdi, html, Markup, plain } from '../../core/domain/files/markup';
import { isoInstant } from '../../core/domain/instant';
import { seenTag } from '../../core/i18n/conclusion-words';
import { appWords } from '../../core/i18n/app-words';
import { chartInFile } from '../../core/plot/chart';
import { filledBy, instructionOf, verdictWord } from '../../core/session/history/verdict-now';
import { pageFile, staysMarkup } from '../../core/ui/page-file';
import type { Stays } from '../../core/session/pictures/what-stays';
import { VERDICT_SHAPES } from '../../core/ui/verdict-shapes';
import {
  ageWords,
  careSentence,
  causeSentence,
  nextCleaningDue,
  waitingSentence,
  wallTitle,
} from './tile-sentences';
import { wallWords } from '../../words/wall';
import { tideOf } from './pure/spark';
import { sparkScene } from './spark-line';
import { WALL_STYLE } from './static-style';
import type { Tile } from './wall.svelte';

/** Seconds after which a browser that shows the file reads it again. */
const REFRESH = 60;

/** Files beside the wall. */
const KINDS = ['report', 'csv', 'json'] as const;

/** A camera by its name, with the paths of its files relative to the wall. */
interface WallCamera extends Partial<Record<(typeof KINDS)[number], string>> {
  readonly name: string;
}

export interface StaticWall {
  /** the worst first */
  readonly tiles: readonly Tile[];
  /** milliseconds since 1970, as is `nextAt`, by when the file is written again */
  readonly now: number;
  readonly nextAt: number;
  /** JPEGs as base64, by job id; none where the wall shows no pictures */
  readonly pictures: ReadonlyMap<string, string>;
  /** of alarms, by camera id */
  readonly stays: ReadonlyMap<string, Stays | null>;
  readonly cameras: readonly WallCamera[];
  /** all cameras as JSON, relative to the wall */
  readonly data: string;
}

/** Writes the wall as one HTML file that needs nothing else: no script, no network. It says when it was written. */
export function writeWall(wall: StaticWall): string {
  const { tiles, now, nextAt, data } = wall;
  const title = tiles.length > 0 ? wallTitle(tiles) : wallWords.file.none;
  const newestAt = Math.max(...tiles.map((tile) => tile.newestAt ?? -Infinity));
  const next = nextCleaningDue(tiles, now);
  return pageFile({
    lang: wallWords.file.lang,
    title,
    version: __PORTHOLE_VERSION__,
    style: WALL_STYLE,
    refresh: REFRESH,
    content: html`<header>
        <div>
          <h1>${title}</h1>
          <p class="soft">
            ${next ? html`${wallWords.next({ camera: plain(next.tile.name), days: next.days })} ` : null}
            ${Number.isFinite(newestAt) ? wallWords.newest({ age: Math.max(0, now - newestAt) }) : wallWords.noSnapshot}
          </p>
          <p class="written">${wallWords.file.written({ at: now, next: nextAt })}</p>
        </div>
        ${tiles.length > 0 ? tide(tiles) : null}
      </header>
      <ul aria-label="${wallWords.list}">
        ${tiles.map((tile, i) => tileOf(tile, i, wall))}
      </ul>
      <footer class="soft">
        <p>${wallWords.legend}</p>
        <p><a href="${data}">${wallWords.file.data}</a></p>
      </footer>`,
  });
}

function tileOf(tile: Tile, i: number, { now, pictures, stays, cameras }: StaticWall): Markup {
  const { shown, newestAt } = tile;
  const said = shown === 'silent' ? ageWords(tile, now) : instructionOf(tile.now);
  const stay = stays.get(tile.camera.id);
  const waiting = waitingSentence(tile);
  const paths = cameras.find(({ name }) => name === tile.name);
  const links = KINDS.flatMap((kind) => {
    const path = paths?.[kind];
    return path === undefined ? [] : [html`<li><a href="${path}">${wallWords.file.kinds[kind]}</a></li>`];
  });
  return html`<li class="tile" data-verdict="${shown}">
    <div class="ring">${ring(tile, i, pictures)}</div>
    <div class="says">
      <h2>${bdi(tile.name)}</h2>
      <p class="word">
        <span>${shape(shown, shown === 'drift' ? 22 : 14)} <b>${said}</b></span>
        ${newestAt !== null && shown !== 'silent' ? html`<span class="soft">${ageWords(tile, now)}</span>` : null}
      </p>
    </div>
    <figure>${chartInFile(sparkScene(tile, now))}</figure>
    <div class="text">
      <p>${causeSentence(tile)}</p>
      ${tile.seen ? html`<p><b>${seenTag(tile.seen, now)}</b></p>` : null}
      ${waiting === '' ? null : html`<p>${waiting}</p>`} ${stay ? staysMarkup(stay) : null}
      <p class="soft">${careSentence(tile, now)}</p>
      ${
        newestAt === null
          ? null
          : html`<p class="soft">
              <time datetime="${isoInstant(newestAt)}">${wallWords.file.newest({ at: newestAt })}</time>
            </p>`
      }
      ${
        links.length > 0
          ? html`<ul class="files" aria-label="${wallWords.file.files({ camera: plain(tile.name) })}">
              ${links}
            </ul>`
          : null
      }
    </div>
  </li>`;
}

/** The verdict's ring: a porthole with the newest picture, or with the verdict's shape where there is none. */
function ring({ now, name, shown }: Tile, i: number, pictures: StaticWall['pictures']): Markup {
  const picture = now.latest && pictures.get(now.latest.id);
  const filled = filledBy(now);
  return html`<svg
    viewBox="0 0 320 320"
    role="img"
    aria-label="${appWords.verdict.ring({ status: verdictWord(now), distance: null })}${picture ? `. ${wallWords.file.picture({ camera: plain(name) })}` : ''}"
  >
    <circle class="wash" cx="160" cy="160" r="122" />
    ${
      picture
        ? html`<clipPath id="glass-${i}"><circle cx="160" cy="160" r="122" /></clipPath>
            <image
              x="38"
              y="38"
              width="244"
              height="244"
              preserveAspectRatio="xMidYMid slice"
              clip-path="url(#glass-${i})"
              href="data:image/jpeg;base64,${picture}"
            />`
        : html`<svg class="shape" x="110" y="110" width="100" height="100" viewBox="0 0 20 20">
            ${new Markup(VERDICT_SHAPES[shown])}
          </svg>`
    }
    <circle class="way" cx="160" cy="160" r="144" />
    ${
      filled > 0
        ? html`<circle
            class="way filled"
            cx="160"
            cy="160"
            r="144"
            pathLength="100"
            stroke-dasharray="${(filled * 100).toFixed(1)} 100"
            transform="rotate(-90 160 160)"
          />`
        : null
    }
  </svg>`;
}

/** A drawing only: the tiles say the same. */
function tide(tiles: readonly Tile[]): Markup {
  const left = (i: number) => ((92 * (i + 0.5)) / tiles.length).toFixed(1);
  return html`<div class="tide" aria-hidden="true">
    <svg class="wave" viewBox="0 0 420 10" preserveAspectRatio="none">
      <path d="M0 5${'q10.5-5 21 0t21 0'.repeat(10)}" />
    </svg>
    <span class="limit">${wallWords.tideLimit}</span>
    ${tiles.map(
      ({ times, shown }, i) =>
        html`<span class="camera" style="left:${left(i)}%;bottom:${(82 * tideOf(times)).toFixed(1)}%"
          >${shape(shown, 15)}</span
        >`,
    )}
  </div>`;
}

function shape(verdict: Tile['shown'], size: number): Markup {
  return html`<svg
    class="shape"
    width="${size}"
    height="${size}"
    viewBox="0 0 20 20"
    aria-hidden="true"
    data-verdict="${verdict}"
  >
    ${new Markup(VERDICT_SHAPES[verdict])}
  </svg>`;
}
