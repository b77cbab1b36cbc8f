import { FEWEST_DAYS, FEWEST_SNAPSHOTS, type Refusal } from '../../domain/adaptation-evidence';
import { counted, duration, threeDigits } from '../format';
import type { AdaptMessages } from '../messages-adapt';
import { listed, roundPercent } from '../wording';
import { fouling } from './messages-fouling';

export const adapt: AdaptMessages = {
  title: 'Adaptar a esta cámara',
  what: 'Un modelo entrenado para otra cámara puede tomar por sucias las imágenes limpias de esta. Aquí aprende, en este dispositivo y en alrededor de un minuto, qué cambia ante la lente limpia y qué efecto tendría la suciedad en la imagen.',
  needs: `Hacen falta ${String(FEWEST_SNAPSHOTS)} o más imágenes de al menos ${String(FEWEST_DAYS)} días en los que la lente estuvo limpia; mejor cien de varias semanas. Los días más recientes se reservan y dicen si ha servido. Nada cambia hasta que se acepte.`,
  choose: { clean: 'Elegir imágenes limpias', dirty: 'Elegir imágenes sucias' },
  chooseFolder: { clean: 'Elegir una carpeta limpia', dirty: 'Elegir una carpeta sucia' },
  optional: 'Si las hay, imágenes de una lente sucia, seis o más: no se aprende de ellas, solo se prueban.',
  chosen: (clean, days, dirty) =>
    `Elegidas: ${counted(clean, 'imagen limpia', 'imágenes limpias')} de ${counted(days, 'día')}${dirty > 0 ? `, ${counted(dirty, 'sucia')}` : ''}.`,
  tooFew: (clean, days) =>
    clean < FEWEST_SNAPSHOTS
      ? `${counted(clean, 'imagen limpia es', 'imágenes limpias son')} muy pocas: elegir ${String(FEWEST_SNAPSHOTS)} o más.`
      : `Todas son de ${counted(days, 'día')}: elegir imágenes de al menos ${String(FEWEST_DAYS)} días, para que haya más de una condición meteorológica.`,
  notAdaptable: (name) =>
    `El modelo ${name} no indica cuáles de sus partes se pueden sustituir, así que aquí no se puede adaptar ni entrenar. En Calibrar se pueden medir límites adecuados a esta cámara; una cámara que se configura de nuevo puede tener otro modelo.`,
  run: 'Adaptar el modelo',
  again: 'Adaptar otra vez',
  running: 'Adaptación',
  cancel: 'Cancelar',
  stages: {
    read: 'Leyendo las imágenes',
    views: 'Imaginando otra luz, otra agua y suciedad en la lente',
    fit: 'Aprendiendo qué es propio de una lente limpia',
    judge: 'Probándolo con los días reservados',
  },
  left: (seconds) => (seconds === null ? 'estimando…' : `quedan unos ${duration(seconds * 1000)}`),
  mayHide: 'Continúa aunque esta pestaña esté oculta.',
  better: ({ after }) =>
    after.aboveWarning === 0
      ? 'El modelo adaptado es mejor para esta cámara.'
      : 'El modelo adaptado es mejor para esta cámara, aunque aún da alarmas con ventanas limpias.',
  refused: (refusal) => {
    switch (refusal.because) {
      case 'clean-alarms':
        return 'El modelo adaptado no es mejor: da alarmas en los días limpios reservados. Pueden ayudar imágenes de más días, o la lente no estaba limpia alguno de esos días. La cámara mantiene su modelo.';
      case 'overlooks':
        return `El modelo adaptado no es mejor: en esta cámara no ve ni siquiera esta suciedad en grado alto: ${listed(
          refusal.kinds.map((kind) => fouling[kind]),
          'y',
        )}. ¿Estaba limpia la lente todos estos días? La cámara mantiene su modelo.`;
      case 'overlooks-dirty':
        return 'El modelo adaptado no es mejor: no señala deriva en las imágenes sucias que se dieron. ¿Se tomaron las limpias a través de la misma suciedad? La cámara mantiene su modelo.';
      case 'no-gain':
        return 'El modelo adaptado no es mejor: el actual está tranquilo en los días reservados y ve la suciedad igual de pronto. La cámara mantiene su modelo.';
    }
  },
  caption: 'Qué hace cada modelo con los días reservados, con los umbrales que la cámara tiene con él',
  columns: { before: 'modelo actual', after: 'adaptado' },
  cleanRow: ({ keptOut, keptOutDays }) =>
    `Ventanas limpias de ${counted(keptOutDays, 'día posterior', 'días posteriores')} (${String(keptOut)})`,
  clean: ({ aboveWarning, aboveDrift, highestClean }, windows) =>
    `${share(aboveWarning, windows)} sobre el aviso, ${share(aboveDrift, windows)} sobre la deriva; máxima ${threeDigits(highestClean)}`,
  dirtRow: (kind) => `Suciedad dibujada: ${fouling[kind]}`,
  dirt: (warning, drift) => `aviso ${from(warning)}, deriva ${from(drift)}`,
  dirtNote:
    'Gravedad 1 es un toque, 5 tapa casi todo. Un modelo que da alarmas con imágenes limpias también las da con la suciedad.',
  dirtyRow: (count) => counted(count, 'imagen sucia aportada', 'imágenes sucias aportadas'),
  dirty: ({ dirtyDelay, dirtyLast }) =>
    dirtyDelay === null
      ? `nunca deriva; en la última ${threeDigits(dirtyLast ?? 0)}`
      : `deriva en la imagen ${String(dirtyDelay)}; en la última ${threeDigits(dirtyLast ?? 0)}`,
  suspicions: {
    title: '¿Estaba limpia la lente todos estos días?',
    what: 'Algo en las imágenes dadas como limpias parece suciedad que estaba desde el principio. Un modelo adaptado a la suciedad la toma por limpia para siempre. Mirarlas antes de aceptar.',
    unexamined:
      'Porthole no puede buscar suciedad que estuviera desde el principio en imágenes del tamaño de este modelo. Un modelo adaptado a la suciedad la toma por limpia para siempre: mirarlas antes de aceptar.',
    kinds: {
      cover: ({ value }) =>
        `El ${roundPercent(value)} de la imagen apenas cambia mientras el resto sigue el día: biofouling, o algo delante de la lente.`,
      'green-veil': () => 'Hasta lo más oscuro es verde, como tras una película. O el agua misma es verde.',
      'brown-veil': () => 'Hasta lo más oscuro es pardo, como tras sedimento depositado.',
      haze: () => 'Hasta lo más oscuro es pálido, como tras un velo. O el agua siempre está turbia.',
      soft: () => 'Nada está nunca nítido: la lente puede estar desenfocada o manchada.',
      droplets: () =>
        'Algunas zonas pequeñas quedan borrosas entre otras nítidas, como tras gotas o arañazos.',
    },
    when: {
      throughout: '',
      earlier: ' Sobre todo en la primera mitad.',
      later: ' Sobre todo en la segunda mitad.',
    },
    picture: (name) => `Imagen limpia ${name}`,
    confirm: 'Comprobado: la lente estaba limpia todos estos días',
  },
  fitted: ({ fitted, fittedDays }) =>
    `Aprendido de ${counted(fitted, 'imagen', 'imágenes')} de ${counted(fittedDays, 'día')}.`,
  accept: 'Usar el modelo adaptado',
  accepting: 'Creando la referencia…',
  discard: 'Mantener el actual',
  save: 'Guardar el archivo del modelo',
  acceptHint:
    'Al aceptar se crea una nueva versión del modelo y de la referencia para esta cámara. Los resultados anteriores quedan en su propio historial; la ventana y las alarmas empiezan de nuevo, y los límites calibrados se pierden. El mapa de error queda oculto hasta que también se entrene el decodificador para esta cámara.',
  leftOut: 'No usadas',
  inBoth: (name) => `${name} también se dio como sucia: no se aprende de ella como limpia.`,
  train: {
    title: 'Entrenar más',
    what: 'La adaptación cambia una parte pequeña del modelo. Aquí el modelo entero aprende cómo es la imagen limpia de esta cámara, en diez minutos o más con ambos núcleos: qué ve ante una lente limpia, qué cambia la suciedad y cómo queda una imagen limpia al dibujarla de nuevo, para que el mapa de error valga para esta cámara.',
    how: 'Aprende de las imágenes limpias elegidas arriba; los días más recientes se reservan. Cada pocos minutos se prueba la versión de ese momento con esos días, limpios y tras suciedad dibujada, y con las imágenes sucias elegidas. Se puede detener en cualquier momento: se conserva la mejor versión, y nada cambia hasta que se acepte.',
    earlierGone:
      'Un entrenamiento solo del decodificador, empezado con un Porthole anterior, no puede continuar y se ha descartado. El modelo de la cámara sigue como estaba.',
    chooseAbove: 'Elegir antes imágenes limpias arriba.',
    begin: 'Entrenar el modelo',
    running: 'Entrenamiento',
    opening: 'Preparando el entrenamiento a partir del modelo…',
    steps: (step, ms) => `${counted(step, 'paso')} en ${duration(ms)}`,
    stopping: 'Terminando el paso…',
    trying: 'Probando la última versión con los días reservados…',
    stopAtOnce: 'Detener sin probarla',
    firstTrial: 'La primera versión se prueba tras un minuto de entrenamiento.',
    kept: 'Puede continuar después de cerrar la pestaña.',
    notKept: 'Este dispositivo no tiene espacio para guardarlo: mantener la pestaña abierta.',
    stop: 'Detener',
    elsewhere: (camera) => `Se está entrenando el modelo de ${camera}. Solo una cámara a la vez.`,
    interrupted: (step, ms) =>
      `El entrenamiento se interrumpió en el paso ${String(step)}, tras ${duration(ms)}.`,
    stopped: (step, ms) => `El entrenamiento se detuvo en el paso ${String(step)}, tras ${duration(ms)}.`,
    outdated: (step) =>
      `Hay un entrenamiento en el paso ${String(step)}, de un modelo que esta cámara ya no tiene.`,
    goOn: 'Continuar',
    discard: 'Descartar el entrenamiento',
    loss: 'error de las vistas que dibuja de nuevo',
    limit: (error) => `imagen media en días posteriores, ${error}`,
    axis: (steps) => `del primer paso al paso ${String(steps)}; el eje empieza en 0`,
    picture: (steps, rows) =>
      `Error en ${counted(steps, 'paso')}: de ${threeDigits(rows[0]?.loss ?? 0)} a ${threeDigits(rows.at(-1)?.loss ?? 0)}.`,
    asTable: 'Los errores como tabla',
    columns: { step: 'hasta el paso', loss: 'error medio' },
    after: (step) => `entrenado, paso ${String(step)}`,
    number: threeDigits,
    caption: 'Con qué acierto dibuja cada modelo días que no ha visto',
    rebuildsRow: ({ keptOut, keptOutDays }) =>
      `Reconstruye imágenes limpias de días posteriores (${String(keptOut)} de ${counted(keptOutDays, 'día')})`,
    rebuilds: (error, { meanPicture }) =>
      `error ${threeDigits(error)}, imagen media ${threeDigits(meanPicture)}`,
    errorMapRow: 'Mapa de error',
    errorMap: (isGood) => (isGood ? 'es fiable' : 'marcaría demasiado'),
    best: ({ step, evidence, rebuilding }) => {
      const version = `La mejor versión hasta ahora es la del paso ${String(step)}.`;
      if (rebuilding.after > rebuilding.meanPicture)
        return `${version} Aún dibuja peor que una única imagen media para todas: el mapa de error queda oculto. Seguir entrenando.`;
      return evidence.after.aboveWarning === 0
        ? version
        : `${version} Aún da alarmas en ventanas limpias: seguir entrenando puede ayudar.`;
    },
    refused: ({ step, refusal }) =>
      `La versión del paso ${String(step)} no se conserva: ${refusal ? reasonOf(refusal) : ''}`,
    accept: 'Usar el modelo entrenado',
    accepting: 'Cambiando el modelo…',
    acceptHint: (hasErrorMap) =>
      `Al aceptar se crea una nueva versión del modelo${hasErrorMap ? ', con un mapa de error,' : ''} y de la referencia para esta cámara. Los resultados anteriores quedan en su propio historial; la ventana y las alarmas empiezan de nuevo, y los límites calibrados se pierden.`,
  },
};

function reasonOf(refusal: Refusal): string {
  switch (refusal.because) {
    case 'clean-alarms':
      return 'da alarmas en los días limpios reservados. Seguir entrenando; si no ayuda, alguno de esos días no estaba limpio.';
    case 'overlooks':
      return `no ve ni siquiera esta suciedad en grado alto: ${listed(
        refusal.kinds.map((kind) => fouling[kind]),
        'y',
      )}. Seguir entrenando.`;
    case 'overlooks-dirty':
      return 'no señala deriva en las imágenes sucias que se dieron. Seguir entrenando.';
    case 'no-gain':
      return 'el modelo actual está igual de tranquilo, ve la suciedad igual de pronto y dibuja igual de bien. Seguir entrenando.';
  }
}

function from(severity: number | null): string {
  return severity === null ? 'nunca' : `desde gravedad ${String(severity)}`;
}

function share(count: number, of: number): string {
  return count === 0 ? 'ninguna' : `${String(count)} de ${String(of)}`;
}
