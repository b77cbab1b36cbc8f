import { v4 as uuid } from 'uuid';
import { html, plain, type Markup } from '../../core/domain/files/markup';
import { QUESTION_ANSWERS } from '../../core/domain/glass/scene-answer';
import { isoDay, isoInstant } from '../../core/domain/instant';
import { answerMeaning, questionHeadline } from '../../core/i18n/question-words';
import type { Question } from '../../core/session/history/scene-question';
import { isAlarm } from '../../core/session/history/verdict-now';
import { logWords } from '../../words/log';
import { monitorWords } from '../../words/monitor';
import { questionWords } from '../../words/question';
import { wallWords } from '../../words/wall';
import { signWords } from './tile-sentences';
import type { Tile } from './tile';

const DAY = 86_400_000;

/** The camera that a person spoke of, and why that was refused; null where it was not. */
export interface FormAnswer {
  readonly camera: string;
  readonly problem: string | null;
}

export function saidMarkup({ camera, problem }: FormAnswer, tiles: readonly Tile[]): Markup {
  const tile = tiles.find(({ name }) => name === camera);
  const { noted, unchanged } = wallWords.tell;
  const told =
    problem === null
      ? noted({ camera: plain(camera), word: tile ? signWords(tile) : '' })
      : unchanged({ camera: plain(camera), why: problem });
  return html`<p class="told" role="status">${told}</p>`;
}

/** The forms of a camera on the wall, which need no script. */
export function tellForms(tile: Tile, now: number): Markup {
  const { name, camera, seen } = tile;
  const { question } = tile.now;
  const headline = question && questionHeadline(question, camera);
  const form = (kind: string, label: string, fields: Markup) =>
    html`<form method="post" action="tell/${encodeURIComponent(name)}" aria-label="${label}: ${plain(name)}">
      <input type="hidden" name="kind" value="${kind}" />
      <input type="hidden" name="id" value="${uuid()}" />
      ${fields}
    </form>`;
  const fold = (kind: string, label: string, fields: Markup) =>
    html`<details>
      <summary>${label}</summary>
      ${form(kind, label, fields)}
    </details>`;
  const note = (text: string) =>
    html`<label>${logWords.note} <input name="note" value="${text}" autocomplete="off" /></label>`;
  const moment = (label: string) =>
    html`<label
      >${label} <input type="datetime-local" name="at" max="${isoInstant(now).slice(0, 16)}"
    /></label>`;
  return html`<div class="tell">
    ${question && headline ? form('scene', headline, answers(question, headline)) : null}
    ${
      isAlarm(tile.now)
        ? fold(
            'seen',
            monitorWords.seenIt,
            html`<label
                >${logWords.seen.who}
                <input name="who" value="${seen?.who ?? ''}" maxlength="120" autocomplete="off"
              /></label>
              <label
                >${logWords.seen.until}
                <input
                  type="date"
                  name="until"
                  value="${isoDay(seen && seen.until > now ? seen.until : now + 7 * DAY)}"
                  min="${isoDay(now + DAY)}"
                  required
              /></label>
              ${note(seen?.note ?? '')}
              <p class="soft fine">${logWords.seen.hint}</p>
              <button>${logWords.seen.save}</button>`,
          )
        : null
    }
    ${
      isAlarm(tile.now) && tile.now.conclusion?.speaker !== 'view'
        ? fold(
            'clean',
            monitorWords.clean.it,
            html`${moment(wallWords.tell.cleanWhen)} ${note('')}
              <p class="soft fine">${monitorWords.clean.gives}</p>
              <button>${logWords.seen.save}</button>`,
          )
        : null
    }
    ${
      question?.isAlone
        ? null
        : fold(
            'cleaned',
            logWords.buttons.cleaned,
            html`${moment(wallWords.tell.when)} ${note('')}
              <p class="soft fine">${logWords.hint.cleaned}</p>
              <button>${logWords.save.cleaned}</button>`,
          )
    }
  </div>`;
}

function answers(question: Question, headline: string): Markup {
  return html`<p>${headline}</p>
    <div class="answers">
      ${QUESTION_ANSWERS.map(
        (answer) =>
          html`<button name="answer" value="${answer}">
            ${questionWords.answers[answer]}<small>${answerMeaning(answer, question)}</small>
          </button>`,
      )}
    </div>
    <p class="soft fine">${question.isAlone ? questionWords.noAlarm : ''} ${questionWords.canUndo}</p>`;
}
