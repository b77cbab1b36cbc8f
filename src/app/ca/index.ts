import type { Tables } from '../language';
import { messages } from './messages';
import { adapt } from './messages-adapt';
import { alerts } from './messages-alerts';
import { bundle } from './messages-bundle';
import { calibrate } from './messages-calibrate';
import { care } from './messages-care';
import { clock } from './messages-clock';
import { compare } from './messages-compare';
import { deck } from './messages-deck';
import { deletion } from './messages-delete';
import { drill } from './messages-drill';
import { fleet } from './messages-fleet';
import { fouling } from './messages-fouling';
import { intake } from './messages-intake';
import { judging } from './messages-judging';
import { models } from './messages-models';
import { offline } from './messages-offline';
import { outlook } from './messages-outlook';
import { report } from './messages-report';
import { shared } from './messages-shared';
import { sync } from './messages-sync';
import { table } from './messages-table';
import { why } from './messages-why';

export const tables: Tables = {
  formats: { locale: 'ca', hours: 'hores', days: 'dies', noDate: 'sense data vàlida' },
  messages,
  parts: {
    adapt,
    alerts,
    bundle,
    calibrate,
    care,
    clock,
    compare,
    deck,
    delete: deletion,
    drill,
    fleet,
    fouling,
    intake,
    judging,
    models,
    offline,
    outlook,
    report,
    shared,
    sync,
    table,
    why,
  },
};
