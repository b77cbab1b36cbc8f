import type { Calibration, DirtyRun } from '../../domain/calibration';
import { AppError } from '../../domain/errors';
import { counted, limit, threeDigits, utc } from '../format';
import { explain } from '../messages';
import type { CalibrateMessages } from '../messages-calibrate';

export const calibrate: CalibrateMessages = {
  lead: 'Límites medidos en los días limpios de esta cámara y probados en días excluidos; y qué habrían dicho otros ajustes de su historial. Nada cambia para la cámara hasta que se acepte.',
  sections: 'En esta página',
  computing: 'Calculando…',
  failed: (error) =>
    error instanceof AppError
      ? explain(error.code, error.detail)
      : explain('unexpected', error instanceof Error ? error.message : ''),
  bandwidth: {
    title: 'Ancho de banda',
    what: 'Sigma indica hasta qué separación dos embeddings cuentan como parecidos. Debe estar entre las distancias entre imágenes limpias, que se dibujan aquí.',
    picture: (largest, sigma) =>
      `Histograma de las distancias entre dos imágenes limpias de la referencia, hasta ${threeDigits(largest)}, con una línea en sigma ${threeDigits(sigma)}.`,
    axis: 'distancia entre dos embeddings limpios; la línea es sigma',
    verdicts: {
      'too-small':
        'Sigma es demasiado pequeño: para este kernel no hay dos imágenes parecidas, y toda distancia es casi 0 venga lo que venga.',
      small:
        'Sigma es pequeño: pocas imágenes limpias cuentan como parecidas, así que las distancias reaccionan tarde.',
      fine: 'Sigma es adecuado para estos embeddings.',
      large: 'Sigma es grande frente al grupo limpio, que es lo que quiere un modelo entrenado para ello.',
      'too-large': 'Sigma es demasiado grande: todo cuenta como parecido, y las distancias se aplanan.',
    },
    saturation: (sigma, saturation) =>
      `Con sigma ${threeDigits(sigma)}, dos imágenes limpias se parecen un ${threeDigits(100 * saturation)} % (kernel medio).`,
    useMedian: (median) => `Probar la heurística de la mediana, ${threeDigits(median)}`,
    useOwn: (sigma) => `Volver a ${threeDigits(sigma)}`,
    othersTitle: 'A qué llaman mediana otras bibliotecas',
    others: (median, other) =>
      `Frouros: sigma = median(d) = ${threeDigits(median)}, en exp(−d² / 2σ²); es el que se guarda aquí. alibi-detect: σ² = median(d²) / 2, que es ${threeDigits(other)} en la convención de Frouros. Evidently: γ = 1 / median(d)², que también es ${threeDigits(other)}. Dividir por √2 antes de comparar umbrales.`,
    noMedian: 'Más de la mitad de los embeddings limpios son iguales, así que no tienen distancia mediana.',
  },
  calibrate: {
    title: 'Límites a partir de días limpios',
    what: 'Dar una serie de imágenes de días en los que se sabe que la lente estaba limpia, seguida y con todas las horas de uso. Los días van enteros a la referencia o a la medición, nunca imágenes sueltas: las vecinas en el tiempo se parecen.',
    clean: 'Imágenes que se sabe limpias',
    dirty: 'Imágenes que se sabe sucias, si las hay',
    dirtyHint: 'Muestran cuándo se notaría la suciedad; los límites no dependen de ellas.',
    chooseClean: 'Elegir imágenes limpias',
    cleanFolder: 'Elegir una carpeta limpia',
    chooseDirty: 'Elegir imágenes sucias',
    chosen: (count, days) =>
      count === 0
        ? 'Aún ninguna. Soltarlas en esta página o elegirlas.'
        : `${images(count)} de ${counted(days, 'día')}.`,
    leftOut: 'Excluidas',
    compareWith: 'Comparar con',
    from: {
      present: (version) => `la referencia actual, versión ${String(version)}`,
      run: () => 'una nueva referencia de los primeros días de esta serie',
    },
    share: 'Parte de los días para la referencia',
    splitRun: (reference, referenceDays, rest, restDays) =>
      `La referencia: ${images(reference)} ${referenceDays === 1 ? 'del primer día' : `de los primeros ${String(referenceDays)} días`}; los límites se miden con ${images(rest)} ${restDays === 1 ? 'del día siguiente' : `de los ${String(restDays)} días siguientes`}.`,
    splitPresent: (rest, days) =>
      rest === 0
        ? 'La referencia contiene imágenes de todos los días de esta serie, así que no queda nada con que medir.'
        : `Los límites se miden con ${images(rest)} de ${counted(days, 'día')} en los que la referencia no tiene parte.`,
    splitUnknown: (rest) =>
      `La referencia no dice de qué días es, así que ${images(rest)} de esta serie ${rest === 1 ? 'puede' : 'pueden'} ser de los mismos, y los límites demasiado bajos. Una nueva referencia de esta serie es más segura.`,
    floor: (warning, drift) =>
      `no por debajo de los límites con los que se evaluó este modelo (${limit(warning)}, ${limit(drift)})`,
    proposed: 'Límites propuestos:',
    limits: ({ warning, drift }) => `aviso ${limit(warning)}, deriva ${limit(drift)}`,
    rests: ({ highest, effectiveWindows, measured, thresholds }, windows) => {
      const basis = `La mayor de ${counted(windows, 'ventana limpia', 'ventanas limpias')} es ${threeDigits(highest)}; se solapan y equivalen a unas ${threeDigits(effectiveWindows)} independientes.`;
      if (!measured) {
        return `${basis} Es demasiado poco para medir límites propios de esta cámara; todas las ventanas limpias están por debajo del límite de aviso del modelo, así que se mantienen los límites del modelo.`;
      }
      return measured.drift < thresholds.drift
        ? `${basis} Solo los días limpios darían ${limit(measured.warning)} y ${limit(measured.drift)}.`
        : `${basis} Cuantas menos equivalen, mayor es el margen.`;
    },
    refusals: {
      'few-windows':
        'Las ventanas limpias equivalen a menos de tres independientes: con ellas no se puede medir ningún límite. Dar más días.',
      'blind-sigma':
        'Este sigma no distingue nada, así que ningún límite tiene sentido. El diagnóstico del ancho de banda de debajo sugiere otro.',
      'beyond-dirt':
        'Ni una lente tapada pasaría apenas este límite, porque las ventanas limpias difieren mucho o son muy pocas. Dar más días, más de todas las horas, o una referencia que las cubra.',
    },
    heldOut: (heldOut) => {
      if (heldOut === null) return 'Queda muy poco para excluir días y probar.';
      const days = counted(heldOut.days, 'día');
      return heldOut.events === 0
        ? `Probado excluyendo días por turnos: ninguna falsa alarma en ${days}.`
        : `Probado excluyendo días por turnos: ${falseAlarms(heldOut.events)} en ${days}, en ${counted(heldOut.daysInAlarm, 'día distinto', 'días distintos')}.`;
    },
    independent: (drift, { events, daysInAlarm, days }) =>
      events === 0
        ? `Si las imágenes fueran independientes, bastaría un límite de ${limit(drift)}. Aquí no activa nada, pero las imágenes de una misma hora se parecen, así que con más días una ventana entera puede ser inusual a la vez.`
        : `Si las imágenes fueran independientes, bastaría un límite de ${limit(drift)}; aquí activa ${falseAlarms(events)}, en ${String(daysInAlarm)} de ${counted(days, 'día')}. Las imágenes de una misma hora se parecen, así que una ventana entera puede ser inusual a la vez: un límite así engaña.`,
    dirtyRun: (run) => dirtyRun(run),
    tooShort: (windowSize) =>
      `Muy pocas imágenes para medir: dos ventanas completas necesitan ${String(windowSize + 1)} de días en los que la referencia no tenga parte. Añadir más, o sacar la referencia de esta serie.`,
    accept: (drift) => `Aceptar: deriva por encima de ${limit(drift)}`,
    tryThem: 'Probarlos con el historial de debajo',
    acceptHint: (from) =>
      `Las imágenes que se evalúen desde ahora se juzgan así${from === 'run' ? ', con la nueva referencia' : ''}. Lo ya evaluado conserva sus distancias y veredictos.`,
    accepted: 'Aceptado. Desde ahora cada veredicto dice que está calibrado.',
  },
  scored: {
    title: 'O tomar días ya evaluados',
    from: 'Desde (día UTC)',
    to: 'Hasta',
    confirm: (count) =>
      count === 1
        ? 'Confirmo que la lente estaba limpia en esta imagen (1)'
        : `Confirmo que la lente estaba limpia en estas ${images(count)}`,
    add: 'Añadirlas',
  },
  coverage: {
    title: 'Lo amplia que es esta serie',
    facts: ({ snapshots, days, brightness }, effectiveWindows) =>
      `${images(snapshots)} de ${counted(days, 'día')}, equivalentes a unas ${threeDigits(effectiveWindows)} ventanas independientes${brightness ? `; brillo de ${threeDigits(brightness[0])} a ${threeDigits(brightness[1])}` : ''}.`,
    hours: 'Imágenes por hora del día, UTC',
    hour: (hour, count) => `${String(hour).padStart(2, '0')}:00 UTC: ${images(count)}`,
    gaps: {
      'few-days': 'Menos de siete días: otro tiempo puede parecer deriva.',
      'few-hours': 'Faltan horas de uso de la cámara: el amanecer y el anochecer se ven distintos.',
      'few-windows': 'Equivale a menos de cuatro ventanas independientes: aún se sabe poco de esta cámara.',
      'one-light': 'Todo con el mismo brillo: otra luz puede parecer deriva.',
    },
    wide: 'Varios días, horas y brillos: una base razonable.',
  },
  windows: {
    picture: (clean, highest, dirty) =>
      `Distancias de ${counted(clean, 'ventana limpia', 'ventanas limpias')} en orden temporal, la mayor ${threeDigits(highest)}${dirty > 0 ? `, y luego de ${counted(dirty, 'imagen sucia', 'imágenes sucias')}` : ''}, con los límites propuestos.`,
    scale: 'Escala de raíz cuadrada.',
    clean: 'ventanas limpias, en orden temporal',
    dirty: 'después, imágenes sucias',
    warning: (value) => `aviso ${value}`,
    drift: (value) => `deriva ${value}`,
    independent: (value) => `si las imágenes fueran independientes ${value}`,
  },
  versions: {
    title: (count) =>
      count === 0 ? 'Versiones de los ajustes' : `Versiones de los ajustes (${String(count)})`,
    none: 'Aún no se ha aceptado ninguna: los veredictos dicen que no están calibrados.',
    name: (version, at) => `Versión ${String(version)}, ${utc(at)}`,
    facts: (calibration, reference) => versionFacts(calibration, reference),
  },
  replay: {
    title: 'Reevaluar el historial',
    what: 'Al mover un ajuste, cada imagen guardada se evalúa de nuevo a partir de su embedding, como si el ajuste hubiera estado en vigor desde la primera. Los veredictos guardados se quedan como están.',
    none: 'Aún no se ha evaluado nada con el modelo de esta cámara.',
    reference: 'Referencia',
    version: (version) => `versión ${String(version)}`,
    summary: (before, after) =>
      before === after
        ? `${counted(after, 'alarma')}, tantas como las que se activaron.`
        : `${counted(after, 'alarma')} en lugar de ${String(before)}.`,
    changed: (count, total) =>
      count === 0
        ? `Sin cambios en ${counted(total, 'veredicto')}.`
        : `${String(count)} de ${counted(total, 'veredicto')} ${count === 1 ? 'sería distinto' : 'serían distintos'}.`,
    gained: (count) => counted(count, 'alarma ganada', 'alarmas ganadas'),
    lost: (count) => counted(count, 'alarma perdida', 'alarmas perdidas'),
    run: (at, count) => `desde el ${utc(at)}, ${images(count)}`,
    chart: 'La distancia como habría sido',
    speed: (count, milliseconds) =>
      `${counted(count, 'imagen evaluada', 'imágenes evaluadas')} en ${milliseconds.toFixed(0)} ms, sin detener la página.`,
    hints: 'Qué hacen estos ajustes',
    keep: 'Guardar como nueva versión',
    discard: 'Volver a los ajustes de la cámara',
    kept: 'Guardado. Las imágenes que se evalúen desde ahora se juzgan así; los veredictos anteriores se quedan como estaban.',
  },
};

function dirtyRun({ distances, delay, warningDelay, recovery }: DirtyRun): string {
  const raised =
    delay === null
      ? `Con estos límites, la deriva no se activa en ${counted(distances.length, 'imagen sucia', 'imágenes sucias')}`
      : `La deriva se activa en la imagen sucia ${String(delay)} de ${String(distances.length)}`;
  const warned =
    warningDelay !== null && warningDelay !== delay ? `, un aviso en la imagen ${String(warningDelay)}` : '';
  const last = `; la última distancia es ${threeDigits(distances.at(-1) ?? 0)}.`;
  if (recovery === null) {
    return warningDelay === null
      ? `${raised}${last}`
      : `${raised}${warned}${last} Limpiada sin anotarlo, el veredicto no vuelve a normal en esta serie.`;
  }
  return `${raised}${warned}${last} Limpiada sin anotarlo, el veredicto vuelve a normal tras ${counted(recovery, 'imagen limpia', 'imágenes limpias')}.`;
}

function versionFacts(calibration: Calibration, reference: number): string {
  const { thresholds, detector, persistence, evidence } = calibration;
  const settings = `aviso ${limit(thresholds.warning)}, deriva ${limit(thresholds.drift)}, sigma ${threeDigits(detector.sigma)}, ventana ${String(detector.windowSize)}, se activa tras ${String(persistence.raiseAfter)}, se desactiva tras ${String(persistence.clearAfter)} por debajo de ${threeDigits(persistence.clearBelow)} del límite; referencia ${String(reference)}.`;
  if (!evidence) return `${settings} Elegido reevaluando el historial, sin calibrar.`;
  const { snapshots, days, heldOutDays, heldOutEvents } = evidence;
  const test =
    heldOutDays === null
      ? ''
      : `: ${falseAlarms(heldOutEvents ?? 0)} en ${counted(heldOutDays, 'día excluido', 'días excluidos')}`;
  return `${settings} Calibrado con ${images(snapshots)} de ${counted(days, 'día limpio', 'días limpios')}${test}.`;
}

function images(count: number): string {
  return counted(count, 'imagen', 'imágenes');
}

function falseAlarms(count: number): string {
  return counted(count, 'falsa alarma', 'falsas alarmas');
}
