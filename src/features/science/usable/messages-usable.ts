import { cn } from '../../../core/i18n/messages-conclusion';
import { inLanguage } from '../../../core/i18n/language';
import type { SpanReason } from '../../../core/domain/usable/span';
import en from '../../../words/usable.en.js';

const catalog = inLanguage('usable', en);

export const us = {
  ...catalog,
  why: (reason: SpanReason): string => ({ ...cn.words, ...catalog.reasons })[reason],
};
