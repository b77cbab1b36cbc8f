import { bdi, html, Markup, plain } from '../../core/domain/files/markup';
import type { CompletedJob } from '../../core/domain/camera/job';
import { GROWTH_CELL } from '../../core/domain/glass/growth';
import { NO_MOVE } from '../../core/domain/glass/move';
import { drawnOver } from '../../core/domain/glass/outline';
import { isoInstant } from '../../core/domain/instant';
import { seenTag } from '../../core/i18n/conclusion-words';
import type { Cover } from '../../core/session/glass/cover';
import { drawnAs } from '../../core/session/history/verdict-now';
import type { Stays } from '../../core/session/pictures/what-stays';
import { ageWords } from '../../core/i18n/conclusion-words';
import { pageFile, staysMarkup } from '../../core/ui/page-file';
import { VERDICT_SHAPES } from '../../core/ui/verdict-shapes';
import { conclusionWords } from '../../words/conclusion';
import { wallWords } from '../../words/wall';
import { FORM_STYLE, WALL_STYLE } from './static-style';
import { saidMarkup, tellForms, type FormAnswer } from './tell-forms';
import { signWords, tileSentences, wallLead, wallTitle } from './tile-sentences';
import type { Tile } from './tile';

/** Seconds after which a browser that shows the file reads it again. */
const REFRESH = 60;

/** Files beside the wall. */
const KINDS = ['report', 'csv', 'json', 'usable'] as const;

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
  /** of alarms, by camera id, as are `stays` */
  readonly covers: ReadonlyMap<string, Cover | null>;
  readonly stays: ReadonlyMap<string, Stays | null>;
  readonly cameras: readonly WallCamera[];
  /** all cameras as JSON, relative to the wall; null where there is none */
  readonly data: string | null;
  /** said at its forms just now, or null; absent from a wall that only shows */
  readonly said?: FormAnswer | null;
}

/** Writes the wall as one HTML file that needs nothing else: no script, no network. It says when it was written. */
export function writeWall(wall: StaticWall): string {
  const { tiles, now, nextAt, data, said } = wall;
  const hasForms = said !== undefined;
  const title = tiles.length > 0 ? wallTitle(tiles, now) : wallWords.file.none;
  return pageFile({
    lang: wallWords.file.lang,
    title,
    version: __PORTHOLE_VERSION__,
    style: hasForms ? WALL_STYLE + FORM_STYLE : WALL_STYLE,
    // A form that is being filled in would be emptied.
    ...(!hasForms && { refresh: REFRESH }),
    content: html`<header>
        <h1>${title}</h1>
        <p class="lead soft">${wallLead(tiles, now)}</p>
        <p class="fine">
          ${
            hasForms ? wallWords.tell.written({ at: now }) : wallWords.file.written({ at: now, next: nextAt })
          }
        </p>
      </header>
      ${said ? saidMarkup(said, tiles) : null}
      <ul class="tiles" aria-label="${wallWords.list}">
        ${tiles.map((tile) => markupOf(tile, wall))}
      </ul>
      ${
        data === null
          ? null
          : html`<footer class="soft fine">
              <p><a href="${data}">${wallWords.file.data}</a></p>
            </footer>`
      }`,
  });
}

function markupOf(tile: Tile, { now, pictures, covers, stays, cameras, said }: StaticWall): Markup {
  const { newestAt, seen } = tile;
  const drawn = drawnAs(tile.now);
  const { latest } = tile.now;
  const picture = latest && pictures.get(latest.id);
  const cover = covers.get(tile.camera.id);
  const stay = stays.get(tile.camera.id);
  const paths = cameras.find(({ name }) => name === tile.name);
  const links = KINDS.flatMap((kind) => {
    const path = paths?.[kind];
    return path === undefined ? [] : [html`<li><a href="${path}">${wallWords.file.kinds[kind]}</a></li>`];
  });
  return html`<li class="tile" data-verdict="${drawn}">
    <div class="glass">
      ${
        picture
          ? html`<img
              src="data:image/jpeg;base64,${picture}"
              alt="${wallWords.file.picture({ camera: plain(tile.name) })}"
            />`
          : null
      }
      ${picture && cover ? tint(latest, cover) : null}
      <p class="tag sign">${shape(drawn)} ${signWords(tile)}</p>
      ${seen ? html`<p class="tag seen">${seenTag(seen, now)}</p>` : null}
    </div>
    <div class="say">
      <h2>${bdi(tile.name)}</h2>
      ${
        newestAt === null
          ? null
          : html`<time class="soft" datetime="${isoInstant(newestAt)}">${ageWords(newestAt, now)}</time>`
      }
      <p class="soft">${tileSentences(tile, now).join(' ')}</p>
      ${stay ? staysMarkup(stay) : null}
      ${
        links.length > 0
          ? html`<ul class="files" aria-label="${wallWords.file.files({ camera: plain(tile.name) })}">
              ${links}
            </ul>`
          : null
      }
      ${said === undefined ? null : tellForms(tile, now)}
    </div>
  </li>`;
}

/** The covered glass, as CoverTint.svelte draws it. */
function tint(job: CompletedJob, cover: Cover): Markup {
  const move = job.glass?.move ?? NO_MOVE;
  const { path, view } = drawnOver(cover.isDrawn, job.properties!, GROWTH_CELL, move);
  return html`<svg
    class="covers"
    viewBox="${view}"
    preserveAspectRatio="xMidYMid slice"
    role="img"
    aria-label="${conclusionWords.coveredAlt({ share: cover.share })}"
  >
    <path class="under" d="${path}" />
    <path class="edge" d="${path}" />
  </svg>`;
}

function shape(verdict: ReturnType<typeof drawnAs>): Markup {
  return html`<svg class="shape" width="14" height="14" viewBox="0 0 20 20" aria-hidden="true">
    ${new Markup(VERDICT_SHAPES[verdict])}
  </svg>`;
}
