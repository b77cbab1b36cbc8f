import type { Tables } from '../language';
import { messages } from './messages';
import { adapt } from './messages-adapt';
import { calibrate } from './messages-calibrate';
import { compare } from './messages-compare';
import { drill } from './messages-drill';
import { fleet } from './messages-fleet';
import { fouling } from './messages-fouling';
import { outlook } from './messages-outlook';
import { sync } from './messages-sync';
import { why } from './messages-why';

export const tables: Tables = {
  formats: { locale: 'ca', hours: 'hores', days: 'dies' },
  messages,
  parts: { adapt, calibrate, compare, drill, fleet, fouling, outlook, sync, why },
};
