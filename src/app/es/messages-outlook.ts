import type { Outlook } from '../../domain/outlook';
import { counted, duration, utcDay } from '../format';
import type { OutlookMessages } from '../messages-outlook';
import { reachOf, sinceCleaning, type ReachFacts } from '../outlook-facts';
import { twoDigits } from '../wording';

export const outlook: OutlookMessages = {
  forecast: (outlook, now) =>
    outlook.trend?.kind === 'rising'
      ? `A este ritmo, el límite de deriva se alcanza ${when(reachOf(outlook.trend, outlook.newestAt, now))}; la distancia sube ${twoDigits(outlook.trend.perDay)} al día.`
      : null,
  remark: (outlook, now) =>
    [cleaned(outlook, now), reason(outlook)].filter((sentence) => sentence !== '').join(' '),
};

function when(facts: ReachFacts): string {
  const { isFollowed, soonest, latest, likely, earliestAt, latestAt } = facts;
  const after = isFollowed ? '' : ' después de la imagen más reciente';
  const lead = isFollowed ? 'en ' : '';
  if (latest === null || latestAt === null) {
    return `${lead}${likely === 1 ? 'alrededor de 1 día' : `unos ${String(likely)} días`}${after}, o mucho más tarde, pero difícilmente antes del ${utcDay(earliestAt)}`;
  }
  if (soonest === 0) {
    return `en menos de ${counted(latest, 'día')}${after}, como muy tarde el ${utcDay(latestAt)}`;
  }
  return `${isFollowed ? 'en ' : 'de '}${String(soonest)} a ${counted(latest, 'día')}${after}, entre el ${utcDay(earliestAt)} y el ${utcDay(latestAt)}`;
}

function cleaned(outlook: Outlook, now: number): string {
  const since = sinceCleaning(outlook, now);
  if (!since) return '';
  return since.isFollowed
    ? `${duration(since.span)} desde la última limpieza.`
    : `${duration(since.span)} desde la última limpieza hasta la imagen más reciente.`;
}

function reason({ trend, distances, span, since }: Outlook): string {
  if (!trend) return '';
  if (trend.kind === 'rising') {
    return 'El biofouling suele acelerarse: el límite puede llegar antes que a este ritmo.';
  }
  switch (trend.because) {
    case 'too-few':
    case 'too-short': {
      const begin = since ? ` desde ${since.kind === 'moved' ? 'el movimiento' : 'la limpieza'}` : '';
      return `Aún no se puede indicar una tendencia: ${counted(distances, 'distancia')}${distances > 1 ? ` en ${duration(span)}` : ''}${begin}.`;
    }
    case 'not-rising':
      return 'La distancia no está subiendo.';
    case 'too-uncertain':
      return 'Puede que la distancia esté subiendo, pero de forma demasiado irregular para indicar un día.';
    case 'too-far':
      return 'La distancia sube, pero demasiado despacio para indicar cuándo alcanza el límite de deriva.';
    case 'above-limit':
      return '';
  }
}
