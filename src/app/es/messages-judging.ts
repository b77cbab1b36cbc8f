import type { JudgingField } from '../../domain/judging-problem';
import type { JudgingMessages } from '../messages-judging';

const FIELDS: Record<JudgingField, { readonly name: string; readonly why: string }> = {
  sigma: { name: 'Sigma', why: 'fuera de ahí todas las imágenes se parecen, o ninguna' },
  windowSize: {
    name: 'La ventana',
    why: 'una distancia requiere dos imágenes, y una ventana más larga olvida demasiado tarde',
  },
  warning: {
    name: 'El límite de aviso',
    why: 'las distancias están entre -1 y 2, así que otros se superan siempre o nunca',
  },
  drift: {
    name: 'El límite de deriva',
    why: 'las distancias son 2 como máximo, y casi 0 con la lente limpia',
  },
  raiseAfter: { name: '«Activar tras»', why: 'una alarma más tardía no serviría' },
  clearAfter: { name: '«Desactivar tras»', why: 'una alarma más tardía no serviría' },
  clearBelow: { name: '«Desactivar por debajo de»', why: 'es una parte del límite' },
};

export const judging: JudgingMessages = {
  problem: (problem) => {
    if (problem.kind === 'order') {
      return `El límite de aviso (${String(problem.warning)}) debe estar por debajo del límite de deriva (${String(problem.drift)}).`;
    }
    const { field, range, isWhole } = problem;
    const { name, why } = FIELDS[field];
    return `${name} debe ser un número ${isWhole ? 'entero ' : ''}de ${String(range.least)} a ${String(range.most)}: ${why}.`;
  },
};
