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
import { groupWords, signWords, tileSentences, wallLead, wallTitle } from './tile-sentences';
import { groupOf, groupsOf, type Tile, type TileGroup } from './tile';

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
  /** protection that the station's settings give up */
  readonly unguarded: readonly ('door' | 'sandbox')[];
  /** said at its forms just now, or null; absent from a wall that only shows */
  readonly said?: FormAnswer | null;
}

/** Writes the wall as one HTML file that needs nothing else: no script, no network. It says when it was written. */
export function writeWall(wall: StaticWall): string {
  const { tiles, now, nextAt, data, said, unguarded } = wall;
  const hasForms = said !== undefined;
  const pressing = tiles.filter((tile) => groupOf(tile) === null);
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
        ${unguarded.map((what) => html`<p class="unguarded">${wallWords.file.unguarded[what]}</p>`)}
      </header>
      ${said ? saidMarkup(said, tiles) : null}
      ${
        pressing.length > 0
          ? html`<ul class="tiles" aria-label="${wallWords.list}">
              ${pressing.map((tile) => markupOf(tile, wall))}
            </ul>`
          : null
      }
      ${groupsOf(tiles).map((group) => groupMarkup(group, wall))}
      ${
        data === null
          ? null
          : html`<footer class="soft fine">
              <p><a href="${data}">${wallWords.file.data}</a></p>
            </footer>`
      }`,
  });
}

function markupOf(tile: Tile, wall: StaticWall): Markup {
  const { now, covers } = wall;
  const { seen } = tile;
  const drawn = drawnAs(tile.now);
  const { latest } = tile.now;
  const picture = pictureOf(tile, wall);
  const cover = covers.get(tile.camera.id);
  return html`<li class="tile" data-verdict="${drawn}">
    <div class="glass">
      ${picture} ${picture && latest && cover ? tint(latest, cover) : null}
      <p class="tag sign">${shape(drawn)} ${signWords(tile)}</p>
      ${seen ? html`<p class="tag seen">${seenTag(seen, now)}</p>` : null}
    </div>
    <div class="say">
      <h2>${bdi(tile.name)}</h2>
      ${ageOf(tile, now)}
      <p class="soft">${tileSentences(tile).join(' ')}</p>
      ${moreOf(tile, wall)}
    </div>
  </li>`;
}

/** Cameras that need nobody, a row each, as CameraGroup.svelte shows them. */
function groupMarkup(group: TileGroup, wall: StaticWall): Markup {
  const { title, shared } = groupWords(group);
  const [{ shown } = { shown: 'normal' as const }] = group.tiles;
  return html`<section class="group ${group.group}" data-verdict="${shown}">
    <h2 class="sign">${shape(shown)} ${title}</h2>
    ${shared ? html`<p class="soft fine">${shared}</p>` : null}
    <ul>
      ${group.tiles.map(
        (tile) =>
          html`<li data-verdict="${tile.shown}">
            <div class="glass">${pictureOf(tile, wall)}</div>
            <div>
              <h3>${bdi(tile.name)}</h3>
              <p class="soft fine">${ageOf(tile, wall.now)}</p>
              <p class="soft fine">${tileSentences(tile).join(' ')}</p>
              ${moreOf(tile, wall)}
            </div>
          </li>`,
      )}
    </ul>
  </section>`;
}

function pictureOf({ name, now: { latest } }: Tile, { pictures }: StaticWall): Markup | null {
  const picture = latest && pictures.get(latest.id);
  if (!picture) return null;
  const alt = wallWords.file.picture({ camera: plain(name) });
  return html`<img src="data:image/jpeg;base64,${picture}" alt="${alt}" />`;
}

function ageOf(tile: Tile, now: number): Markup | null {
  if (tile.newestAt === null) return null;
  return html`<time class="soft" datetime="${isoInstant(tile.newestAt)}"
    >${ageWords(tile.newestAt, now)}</time
  >`;
}

/** The picture of what stays, a camera's files, and its forms. */
function moreOf(tile: Tile, { now, stays, cameras, said }: StaticWall): Markup {
  const stay = stays.get(tile.camera.id);
  const paths = cameras.find(({ name }) => name === tile.name);
  const links = KINDS.flatMap((kind) => {
    const path = paths?.[kind];
    return path === undefined ? [] : [html`<li><a href="${path}">${wallWords.file.kinds[kind]}</a></li>`];
  });
  const label = wallWords.file.files({ camera: plain(tile.name) });
  return html`${stay ? staysMarkup(stay) : null}
  ${
    links.length > 0
      ? html`<ul class="files" aria-label="${label}">
          ${links}
        </ul>`
      : null
  }
  ${said === undefined ? null : tellForms(tile, now)}`;
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
