import type { Outlook } from '../../domain/outlook';
import { counted, duration, utcDay } from '../format';
import type { OutlookMessages } from '../messages-outlook';
import { reachOf, sinceCleaning, type ReachFacts } from '../outlook-facts';
import { twoDigits } from '../wording';

export const outlook: OutlookMessages = {
  forecast: (outlook, now) =>
    outlook.trend?.kind === 'rising'
      ? `A aquest ritme, el límit de deriva s’assoleix ${when(reachOf(outlook.trend, outlook.newestAt, now))}; la distància puja ${twoDigits(outlook.trend.perDay)} al dia.`
      : null,
  remark: (outlook, now) =>
    [cleaned(outlook, now), reason(outlook)].filter((sentence) => sentence !== '').join(' '),
};

function when(facts: ReachFacts): string {
  const { isFollowed, soonest, latest, likely, earliestAt, latestAt } = facts;
  const after = isFollowed ? '' : ' després de la imatge més recent';
  const lead = isFollowed ? 'en ' : '';
  if (latest === null || latestAt === null) {
    return `${lead}${likely === 1 ? 'aproximadament 1 dia' : `uns ${String(likely)} dies`}${after}, o molt més tard, però difícilment abans del ${utcDay(earliestAt)}`;
  }
  if (soonest === 0) {
    return `en menys de ${counted(latest, 'dia', 'dies')}${after}, com a molt tard el ${utcDay(latestAt)}`;
  }
  return `${isFollowed ? 'en ' : 'de '}${String(soonest)} a ${counted(latest, 'dia', 'dies')}${after}, entre el ${utcDay(earliestAt)} i el ${utcDay(latestAt)}`;
}

function cleaned(outlook: Outlook, now: number): string {
  const since = sinceCleaning(outlook, now);
  if (!since) return '';
  return since.isFollowed
    ? `${duration(since.span)} des de l’última neteja.`
    : `${duration(since.span)} des de l’última neteja fins a la imatge més recent.`;
}

function reason({ trend, distances, span, since }: Outlook): string {
  if (!trend) return '';
  if (trend.kind === 'rising') {
    return 'La bioincrustació sol accelerar-se: el límit pot arribar abans que a aquest ritme.';
  }
  switch (trend.because) {
    case 'too-few':
    case 'too-short': {
      const begin = since ? ` des ${since.kind === 'moved' ? 'del moviment' : 'de la neteja'}` : '';
      return `Encara no es pot indicar una tendència: ${counted(distances, 'distància', 'distàncies')}${distances > 1 ? ` en ${duration(span)}` : ''}${begin}.`;
    }
    case 'not-rising':
      return 'La distància no està pujant.';
    case 'too-uncertain':
      return 'Potser la distància està pujant, però de manera massa irregular per indicar un dia.';
    case 'too-far':
      return 'La distància puja, però massa a poc a poc per indicar quan assoleix el límit de deriva.';
    case 'above-limit':
      return '';
  }
}
