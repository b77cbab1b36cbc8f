import type { JudgingField } from '../../domain/judging-problem';
import type { JudgingMessages } from '../messages-judging';

const FIELDS: Record<JudgingField, { readonly name: string; readonly why: string }> = {
  sigma: { name: 'Sigma', why: 'fora d’aquí totes les imatges s’assemblen, o cap' },
  windowSize: {
    name: 'La finestra',
    why: 'una distància demana dues imatges, i una finestra més llarga oblida massa tard',
  },
  warning: {
    name: 'El límit d’avís',
    why: 'les distàncies són entre -1 i 2, i altres se superen sempre o mai',
  },
  drift: {
    name: 'El límit de deriva',
    why: 'les distàncies són 2 com a màxim, i gairebé 0 amb la lent neta',
  },
  raiseAfter: { name: '«Activar després de»', why: 'una alarma més tardana no serviria' },
  clearAfter: { name: '«Desactivar després de»', why: 'una alarma més tardana no serviria' },
  clearBelow: { name: '«Desactivar per sota de»', why: 'és una part del límit' },
};

export const judging: JudgingMessages = {
  problem: (problem) => {
    if (problem.kind === 'order') {
      return `El límit d’avís (${String(problem.warning)}) ha d’estar per sota del límit de deriva (${String(problem.drift)}).`;
    }
    const { field, range, isWhole } = problem;
    const { name, why } = FIELDS[field];
    return `${name} ha de ser un nombre ${isWhole ? 'enter ' : ''}de ${String(range.least)} a ${String(range.most)}: ${why}.`;
  },
};
